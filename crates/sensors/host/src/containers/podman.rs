//! Podman: the list of containers in its storage, and of each the specification by which it is run.

use std::path::Path;

use serde_json::Value;

use super::{CAP, Containers, Found, MAX_CONTAINERS, add, text, texts};
use crate::{accounts::Home, extensions::object, name};

const FOLDER: &str = "/var/lib/containers/storage";
const OWN_FOLDER: &str = ".local/share/containers/storage";
const DRIVERS: [&str; 3] = ["overlay-containers", "vfs-containers", "btrfs-containers"];
const LIST_CAP: u64 = 16 << 20;
/// By the namespace that a specification names, and what it is called in the table.
const NAMESPACES: [(&str, &str); 5] =
    [("network", "network"), ("pid", "pid"), ("ipc", "ipc"), ("uts", "uts"), ("cgroup", "cgroup")];
/// What Podman itself puts into each container.
const OWN_MOUNTS: [&str; 4] =
    ["/run/containers/", "/run/user/", "/var/lib/containers/", "/run/libpod/"];

pub fn of_system(reading: &mut Containers<'_>) {
    of_folder(reading, Path::new(FOLDER), None);
}

pub fn of_home(reading: &mut Containers<'_>, home: &Home) {
    of_folder(reading, &home.path.join(OWN_FOLDER), Some(home));
}

fn of_folder(reading: &mut Containers<'_>, folder: &Path, home: Option<&Home>) {
    for driver in DRIVERS {
        let folder = folder.join(driver);
        let path = folder.join("containers.json");
        let Some(content) = reading.content(&path, LIST_CAP, &[]) else { continue };
        let Some(list) = parse_list(&content) else {
            reading.malformed(&path, &[], "no list of containers");
            continue;
        };
        if list.len() > MAX_CONTAINERS {
            reading.too_large(&path, &[], format!("more than {MAX_CONTAINERS} containers"));
        }
        for found in list.into_iter().take(MAX_CONTAINERS) {
            of_container(reading, &folder, &path, home, found);
        }
    }
}

fn of_container(
    reading: &mut Containers<'_>,
    folder: &Path,
    list: &Path,
    home: Option<&Home>,
    mut found: Found,
) {
    // It becomes a part of a path.
    let is_id = !found.id.is_empty() && found.id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let path = folder.join(&found.id).join("userdata/config.json");
    let columns =
        &["privileged", "shares", "folders", "capabilities", "escapes", "command", "traits"];
    let content = is_id.then(|| reading.content(&path, CAP, columns)).flatten();
    let Some(content) = content else {
        return add(reading, "podman", list, home, found);
    };
    if !specify(&content, &mut found) {
        reading.malformed(&path, columns, "no JSON object");
    }
    let storage = folder.parent().map(name::path).unwrap_or_default();
    found.isolation.without_folders(&[&OWN_MOUNTS[..], &[storage.as_str()]].concat());
    add(reading, "podman", &path, home, found);
}

/// `containers.json`
pub fn parse_list(content: &[u8]) -> Option<Vec<Found>> {
    let json: Value = serde_json::from_slice(content).ok()?;
    Some(json.as_array()?.iter().map(listed).collect())
}

/// What matters stands in a text that is JSON itself.
fn listed(json: &Value) -> Found {
    let inner = object(text(json, "/metadata").as_bytes()).unwrap_or_default();
    let name = texts(json, "/names").into_iter().next();
    Found {
        id: text(json, "/id"),
        name: name.unwrap_or_else(|| text(&inner, "/name")),
        image: text(&inner, "/image-name"),
        created: json.get("created").and_then(Value::as_str).map(str::to_owned),
        ..Found::default()
    }
}

/// For the fuzz target: a specification alone.
pub fn parse_specification(content: &[u8]) -> Option<Found> {
    let mut found = Found::default();
    specify(content, &mut found).then_some(found)
}

/// A container's specification as the Open Container Initiative defines it; whether it is one.
fn specify(content: &[u8], found: &mut Found) -> bool {
    let Some(json) = object(content) else { return false };
    found.command = texts(&json, "/process/args");
    let isolation = &mut found.isolation;
    for name in texts(&json, "/process/capabilities/bounding") {
        isolation.capability(&name);
    }
    let marked = json.pointer("/annotations/io.podman.annotations.privileged");
    let marked =
        marked.and_then(Value::as_str).is_some_and(|text| text.eq_ignore_ascii_case("true"));
    isolation.privileged = marked || isolation.has_all();
    let namespaces = json.pointer("/linux/namespaces").and_then(Value::as_array);
    let own: Vec<String> = namespaces.into_iter().flatten().map(|one| text(one, "/type")).collect();
    isolation.mapped = own.iter().any(|name| name == "user");
    for (namespace, shared) in NAMESPACES {
        isolation.share(shared, namespaces.is_some() && !own.iter().any(|name| name == namespace));
    }
    for mount in json.get("mounts").and_then(Value::as_array).into_iter().flatten() {
        let options = texts(mount, "/options");
        if options.iter().any(|option| option == "bind" || option == "rbind") {
            let read_only = options.iter().any(|option| option == "ro");
            isolation.folder(&text(mount, "/source"), &text(mount, "/destination"), read_only);
        }
    }
    true
}
