//! Rules of udev: the programs that they run when a device comes or goes (`RUN`), and those that they
//! ask (`PROGRAM`, `IMPORT{program}`). What udev does itself is none.

use std::{collections::HashSet, path::Path};

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, Command, Lines, files, last, program, row, script};

/// A file takes the place of those of its name in later folders.
const FOLDERS: [&str; 5] = [
    "/etc/udev/rules.d",
    "/run/udev/rules.d",
    "/usr/local/lib/udev/rules.d",
    "/usr/lib/udev/rules.d",
    "/lib/udev/rules.d",
];
/// Where a program is that is named without a folder.
const PROGRAMS: [&str; 2] = ["/usr/lib/udev", "/lib/udev"];

pub fn collect(reading: &mut Autostarts<'_>) {
    let mut names = HashSet::new();
    let mut places = HashSet::new();
    for folder in FOLDERS.map(Path::new) {
        let place = reading.root.resolve(folder).unwrap_or_else(|_| folder.to_owned());
        if !places.insert(place) {
            continue;
        }
        for path in files(reading, folder) {
            if path.extension().is_some_and(|end| end == "rules") {
                let starts = names.insert(last(&path));
                of_file(reading, &path, starts);
            }
        }
    }
}

fn of_file(reading: &mut Autostarts<'_>, path: &Path, starts: bool) {
    // A link to /dev/null switches off what another folder has under this name.
    if !reading.is_file(path) {
        return;
    }
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    for command in parse(&content).told(reading, path) {
        let row = row(reading, "udev", path, &command.text);
        let program = program::word(&command.text).map(|word| found(&word, reading));
        let (user, line) = (Some("root".into()), i64::try_from(command.line).ok());
        reading.row(Autostart { user, line, program, starts, ..row });
    }
}

fn found(word: &str, reading: &Autostarts<'_>) -> String {
    if word.contains('/') {
        return word.to_owned();
    }
    let own = PROGRAMS.iter().map(|folder| format!("{folder}/{word}"));
    let there = own.into_iter().find(|path| reading.root.stat(path).is_ok());
    there.unwrap_or_else(|| program::found(word, None, reading.root))
}

/// The programs of rules, with the line on which the rule begins.
pub fn parse(content: &[u8]) -> Lines<Command> {
    let mut commands = Lines::default();
    for rule in script::joined(content) {
        if rule.text.contains('\0') {
            commands.note(rule.line);
            continue;
        }
        let mut rest = rule.text.as_str();
        while let Some((key, value, after)) = pair(rest) {
            if is_program(key) && !value.trim().is_empty() {
                commands.take(Command { line: rule.line, text: value.trim().to_owned() });
            }
            rest = after;
        }
    }
    commands
}

/// `KEY{attribute}+="value"`: the key with its attribute, the value, and what follows.
fn pair(rule: &str) -> Option<(&str, String, &str)> {
    let (key, rest) = rule.split_once('"')?;
    let mut value = String::new();
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            '"' if !escaped => {
                let after = rest.get(at + 1..).unwrap_or_default();
                return Some((key.trim_start_matches([',', ' ', '\t']), value, after));
            }
            '\\' if !escaped => escaped = true,
            c => {
                if escaped && c != '"' {
                    value.push('\\');
                }
                value.push(c);
                escaped = false;
            }
        }
    }
    None
}

/// `RUN+=`, `PROGRAM==`, `IMPORT{program}=`; what is built in is no program.
fn is_program(key: &str) -> bool {
    let key = key.trim_end_matches('e').trim_end();
    let name = key.trim_end_matches(['+', '=', ':', '!', '-']).trim_end();
    matches!(name, "RUN" | "RUN{program}" | "PROGRAM" | "IMPORT{program}") && name.len() < key.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(content: &[u8]) -> Vec<(usize, String)> {
        parse(content).found.into_iter().map(|found| (found.line, found.text)).collect()
    }

    #[test]
    fn programs_of_rules_are_found_with_their_line() {
        let rules = b"# RUN+=\"no\"\nACTION==\"add\", SUBSYSTEM==\"usb\", RUN+=\"/bin/sh -c 'x \\\"a\\\"'\"\n\
            KERNEL==\"sd*\", \\\n  IMPORT{program}=\"ata_id --export $devnode\", RUN{builtin}+=\"kmod load\"\n\
            PROGRAM==\"scsi_id -g\", ENV{RUN}=\"no\", RUN+=\"\", RUN=e\"/opt/y\"\n";
        let expected = [
            (2, "/bin/sh -c 'x \"a\"'".into()),
            (3, "ata_id --export $devnode".into()),
            (5, "scsi_id -g".into()),
            (5, "/opt/y".into()),
        ];
        assert_eq!(texts(rules), expected);
    }

    #[test]
    fn broken_rules_start_nothing() {
        for content in [&b""[..], b"RUN+=\"", b"\"", b"RUN\"x\"", b"R\0U\0N\0", b"\\", b"RUN+=\"\\"]
        {
            assert_eq!(texts(content), []);
        }
    }
}
