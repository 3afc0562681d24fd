//! Docker: of each container `config.v2.json` and `hostconfig.json`, in the folder that the daemon's
//! own configuration names, in snap's, and in that of users who run a daemon of their own.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{ALWAYS, CAP, Containers, Found, MAX_CONTAINERS, NEVER, add, flag, text, texts};
use crate::{accounts::Home, extensions::object, machine::Machine};

const FOLDERS: [&str; 2] = ["/var/lib/docker", "/var/snap/docker/common/var-lib-docker"];
const SETTINGS: [&str; 2] =
    ["/etc/docker/daemon.json", "/var/snap/docker/current/config/daemon.json"];
const OWN_FOLDER: &str = ".local/share/docker";
const OWN_SETTINGS: &str = ".config/docker/daemon.json";
/// By its setting and what it is called in the table.
const SHARES: [(&str, &str); 6] = [
    ("/NetworkMode", "network"),
    ("/PidMode", "pid"),
    ("/IpcMode", "ipc"),
    ("/UTSMode", "uts"),
    ("/UsernsMode", "user"),
    ("/CgroupnsMode", "cgroup"),
];

pub fn of_system(reading: &mut Containers<'_>, machine: &Machine) {
    let mut folders: BTreeSet<PathBuf> = FOLDERS.iter().map(PathBuf::from).collect();
    for path in SETTINGS {
        folders.extend(configured(reading, Path::new(path)));
    }
    folders.iter().for_each(|folder| of_folder(reading, machine, folder, None));
}

pub fn of_home(reading: &mut Containers<'_>, machine: &Machine, home: &Home) {
    let mut folders = BTreeSet::from([home.path.join(OWN_FOLDER)]);
    folders.extend(configured(reading, &home.path.join(OWN_SETTINGS)));
    folders.iter().for_each(|folder| of_folder(reading, machine, folder, Some(home)));
}

/// The folder that a daemon's configuration names.
fn configured(reading: &mut Containers<'_>, path: &Path) -> Option<PathBuf> {
    let content = reading.content(path, CAP, &[])?;
    let Some(json) = object(&content) else {
        reading.malformed(path, &[], "no JSON object");
        return None;
    };
    let folder = json.get("data-root").or(json.get("graph")).and_then(Value::as_str)?;
    folder.starts_with('/').then(|| folder.into())
}

fn of_folder(reading: &mut Containers<'_>, machine: &Machine, folder: &Path, home: Option<&Home>) {
    for entry in reading.entries(&folder.join("containers"), MAX_CONTAINERS) {
        if reading.is_folder(&entry) {
            of_container(reading, machine, &entry, home);
        }
    }
}

fn of_container(
    reading: &mut Containers<'_>,
    machine: &Machine,
    folder: &Path,
    home: Option<&Home>,
) {
    let path = folder.join("config.v2.json");
    let Some(content) = reading.content(&path, CAP, &[]) else { return };
    let host_path = folder.join("hostconfig.json");
    let columns =
        &["restart", "starts", "privileged", "shares", "folders", "capabilities", "escapes"];
    let host = reading.content(&host_path, CAP, columns).unwrap_or_default();
    if !host.is_empty() && object(&host).is_none() {
        reading.malformed(&host_path, columns, "no JSON object");
    }
    let Some(found) = parse(&content, &host) else {
        return reading.malformed(&path, &[], "no JSON object");
    };
    let running = running(machine, found.process);
    let before = reading.found.rows.len();
    add(reading, "docker", &path, home, found);
    if let Some(row) = reading.found.rows.get_mut(before) {
        row.running = running;
    }
}

/// Of a running machine the file is right only if the process that it names is there.
fn running(machine: &Machine, process: Option<i64>) -> Option<bool> {
    let kernel = machine.kernel("host_containers").ok()?;
    let there = |pid: i64| kernel.proc.stat(format!("{pid}/stat")).is_ok();
    Some(process.is_some_and(there))
}

/// A container's two files; the second may be empty.
pub fn parse(content: &[u8], host: &[u8]) -> Option<Found> {
    let json = object(content)?;
    let host = object(host).unwrap_or_default();
    let restart = match text(&host, "/RestartPolicy/Name") {
        restart if restart.is_empty() => NEVER.to_owned(),
        restart => restart,
    };
    let stopped = flag(&json, "/HasBeenManuallyStopped");
    let starts = restart == ALWAYS || (restart == "unless-stopped" && !stopped);
    let mut found = Found {
        id: text(&json, "/ID"),
        name: text(&json, "/Name").trim_start_matches('/').to_owned(),
        image: text(&json, "/Config/Image"),
        restart,
        starts,
        command: command(&json),
        created: json.get("Created").and_then(Value::as_str).map(str::to_owned),
        process: json.pointer("/State/Pid").and_then(Value::as_i64),
        ..Found::default()
    };
    found.process = found.process.filter(|pid| *pid > 0 && flag(&json, "/State/Running"));
    isolate(&mut found, &json, &host);
    Some(found)
}

fn command(json: &Value) -> Vec<String> {
    let path = text(json, "/Path");
    if path.is_empty() {
        return [texts(json, "/Config/Entrypoint"), texts(json, "/Config/Cmd")].concat();
    }
    std::iter::once(path).chain(texts(json, "/Args")).collect()
}

fn isolate(found: &mut Found, json: &Value, host: &Value) {
    let isolation = &mut found.isolation;
    isolation.privileged = flag(host, "/Privileged");
    for (setting, shared) in SHARES {
        isolation.share(shared, text(host, setting) == "host");
    }
    texts(host, "/CapAdd").iter().for_each(|name| isolation.capability(name));
    texts(host, "/Binds").iter().for_each(|bind| isolation.bind(bind));
    for mount in host.get("Mounts").and_then(Value::as_array).into_iter().flatten() {
        let read_only = flag(mount, "/ReadOnly");
        isolation.folder(&text(mount, "/Source"), &text(mount, "/Target"), read_only);
    }
    for mount in json.get("MountPoints").and_then(Value::as_object).into_iter().flatten() {
        let mount = mount.1;
        if text(mount, "/Type") == "bind" {
            let read_only = mount.get("RW").and_then(Value::as_bool) == Some(false);
            isolation.folder(&text(mount, "/Source"), &text(mount, "/Destination"), read_only);
        }
    }
}
