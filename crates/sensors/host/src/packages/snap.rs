//! Snaps: the files `NAME_REVISION.snap` that snapd keeps, `meta/snap.yaml` of the mounted ones,
//! and what snapd's `state.json` says of each: which revision is in use, and the channel that it
//! came from. Of several revisions the current one is a row.

use std::{collections::HashMap, path::Path};

use leaksweep_facts::{Observed, Problem, Reason, tables::host::Package};
use serde::Deserialize;

use super::{Records, TABLE, last};
use crate::{machine::Machine, name};

const FOLDER: &str = "/var/lib/snapd/snaps";
const STATE: &str = "/var/lib/snapd/state.json";
/// snapd keeps every change of the last day in its state.
const STATE_CAP: u64 = 64 << 20;

pub fn collect(machine: &Machine) -> Observed<Package> {
    let mut records = Records::new(machine);
    let files = records.entries(FOLDER);
    let states = if files.is_empty() { HashMap::new() } else { states(&mut records) };
    for path in files {
        let file = last(&path);
        let stem = file.strip_suffix(".snap").and_then(|stem| stem.rsplit_once('_'));
        if let Some((name, revision)) = stem {
            package(&mut records, &path, [name, revision], states.get(name));
        }
    }
    records.found
}

fn package(records: &mut Records, path: &Path, names: [&str; 2], state: Option<&Snap>) {
    let [name, revision] = names;
    let mounts = ["/snap", "/var/lib/snapd/snap"].map(|folder| format!("{folder}/{name}"));
    let root = &records.machine.root;
    let link = mounts.iter().find_map(|mount| root.link(format!("{mount}/current")).ok());
    let said = state.and_then(|state| Some(Path::new(state.current.as_ref()?)));
    if link.as_deref().or(said).is_some_and(|current| !current.ends_with(revision)) {
        return;
    }
    let yaml = mounts
        .iter()
        .find_map(|mount| records.content(format!("{mount}/{revision}/meta/snap.yaml").as_ref()));
    let version = yaml.as_deref().and_then(version);
    if version.is_none() {
        let detail = "the snap is not mounted, so its version is not to be seen";
        let problem = Problem::new(TABLE, name::path(path), Reason::NotLive, detail);
        records.found.problem(problem.in_columns(&["version"]));
    }
    records.found.rows.push(Package {
        manager: "snap".into(),
        name: name.into(),
        source: name.into(),
        version: version.unwrap_or_default(),
        state: "installed".into(),
        installed: records.changed(path),
        origin: state.and_then(|state| state.channel.clone()),
        location: name::path(path),
        ..Package::default()
    });
}

fn version(yaml: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(yaml).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix("version:"))?;
    Some(value.trim().trim_matches(['"', '\'']).to_owned())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct State {
    data: Data,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data {
    snaps: Option<HashMap<String, Snap>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Snap {
    current: Option<String>,
    channel: Option<String>,
}

fn states(records: &mut Records) -> HashMap<String, Snap> {
    let path = Path::new(STATE);
    let Some(content) = records.origin(path, STATE_CAP) else { return HashMap::new() };
    parse_state(&content).unwrap_or_else(|| {
        records.malformed_origin(path, "no JSON as snapd writes it");
        HashMap::new()
    })
}

fn parse_state(content: &[u8]) -> Option<HashMap<String, Snap>> {
    serde_json::from_slice(content).ok().map(|state: State| state.data.snaps.unwrap_or_default())
}

/// For the fuzz target.
pub fn parse(content: &[u8]) {
    let _ = parse_state(content);
}
