//! Plug-ins of Vim and Neovim: scripts that are read at the start, packages, and the folders into
//! which the usual managers put theirs. What is in the runtime that a package brought is left out.

use std::path::Path;

use super::{Extensions, MAX_ENTRIES, folders, last, row};
use crate::accounts::Home;

/// Where it is, whose it is, and where its plug-ins are.
const OWN: [(&str, &str); 3] =
    [(".vim", "vim"), (".config/nvim", "neovim"), (".local/share/nvim/site", "neovim")];
const SYSTEM: [(&str, &str); 3] = [
    ("/usr/share/vim/vimfiles", "vim"),
    ("/usr/local/share/vim/vimfiles", "vim"),
    ("/usr/local/share/nvim/site", "neovim"),
];
/// Folders of single scripts.
const SCRIPTS: [&str; 2] = ["plugin", "after/plugin"];
/// Folders of plug-ins that a manager adds at the start.
const MANAGED: [&str; 2] = ["bundle", "plugged"];
/// Its plug-ins start when they are first needed.
const LAZY: &str = ".local/share/nvim/lazy";

pub fn of_system(reading: &mut Extensions<'_>) {
    SYSTEM.iter().for_each(|(folder, editor)| of_folder(reading, editor, Path::new(folder), None));
}

pub fn of_home(reading: &mut Extensions<'_>, home: &Home) {
    for (folder, editor) in OWN {
        of_folder(reading, editor, &home.path.join(folder), Some(home));
    }
    add(reading, "neovim", &home.path.join(LAZY), Some(home), None);
}

fn of_folder(reading: &mut Extensions<'_>, editor: &str, folder: &Path, home: Option<&Home>) {
    for place in SCRIPTS {
        for path in reading.entries(&folder.join(place), MAX_ENTRIES) {
            if path.extension().is_some_and(|end| end == "vim" || end == "lua") {
                let mut row = row(reading, editor, home, &path);
                row.at_start = Some(true);
                reading.row(row);
            }
        }
    }
    for place in MANAGED {
        add(reading, editor, &folder.join(place), home, Some(true));
    }
    for pack in folders(reading, &folder.join("pack")) {
        add(reading, editor, &pack.join("start"), home, Some(true));
        add(reading, editor, &pack.join("opt"), home, Some(false));
    }
}

fn add(
    reading: &mut Extensions<'_>,
    editor: &str,
    folder: &Path,
    home: Option<&Home>,
    at_start: Option<bool>,
) {
    for path in folders(reading, folder) {
        let mut row = row(reading, editor, home, &path);
        row.id = last(&path);
        row.at_start = at_start;
        reading.row(row);
    }
}
