//! A row of evidence as a result, and other verdicts as one result each.

use std::collections::BTreeMap;

use leaksweep_facts::verdict::{Evidence, Exception, Judgement, Outcome, Value, Verdict};
use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use super::{ROOT, address, level, message};
use crate::{
    fingerprint,
    json::{Row, reason, rows},
};

/// Columns that name the file a finding is about, the most telling first.
const PATHS: [&str; 4] = ["path", "program", "executable", "file"];

/// The results of all verdicts, made one verdict at a time.
pub struct Results<'a> {
    pub judgement: &'a Judgement,
    /// Where each check stands among the rules.
    pub places: BTreeMap<&'a str, usize>,
    pub every: bool,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = |verdict: &Verdict| self.places.get(verdict.check.id.as_str()).copied();
        let verdicts = self.judgement.verdicts.iter();
        serializer.collect_seq(verdicts.flat_map(|v| of(v, place(v), self.every)))
    }
}

fn of(verdict: &Verdict, place: Option<usize>, every: bool) -> Vec<Json> {
    let base = base(verdict, place);
    match &verdict.outcome {
        Outcome::Fail(evidence) => failed(verdict, evidence, &base, json!([])),
        Outcome::Excepted(evidence, exception) => {
            failed(verdict, evidence, &base, json!([suppression(exception)]))
        }
        _ if !every => Vec::new(),
        Outcome::Pass => vec![other(verdict, base, "pass", "")],
        Outcome::NotApplicable => vec![other(verdict, base, "notApplicable", "")],
        Outcome::Unknown(doubts) => vec![other(verdict, base, "open", &reason(doubts))],
    }
}

fn base(verdict: &Verdict, place: Option<usize>) -> Json {
    let mut base = json!({
        "ruleId": verdict.check.id,
        "locations": [location(verdict)],
        "properties": {
            "target": &*verdict.target,
            "measures": verdict.check.measures,
            "verdict": verdict.outcome.as_str(),
        },
    });
    if let Some(place) = place {
        base["ruleIndex"] = place.into();
    }
    if let Some(exception) = &verdict.expired {
        base["properties"]["expiredException"] = json!(exception);
    }
    base
}

fn location(verdict: &Verdict) -> Json {
    json!({ "logicalLocations": [{
        "name": &*verdict.target,
        "fullyQualifiedName": &*verdict.target,
        "kind": "resource",
    }] })
}

fn failed(verdict: &Verdict, evidence: &Evidence, base: &Json, suppressions: Json) -> Vec<Json> {
    let result = |row: &[Value], shown: Option<&Row>, print: &str| {
        let mut result = base.clone();
        result["kind"] = "fail".into();
        result["level"] = level(verdict.check.severity).into();
        result["message"] =
            json!({ "text": message::plain(&told(verdict, &evidence.columns, row)) });
        result["partialFingerprints"] = json!({ "leaksweepEvidence/v1": print });
        result["suppressions"] = suppressions.clone();
        result["properties"]["evidence"] = json!(shown);
        if let Some(uri) = path(&evidence.columns, row) {
            let artifact = json!({ "artifactLocation": { "uri": uri, "uriBaseId": ROOT } });
            result["locations"][0]["physicalLocation"] = artifact;
        }
        result
    };
    if evidence.rows.is_empty() {
        return vec![result(&[], None, &fingerprint::verdict(verdict))];
    }
    let prints = fingerprint::rows(verdict, evidence);
    let shown = rows(evidence);
    let rows = evidence.rows.iter().zip(&shown).zip(&prints);
    rows.map(|((row, shown), print)| result(row, Some(shown), print)).collect()
}

fn other(verdict: &Verdict, mut base: Json, kind: &str, why: &str) -> Json {
    let title = &verdict.check.title;
    let text = if why.is_empty() { title.clone() } else { format!("{title}: {why}") };
    base["kind"] = kind.into();
    base["level"] = "none".into();
    base["message"] = json!({ "text": message::plain(&text) });
    base["partialFingerprints"] = json!({ "leaksweepEvidence/v1": fingerprint::verdict(verdict) });
    base
}

/// The title, the target and the row, as a sentence for people.
fn told(verdict: &Verdict, columns: &[String], row: &[Value]) -> String {
    let cells = columns.iter().zip(row).filter(|(_, value)| !matches!(value, Value::Null));
    let cells: Vec<String> = cells.map(|(column, value)| format!("{column} {value}")).collect();
    let (title, target) = (&verdict.check.title, &verdict.target);
    if cells.is_empty() {
        return format!("{title} ({target})");
    }
    format!("{title} ({target}): {}", cells.join(", "))
}

fn path(columns: &[String], row: &[Value]) -> Option<String> {
    let cell = |name: &str| {
        let at = columns.iter().position(|column| column == name)?;
        match row.get(at)? {
            Value::Text(path) => address::relative(path),
            _ => None,
        }
    };
    PATHS.into_iter().find_map(cell)
}

fn suppression(exception: &Exception) -> Json {
    let Exception { owner, reason, until, .. } = exception;
    json!({
        "kind": "external",
        "status": "accepted",
        "justification": format!("{owner}, until {}: {reason}", until.date()),
    })
}
