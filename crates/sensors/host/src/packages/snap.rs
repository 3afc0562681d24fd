//! Snaps: the files `NAME_REVISION.snap` that snapd keeps, and `meta/snap.yaml` of the mounted
//! ones. Of several revisions the current one is a row.

use leaksweep_facts::{Observed, Problem, Reason, tables::host::Package};

use super::{Records, TABLE};
use crate::machine::Machine;

const FOLDER: &str = "/var/lib/snapd/snaps";

pub fn collect(machine: &Machine) -> Observed<Package> {
    let mut records = Records::new(machine);
    for file in records.names(FOLDER) {
        let stem = file.strip_suffix(".snap").and_then(|stem| stem.rsplit_once('_'));
        if let Some((name, revision)) = stem {
            package(&mut records, &file, name, revision);
        }
    }
    records.found
}

fn package(records: &mut Records, file: &str, name: &str, revision: &str) {
    let mounts = ["/snap", "/var/lib/snapd/snap"].map(|folder| format!("{folder}/{name}"));
    let root = &records.machine.root;
    let current = mounts.iter().find_map(|mount| root.link(format!("{mount}/current")).ok());
    if current.is_some_and(|current| !current.ends_with(revision)) {
        return;
    }
    let path = format!("{FOLDER}/{file}");
    let yaml = mounts
        .iter()
        .find_map(|mount| records.content(&format!("{mount}/{revision}/meta/snap.yaml")));
    let version = yaml.as_deref().and_then(version);
    if version.is_none() {
        let detail = "the snap is not mounted, so its version is not to be seen";
        let problem = Problem::new(TABLE, &*path, Reason::NotLive, detail);
        records.found.problem(problem.in_columns(&["version"]));
    }
    records.found.rows.push(Package {
        manager: "snap".into(),
        name: name.into(),
        source: name.into(),
        version: version.unwrap_or_default(),
        state: "installed".into(),
        installed: records.changed(&path),
        location: path,
        ..Package::default()
    });
}

fn version(yaml: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(yaml).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix("version:"))?;
    Some(value.trim().trim_matches(['"', '\'']).to_owned())
}
