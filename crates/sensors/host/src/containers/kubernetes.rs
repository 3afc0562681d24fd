//! Kubernetes: the pods that a kubelet starts from files, without anybody's asking the cluster; one
//! container of a pod is one row.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use leaksweep_catalogue::remote::Format;

use super::{ALWAYS, CAP, Containers, Found, MAX_CONTAINERS, add};
use crate::{
    name,
    remote::settings::{Entries, formats},
};

const FOLDERS: [&str; 2] =
    ["/etc/kubernetes/manifests", "/var/lib/rancher/k3s/agent/pod-manifests"];
/// The kubelet's own configuration may name another folder.
const SETTINGS: &str = "/var/lib/kubelet/config.yaml";
/// A pod has fewer containers, folders and mounts than this.
const MOST: usize = 1_000;

/// What a pod says of itself and of one container, by key.
type Values = BTreeMap<String, String>;

pub fn of_system(reading: &mut Containers<'_>) {
    for folder in folders(reading) {
        for path in reading.entries(&folder, MAX_CONTAINERS) {
            let end = path.extension().map(name::os).unwrap_or_default();
            if ["yaml", "yml", "json"].contains(&end.as_str()) {
                of_file(reading, &path);
            }
        }
    }
}

fn folders(reading: &mut Containers<'_>) -> BTreeSet<PathBuf> {
    let mut folders: BTreeSet<PathBuf> = FOLDERS.iter().map(PathBuf::from).collect();
    if let Some(content) = reading.content(Path::new(SETTINGS), CAP, &[]) {
        let values = values(&content).0;
        let named = values.get("staticPodPath").filter(|path| path.starts_with('/'));
        folders.extend(named.map(PathBuf::from));
    }
    folders
}

fn of_file(reading: &mut Containers<'_>, path: &Path) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let (found, sound) = parse(&content);
    if !sound {
        reading.malformed(path, &[], "no whole YAML");
    }
    found.into_iter().for_each(|found| add(reading, "kubernetes", path, None, found));
}

/// The containers of a pod, and whether the file could be read to its end.
pub fn parse(content: &[u8]) -> (Vec<Found>, bool) {
    let (values, sound) = values(content);
    let of_pod = values.get("kind").is_some_and(|kind| kind == "Pod");
    let kinds = ["spec.containers", "spec.initContainers"];
    let all = kinds.iter().flat_map(|kind| (0..MOST).map(move |at| format!("{kind}.{at}")));
    let there = |prefix: &String| values.contains_key(&format!("{prefix}.image"));
    let prefixes = all.filter(|prefix| of_pod && there(prefix));
    (prefixes.map(|prefix| container(&values, &prefix)).collect(), sound)
}

/// JSON is YAML too.
fn values(content: &[u8]) -> (Values, bool) {
    let mut entries = Entries::default();
    formats::parse(Format::Yaml, content, &mut entries);
    let values = entries.list.into_iter().map(|entry| (entry.key, entry.value)).collect();
    (values, entries.faults.is_empty())
}

fn container(values: &Values, prefix: &str) -> Found {
    let get = |key: &str| values.get(key).cloned().unwrap_or_default();
    let own = |key: &str| get(&format!("{prefix}.{key}"));
    let mut found = Found {
        id: format!("{}/{}", get("metadata.name"), own("name")),
        name: own("name"),
        image: own("image"),
        restart: ALWAYS.into(),
        starts: true,
        command: [list(values, prefix, "command"), list(values, prefix, "args")].concat(),
        ..Found::default()
    };
    let isolation = &mut found.isolation;
    isolation.privileged = own("securityContext.privileged") == "true";
    isolation.mapped = get("spec.hostUsers") == "false";
    for (key, shared) in [("hostNetwork", "network"), ("hostPID", "pid"), ("hostIPC", "ipc")] {
        isolation.share(shared, get(&format!("spec.{key}")) == "true");
    }
    for name in list(values, prefix, "securityContext.capabilities.add") {
        isolation.capability(&name);
    }
    let folders = folders_by_name(values);
    for at in 0..MOST {
        let name = own(&format!("volumeMounts.{at}.name"));
        if name.is_empty() {
            break;
        }
        let to = own(&format!("volumeMounts.{at}.mountPath"));
        let read_only = own(&format!("volumeMounts.{at}.readOnly")) == "true";
        let from = folders.get(&name).map(String::as_str).unwrap_or_default();
        isolation.folder(from, &to, read_only);
    }
    found
}

fn list(values: &Values, prefix: &str, key: &str) -> Vec<String> {
    (0..MOST).map_while(|at| values.get(&format!("{prefix}.{key}.{at}")).cloned()).collect()
}

/// The machine's folders that the pod names.
fn folders_by_name(values: &Values) -> BTreeMap<String, String> {
    let get = |at: usize, key: &str| values.get(&format!("spec.volumes.{at}.{key}")).cloned();
    let names = (0..MOST).map_while(|at| Some((at, get(at, "name")?)));
    names.filter_map(|(at, name)| Some((name, get(at, "hostPath.path")?))).collect()
}
