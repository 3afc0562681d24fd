//! cloud-init: commands in its configuration and in the data that it was given, its scripts for each
//! start, and data that lies on the disk to be given (`seed`).
//!
//! Limits: 4 MiB of a file, 2,000 commands of a file; data in several parts (MIME) or packed is a
//! problem. What it would fetch from the machine's host is not on the disk.

use std::path::{Path, PathBuf};

use leaksweep_catalogue::remote::Format;

use super::{Autostarts, Lines, files, start::Start};
use crate::{
    remote::settings::{Entries, formats},
    root::TEXT_CAP,
};

const FILE: &str = "/etc/cloud/cloud.cfg";
const FOLDER: &str = "/etc/cloud/cloud.cfg.d";
const DATA: [&str; 4] = [
    "/var/lib/cloud/instance/user-data.txt",
    "/var/lib/cloud/instance/vendor-data.txt",
    "/var/lib/cloud/seed/nocloud/user-data",
    "/var/lib/cloud/seed/nocloud-net/user-data",
];
/// Folders of scripts, and when they run.
const SCRIPTS: [(&str, Option<&str>); 6] = [
    ("/var/lib/cloud/scripts/per-boot", None),
    ("/var/lib/cloud/scripts/per-instance", Some("once for each instance")),
    ("/var/lib/cloud/scripts/per-once", Some("once")),
    ("/var/lib/cloud/scripts/vendor", Some("once for each instance")),
    ("/var/lib/cloud/instance/scripts", Some("once for each instance")),
    ("/var/lib/cloud/instance/handlers", Some("once for each instance")),
];
/// Lists of commands, and when they run.
const COMMANDS: [(&str, Option<&str>); 3] = [
    ("bootcmd", None),
    ("runcmd", Some("once for each instance")),
    ("snap.commands", Some("once for each instance")),
];
const MAX_COMMANDS: usize = 2_000;

/// A command, when it runs and where it stands.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Command {
    pub line: usize,
    pub name: String,
    pub schedule: Option<&'static str>,
    pub text: String,
}

pub fn collect(reading: &mut Autostarts<'_>) {
    let mut paths: Vec<PathBuf> = vec![FILE.into()];
    let mut added = files(reading, Path::new(FOLDER));
    added.retain(|path| path.extension().is_some_and(|end| end == "cfg"));
    paths.append(&mut added);
    paths.extend(DATA.map(PathBuf::from));
    paths.iter().for_each(|path| of_file(reading, path));
    for (folder, schedule) in SCRIPTS {
        for path in files(reading, Path::new(folder)) {
            if reading.is_executable(&path) {
                of_script(reading, &path, schedule);
            }
        }
    }
}

fn of_script(reading: &mut Autostarts<'_>, path: &Path, schedule: Option<&str>) {
    let content = reading.content(path, super::CAP, &["traits"]).unwrap_or_default();
    let mut row = Start::new("cloud-init", "boot", path).of_root().file(reading, &content);
    row.schedule = schedule.map(str::to_owned);
    reading.row(row);
}

fn of_file(reading: &mut Autostarts<'_>, path: &Path) {
    let Some(content) = reading.content(path, TEXT_CAP, &[]) else { return };
    if content.starts_with(b"#!") {
        return of_script(reading, path, Some("once for each instance"));
    }
    let is_data = DATA.iter().any(|data| path == Path::new(data));
    if is_data && !content.trim_ascii().is_empty() && !content.starts_with(b"#cloud-config") {
        return reading.malformed(path, &[], "data in several parts, packed or of another kind");
    }
    for command in parse(&content).told(reading, path) {
        let start = Start::new("cloud-init", "boot", path).of_root();
        let (name, line) = (Some(command.name), Some(command.line));
        let mut row = start.command(reading, name, line, &command.text);
        row.schedule = command.schedule.map(str::to_owned);
        reading.row(row);
    }
}

/// The commands in a configuration. An item is a command line, or a list of words.
pub fn parse(content: &[u8]) -> Lines<Command> {
    let mut entries = Entries::default();
    formats::parse(Format::Yaml, content, &mut entries);
    let mut found: Lines<Command> = Lines::default();
    for fault in &entries.faults {
        found.note(fault.line.unwrap_or(1));
    }
    for entry in &entries.list {
        let Some((name, at, schedule)) = listed(&entry.key) else { continue };
        let item = format!("{name}.{}", at.split('.').next().unwrap_or(at));
        if let Some(last) = found.found.last_mut().filter(|last| last.name == item) {
            last.text.push(' ');
            last.text.push_str(&entry.value);
        } else if found.found.len() < MAX_COMMANDS {
            let (line, text) = (entry.line.unwrap_or(1), entry.value.clone());
            found.found.push(Command { line, name: item, schedule, text });
        } else {
            found.more = true;
        }
    }
    found
}

/// The list in which an entry stands, and where in it.
fn listed(key: &str) -> Option<(&'static str, &str, Option<&'static str>)> {
    COMMANDS.iter().find_map(|(name, schedule)| {
        Some((*name, key.strip_prefix(name)?.strip_prefix('.')?, *schedule))
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use leaksweep_facts::Reason;

    use super::*;
    use crate::fixture::{mounted, write};

    #[test]
    fn commands_are_lines_or_lists_of_words() {
        let text = b"#cloud-config\nbootcmd:\n  - [ sh, -c, 'x y' ]\nruncmd:\n  - |\n    echo a\n    b\n  - plain\nother:\n  - no\n";
        let found = parse(text).found;
        let cells: Vec<_> = found.iter().map(|one| (one.line, &*one.name, &*one.text)).collect();
        let expected = [
            (3, "bootcmd.0", "sh -c x y"),
            (6, "runcmd.0", "echo a\nb\n"),
            (8, "runcmd.1", "plain"),
        ];
        assert_eq!(cells, expected);
        assert_eq!(found[0].schedule, None);
        assert_eq!(parse(b"runcmd: &a [*a]\n").found.len(), 1);
        assert!(parse(b"runcmd: [x\n").senseless.is_some());
        let many = parse(format!("runcmd: [{}]", "x,".repeat(5_000)).as_bytes());
        assert_eq!((many.found.len(), many.more), (MAX_COMMANDS, true));
    }

    #[test]
    fn configuration_data_and_scripts_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let script = "var/lib/cloud/scripts/per-boot/up.sh";
        let files = [
            ("etc/cloud/cloud.cfg.d/90.cfg", "runcmd: [a]\n"),
            ("etc/cloud/cloud.cfg.d/90.off", "runcmd: [never]\n"),
            ("var/lib/cloud/instance/user-data.txt", "#!/bin/sh\n/opt/u\n"),
            ("var/lib/cloud/seed/nocloud/user-data", "Content-Type: multipart/mixed\n"),
            (script, "#!/bin/sh\n"),
            ("var/lib/cloud/scripts/per-boot/note", "text"),
        ];
        for (path, content) in files {
            write(&folder.path().join(path), content.as_bytes());
        }
        fs::set_permissions(folder.path().join(script), fs::Permissions::from_mode(0o755)).unwrap();
        let seen = super::super::collect(&mounted(folder.path()), &[]);
        let rows: Vec<_> =
            seen.rows.iter().map(|row| (&*row.path, row.schedule.as_deref())).collect();
        let once = Some("once for each instance");
        let expected = [
            ("/etc/cloud/cloud.cfg.d/90.cfg", once),
            ("/var/lib/cloud/instance/user-data.txt", once),
            ("/var/lib/cloud/scripts/per-boot/up.sh", None),
        ];
        assert_eq!(rows, expected);
        assert!(seen.rows.iter().all(|row| row.way == "cloud-init" && row.event == "boot"));
        let reasons: Vec<_> = seen.problems.iter().map(|problem| problem.reason).collect();
        assert_eq!(reasons, [Reason::Malformed]);
    }
}
