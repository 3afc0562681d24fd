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
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::{Style, safe_text};

/// The base of every path in a result.
const ROOT: &str = "TARGET_ROOT";

pub fn write(judgement: &Judgement, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let checks = checks(judgement);
    let places: BTreeMap<&str, usize> =
        checks.keys().enumerate().map(|(place, id)| (*id, place)).collect();
    let run = Run {
        tool: tool(judgement, checks.values().copied()),
        invocations: [invocation(judgement)],
        original_uri_base_ids: base_ids(),
        column_kind: "unicodeCodePoints",
        results: results::all(judgement, &places, style.every),
    };
    let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/\
                  sarif-schema-2.1.0.json";
    safe_text::json(&Log { schema, version: "2.1.0", runs: [run] }, out)
}

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Json,
    invocations: [Json; 1],
    original_uri_base_ids: Json,
    column_kind: &'static str,
    results: Vec<Json>,
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

fn invocation(judgement: &Judgement) -> Json {
    let notices: Vec<Json> = judgement.problems.iter().map(notice).collect();
    let mut invocation = json!({
        "executionSuccessful": true,
        "toolExecutionNotifications": notices,
    });
    if let [sweep] = judgement.sweeps.as_slice() {
        invocation["startTimeUtc"] = moment(sweep.manifest.started);
        invocation["endTimeUtc"] = moment(sweep.manifest.ended);
    }
    invocation
}

/// A time beyond the calendar has no form in SARIF.
fn moment(time: Time) -> Json {
    let text = time.to_string();
    if text.ends_with('Z') { text.into() } else { Time(0).to_string().into() }
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
