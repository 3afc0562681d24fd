//! LXC: the file `config` of each container, of the system and of users. Files that it includes are
//! not followed.

use std::path::Path;

use super::{ALWAYS, CAP, Containers, Found, MAX_CONTAINERS, NEVER, add};
use crate::{accounts::Home, name};

const FOLDER: &str = "/var/lib/lxc";
const OWN_FOLDER: &str = ".local/share/lxc";

pub fn of_system(reading: &mut Containers<'_>) {
    of_folder(reading, Path::new(FOLDER), None);
}

pub fn of_home(reading: &mut Containers<'_>, home: &Home) {
    of_folder(reading, &home.path.join(OWN_FOLDER), Some(home));
}

fn of_folder(reading: &mut Containers<'_>, folder: &Path, home: Option<&Home>) {
    for entry in reading.entries(folder, MAX_CONTAINERS) {
        if !reading.is_folder(&entry) {
            continue;
        }
        let path = entry.join("config");
        let Some(content) = reading.content(&path, CAP, &[]) else { continue };
        let mut found = parse(&content);
        found.id = entry.file_name().map(name::os).unwrap_or_default();
        if found.name.is_empty() {
            found.name.clone_from(&found.id);
        }
        add(reading, "lxc", &path, home, found);
    }
}

/// `key = value`; an empty value takes back what stood before it.
pub fn parse(content: &[u8]) -> Found {
    let mut found = Found { restart: NEVER.into(), ..Found::default() };
    let (mut unconfined, mut keeps_all) = (false, false);
    for line in name::text(content).lines().map(str::trim) {
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        match (key.trim(), value.trim()) {
            ("lxc.apparmor.profile" | "lxc.aa_profile", value) => {
                unconfined = value == "unconfined"
            }
            ("lxc.cap.drop", value) => keeps_all = value.is_empty(),
            (key, value) => take(&mut found, key, value),
        }
    }
    found.isolation.privileged = !found.isolation.mapped && unconfined && keeps_all;
    found
}

fn take(found: &mut Found, key: &str, value: &str) {
    let isolation = &mut found.isolation;
    match key {
        "lxc.uts.name" | "lxc.utsname" => found.name = value.into(),
        "lxc.rootfs.path" | "lxc.rootfs" => found.image = value.into(),
        "lxc.init.cmd" | "lxc.init_cmd" | "lxc.execute.cmd" => found.command = vec![value.into()],
        "lxc.idmap" | "lxc.id_map" => isolation.mapped = !value.is_empty(),
        "lxc.cap.keep" => value.split_whitespace().for_each(|name| isolation.capability(name)),
        "lxc.mount.entry" => mount(found, value),
        "lxc.namespace.keep" => value.split_whitespace().for_each(|name| share(found, name)),
        "lxc.net.0.type" => isolation.share("network", value == "none"),
        "lxc.start.auto" => {
            found.starts = value == "1";
            found.restart = if found.starts { ALWAYS } else { NEVER }.into();
        }
        _ => {}
    }
}

/// `FROM TO none bind,ro 0 0`
fn mount(found: &mut Found, value: &str) {
    let words: Vec<&str> = value.split_whitespace().collect();
    let [from, to, _, options, ..] = words.as_slice() else { return };
    let has = |name: &str| options.split(',').any(|option| option == name);
    if has("bind") || has("rbind") {
        found.isolation.folder(from, &format!("/{}", to.trim_start_matches('/')), has("ro"));
    }
}

fn share(found: &mut Found, namespace: &str) {
    let shared = match namespace {
        "net" => "network",
        "pid" => "pid",
        "ipc" => "ipc",
        "uts" => "uts",
        "user" => "user",
        "cgroup" => "cgroup",
        _ => return,
    };
    found.isolation.share(shared, true);
}
