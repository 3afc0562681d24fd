//! What a unit's commands and its environment do that is seldom innocent. Of the files that hold an
//! environment only the variables count that make programs load something.
//!
//! Limits: 64 KiB of a file, 16 files of a unit, 2,000 files of one manager's units.

use leaksweep_facts::Problem;

use super::{TABLE, systemd::COMMANDS, unit_file::Unit};
use crate::{name, root::Root, traits};

const CAP: u64 = 64 << 10;
const MAX_FILES: usize = 16;
const MAX_ALL: usize = 2_000;
const LOADING: [&str; 3] = ["LD_PRELOAD=", "LD_AUDIT=", "BASH_ENV="];

/// The files that one manager's units may still have read.
pub struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MAX_ALL)
    }
}

pub fn traits(
    unit: &Unit,
    section: &str,
    root: &Root,
    budget: &mut Budget,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let mut text = COMMANDS.map(|key| unit.list(section, key)).concat().join("\n");
    for value in unit.list(section, "Environment") {
        text.extend(["\n", value]);
    }
    for file in unit.list(section, "EnvironmentFile").into_iter().take(MAX_FILES) {
        let file = file.trim_start_matches('-');
        if file.starts_with('/') && !file.contains(['%', '*', '?', '[']) && budget.0 > 0 {
            budget.0 -= 1;
            loading(file, root, &mut text, problems);
        }
    }
    traits::of(&text)
}

fn loading(file: &str, root: &Root, text: &mut String, problems: &mut Vec<Problem>) {
    match root.read_if_there(file, CAP) {
        Ok(content) => {
            let content = name::text(&content.unwrap_or_default());
            let lines = content.lines().map(str::trim);
            for line in lines.filter(|line| LOADING.iter().any(|name| line.starts_with(name))) {
                text.extend(["\n", line]);
            }
        }
        Err(failure) => problems.push(failure.problem(TABLE, file).in_columns(&["traits"])),
    }
}
