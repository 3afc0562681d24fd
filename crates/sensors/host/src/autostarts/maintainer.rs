//! Scripts of packages that run when the package is installed, set up or removed: only those that do
//! something seldom innocent, for there are thousands.
//!
//! Limits: 256 KiB of a script, 64 MiB of all, 100,000 entries. Scripts of rpm's packages are in its
//! database and are not read.

use std::path::{Path, PathBuf};

use super::{Autostarts, last, start::Start, start::told};

const FOLDER: &str = "/var/lib/dpkg/info";
const ENDS: [&str; 5] = ["preinst", "postinst", "prerm", "postrm", "config"];
const MAX_FILES: usize = 100_000;
const CAP: u64 = 256 << 10;
/// What packages do of right is left out: they add accounts, detach services and set bits.
const SEVERE: [&str; 5] = ["reverse-shell", "bind-shell", "download", "decode", "key"];

pub fn collect(reading: &mut Autostarts<'_>) {
    let mut paths: Vec<PathBuf> = reading.entries(Path::new(FOLDER), MAX_FILES);
    paths.retain(|path| path.extension().is_some_and(|end| ENDS.iter().any(|known| end == *known)));
    for (at, path) in paths.iter().enumerate() {
        if at % 100 == 0 {
            // Each hundred has as much to read as a home.
            reading.turn();
        }
        of_script(reading, path);
    }
}

fn of_script(reading: &mut Autostarts<'_>, path: &Path) {
    let Some(content) = reading.content(path, CAP, &["traits"]) else { return };
    let traits = told(&content).0.unwrap_or_default();
    if !traits.split(' ').any(|word| SEVERE.contains(&word)) {
        return;
    }
    let mut row = Start::new("maintainer", "package", path).of_root().file(reading, &content);
    let name = last(path);
    row.name = name.split('.').next().unwrap_or(&name).to_owned();
    reading.row(row);
}
