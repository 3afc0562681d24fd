//! What a file of stores must keep to, so that no path means everything and no program is taken for an owner because of
//! its name alone.

use std::collections::HashMap;

use super::{Application, Group, Kind, Store};
use crate::remote::Broken;

/// Where only an administrator installs. `/app` is what a Flatpak application sees of its own files.
const INSTALLED: &[&str] = &["/usr/", "/opt/", "/snap/", "/app/", "/lib/systemd/"];

/// Every rule that one group breaks by itself.
pub fn check(group: &Group) -> Vec<Broken> {
    let mut broken = Vec::new();
    if !is_id(&group.id) {
        broken.push(Broken::new("", "the file's name is not lower-case letters, digits and '-'"));
    }
    if group.name.trim().is_empty() || group.stores.is_empty() || group.applications.is_empty() {
        broken.push(Broken::new("", "a group needs a name, a store and an application"));
    }
    for store in &group.stores {
        broken.extend(of_store(group, store));
    }
    for application in &group.applications {
        broken.extend(of_application(group, application));
    }
    for reader in &group.readers {
        broken.extend(named(&reader.name, &reader.source, &reader.stores, group));
        broken.extend(programs(&reader.programs));
        if reader.programs.is_empty() {
            broken.push(Broken::new(&reader.name, format!("'{}' names no programs", reader.name)));
        }
    }
    broken
}

fn is_id(id: &str) -> bool {
    let fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !id.is_empty() && id.bytes().all(fine)
}

fn of_store(group: &Group, store: &Store) -> Vec<Broken> {
    let mut broken = named(&store.name, &store.source, &[], group);
    let mut say =
        |what: &str| broken.push(Broken::new(&store.id, format!("'{}' {what}", store.id)));
    if !is_id(&store.id) {
        say("is not lower-case letters, digits and '-'");
    }
    if store.files.is_empty() || group.having(store).next().is_none() {
        say("has no files, or no application has it");
    }
    broken
}

fn of_application(group: &Group, application: &Application) -> Vec<Broken> {
    let mut broken = named(&application.name, &application.source, &application.stores, group);
    broken.extend(programs(&application.programs));
    if application.folders.is_empty() {
        let what = format!("'{}' has no folder", application.name);
        broken.push(Broken::new(&application.name, what));
    }
    let in_flatpak = application.programs.iter().any(|program| program.starts_with("/app/"));
    if in_flatpak == application.flatpak.is_empty() {
        let what = "programs below /app and ids of Flatpak go together";
        broken.push(Broken::new(&application.name, what));
    }
    for store in
        group.stores.iter().filter(|store| group.having(store).any(|one| one == application))
    {
        for path in application.paths(store) {
            if let Some(what) = wrong_path(store.kind, &path) {
                broken.push(Broken::new(&store.id, format!("'{path}' {what}")));
            }
        }
    }
    broken
}

fn named(name: &str, source: &str, stores: &[String], group: &Group) -> Vec<Broken> {
    let mut broken = Vec::new();
    if name.trim().is_empty() || source.trim().is_empty() {
        broken.push(Broken::new(name, format!("'{name}' needs a name and a source")));
    }
    let known = |id: &&String| group.stores.iter().any(|store| store.id == **id);
    for id in stores.iter().filter(|id| !known(id)) {
        broken.push(Broken::new(id, format!("'{id}' is no store of this group")));
    }
    broken
}

fn programs(programs: &[String]) -> Vec<Broken> {
    let wrong = programs.iter().filter_map(|program| Some((program, wrong_program(program)?)));
    wrong.map(|(program, what)| Broken::new(program, format!("'{program}' {what}"))).collect()
}

fn wrong_program(program: &str) -> Option<&'static str> {
    let name = program.rsplit('/').next().unwrap_or_default();
    if !INSTALLED.iter().any(|start| program.starts_with(start)) {
        return Some("does not lie where only an administrator installs");
    }
    if wrong_components(program) || program.contains("**") {
        return Some("has an empty component, '.', '..' or '**'");
    }
    (name.bytes().filter(u8::is_ascii_alphanumeric).count() < 2).then_some("names no program")
}

fn wrong_path(kind: Kind, path: &str) -> Option<&'static str> {
    let Some(inside) = path.strip_prefix("~/").or_else(|| path.strip_prefix('/')) else {
        return Some("does not start with / or ~/");
    };
    if wrong_components(path) || path.contains(' ') && path.contains("  ") {
        return Some("has an empty component, '.' or '..'");
    }
    let mut parts = inside.split('/');
    let whole = parts.clone().all(|part| part == "**" || !part.contains("**"));
    if !whole || parts.clone().filter(|part| *part == "**").count() > 1 {
        return Some("has '**' twice, or as a part of a component");
    }
    let first = parts.next().unwrap_or_default();
    let general = first.contains('*') && !path.starts_with("~/.");
    (kind != Kind::Documents && general && !has_name(inside)).then_some("means everything")
}

/// Whether the last component says something.
fn has_name(inside: &str) -> bool {
    let last = inside.rsplit('/').next().unwrap_or_default();
    last.bytes().filter(u8::is_ascii_alphanumeric).count() >= 3
}

fn wrong_components(path: &str) -> bool {
    let inside = path.strip_prefix("~/").or_else(|| path.strip_prefix('/')).unwrap_or(path);
    inside.split('/').any(|part| part.is_empty() || part == "." || part == "..")
}

/// What two groups claim: the id of the later, and what is wrong.
pub(super) fn between(groups: &[Group]) -> Vec<(String, Broken)> {
    let (mut ids, mut paths) = (HashMap::new(), HashMap::new());
    let mut broken = Vec::new();
    for group in groups {
        for store in &group.stores {
            if let Some(other) = ids.insert(&store.id, &group.id) {
                let what = format!("'{}' is a store of {other} too", store.id);
                broken.push((group.id.clone(), Broken::new(&store.id, what)));
            }
            for path in group.having(store).flat_map(|one| one.paths(store)) {
                if let Some(other) = paths.insert(path.clone(), &store.id) {
                    let what = format!("'{path}' is a path of {other} too");
                    broken.push((group.id.clone(), Broken::new(&store.id, what)));
                }
            }
        }
    }
    broken
}
