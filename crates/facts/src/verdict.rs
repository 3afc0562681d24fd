//! What the engine answers and every report shows. It is part of the contract, so that reports
//! build without an engine.

use std::{collections::HashSet, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{Time, measure::Measure, sweep::Manifest};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    pub const ALL: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == text)
    }
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a person reads of a check: its page, without the query and the cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckPage {
    /// `host/deleted-program`: the sensor and the file's name.
    pub id: String,
    pub title: String,
    pub severity: Severity,
    /// Ids of the measures that it serves; never empty.
    pub measures: Vec<String>,
    /// ATT&CK techniques.
    pub attack: Vec<String>,
    /// What is asked and why, in Markdown.
    pub what: String,
    pub why: String,
    pub fix: String,
    pub limits: String,
    pub references: Vec<String>,
}

/// A cell of evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Time(Time),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Null => Ok(()),
            Value::Bool(true) => f.write_str("yes"),
            Value::Bool(false) => f.write_str("no"),
            Value::Int(number) => write!(f, "{number}"),
            Value::Text(text) => f.write_str(text),
            Value::Time(time) => write!(f, "{time}"),
        }
    }
}

/// The rows that prove a failure or that a picture shows, without the column `target`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    pub columns: Arc<[String]>,
    pub rows: Vec<Vec<Value>>,
    /// How many rows there are, of which `rows` holds the first.
    pub total: usize,
}

/// Why a check cannot tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Doubt {
    /// The sweep holds no such table.
    NotObserved { table: String },
    /// The sweep was made by a version that did not record the column.
    ColumnMissing { table: String, column: String },
    /// Something that the check needs could not be observed: the first of `count` problems.
    Problem { table: String, subject: String, reason: String, hint: String, count: usize },
    /// The check needs rights that the sweep did not have.
    NotPrivileged,
    /// Whether the check applies could not be told.
    Applicability,
    /// The query itself failed.
    Query { error: String },
}

impl Doubt {
    /// Whether the system refused to let the sweep look.
    fn is_refusal(&self) -> bool {
        match self {
            Doubt::NotPrivileged => true,
            Doubt::Problem { reason, .. } => reason == crate::Reason::Denied.as_str(),
            _ => false,
        }
    }
}

/// Why the system did not let a sweep look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// The sweep lacked rights: one with all rights would tell.
    WantOfPrivilege,
    /// The sweep had all rights: a container or a security module stood before it.
    DespitePrivilege,
}

impl std::fmt::Display for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Doubt::NotObserved { table } => write!(f, "the sweep did not look at {table}"),
            Doubt::ColumnMissing { table, column } => {
                write!(f, "the sweep's version did not record {table}.{column}")
            }
            Doubt::Problem { table, subject, reason, count, .. } => {
                write!(f, "{table}: {subject}: {reason}")?;
                if *count > 1 { write!(f, " (and {} more)", count - 1) } else { Ok(()) }
            }
            Doubt::NotPrivileged => f.write_str("the sweep was not privileged"),
            Doubt::Applicability => f.write_str("whether it applies could not be told"),
            Doubt::Query { error } => write!(f, "the query failed: {error}"),
        }
    }
}

/// An exception that policy grants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exception {
    pub check: String,
    /// A pattern over target names.
    pub target: String,
    pub owner: String,
    pub reason: String,
    /// The last day on which it counts.
    pub until: Time,
}

/// A check's answer for one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Pass,
    Fail(Evidence),
    Unknown(Vec<Doubt>),
    NotApplicable,
    Excepted(Evidence, Arc<Exception>),
}

impl Outcome {
    pub fn as_str(&self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Fail(_) => "fail",
            Outcome::Unknown(_) => "unknown",
            Outcome::NotApplicable => "not applicable",
            Outcome::Excepted(..) => "excepted",
        }
    }

    pub fn evidence(&self) -> Option<&Evidence> {
        match self {
            Outcome::Fail(evidence) | Outcome::Excepted(evidence, _) => Some(evidence),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub check: Arc<CheckPage>,
    pub target: Arc<str>,
    pub outcome: Outcome,
    /// An exception that would have covered this failure, had it not ended.
    pub expired: Option<Arc<Exception>>,
}

impl Verdict {
    /// Whether the verdict is unknown because the system refused, and which remedy that has, given
    /// the targets that were swept with all rights.
    pub fn refusal(&self, privileged: &HashSet<&str>) -> Option<Refusal> {
        let Outcome::Unknown(doubts) = &self.outcome else { return None };
        let refused = doubts.iter().any(Doubt::is_refusal);
        refused.then(|| match privileged.contains(&*self.target) {
            true => Refusal::DespitePrivilege,
            false => Refusal::WantOfPrivilege,
        })
    }
}

/// All that a report needs, about one sweep or a hundred thousand.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    pub tool_version: String,
    pub judged: Time,
    pub sweeps: Vec<JudgedSweep>,
    pub verdicts: Vec<Verdict>,
    /// The rows of the table `problems`, with their target.
    pub problems: Vec<JudgedProblem>,
    pub measures: Arc<[Measure]>,
    /// What reports draw beside the verdicts.
    pub pictures: Vec<Picture>,
}

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// Remote-control tools: through which ways somebody comes in, and whether now.
    RemoteControl,
    /// Everything by which somebody or something stays, and when each of it appeared.
    StandingAccess,
    /// What each stretch of a medium looks like.
    MediumMap,
    /// How much of each kind can be recovered from a medium.
    MediumFinds,
    /// Small pictures and first words of what can be recovered.
    MediumPreviews,
    /// Who each printer is.
    Printers,
    /// The ways into and out of a printer, and what it keeps.
    PrinterDoors,
}

/// Rows about one target for a report to draw. It shows; it is no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub subject: Subject,
    pub target: Arc<str>,
    pub rows: Evidence,
    /// Why rows may be missing; without any, no row means that there is nothing.
    pub doubts: Vec<Doubt>,
}

/// A sweep that was judged, and the zone in which policy puts its target.
#[derive(Debug, Clone)]
pub struct JudgedSweep {
    pub manifest: Manifest,
    /// The name in verdicts. The manifest's differs where two machines have one name.
    pub target: Arc<str>,
    pub zone: String,
}

/// A problem with the target at which it was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JudgedProblem {
    pub target: Arc<str>,
    pub sensor: String,
    pub table: String,
    pub subject: String,
    pub reason: String,
    pub detail: String,
    pub hint: String,
}

/// How many verdicts of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub pass: usize,
    pub fail: usize,
    pub unknown: usize,
    pub not_applicable: usize,
    pub excepted: usize,
}

impl Judgement {
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for verdict in &self.verdicts {
            match verdict.outcome {
                Outcome::Pass => counts.pass += 1,
                Outcome::Fail(_) => counts.fail += 1,
                Outcome::Unknown(_) => counts.unknown += 1,
                Outcome::NotApplicable => counts.not_applicable += 1,
                Outcome::Excepted(..) => counts.excepted += 1,
            }
        }
        counts
    }

    /// The worst severity among failures.
    pub fn worst(&self) -> Option<Severity> {
        let failed = self.verdicts.iter().filter(|v| matches!(v.outcome, Outcome::Fail(_)));
        failed.map(|v| v.check.severity).max()
    }

    /// The targets of which every sweep had all rights.
    pub fn privileged_targets(&self) -> HashSet<&str> {
        let (all, some): (Vec<_>, Vec<_>) =
            self.sweeps.iter().partition(|sweep| sweep.manifest.privileged);
        let mut targets: HashSet<&str> = all.iter().map(|sweep| &*sweep.target).collect();
        for sweep in some {
            targets.remove(&*sweep.target);
        }
        targets
    }

    /// How many verdicts are unknown because the system refused, for this reason.
    pub fn refused(&self, refusal: Refusal) -> usize {
        let privileged = self.privileged_targets();
        self.verdicts.iter().filter(|v| v.refusal(&privileged) == Some(refusal)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sweep(target: &str, name: &str, privileged: bool) -> JudgedSweep {
        let manifest = Manifest {
            format: 1,
            tool_version: String::new(),
            sensor: "host".into(),
            target: name.into(),
            machine_id: None,
            platform: None,
            started: Time(0),
            ended: Time(0),
            privileged,
            live: true,
            extent: Default::default(),
            parts: Vec::new(),
        };
        JudgedSweep { manifest, target: target.into(), zone: "office".into() }
    }

    fn unknown(target: &str, reason: &str) -> Verdict {
        let doubt = Doubt::Problem {
            table: "host_processes".into(),
            subject: "process 1".into(),
            reason: reason.into(),
            hint: String::new(),
            count: 1,
        };
        let check = CheckPage {
            id: "host/a".into(),
            title: String::new(),
            severity: Severity::Low,
            measures: Vec::new(),
            attack: Vec::new(),
            what: String::new(),
            why: String::new(),
            fix: String::new(),
            limits: String::new(),
            references: Vec::new(),
        };
        let outcome = Outcome::Unknown(vec![doubt]);
        Verdict { check: check.into(), target: target.into(), outcome, expired: None }
    }

    #[test]
    fn a_refusal_is_want_of_privilege_only_where_a_sweep_lacked_it() {
        let sweeps = vec![
            sweep("a", "a", true),
            // Another machine of the same name, judged under its own.
            sweep("a~1", "a", false),
            sweep("b", "b", true),
            sweep("b", "b", false),
        ];
        let verdicts = ["a", "a~1", "b", "never swept"].map(|target| unknown(target, "denied"));
        let mut verdicts = Vec::from(verdicts);
        verdicts.push(unknown("a", "malformed"));
        let judgement = Judgement { sweeps, verdicts, ..Judgement::default() };
        let privileged = judgement.privileged_targets();
        let refusals: Vec<_> =
            judgement.verdicts.iter().map(|verdict| verdict.refusal(&privileged)).collect();
        let (want, despite) = (Some(Refusal::WantOfPrivilege), Some(Refusal::DespitePrivilege));
        assert_eq!(refusals, [despite, want, want, want, None]);
        assert_eq!(judgement.refused(Refusal::WantOfPrivilege), 3);
        assert_eq!(judgement.refused(Refusal::DespitePrivilege), 1);
    }
}
