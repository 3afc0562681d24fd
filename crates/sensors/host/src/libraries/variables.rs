//! Variables of the loader in files that sessions, shells and units read.

use std::path::{Path, PathBuf};

use super::{CAP, Rules, Said};
use crate::{accounts::Home, name, secrets};

const NAMES: [&str; 3] = ["LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH"];
const MAX_FOUND: usize = 1000;
const VALUE: usize = 4096;
/// As much of a line is looked at.
const LINE: usize = 16 << 10;

const FILES: [&str; 14] = [
    "/etc/environment",
    "/etc/security/pam_env.conf",
    "/etc/default/locale",
    "/etc/profile",
    "/etc/bash.bashrc",
    "/etc/bashrc",
    "/etc/zshenv",
    "/etc/zsh/zshenv",
    "/etc/zsh/zshrc",
    "/etc/zsh/zprofile",
    "/etc/csh.cshrc",
    "/etc/fish/config.fish",
    "/etc/systemd/system.conf",
    "/etc/systemd/user.conf",
];
/// Folders and the end of the names of what counts in them.
const FOLDERS: [(&str, &str); 12] = [
    ("/etc/profile.d", ".sh"),
    ("/etc/environment.d", ".conf"),
    ("/usr/lib/environment.d", ".conf"),
    ("/etc/systemd/system.conf.d", ".conf"),
    ("/etc/systemd/user.conf.d", ".conf"),
    ("/etc/systemd/system", ".service"),
    ("/etc/systemd/user", ".service"),
    ("/usr/lib/systemd/system-environment-generators", ""),
    ("/etc/X11/Xsession.d", ""),
    ("/etc/X11/xinit/xinitrc.d", ""),
    ("/etc/fish/conf.d", ".fish"),
    ("/etc/default", ""),
];
const OWN_FILES: [&str; 15] = [
    ".pam_environment",
    ".profile",
    ".bashrc",
    ".bash_profile",
    ".bash_login",
    ".bash_aliases",
    ".zshenv",
    ".zshrc",
    ".zprofile",
    ".zlogin",
    ".cshrc",
    ".xprofile",
    ".xsessionrc",
    ".xsession",
    ".config/fish/config.fish",
];
const OWN_FOLDERS: [(&str, &str); 2] =
    [(".config/environment.d", ".conf"), (".config/systemd/user", ".service")];

/// A variable that a file sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    pub line: usize,
    pub name: &'static str,
    pub value: String,
}

/// Where a line sets one of the variables, whatever it is written in: `NAME=value`, `export NAME=…`,
/// `setenv NAME value`, `set -x NAME value`, `NAME DEFAULT=value`, `Environment=NAME=value`.
pub fn parse(bytes: &[u8]) -> Vec<Set> {
    let mut found = Vec::new();
    if memchr::memmem::find(bytes, b"LD_").is_none() {
        return found;
    }
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.get(..LINE).unwrap_or(line);
        let line = name::text(line.trim_ascii());
        if line.starts_with(['#', ';']) || found.len() >= MAX_FOUND {
            continue;
        }
        found.extend(NAMES.iter().filter_map(|name| {
            let value = value(&line, name)?;
            Some(Set { line: index + 1, name, value })
        }));
    }
    found
}

fn value(line: &str, name: &str) -> Option<String> {
    let mut from = 0;
    while let Some(at) = line.get(from..)?.find(name) {
        let (before, after) = (line.get(..from + at)?, line.get(from + at + name.len()..)?);
        from += at + name.len();
        let of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || c == '{';
        if before.ends_with(of_name) {
            continue;
        }
        let told = match after.strip_prefix('=') {
            Some(told) => told,
            None if before.trim_end().ends_with("setenv") => after.strip_prefix([' ', '\t'])?,
            None if before.split_whitespace().next() == Some("set") => after.strip_prefix(' ')?,
            None => {
                let after = after.trim_start();
                let told = ["DEFAULT=", "OVERRIDE="].iter().find_map(|key| after.strip_prefix(key));
                let Some(told) = told else { continue };
                told
            }
        };
        let value = unquoted(told, before);
        if !value.is_empty() {
            return Some(value);
        }
    }
    None
}

/// The value up to its quote, to a quote that opened before its name, or to the next blank.
fn unquoted(told: &str, before: &str) -> String {
    let own = told.chars().next().filter(|c| "\"'".contains(*c));
    let outer = before.chars().next_back().filter(|c| "\"'".contains(*c));
    let text = if own.is_some() { told.get(1..).unwrap_or_default() } else { told };
    let ends = |c: char| match own.or(outer) {
        Some(quote) => c == quote,
        None => c.is_whitespace() || c == ';',
    };
    let end = text.find(ends).unwrap_or(text.len()).min(VALUE);
    let end = text.floor_char_boundary(end);
    name::text(&secrets::in_line(text.get(..end).unwrap_or_default().trim().as_bytes()))
}

pub fn of_system(rules: &mut Rules<'_>) {
    let mut files: Vec<PathBuf> = FILES.iter().map(PathBuf::from).collect();
    for (folder, end) in FOLDERS {
        files.extend(rules.files(Path::new(folder), end));
        if end == ".service" {
            files.extend(drop_ins(rules, Path::new(folder)));
        }
    }
    once(rules, &mut files);
    files.iter().for_each(|path| read(rules, path, None));
}

pub fn of_home(rules: &mut Rules<'_>, home: &Home) {
    let user = Some((home.user.as_str(), home.uid));
    let mut files: Vec<PathBuf> = OWN_FILES.iter().map(|file| home.path.join(file)).collect();
    for (folder, end) in OWN_FOLDERS {
        files.extend(rules.files(&home.path.join(folder), end));
    }
    files.extend(drop_ins(rules, &home.path.join(".config/systemd/user")));
    files.iter().for_each(|path| read(rules, path, user));
}

/// One file often has a second name: `environment.d` holds a link to `/etc/environment`.
fn once(rules: &Rules<'_>, files: &mut Vec<PathBuf>) {
    let mut seen = std::collections::HashSet::new();
    files.retain(|path| match rules.reading.root.resolve(path) {
        Ok(place) => seen.insert(place),
        Err(_) => true,
    });
}

fn drop_ins(rules: &mut Rules<'_>, folder: &Path) -> Vec<PathBuf> {
    let folders = rules.files(folder, ".service.d");
    folders.iter().flat_map(|folder| rules.files(folder, ".conf")).collect()
}

fn read(rules: &mut Rules<'_>, path: &Path, user: Option<(&str, u32)>) {
    if rules.reading.is_folder(path) {
        return;
    }
    let Some(content) = rules.reading.content(path, CAP, &[]) else { return };
    for set in parse(&content) {
        let value = format!("{}={}", set.name, set.value);
        let said = Said { kind: "variable", value: &value, path, line: set.line, user };
        let parts = set.value.split([':', ' ', ';']).filter(|part| part.starts_with('/'));
        let mut places: Vec<Option<PathBuf>> = parts.map(|part| Some(part.into())).collect();
        if places.is_empty() {
            places.push(rules.library(&set.value));
        }
        places.into_iter().for_each(|place| rules.add(said, place));
    }
}
