//! Hooks: programs in a folder whose names say when Git runs them. What may not be run is none.

use std::path::Path;

use leaksweep_facts::tables::host::Autostart;

use crate::{
    accounts::Home,
    autostarts::{Autostarts, CAP, files, last, start::Start},
};

const NAMES: [&str; 27] = [
    "applypatch-msg",
    "commit-msg",
    "fsmonitor-watchman",
    "p4-changelist",
    "p4-post-changelist",
    "p4-pre-submit",
    "p4-prepare-changelist",
    "post-applypatch",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "post-receive",
    "post-rewrite",
    "post-update",
    "pre-applypatch",
    "pre-auto-gc",
    "pre-commit",
    "pre-merge-commit",
    "pre-push",
    "pre-rebase",
    "pre-receive",
    "prepare-commit-msg",
    "proc-receive",
    "push-to-checkout",
    "reference-transaction",
    "update",
];

pub fn of_folder(
    reading: &mut Autostarts<'_>,
    folder: &Path,
    user: Option<&str>,
    home: Option<&Home>,
) {
    for path in files(reading, folder) {
        if !NAMES.contains(&last(&path).as_str()) || !reading.is_executable(&path) {
            continue;
        }
        let content = reading.content(&path, CAP, &["traits"]).unwrap_or_default();
        let start = Start { user, ..Start::new("git", "command", &path).of_home(home) };
        let row: Autostart = start.file(reading, &content);
        reading.row(row);
    }
}
