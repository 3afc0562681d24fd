//! Incus and LXD: the file `backup.yaml` that they keep beside each container.

use std::path::Path;

use leaksweep_catalogue::remote::Format;

use super::{ALWAYS, CAP, Containers, Found, MAX_CONTAINERS, NEVER, add};
use crate::{
    name,
    remote::settings::{Entries, formats},
};

const POOLS: [&str; 3] = [
    "/var/lib/incus/storage-pools",
    "/var/lib/lxd/storage-pools",
    "/var/snap/lxd/common/lxd/storage-pools",
];
const MAX_POOLS: usize = 100;

pub fn of_system(reading: &mut Containers<'_>) {
    for pools in POOLS {
        for pool in reading.entries(Path::new(pools), MAX_POOLS) {
            for entry in reading.entries(&pool.join("containers"), MAX_CONTAINERS) {
                of_container(reading, &entry);
            }
        }
    }
}

fn of_container(reading: &mut Containers<'_>, folder: &Path) {
    let path = folder.join("backup.yaml");
    let Some(content) = reading.content(&path, CAP, &[]) else { return };
    let (mut found, sound) = parse(&content);
    if !sound {
        reading.malformed(&path, &[], "no whole YAML");
    }
    found.id = folder.file_name().map(name::os).unwrap_or_default();
    if found.name.is_empty() {
        found.name.clone_from(&found.id);
    }
    add(reading, "incus", &path, None, found);
}

/// What the file says, and whether it could be read to its end.
pub fn parse(content: &[u8]) -> (Found, bool) {
    let mut entries = Entries::default();
    formats::parse(Format::Yaml, content, &mut entries);
    let mut found = Found { restart: NEVER.into(), ..Found::default() };
    // Unless told otherwise, root inside is nobody in particular outside.
    found.isolation.mapped = true;
    let mut devices = Devices::default();
    for entry in &entries.list {
        let of = |whose: &str| entry.key.strip_prefix(whose)?.strip_prefix('.');
        let Some(key) = of("instance").or(of("container")) else { continue };
        let key = key.strip_prefix("expanded_").unwrap_or(key);
        match key.strip_prefix("devices.").and_then(|device| device.rsplit_once('.')) {
            Some((device, key)) => devices.take(&mut found, device, key, &entry.value),
            None => take(&mut found, key, &entry.value),
        }
    }
    devices.end(&mut found);
    (found, entries.faults.is_empty())
}

fn take(found: &mut Found, key: &str, value: &str) {
    match key {
        "name" => found.name = value.into(),
        "created_at" => found.created = Some(value.into()),
        "config.image.description" => found.image = value.into(),
        "config.boot.autostart" => {
            found.starts = value == "true";
            found.restart = if found.starts { ALWAYS } else { NEVER }.into();
        }
        "config.security.privileged" => {
            found.isolation.privileged = value == "true";
            found.isolation.mapped = value != "true";
        }
        _ => {}
    }
}

/// A device's keys come one after the other.
#[derive(Default)]
struct Devices {
    name: String,
    source: String,
    path: String,
    read_only: bool,
}

impl Devices {
    fn take(&mut self, found: &mut Found, device: &str, key: &str, value: &str) {
        if self.name != device {
            self.end(found);
            self.name = device.into();
        }
        match key {
            "source" => self.source = value.into(),
            "path" => self.path = value.into(),
            "readonly" => self.read_only = value == "true",
            _ => {}
        }
    }

    fn end(&mut self, found: &mut Found) {
        let ended = std::mem::take(self);
        found.isolation.folder(&ended.source, &ended.path, ended.read_only);
    }
}
