//! What every Python runs when it starts: `sitecustomize.py` and `usercustomize.py`, and lines of
//! files `*.pth` that begin with `import`. Virtual environments are not looked for.
//!
//! Limits: 200 folders of libraries, 256 KiB of a file, 100 lines of a file.

use std::path::{Path, PathBuf};

use super::{Autostarts, Command, Lines, files, last, lines, start::Start};
use crate::accounts::Home;

const SYSTEM: [&str; 4] = ["/usr/lib", "/usr/local/lib", "/etc", "/opt"];
const OWN: [&str; 2] = [".local/lib", ".pyenv/versions"];
const INNER: [&str; 3] = ["", "dist-packages", "site-packages"];
const NAMES: [&str; 2] = ["sitecustomize.py", "usercustomize.py"];
const MAX_ENTRIES: usize = 5_000;
const MAX_FOLDERS: usize = 200;
const CAP: u64 = 256 << 10;

pub fn of_system(reading: &mut Autostarts<'_>) {
    for folder in SYSTEM {
        of_folder(reading, Path::new(folder), None);
    }
}

pub fn of_home(reading: &mut Autostarts<'_>, home: &Home) {
    of_folder(reading, &home.path.join(".local/lib"), Some(home));
    for version in reading.entries(&home.path.join(OWN[1]), MAX_FOLDERS) {
        of_folder(reading, &version.join("lib"), Some(home));
    }
}

/// A folder that holds libraries of Pythons: `python3.11`.
fn of_folder(reading: &mut Autostarts<'_>, folder: &Path, home: Option<&Home>) {
    let mut pythons = reading.entries(folder, MAX_ENTRIES);
    pythons.retain(|path| last(path).starts_with("python3"));
    for python in pythons.iter().take(MAX_FOLDERS) {
        for inner in INNER {
            of_library(reading, &python.join(inner), home);
        }
    }
}

fn of_library(reading: &mut Autostarts<'_>, folder: &Path, home: Option<&Home>) {
    let mut paths: Vec<PathBuf> = NAMES.iter().map(|name| folder.join(name)).collect();
    paths.retain(|path| reading.is_file(path));
    for path in paths {
        let content = reading.content(&path, CAP, &["traits"]).unwrap_or_default();
        let row = Start::new("python", "command", &path).of_home(home).file(reading, &content);
        reading.row(row);
    }
    // In the library itself no such file counts.
    if folder.ends_with("dist-packages") || folder.ends_with("site-packages") {
        for path in files(reading, folder) {
            if path.extension().is_some_and(|end| end == "pth") {
                of_paths(reading, &path, home);
            }
        }
    }
}

fn of_paths(reading: &mut Autostarts<'_>, path: &Path, home: Option<&Home>) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    for command in parse(&content).told(reading, path) {
        let start = Start::new("python", "command", path).of_home(home);
        let mut row = start.command(reading, None, Some(command.line), &command.text);
        row.program = None;
        reading.row(row);
    }
}

/// The lines of a file `*.pth` that are run.
pub fn parse(content: &[u8]) -> Lines<Command> {
    let mut found = Lines::default();
    for (line, text) in lines(content) {
        if text.starts_with("import ") || text.starts_with("import\t") {
            found.take(Command { line, text });
        }
    }
    found
}
