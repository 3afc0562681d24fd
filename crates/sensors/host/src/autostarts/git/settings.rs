//! The settings of Git that run a command, or that name the folder from which it runs hooks.

use std::path::{Path, PathBuf};

use super::{config::Setting, hooks, parse};
use crate::{
    accounts::Home,
    autostarts::{Autostarts, start::Start},
};

const CAP: u64 = 64 << 10;
const INCLUDES: usize = 20;

/// Section, where it must have a subsection, and the variable; `*` is any.
const COMMANDS: &[(&str, bool, &str)] = &[
    ("core", false, "pager"),
    ("core", false, "editor"),
    ("core", false, "sshcommand"),
    ("core", false, "fsmonitor"),
    ("core", false, "askpass"),
    ("core", false, "gitproxy"),
    ("core", false, "alternaterefscommand"),
    ("sequence", false, "editor"),
    ("diff", false, "external"),
    ("diff", true, "textconv"),
    ("diff", true, "command"),
    ("difftool", true, "cmd"),
    ("mergetool", true, "cmd"),
    ("merge", true, "driver"),
    ("filter", true, "clean"),
    ("filter", true, "smudge"),
    ("filter", true, "process"),
    ("gpg", false, "program"),
    ("gpg", true, "program"),
    ("gpg", true, "defaultkeycommand"),
    ("pager", false, "*"),
    ("interactive", false, "difffilter"),
    ("uploadpack", false, "packobjectshook"),
    ("browser", true, "cmd"),
    ("man", true, "cmd"),
    ("trailer", true, "cmd"),
    ("trailer", true, "command"),
    ("remote", true, "uploadpack"),
    ("remote", true, "receivepack"),
];

/// Whose settings these are.
#[derive(Default)]
pub struct Place<'a> {
    pub home: Option<&'a Home>,
    /// The work tree; none where they are for all.
    pub tree: Option<&'a Path>,
    pub user: Option<&'a str>,
}

pub fn of_file(reading: &mut Autostarts<'_>, path: &Path, place: &Place<'_>) {
    let included = of_one(reading, path, place);
    if included.len() > INCLUDES {
        reading.too_large(path, &["name"], format!("more than {INCLUDES} included files"));
    }
    for path in included.iter().take(INCLUDES) {
        of_one(reading, path, place);
    }
}

/// Adds the rows of one file and gives the files that it includes.
fn of_one(reading: &mut Autostarts<'_>, path: &Path, place: &Place<'_>) -> Vec<PathBuf> {
    let Some(content) = reading.content(path, CAP, &["name"]) else { return Vec::new() };
    let mut included = Vec::new();
    let settings = parse(&content);
    if let Some((first, count)) = settings.senseless {
        let detail = format!("line {first} makes no sense; so for {count} such");
        reading.malformed(path, &["name"], &detail);
    }
    for setting in settings.found {
        let folder = path.parent().unwrap_or(path);
        let place_of = |value: &str| expanded(value, folder, place);
        let value = setting.value.clone().unwrap_or_default();
        match (setting.section.as_str(), setting.name.as_str()) {
            ("include" | "includeif", "path") => included.extend(place_of(&value)),
            ("core", "hookspath") => {
                of_hooks(
                    reading,
                    path,
                    place,
                    &setting,
                    expanded(&value, place.tree.unwrap_or(folder), place),
                );
            }
            ("init", "templatedir") => {
                let hooks = place_of(&value).map(|folder| folder.join("hooks"));
                of_hooks(reading, path, place, &setting, hooks);
            }
            _ => of_setting(reading, path, place, &setting),
        }
    }
    included
}

fn of_setting(reading: &mut Autostarts<'_>, path: &Path, place: &Place<'_>, setting: &Setting) {
    let Some(command) = command(setting) else { return };
    add(reading, path, place, setting, command);
}

fn add(
    reading: &mut Autostarts<'_>,
    path: &Path,
    place: &Place<'_>,
    setting: &Setting,
    command: &str,
) {
    let start =
        Start { user: place.user, ..Start::new("git", "command", path).of_home(place.home) };
    let row = start.command(reading, Some(key(setting)), Some(setting.line), command);
    reading.row(row);
}

/// The folder itself is told, and the hooks in it.
fn of_hooks(
    reading: &mut Autostarts<'_>,
    path: &Path,
    place: &Place<'_>,
    setting: &Setting,
    folder: Option<PathBuf>,
) {
    let Some(folder) = folder else { return };
    add(reading, path, place, setting, &crate::name::path(&folder));
    hooks::of_folder(reading, &folder, place.user, place.home);
}

/// The command that a setting runs; none for those that run none, or what Git itself brings.
fn command(setting: &Setting) -> Option<&str> {
    let value = setting.value.as_deref().filter(|value| !value.is_empty())?;
    match setting.section.as_str() {
        "alias" => value.strip_prefix('!').map(str::trim_start),
        "credential" => helper(setting, value),
        "submodule" if setting.name == "update" => value.strip_prefix('!'),
        _ if is_command(setting) && !is_flag(value) => Some(value),
        _ => None,
    }
}

/// A plain name is a program of Git's own; a path or what a shell is to run is not.
fn helper<'a>(setting: &Setting, value: &'a str) -> Option<&'a str> {
    let foreign = value.starts_with('!') || value.split_whitespace().next()?.contains('/');
    (setting.name == "helper" && foreign).then(|| value.trim_start_matches('!'))
}

fn is_command(setting: &Setting) -> bool {
    COMMANDS.iter().any(|(section, has_subsection, name)| {
        *section == setting.section
            && *has_subsection == setting.subsection.is_some()
            && (*name == "*" || *name == setting.name)
    })
}

fn is_flag(value: &str) -> bool {
    let flags = ["true", "false", "yes", "no", "on", "off", "0", "1"];
    flags.iter().any(|flag| value.eq_ignore_ascii_case(flag))
}

/// `section.subsection.name`
fn key(setting: &Setting) -> String {
    let parts = [Some(&setting.section), setting.subsection.as_ref(), Some(&setting.name)];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(".")
}

/// A path of a setting; what stands for the place where Git is installed cannot be told.
fn expanded(value: &str, folder: &Path, place: &Place<'_>) -> Option<PathBuf> {
    if value.is_empty() || value.starts_with('%') {
        return None;
    }
    match value.strip_prefix('~') {
        Some(rest) => {
            rest.strip_prefix('/').zip(place.home).map(|(rest, home)| home.path.join(rest))
        }
        None => Some(folder.join(value)),
    }
}
