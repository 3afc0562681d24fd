//! systemd-nspawn: its settings files, and the machines that lie in its folder without one.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{ALWAYS, CAP, Containers, Found, MAX_CONTAINERS, NEVER, add};
use crate::name;

const MACHINES: &str = "/var/lib/machines";
const SETTINGS: [&str; 2] = ["/etc/systemd/nspawn", MACHINES];
const STARTED: [&str; 2] =
    ["/etc/systemd/system/machines.target.wants", "/etc/systemd/system/multi-user.target.wants"];

pub fn of_system(reading: &mut Containers<'_>) {
    for (name, path) in machines(reading) {
        of_machine(reading, name, &path);
    }
}

/// By name the file that describes it: the first of its settings, otherwise its own folder or image.
fn machines(reading: &mut Containers<'_>) -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    for folder in SETTINGS {
        for path in reading.entries(Path::new(folder), MAX_CONTAINERS) {
            let stem = path.file_stem().map(name::os).unwrap_or_default();
            if path.extension().is_some_and(|end| end == "nspawn") {
                found.entry(stem).or_insert(path);
            }
        }
    }
    for path in reading.entries(Path::new(MACHINES), MAX_CONTAINERS) {
        let last = path.file_name().map(name::os).unwrap_or_default();
        let name = last.strip_suffix(".raw").unwrap_or(&last);
        if !last.starts_with('.') && !last.ends_with(".nspawn") {
            found.entry(name.to_owned()).or_insert(path);
        }
    }
    found
}

fn of_machine(reading: &mut Containers<'_>, name: String, path: &Path) {
    let settings = path.extension().is_some_and(|end| end == "nspawn");
    let content = settings.then(|| reading.content(path, CAP, &[])).flatten();
    let mut found = parse(&content.unwrap_or_default());
    let unit = format!("systemd-nspawn@{name}.service");
    found.starts =
        STARTED.iter().any(|folder| reading.root.link(Path::new(folder).join(&unit)).is_ok());
    found.restart = if found.starts { ALWAYS } else { NEVER }.into();
    found.id.clone_from(&name);
    found.name = name;
    add(reading, "nspawn", path, None, found);
}

/// A settings file. Its service gives each machine users and a network of its own unless told otherwise.
pub fn parse(content: &[u8]) -> Found {
    let mut found = Found::default();
    found.isolation.mapped = true;
    let mut all = false;
    for line in name::text(content).lines().map(str::trim) {
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with(['#', ';']))
        else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        let isolation = &mut found.isolation;
        match key {
            "PrivateUsers" => isolation.mapped = !is_no(value),
            "Private" => isolation.share("network", is_no(value)),
            "Capability" => {
                all |= value.split_whitespace().any(|name| name == "all");
                value.split_whitespace().for_each(|name| isolation.capability(name));
            }
            "Bind" => isolation.bind(value),
            "BindReadOnly" => isolation.bind(&read_only(value)),
            "Parameters" => found.command = vec![value.into()],
            "Image" => found.image = value.into(),
            _ => {}
        }
    }
    found.isolation.privileged = all && !found.isolation.mapped;
    found
}

fn is_no(value: &str) -> bool {
    ["no", "off", "false", "0"].contains(&value)
}

fn read_only(value: &str) -> String {
    let (from, to) = value.split_once(':').unwrap_or((value, value));
    format!("{from}:{}:ro", to.split(':').next().unwrap_or(to))
}
