//! The rules of PAM: every line of `/etc/pam.d`, of the system's own folders of that form, or of
//! `/etc/pam.conf` where there is no such folder; and the programs that they run.
//!
//! Limits: 256 KiB of a file, 8 MiB in all, 2,000 files of a folder, 5,000 rules of a file, 50,000 in
//! all, 4,096 bytes of arguments. What a module does by its own configuration is not read. Copies
//! that package managers leave beside a file are no service.

mod rule;
#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use leaksweep_facts::{
    Observed, Table,
    tables::host::{Autostart, PamRule},
};
use rustix::fs::FileType;

use crate::{
    machine::Machine,
    name,
    reading::{Limits, Reading},
    root::Root,
    secrets, traits,
};
use rule::Rule;

pub use rule::parse;

const LIMITS: Limits = Limits { rows: 50_000, bytes: 8 << 20 };
const CAP: u64 = 256 << 10;
const MAX_FILES: usize = 2000;
const ARGUMENTS: usize = 4 << 10;
const FOLDER: &str = "/etc/pam.d";
/// Where systems keep what the administrator has not replaced.
const VENDORS: [&str; 3] = ["/usr/etc/pam.d", "/usr/lib/pam.d", "/usr/share/pam.d"];
const SINGLE: &str = "/etc/pam.conf";
const LEFT: [&str; 10] = [
    "~",
    ".dpkg-old",
    ".dpkg-new",
    ".dpkg-dist",
    ".dpkg-bak",
    ".ucf-old",
    ".ucf-dist",
    ".rpmnew",
    ".rpmsave",
    ".rpmorig",
];

pub fn collect(machine: &Machine) -> Observed<PamRule> {
    let mut reading = Reading::new(&machine.root, LIMITS);
    let modules = Modules::of(&machine.root);
    for (path, single) in files(&mut reading) {
        let Some(content) = reading.content(&path, CAP, &[]) else { continue };
        let found = parse(&content, single);
        if found.more {
            reading.too_large(&path, &[], "more rules, or longer ones, than are read".into());
        }
        if let Some(line) = found.senseless {
            reading.malformed(&path, &[], &format!("line {line} is no rule"));
        }
        let modified = reading.modified(&path);
        for rule in found.rules {
            let row = row(&rule, &path, &modules);
            reading.row(PamRule { modified, ..row });
        }
    }
    reading.done(machine.privileged)
}

/// The files that count, and whether each rule in them names its service.
fn files(reading: &mut Reading<'_, PamRule>) -> Vec<(PathBuf, bool)> {
    let mut seen = HashSet::new();
    let mut files = Vec::new();
    for folder in [FOLDER].into_iter().chain(VENDORS) {
        for path in reading.entries(Path::new(folder), MAX_FILES) {
            let name = last(&path);
            let left = LEFT.iter().any(|end| name.ends_with(end));
            if !left && !reading.is_folder(&path) && seen.insert(name) {
                files.push((path, false));
            }
        }
    }
    if !reading.is_folder(Path::new(FOLDER)) {
        files.push((PathBuf::from(SINGLE), true));
    }
    files
}

fn row(rule: &Rule, path: &Path, modules: &Modules<'_>) -> PamRule {
    let mut arguments = name::text(&secrets::in_line(rule.arguments.join(" ").as_bytes()));
    arguments.truncate(arguments.floor_char_boundary(ARGUMENTS));
    PamRule {
        service: rule.service.clone().unwrap_or_else(|| last(path)),
        kind: rule.kind.clone(),
        control: rule.control.clone(),
        module: rule.module.clone(),
        arguments,
        module_path: if rule.includes() { None } else { modules.path(&rule.module) },
        path: name::path(path),
        line: i64::try_from(rule.line).unwrap_or(i64::MAX),
        ..PamRule::default()
    }
}

/// The folders in which modules are looked for that are named without one.
struct Modules<'a> {
    root: &'a Root,
    folders: Vec<PathBuf>,
}

impl<'a> Modules<'a> {
    fn of(root: &'a Root) -> Self {
        let mut folders = Vec::new();
        for library in crate::libraries::folders(root) {
            let folder = library.join("security");
            let is_folder = root
                .stat(&folder)
                .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Directory);
            if is_folder {
                folders.push(folder);
            }
        }
        Self { root, folders }
    }

    fn path(&self, module: &str) -> Option<String> {
        if module.starts_with('/') {
            return Some(module.to_owned());
        }
        let mut paths = self.folders.iter().map(|folder| folder.join(module));
        let there = paths.find(|path| self.root.stat(path).is_ok())?;
        Some(name::path(&there))
    }
}

/// The programs that log-ins run. The rules are read again, for tables are collected side by side.
pub fn autostarts(machine: &Machine) -> Observed<Autostart> {
    let rules = collect(machine);
    let mut problems = rules.problems;
    problems.iter_mut().for_each(|problem| problem.table = Autostart::DEF.name);
    Observed { rows: programs(&rules.rows), problems }
}

/// Those of `pam_exec`, and the scripts of `pam_python`.
fn programs(rules: &[PamRule]) -> Vec<Autostart> {
    rules.iter().filter_map(program).collect()
}

fn program(rule: &PamRule) -> Option<Autostart> {
    let module = rule.module.rsplit('/').next().unwrap_or_default();
    let options = match module {
        "pam_exec.so" => rule::EXEC_OPTIONS,
        "pam_python.so" => &[],
        _ => return None,
    };
    let is_option = |word: &str| {
        options
            .iter()
            .any(|option| word == *option || option.ends_with('=') && word.starts_with(option))
    };
    let words = rule.arguments.split_whitespace().skip_while(|word| is_option(word));
    let command = words.collect::<Vec<_>>().join(" ");
    let program = command.split_whitespace().next()?.to_owned();
    Some(Autostart {
        way: "pam".into(),
        event: "log-in".into(),
        user: Some("root".into()),
        name: rule.service.clone(),
        path: rule.path.clone(),
        line: Some(rule.line),
        traits: traits::of(&command),
        command,
        program: Some(program),
        starts: true,
        modified: rule.modified,
        ..Autostart::default()
    })
}

fn last(path: &Path) -> String {
    path.file_name().map(name::os).unwrap_or_default()
}
