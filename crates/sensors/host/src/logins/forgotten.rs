//! Lines of shells' start-up files by which no history is kept. 1 MiB of a file, 20 lines of it.
//!
//! Limits: a line is taken as it stands; whether it is reached is not told.

use crate::name;

pub const SYSTEM: [&str; 6] = [
    "/etc/profile",
    "/etc/bash.bashrc",
    "/etc/bashrc",
    "/etc/zsh/zshenv",
    "/etc/zsh/zshrc",
    "/etc/environment",
];
pub const OWN: [&str; 8] = [
    ".bash_login",
    ".bash_profile",
    ".bashrc",
    ".bash_aliases",
    ".profile",
    ".zprofile",
    ".zshenv",
    ".zshrc",
];
pub const FOLDER: &str = "/etc/profile.d";
pub const CAP: u64 = 1 << 20;
const MAX_LINES: usize = 20;
const MAX_LENGTH: usize = 200;

/// The lines, from 1, and their text.
pub fn parse(content: &[u8]) -> Vec<(usize, String)> {
    let lines = content.split(|byte| *byte == b'\n').enumerate();
    let found = lines.filter_map(|(number, line)| {
        let line = name::text(line.get(..MAX_LENGTH).unwrap_or(line)).trim().to_owned();
        forgets(&line).then_some((number + 1, line))
    });
    found.take(MAX_LINES).collect()
}

fn forgets(line: &str) -> bool {
    line.split([';', '&', '|']).map(str::trim).any(|command| {
        let command = command.strip_prefix("export ").unwrap_or(command).trim();
        let command = command.split(" #").next().unwrap_or(command).trim();
        match command.split_once('=') {
            Some(("HISTFILE", value)) => is_nowhere(value),
            Some(("HISTSIZE" | "HISTFILESIZE" | "SAVEHIST", value)) => unquoted(value) == "0",
            Some(_) => false,
            None => matches!(command, "unset HISTFILE" | "set +o history"),
        }
    })
}

fn is_nowhere(value: &str) -> bool {
    matches!(unquoted(value), "" | "/dev/null")
}

fn unquoted(value: &str) -> &str {
    value.trim().trim_matches(['"', '\''])
}
