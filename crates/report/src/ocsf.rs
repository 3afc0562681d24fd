//! OCSF 1.5.0, one event on each line: a Compliance Finding (2003) for every verdict, and a
//! Detection Finding (2004) beside it for a failure that serves a technique of ATT&CK.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use leaksweep_facts::{
    measure::Measure,
    sweep::Manifest,
    verdict::{CheckPage, Evidence, Judgement, Outcome, Severity, Value, Verdict},
};
use serde_json::{Map, Value as Json, json};

use crate::{
    Style, fingerprint,
    json::{Row, reason, rows},
    markdown::is_web,
    safe_text,
};

const VERSION: &str = "1.5.0";
const FINDINGS: u32 = 2;
const COMPLIANCE: (u32, &str) = (2003, "Compliance Finding");
const DETECTION: (u32, &str) = (2004, "Detection Finding");
/// The activity of every event: a sweep knows nothing of the one before it.
const CREATE: u32 = 1;

pub fn write(judgement: &Judgement, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let source = Source::new(judgement);
    for verdict in &judgement.verdicts {
        safe_text::json_line(&source.compliance(verdict), out)?;
        if let Outcome::Fail(evidence) = &verdict.outcome
            && !verdict.check.attack.is_empty()
        {
            safe_text::json_line(&source.detection(verdict, evidence), out)?;
        }
    }
    Ok(())
}

/// What every event needs to know besides its verdict.
struct Source<'a> {
    judgement: &'a Judgement,
    sweeps: HashMap<&'a str, (&'a Manifest, &'a str)>,
}

impl<'a> Source<'a> {
    fn new(judgement: &'a Judgement) -> Self {
        let sweeps = judgement.sweeps.iter();
        let sweeps = sweeps.map(|s| (&*s.target, (&s.manifest, s.zone.as_str())));
        Self { judgement, sweeps: sweeps.collect() }
    }

    fn compliance(&self, verdict: &Verdict) -> Json {
        let mut event = self.event(COMPLIANCE, verdict);
        event["compliance"] = self.standing(verdict);
        event["finding_info"] = self.finding_info(verdict);
        if let Some(evidence) = verdict.outcome.evidence() {
            event["remediation"] = remediation(&verdict.check);
            set_evidence(&mut event, evidence);
        }
        event
    }

    fn detection(&self, verdict: &Verdict, evidence: &Evidence) -> Json {
        let mut event = self.event(DETECTION, verdict);
        let attacks: Vec<Json> = verdict.check.attack.iter().map(|id| attack(id)).collect();
        event["finding_info"] = self.finding_info(verdict);
        event["finding_info"]["attacks"] = attacks.into();
        event["is_alert"] = true.into();
        event["remediation"] = remediation(&verdict.check);
        set_evidence(&mut event, evidence);
        event
    }

    fn event(&self, (class, class_name): (u32, &str), verdict: &Verdict) -> Json {
        let (severity_id, severity) = severity(verdict);
        let (status_id, status) = status(&verdict.outcome);
        let mut event = json!({
            "activity_id": CREATE,
            "activity_name": "Create",
            "category_uid": FINDINGS,
            "category_name": "Findings",
            "class_uid": class,
            "class_name": class_name,
            "type_uid": class * 100 + CREATE,
            "type_name": format!("{class_name}: Create"),
            "time": milliseconds(self.judgement.judged.0),
            "severity_id": severity_id,
            "severity": severity,
            "status_id": status_id,
            "status": status,
            "message": message(verdict),
            "metadata": self.metadata(class, verdict),
            "resources": [self.resource(verdict)],
        });
        if let Some((manifest, _)) = self.sweeps.get(&*verdict.target) {
            event["start_time"] = milliseconds(manifest.started.0);
            event["end_time"] = milliseconds(manifest.ended.0);
        }
        event
    }

    fn metadata(&self, class: u32, verdict: &Verdict) -> Json {
        let judged = self.judgement.judged;
        json!({
            "version": VERSION,
            "product": {
                "name": "leaksweep",
                "vendor_name": "leaksweep",
                "version": self.judgement.tool_version,
            },
            "uid": format!("{}-{class}-{}", fingerprint::verdict(verdict), judged.0),
            "event_code": verdict.check.id,
        })
    }

    fn resource(&self, verdict: &Verdict) -> Json {
        let mut resource = json!({ "name": &*verdict.target });
        let Some((manifest, zone)) = self.sweeps.get(&*verdict.target) else { return resource };
        resource["type"] = manifest.sensor.as_str().into();
        resource["labels"] = json!([format!("zone: {zone}")]);
        if let Some(id) = &manifest.machine_id {
            resource["uid"] = id.as_str().into();
        }
        resource
    }

    /// Uniqueness is the check at the target: the same finding keeps its name over sweeps.
    fn finding_info(&self, verdict: &Verdict) -> Json {
        let check = &verdict.check;
        let mut info = json!({
            "uid": fingerprint::verdict(verdict),
            "title": check.title,
            "desc": check.what,
            "types": [check.id.split('/').next().unwrap_or_default()],
            "analytic": {
                "uid": check.id,
                "name": check.title,
                "type_id": 1,
                "type": "Rule",
            },
        });
        if let Some((manifest, _)) = self.sweeps.get(&*verdict.target) {
            info["last_seen_time"] = milliseconds(manifest.ended.0);
        }
        info
    }

    /// The verdict, in terms of the first measure and of what others ask alike.
    fn standing(&self, verdict: &Verdict) -> Json {
        let check = &verdict.check;
        let measures: Vec<&Measure> =
            check.measures.iter().filter_map(|id| self.measure(id)).collect();
        let (standards, requirements) = demanded(&measures);
        let (status_id, status) = standing(&verdict.outcome);
        let mut standing = json!({
            "control": check.measures.first(),
            "standards": standards,
            "requirements": requirements,
            "status_id": status_id,
            "status": status,
            "status_code": verdict.outcome.as_str(),
            "checks": [{
                "uid": check.id,
                "name": check.title,
                "status_id": status_id,
                "status": status,
            }],
        });
        if let Some(measure) = measures.first() {
            standing["desc"] = measure.title.as_str().into();
        }
        if let Some(details) = details(verdict) {
            standing["status_details"] = json!([details]);
        }
        standing
    }

    fn measure(&self, id: &str) -> Option<&'a Measure> {
        self.judgement.measures.iter().find(|measure| measure.id == id)
    }
}

fn message(verdict: &Verdict) -> String {
    format!("{}: {} on {}", verdict.outcome.as_str(), verdict.check.title, verdict.target)
}

/// A standard's controls that ask the same as a measure.
type Controls = fn(&Measure) -> &[String];

/// The standards that the measures are mapped to, and their single demands.
fn demanded(measures: &[&Measure]) -> (Vec<&'static str>, Vec<String>) {
    let (mut standards, mut requirements) = (vec!["leaksweep measures"], Vec::new());
    requirements.extend(measures.iter().map(|measure| measure.id.clone()));
    let mapped: [(&'static str, Controls); 3] = [
        ("NIST SP 800-53 Rev. 5", |measure| &measure.nist_800_53),
        ("ISO/IEC 27001:2022", |measure| &measure.iso_27001),
        ("GB/T 22239-2019", |measure| &measure.gbt_22239),
    ];
    for (standard, controls) in mapped {
        let before = requirements.len();
        for control in measures.iter().flat_map(|measure| controls(measure)) {
            let requirement = format!("{standard} {control}");
            if !requirements.contains(&requirement) {
                requirements.push(requirement);
            }
        }
        if requirements.len() > before {
            standards.push(standard);
        }
    }
    (standards, requirements)
}

fn details(verdict: &Verdict) -> Option<String> {
    match (&verdict.outcome, &verdict.expired) {
        (Outcome::Unknown(doubts), _) => Some(reason(doubts)),
        (Outcome::Excepted(_, exception), _) => {
            let (owner, until) = (&exception.owner, exception.until.date());
            Some(format!("excepted by {owner} until {until}: {}", exception.reason))
        }
        (Outcome::Fail(_), Some(exception)) => {
            let (owner, until) = (&exception.owner, exception.until.date());
            Some(format!("the exception of {owner} ended on {until}: {}", exception.reason))
        }
        _ => None,
    }
}

/// The answer of the check.
fn standing(outcome: &Outcome) -> (u32, &'static str) {
    match outcome {
        Outcome::Pass => (1, "Pass"),
        Outcome::Unknown(_) => (2, "Warning"),
        Outcome::Fail(_) | Outcome::Excepted(..) => (3, "Fail"),
        Outcome::NotApplicable => (99, "Not Applicable"),
    }
}

/// What is to be done about the finding.
fn status(outcome: &Outcome) -> (u32, &'static str) {
    match outcome {
        Outcome::Fail(_) | Outcome::Unknown(_) => (1, "New"),
        Outcome::Excepted(..) => (3, "Suppressed"),
        Outcome::Pass => (4, "Resolved"),
        Outcome::NotApplicable => (99, "Not Applicable"),
    }
}

/// Only a failure is as grave as its check.
fn severity(verdict: &Verdict) -> (u32, &'static str) {
    let failed = verdict.outcome.evidence().is_some();
    match verdict.check.severity {
        _ if matches!(verdict.outcome, Outcome::Unknown(_)) => (0, "Unknown"),
        Severity::Info => (1, "Informational"),
        _ if !failed => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    }
}

fn remediation(check: &CheckPage) -> Json {
    let desc = if check.fix.is_empty() { &check.title } else { &check.fix };
    let references: Vec<&String> = check.references.iter().filter(|r| is_web(r)).collect();
    json!({ "desc": desc, "references": references })
}

/// A technique is `T1219`, a part of it `T1219.002`.
fn attack(id: &str) -> Json {
    let technique = id.split('.').next().unwrap_or(id);
    if technique == id {
        return json!({ "technique": { "uid": technique } });
    }
    json!({ "technique": { "uid": technique }, "sub_technique": { "uid": id } })
}

fn set_evidence(event: &mut Json, evidence: &Evidence) {
    if evidence.rows.is_empty() {
        return;
    }
    let shown = rows(evidence);
    let artifacts = shown.iter().zip(&evidence.rows);
    let artifacts = artifacts.map(|(shown, row)| artifact(shown, &evidence.columns, row));
    event["evidences"] = artifacts.collect();
    if evidence.total > evidence.rows.len() {
        event["unmapped"] = json!({ "evidence_total": evidence.total });
    }
}

/// A row as it is, and the file and the process in it as the standard names them.
fn artifact(shown: &Row, columns: &[String], row: &[Value]) -> Json {
    let cell = |name: &str| columns.iter().position(|c| c == name).and_then(|at| row.get(at));
    let text = |name: &str| match cell(name) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.as_str()),
        _ => None,
    };
    let mut artifact = Map::new();
    artifact.insert("data".into(), json!(shown));
    if let Some(path) = text("path") {
        artifact.insert("file".into(), file(path));
    }
    if let Some(Value::Int(pid)) = cell("pid") {
        let mut process = json!({ "pid": pid });
        if let Some(program) = text("program") {
            process["file"] = file(program);
        }
        artifact.insert("process".into(), process);
    }
    artifact.into()
}

fn file(path: &str) -> Json {
    let name = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or(path);
    json!({ "name": name, "path": path, "type_id": 0 })
}

fn milliseconds(seconds: i64) -> Json {
    seconds.saturating_mul(1000).into()
}
