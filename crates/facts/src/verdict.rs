//! What the engine answers and every report shows. It is part of the contract, so that reports
//! build without an engine.

use std::sync::Arc;

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

/// The rows that prove a failure, without the column `target`.
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
    /// Whether more rights would settle it.
    pub fn wants_privilege(&self) -> bool {
        match self {
            Doubt::NotPrivileged => true,
            Doubt::Problem { reason, .. } => reason == crate::Reason::Denied.as_str(),
            _ => false,
        }
    }
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
}

/// A sweep that was judged, and the zone in which policy puts its target.
#[derive(Debug, Clone)]
pub struct JudgedSweep {
    pub manifest: Manifest,
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

    /// How many verdicts are unknown only for want of rights.
    pub fn wanting_privilege(&self) -> usize {
        let wants = |v: &&Verdict| match &v.outcome {
            Outcome::Unknown(doubts) => doubts.iter().any(Doubt::wants_privilege),
            _ => false,
        };
        self.verdicts.iter().filter(wants).count()
    }
}
