//! Entries of the desktop's menu that stand before the system's entry of the same name and run
//! something else.

use std::path::Path;

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, desktop, files, last, program, row};
use crate::accounts::Home;

const SYSTEM: &str = "/usr/share/applications";
const LOCAL: &str = "/usr/local/share/applications";
const OWN: &str = ".local/share/applications";

pub fn of_system(reading: &mut Autostarts<'_>) {
    of_folder(reading, Path::new(LOCAL), None);
}

pub fn of_home(reading: &mut Autostarts<'_>, home: &Home) {
    of_folder(reading, &home.path.join(OWN), Some(home));
}

fn of_folder(reading: &mut Autostarts<'_>, folder: &Path, home: Option<&Home>) {
    for path in files(reading, folder) {
        let shadowed = Path::new(SYSTEM).join(path.file_name().unwrap_or_default());
        let is_entry = path.extension().is_some_and(|end| end == "desktop");
        if is_entry && reading.is_file(&shadowed) && reading.is_file(&path) {
            of_file(reading, &path, &shadowed, home);
        }
    }
}

fn of_file(reading: &mut Autostarts<'_>, path: &Path, shadowed: &Path, home: Option<&Home>) {
    let mut command = |path: &Path| {
        let content = reading.content(path, CAP, &[])?;
        Some(desktop::parse(&content)?.command)
    };
    let (Some(own), Some(systems)) = (command(path), command(shadowed)) else { return };
    if own == systems || own.is_empty() {
        return;
    }
    let row = row(reading, "menu", path, &own);
    let place = home.map(|home| home.path.as_path());
    let program = program::word(&own).map(|word| program::found(&word, place, reading.root));
    let (name, user) = (last(path), home.map(|home| home.user.clone()));
    reading.row(Autostart { name, user, program, ..row });
}
