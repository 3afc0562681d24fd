//! Every recorded walk, held against what a person found in it.

mod told;

use std::{fs, path::Path};

use leaksweep_facts::Sweep;
use leaksweep_printer::{Options, Recorded, Source, sweep};
use serde_json::Value;

fn corpus() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../corpus/printer/snmp"))
}

fn sweep_of(name: &str, walk: Vec<u8>) -> Sweep {
    let recorded = Recorded { walks: vec![(name.to_owned(), walk)], ..Recorded::default() };
    sweep(&Options::new(Source::Recorded(recorded))).sweep
}

/// Files of a folder that end so, by name.
fn files(folder: &Path, ending: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<(String, Vec<u8>)> = entries
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.strip_suffix(ending)?.to_owned();
            Some((name, fs::read(path).unwrap()))
        })
        .collect();
    files.sort();
    files
}

/// What differs, so that all of them are seen at once.
fn differences(walks: Vec<(String, Vec<u8>)>, expected: &Path) -> Vec<String> {
    let mut differences = Vec::new();
    for (name, walk) in walks {
        let told = told::told(&sweep_of(&name, walk));
        let golden = fs::read(expected.join(format!("{name}.json"))).unwrap_or_default();
        let golden: Value = serde_json::from_slice(&golden).unwrap_or_default();
        if told != golden {
            let text = serde_json::to_string_pretty(&told).unwrap();
            differences.push(format!("=== {name}.json\n{text}\n"));
        }
    }
    differences
}

#[test]
fn every_recorded_walk_tells_what_a_person_found_in_it() {
    let Some(folder) = leaksweep_peers::shared_data("printer/snmp") else { return };
    let walks = files(&folder, ".snmprec");
    assert_eq!(walks.len(), 20);
    let differences = differences(walks, corpus());
    assert!(differences.is_empty(), "{}", differences.concat());
}

#[test]
fn every_synthetic_walk_tells_what_was_put_into_it() {
    let folder = corpus().join("synthetic");
    let walks: Vec<_> =
        [".snmprec", ".walk"].iter().flat_map(|ending| files(&folder, ending)).collect();
    assert!(walks.len() >= 5, "{}", walks.len());
    let differences = differences(walks, &folder);
    assert!(differences.is_empty(), "{}", differences.concat());
}

#[test]
fn what_opens_a_stored_job_is_told_nowhere() {
    let walk = fs::read(corpus().join("synthetic/hp_open.snmprec")).unwrap();
    assert!(String::from_utf8_lossy(&walk).contains("|4711"), "the walk holds a number");
    let sweep = sweep_of("hp_open", walk);
    for (table, batches) in sweep.tables() {
        assert!(!format!("{batches:?}").contains("4711"), "{table}");
    }
}
