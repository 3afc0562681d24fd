//! Extensions of editors: of the family of VS Code, the servers by which it works on other machines
//! and its builds by others; of JetBrains, Vim, Neovim, Emacs, Sublime Text and Zed. Of VS Code the
//! record of installed extensions says what came from the store; others mostly keep no such record.
//!
//! Limits: 5,000 entries of a folder, 1 MiB of an extension's own description, 16 MiB of a record,
//! 128 MiB of files of one user, 50,000 rows. Folders elsewhere (`--extensions-dir`) are not seen. An
//! extension packed into one file is known by the file's name alone.

mod emacs;
mod jetbrains;
mod sublime;
mod vim;
mod vscode;
mod zed;

use std::path::{Path, PathBuf};

use leaksweep_facts::{Observed, tables::host::EditorExtension};

use crate::{
    accounts::Home,
    machine::Machine,
    name,
    reading::{Limits, Reading},
};

pub use vscode::{parse_manifest, parse_record};

const LIMITS: Limits = Limits { rows: 50_000, bytes: 128 << 20 };
const MAX_ENTRIES: usize = 5_000;
const TEXT_LENGTH: usize = 256;

type Extensions<'a> = Reading<'a, EditorExtension>;

pub fn collect(machine: &Machine, homes: &[Home]) -> Observed<EditorExtension> {
    let mut reading = Reading::new(&machine.root, LIMITS);
    vscode::of_system(&mut reading);
    vim::of_system(&mut reading);
    emacs::of_system(&mut reading);
    for home in homes {
        reading.turn();
        vscode::of_home(&mut reading, home);
        jetbrains::of_home(&mut reading, home);
        vim::of_home(&mut reading, home);
        emacs::of_home(&mut reading, home);
        sublime::of_home(&mut reading, home);
        zed::of_home(&mut reading, home);
    }
    reading.done(machine.privileged)
}

/// The row of what lies at a path, named after it.
fn row(
    reading: &Extensions<'_>,
    editor: &str,
    home: Option<&Home>,
    path: &Path,
) -> EditorExtension {
    EditorExtension {
        editor: editor.into(),
        user: home.map(|home| home.user.clone()),
        id: short(&last(path)),
        path: name::path(path),
        installed: reading.modified(path),
        ..EditorExtension::default()
    }
}

/// The folders in a folder, but hidden ones.
fn folders(reading: &mut Extensions<'_>, folder: &Path) -> Vec<PathBuf> {
    let mut found = reading.entries(folder, MAX_ENTRIES);
    found.retain(|path| !last(path).starts_with('.') && reading.is_folder(path));
    found
}

fn last(path: &Path) -> String {
    path.file_name().map(name::os).unwrap_or_default()
}

fn short(text: &str) -> String {
    text.chars().take(TEXT_LENGTH).collect()
}

#[cfg(test)]
mod tests;
