//! Podman's units: files `NAME.container` from which systemd makes services.

use std::path::Path;

use super::{ALWAYS, CAP, Containers, Found, MAX_CONTAINERS, NEVER, add};
use crate::{accounts::Home, name};

const FOLDERS: [&str; 2] = ["/etc/containers/systemd", "/usr/share/containers/systemd"];
/// Units that users get from the system; they run with the users' rights.
const FOR_USERS: &str = "/etc/containers/systemd/users";
const OWN_FOLDER: &str = ".config/containers/systemd";

pub fn of_system(reading: &mut Containers<'_>) {
    FOLDERS.iter().for_each(|folder| of_folder(reading, Path::new(folder), None, false));
    of_folder(reading, Path::new(FOR_USERS), None, true);
    for folder in reading.entries(Path::new(FOR_USERS), MAX_CONTAINERS) {
        of_folder(reading, &folder, None, true);
    }
}

pub fn of_home(reading: &mut Containers<'_>, home: &Home) {
    of_folder(reading, &home.path.join(OWN_FOLDER), Some(home), true);
}

fn of_folder(reading: &mut Containers<'_>, folder: &Path, home: Option<&Home>, of_user: bool) {
    if !reading.is_folder(folder) {
        return;
    }
    for path in reading.entries(folder, MAX_CONTAINERS) {
        if path.extension().is_none_or(|end| end != "container") {
            continue;
        }
        let Some(content) = reading.content(&path, CAP, &[]) else { continue };
        let mut found = parse(&content);
        let stem = path.file_stem().map(name::os).unwrap_or_default();
        if found.name.is_empty() {
            found.name = format!("systemd-{stem}");
        }
        found.id = stem;
        found.isolation.mapped |= of_user;
        add(reading, "podman", &path, home, found);
    }
}

/// A unit; lines that end with a backslash go on.
pub fn parse(content: &[u8]) -> Found {
    let mut found = Found { restart: NEVER.into(), ..Found::default() };
    let text = name::text(content).replace("\\\n", " ");
    let mut section = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.to_owned();
        } else if !line.starts_with(['#', ';'])
            && let Some((key, value)) = line.split_once('=')
        {
            take(&mut found, &section, key.trim(), value.trim());
        }
    }
    found
}

fn take(found: &mut Found, section: &str, key: &str, value: &str) {
    let isolation = &mut found.isolation;
    match (section, key) {
        ("Container", "Image") => found.image = value.into(),
        ("Container", "ContainerName") => found.name = value.into(),
        ("Container", "Exec") => found.command = vec![value.into()],
        ("Container", "Volume") => isolation.bind(value),
        ("Container", "AddCapability") => {
            value.split_whitespace().for_each(|name| isolation.capability(name));
        }
        ("Container", "Network") => isolation.share("network", value == "host"),
        ("Container", "UserNS") => isolation.mapped |= value != "host",
        ("Container", "PodmanArgs") => arguments(found, value),
        ("Service", "Restart") => found.restart = restart(value).into(),
        ("Install", "WantedBy" | "RequiredBy" | "UpheldBy") => found.starts |= !value.is_empty(),
        _ => {}
    }
}

fn arguments(found: &mut Found, value: &str) {
    let isolation = &mut found.isolation;
    for argument in value.split_whitespace() {
        match argument.split_once('=').unwrap_or((argument, "")) {
            ("--privileged", "" | "true") => isolation.privileged = true,
            ("--pid", "host") => isolation.share("pid", true),
            ("--ipc", "host") => isolation.share("ipc", true),
            ("--uts", "host") => isolation.share("uts", true),
            ("--network" | "--net", "host") => isolation.share("network", true),
            ("--cap-add", name) => isolation.capability(name),
            ("--volume" | "-v", bind) => isolation.bind(bind),
            _ => {}
        }
    }
}

/// systemd's words as the managers of containers call them.
fn restart(value: &str) -> &'static str {
    match value {
        "always" => ALWAYS,
        "no" | "" => NEVER,
        _ => "on-failure",
    }
}
