//! Sweep files that an older version wrote must open for ever. See corpus/sweep/README.md.

use std::path::PathBuf;

use arrow_array::{Array, Int64Array, RecordBatch, StringArray};
use leaksweep_facts::{
    Sweep, Time,
    seal::PublicKey,
    sweep::{Limits, Signed, demand},
};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/sweep").join(name)
}

fn open(name: &str) -> Signed {
    Sweep::open(&path(name), &Limits::default()).unwrap()
}

fn only<'a>(sweep: &'a Sweep, table: &str) -> &'a RecordBatch {
    let [batch] = sweep.table(table).unwrap() else { panic!("one batch in {table}") };
    batch
}

fn texts(batch: &RecordBatch, column: &str) -> Vec<Option<String>> {
    let column = batch.column_by_name(column).unwrap();
    let column = column.as_any().downcast_ref::<StringArray>().unwrap();
    column.iter().map(|cell| cell.map(str::to_owned)).collect()
}

fn some(cells: &[&str]) -> Vec<Option<String>> {
    cells.iter().map(|cell| Some((*cell).to_owned())).collect()
}

#[test]
fn the_signed_file_of_version_1_opens_and_its_signature_holds() {
    let signed = open("v1-signed.sweep");
    let key = std::fs::read_to_string(path("v1-signed.pub")).unwrap();
    demand(signed.signer.as_ref(), &[PublicKey::parse(&key).unwrap()]).unwrap();
    let manifest = &signed.sweep.manifest;
    assert_eq!((manifest.format, manifest.target.as_str()), (1, "frozen-1"));
    assert_eq!(Some(manifest.started), Time::parse("2026-01-01"));
    assert!(manifest.privileged && manifest.live);
    let users = only(&signed.sweep, "host_users");
    assert_eq!(texts(users, "name"), some(&["root", "daemon", "wang"]));
    assert_eq!(texts(users, "comment"), some(&["root", "daemon", "王芳"]));
    assert_eq!(texts(users, "password"), [None, None, None]);
    assert_eq!(only(&signed.sweep, "host_groups").num_rows(), 0);
    assert_eq!(texts(only(&signed.sweep, "host_system"), "os_id"), some(&["debian"]));
    assert_eq!(
        texts(only(&signed.sweep, "problems"), "columns"),
        some(&["password password_hash"])
    );
}

#[test]
fn a_table_that_this_version_does_not_know_is_kept() {
    let signed = open("v1-unknown-table.sweep");
    assert!(signed.signer.is_none());
    assert!(leaksweep_facts::tables::find("host_telepathy").is_none());
    let thoughts = only(&signed.sweep, "host_telepathy");
    assert_eq!(texts(thoughts, "thinker"), some(&["the printer", "the fax"]));
    assert_eq!(texts(thoughts, "thought"), [Some("paper".to_owned()), None]);
    let loudness = thoughts.column_by_name("loudness").unwrap();
    let loudness = loudness.as_any().downcast_ref::<Int64Array>().unwrap();
    assert_eq!(loudness.values(), &[3, -1]);
    let again = Sweep::from_bytes(&signed.sweep.to_bytes(None).unwrap(), &Limits::default());
    let again = again.unwrap().sweep;
    assert_eq!(only(&again, "host_telepathy"), thoughts);
    let part = again.manifest.parts.iter().find(|part| part.table == "host_telepathy").unwrap();
    assert_eq!((part.version, part.rows), (7, 2));
}
