//! What a walk tells of a printer: rows and single things, each with the object that told it. Pure.

mod channels;
mod identity;
mod jobs;
mod makers;
mod network;
mod storage;
mod words;

use leaksweep_facts::tables::printer::Part;

use super::{oid, value::Value, walk::Walk};
use crate::{Portrait, Topic, Way, portrait::cut};

pub use makers::{makers_of, objects_of};

pub fn tell(walk: &Walk, portrait: &mut Portrait) {
    makers::tell(walk, portrait);
    identity::tell(walk, portrait);
    network::tell(walk, portrait);
    storage::tell(walk, portrait);
    channels::tell(walk, portrait);
    jobs::tell(walk, portrait);
}

/// By which answer a row came.
fn source(column: &[u32], row: &[u32]) -> String {
    format!("snmp {}", oid::dotted(&[column, row].concat()))
}

/// Notes a text that an object holds as it is.
fn learn_text(topic: Topic, oid: &[u32], walk: &Walk, portrait: &mut Portrait) {
    if let Some(text) = walk.text(oid) {
        portrait.learn(topic, text.as_str(), Way::Snmp, oid::dotted(oid), &text);
    }
}

/// Printers list the same part under several functions; one row says that it is there.
fn add_part(kind: &str, name: &str, source: String, portrait: &mut Portrait) {
    let part = Part { kind: kind.into(), name: cut(name), source };
    let same = |known: &Part| known.kind == part.kind && known.name == part.name;
    if !portrait.parts.iter().any(same) {
        portrait.parts.push(part);
    }
}

fn number(walk: &Walk, column: &[u32], row: &[u32]) -> Option<i64> {
    walk.cell(column, row).and_then(Value::number)
}

fn text(walk: &Walk, column: &[u32], row: &[u32]) -> Option<String> {
    walk.cell(column, row).and_then(Value::text)
}
