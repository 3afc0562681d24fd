//! What runs when a module is loaded (`install`, `remove` and `softdep` of modprobe), and the scripts
//! of which GRUB's configuration is made.
//!
//! Limits: 2,000 files of a folder, 1 MiB of a file, 10,000 lines, 256 KiB of a script for what it
//! does. Scripts that cannot be run are shown and do not start.

use std::path::Path;

use leaksweep_facts::{Observed, tables::host::Autostart};

use super::options::loaders::lines;
use crate::{
    autostarts::{self, program},
    machine::Machine,
    name,
    reading::{Limits, Reading},
    traits,
};

const LIMITS: Limits = Limits { rows: 20_000, bytes: 32 << 20 };
const MAX_FILES: usize = 2_000;
const MAX_LINES: usize = 10_000;
const CAP: u64 = 1 << 20;
const SCRIPT: u64 = 256 << 10;
const MODPROBE: [&str; 5] = [
    "/etc/modprobe.d",
    "/run/modprobe.d",
    "/usr/local/lib/modprobe.d",
    "/usr/lib/modprobe.d",
    "/lib/modprobe.d",
];
const GRUB: &str = "/etc/grub.d";

type Autostarts<'a> = Reading<'a, Autostart>;

/// One line of modprobe's configuration that makes more happen than that a module is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub line: usize,
    pub word: String,
    pub module: String,
    pub command: String,
}

pub fn collect(machine: &Machine) -> Observed<Autostart> {
    let mut reading = Reading::new(&machine.root, LIMITS);
    let mut seen = Vec::new();
    for folder in MODPROBE.map(Path::new) {
        // On most systems /lib is a link to /usr/lib.
        let real = machine.root.resolve(folder).unwrap_or_else(|_| folder.to_owned());
        if seen.contains(&real) {
            continue;
        }
        for path in reading.entries(folder, MAX_FILES) {
            if path.extension().is_some_and(|ending| ending == "conf") {
                modprobe(&mut reading, &path);
            }
        }
        seen.push(real);
    }
    modprobe(&mut reading, Path::new("/etc/modprobe.conf"));
    for path in reading.entries(Path::new(GRUB), MAX_FILES) {
        script(&mut reading, &path);
    }
    reading.done(machine.privileged)
}

/// The rules of a file, and whether there are more than are read.
pub fn parse_modprobe(content: &[u8]) -> (Vec<Rule>, bool) {
    let rules = lines(content).filter_map(|(line, text)| {
        let (word, rest) = text.split_once(char::is_whitespace)?;
        let (module, command) = rest.trim().split_once(char::is_whitespace)?;
        let runs = ["install", "remove", "softdep"].contains(&word);
        let [word, module, command] = [word, module, command.trim()].map(str::to_owned);
        runs.then_some(Rule { line, word, module, command })
    });
    let mut rules: Vec<Rule> = rules.take(MAX_LINES + 1).collect();
    let more = rules.len() > MAX_LINES;
    rules.truncate(MAX_LINES);
    (rules, more)
}

fn modprobe(reading: &mut Autostarts<'_>, path: &Path) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let (rules, more) = parse_modprobe(&content);
    if more {
        reading.too_large(path, &[], format!("more than {MAX_LINES} lines"));
    }
    for rule in rules {
        let row = autostarts::row(reading, "modprobe", path, &rule.command);
        let runs = rule.word != "softdep";
        let word = program::word(&rule.command).filter(|_| runs);
        reading.row(Autostart {
            event: "module".into(),
            user: Some("root".into()),
            name: format!("{} {}", rule.word, rule.module),
            line: i64::try_from(rule.line).ok(),
            program: word.map(|word| program::found(&word, None, reading.root)),
            traits: traits::of(&rule.command).filter(|_| runs),
            ..row
        });
    }
}

fn script(reading: &mut Autostarts<'_>, path: &Path) {
    if !reading.is_file(path) || is_passed_over(path) {
        return;
    }
    let content = reading.content(path, SCRIPT, &["traits"]).unwrap_or_default();
    let shown = name::path(path);
    let row = autostarts::row(reading, "kernel", path, &shown);
    reading.row(Autostart {
        event: "kernel".into(),
        user: Some("root".into()),
        program: Some(shown),
        starts: reading.is_executable(path),
        traits: traits::of(&name::text(&content)),
        ..row
    });
}

/// What GRUB passes over: copies of editors and of dpkg, and its own readme.
fn is_passed_over(path: &Path) -> bool {
    let name = path.file_name().map(name::os).unwrap_or_default();
    name.ends_with('~') || name.starts_with('#') || name.contains(".dpkg-") || name == "README"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{self, write};

    #[test]
    fn commands_of_modprobe_and_scripts_of_grub_are_rows() {
        let disk = tempfile::tempdir().unwrap();
        let at = |path: &str| disk.path().join(path);
        let rules = b"# install no\ninstall usb-storage /bin/false\noptions x a=1\n\
            install pcspkr /usr/local/bin/beacon --token k; \\\n/sbin/modprobe -i pcspkr\n\
            softdep a pre: b\ninstall\n";
        write(&at("etc/modprobe.d/x.conf"), rules);
        write(&at("etc/modprobe.d/x.bak"), b"install no /bin/x\n");
        write(&at("etc/grub.d/09_more"), b"#!/bin/sh\n");
        write(&at("etc/grub.d/README"), b"words");
        std::fs::create_dir(at("etc/grub.d/folder")).unwrap();
        let found = collect(&fixture::mounted(disk.path()));
        let shown = |row: &Autostart| {
            let program = row.program.clone().unwrap_or_default();
            format!("{} {} {:?} {program} {}", row.way, row.name, row.line, row.starts)
        };
        let rows: Vec<String> = found.rows.iter().map(shown).collect();
        let expected = [
            "modprobe install usb-storage Some(2) /bin/false true",
            "modprobe install pcspkr Some(4) /usr/local/bin/beacon true",
            "modprobe softdep a Some(6)  true",
            "kernel 09_more None /etc/grub.d/09_more false",
        ];
        assert_eq!(rows, expected);
        assert!(found.rows[1].command.contains("--token ***"), "{}", found.rows[1].command);
        assert_eq!(found.problems, []);
    }

    #[test]
    fn more_lines_than_are_read_are_said() {
        let (rules, more) = parse_modprobe(&b"install a /b\n".repeat(20_000));
        assert_eq!((rules.len(), more), (MAX_LINES, true));
    }

    #[test]
    fn a_pipe_for_a_file_is_a_problem() {
        let disk = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(disk.path().join("etc/modprobe.d/x.conf")).unwrap();
        let found = collect(&fixture::mounted(disk.path()));
        assert_eq!((found.rows.len(), found.problems.len()), (0, 1));
    }
}
