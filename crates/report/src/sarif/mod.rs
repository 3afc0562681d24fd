//! SARIF 2.1.0: one run, a rule for each check, a result for each row of evidence.
//!
//! Paths in results are relative to the root of the target's file system: a viewer must not open
//! a file of its own machine, nor one at a host that a sweep names.

mod address;
mod message;
mod results;
mod rules;

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use leaksweep_facts::{
    Time,
    verdict::{CheckPage, JudgedProblem, Judgement, Severity},
};
use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use crate::{Style, safe_text};
use results::Results;

/// The base of every path in a result.
const ROOT: &str = "TARGET_ROOT";

pub fn write(judgement: &Judgement, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let checks = checks(judgement);
    let places: BTreeMap<&str, usize> =
        checks.keys().enumerate().map(|(place, id)| (*id, place)).collect();
    let run = Run {
        tool: tool(judgement, checks.values().copied()),
        invocations: [Invocation::new(judgement)],
        original_uri_base_ids: base_ids(),
        column_kind: "unicodeCodePoints",
        results: Results { judgement, places, every: style.every },
    };
    let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/\
                  sarif-schema-2.1.0.json";
    safe_text::json(&Log { schema, version: "2.1.0", runs: [run] }, out)
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Json,
    invocations: [Invocation<'a>; 1],
    original_uri_base_ids: Json,
    column_kind: &'static str,
    results: Results<'a>,
}

/// Every check that was asked, found or not: a rule without a result was kept.
fn checks(judgement: &Judgement) -> BTreeMap<&str, &CheckPage> {
    judgement.verdicts.iter().map(|v| (v.check.id.as_str(), &*v.check)).collect()
}

fn tool<'a>(judgement: &Judgement, checks: impl Iterator<Item = &'a CheckPage>) -> Json {
    json!({ "driver": {
        "name": "leaksweep",
        "version": judgement.tool_version,
        "shortDescription": { "text": "Finds the ways in which machines give information away." },
        "rules": checks.map(rules::rule).collect::<Vec<_>>(),
    } })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Json::is_null")]
    start_time_utc: Json,
    #[serde(skip_serializing_if = "Json::is_null")]
    end_time_utc: Json,
    tool_execution_notifications: Notices<'a>,
}

impl<'a> Invocation<'a> {
    fn new(judgement: &'a Judgement) -> Self {
        let (start_time_utc, end_time_utc) = match judgement.sweeps.as_slice() {
            [one] => (moment(one.manifest.started), moment(one.manifest.ended)),
            _ => (Json::Null, Json::Null),
        };
        let tool_execution_notifications = Notices(&judgement.problems);
        Self {
            execution_successful: true,
            start_time_utc,
            end_time_utc,
            tool_execution_notifications,
        }
    }
}

/// Written one after the other, as are the results: ten thousand machines have a million.
struct Notices<'a>(&'a [JudgedProblem]);

impl Serialize for Notices<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(notice))
    }
}

/// A time beyond the calendar has no form in SARIF.
fn moment(time: Time) -> Json {
    let text = time.to_string();
    if text.ends_with('Z') { text.into() } else { Json::Null }
}

/// What could not be observed.
fn notice(problem: &JudgedProblem) -> Json {
    let JudgedProblem { target, table, subject, reason, detail, hint, .. } = problem;
    let text = format!("{target}: {table}: {subject}: {reason}: {detail}");
    let level = if reason == "vanished" { "note" } else { "warning" };
    json!({
        "level": level,
        "message": { "text": message::plain(&text) },
        "properties": { "target": &**target, "table": table, "reason": reason, "hint": hint },
    })
}

fn base_ids() -> Json {
    json!({ ROOT: { "description": { "text": "The root of the target's file system." } } })
}

/// SARIF's three levels.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}
