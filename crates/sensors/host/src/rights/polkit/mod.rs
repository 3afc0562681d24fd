//! polkit: rules in JavaScript, local authorities (`.pkla`), and the defaults of actions.
//!
//! Limits: rules are recognised by their text, not run; see `script`. Of actions those are rows that
//! ask nobody for anything. That a rule asks for an administrator's password is no row.

mod actions;
mod condition;
mod local;
mod script;
mod statements;
mod terms;
#[cfg(test)]
mod tests;
mod tokens;

use std::path::{Path, PathBuf};

use super::{CAP, Grant, MAX_FILES, Reached, Rights};
use crate::name;

pub use actions::parse as parse_actions;
pub use local::parse as parse_local;
pub use script::parse as parse_script;

const RULES: [&str; 4] = [
    "/etc/polkit-1/rules.d",
    "/run/polkit-1/rules.d",
    "/usr/local/share/polkit-1/rules.d",
    "/usr/share/polkit-1/rules.d",
];
const LOCAL: [&str; 2] = ["/etc/polkit-1/localauthority", "/var/lib/polkit-1/localauthority"];
const ACTIONS: [&str; 4] = [
    "/etc/polkit-1/actions",
    "/run/polkit-1/actions",
    "/usr/local/share/polkit-1/actions",
    "/usr/share/polkit-1/actions",
];
const MAX_ACTIONS: usize = 2000;
const UNKNOWN: &[&str] = &["user", "command", "everything", "no_password"];

pub fn collect(rights: &mut Rights<'_>) {
    for path in files(rights, &RULES, "rules", MAX_FILES) {
        read(rights, &path, script::collect);
    }
    for folder in LOCAL {
        let folders = rights.reading.entries(Path::new(folder), MAX_FILES);
        let folders: Vec<String> = folders.iter().map(|path| name::path(path)).collect();
        let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
        for path in files(rights, &folders, "pkla", MAX_FILES) {
            read(rights, &path, local::collect);
        }
    }
    for path in files(rights, &ACTIONS, "policy", MAX_ACTIONS) {
        read(rights, &path, actions::collect);
    }
}

/// The files of such an end; the same name in an earlier folder hides nothing from polkit.
fn files(rights: &mut Rights<'_>, folders: &[&str], end: &str, most: usize) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        found.extend(rights.reading.entries(Path::new(folder), most));
    }
    found.retain(|path| path.extension().is_some_and(|own| own == end));
    found
}

fn read(rights: &mut Rights<'_>, path: &Path, collect: fn(&mut Rights<'_>, &Path, &[u8])) {
    if let Some(content) = rights.reading.content(path, CAP, &[]) {
        collect(rights, path, &content);
    }
}

/// A grant by a file of polkit.
fn grant(rights: &Rights<'_>, path: &Path, line: usize) -> Grant {
    Grant {
        way: "polkit",
        as_user: "root".into(),
        path: name::path(path),
        line: i64::try_from(line).ok(),
        modified: rights.reading.modified(path),
        ..Grant::default()
    }
}

/// The accounts of an identity: `unix-user:NAME`, `unix-group:NAME`; none where it is another kind.
fn identity(rights: &Rights<'_>, identity: &str) -> Option<Vec<Reached>> {
    let (kind, name) = identity.trim().split_once(':')?;
    match (kind, name.trim()) {
        ("unix-user", "*") => Some(vec![Reached::everyone()]),
        ("unix-user", name) => Some(vec![Reached::named(name)]),
        ("unix-group", name) => Some(of_group(rights, name)),
        _ => None,
    }
}

fn of_group(rights: &Rights<'_>, group: &str) -> Vec<Reached> {
    let through = |user: &String| Reached::through(user, format!("group {group}"));
    rights.people.members(group).iter().map(through).collect()
}
