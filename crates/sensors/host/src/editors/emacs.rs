//! Packages of Emacs: folders `NAME-VERSION` of users and of the system.

use std::path::Path;

use super::{Extensions, folders, row, short};
use crate::accounts::Home;

const OWN: [&str; 3] = [".emacs.d/elpa", ".config/emacs/elpa", ".emacs.d/straight/build"];
const SYSTEM: [&str; 2] =
    ["/usr/share/emacs/site-lisp/elpa", "/usr/local/share/emacs/site-lisp/elpa"];
/// What the package manager keeps beside them.
const NONE: [&str; 2] = ["archives", "gnupg"];

pub fn of_system(reading: &mut Extensions<'_>) {
    SYSTEM.iter().for_each(|folder| of_folder(reading, Path::new(folder), None));
}

pub fn of_home(reading: &mut Extensions<'_>, home: &Home) {
    OWN.iter().for_each(|folder| of_folder(reading, &home.path.join(folder), Some(home)));
}

fn of_folder(reading: &mut Extensions<'_>, folder: &Path, home: Option<&Home>) {
    for path in folders(reading, folder) {
        let mut row = row(reading, "emacs", home, &path);
        if NONE.contains(&row.id.as_str()) {
            continue;
        }
        if let Some((name, version)) = parts(&row.id) {
            (row.id, row.version) = (short(name), short(version));
        }
        reading.row(row);
    }
}

fn parts(name: &str) -> Option<(&str, &str)> {
    let (name, version) = name.rsplit_once('-')?;
    version.starts_with(|first: char| first.is_ascii_digit()).then_some((name, version))
}
