//! Jobs of which a printer tells anybody.

use leaksweep_facts::{Time, tables::printer::Job};

use super::{attributes::Attributes, value::Value};
use crate::{Portrait, Topic, Way, portrait::cut};

/// Seconds from which a number is the time of day, not the time since the printer was switched on.
const TIME_OF_DAY: i64 = 1_000_000_000;

/// The most jobs that are kept: one more than the portrait keeps, which then says so.
const MOST: usize = 10_001;

/// What is known of jobs beside their attributes.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// What a job that tells no state is, by the question.
    pub state: &'static str,
    /// When it was asked; none for a recording.
    pub now: Option<Time>,
}

impl Asked {
    /// Nobody knows how it was asked, and when.
    pub const OF_RECORDING: Self = Self { state: "unknown", now: None };
}

pub fn learn(attributes: Attributes, asked: Asked, portrait: &mut Portrait) {
    let job = read(attributes, asked);
    if job == (Job { state: job.state.clone(), source: job.source.clone(), ..Job::default() }) {
        return;
    }
    kept(attributes, portrait);
    let same = |row: &&mut Job| job.number.is_some() && row.number == job.number;
    let full = portrait.jobs.len() >= MOST;
    match portrait.jobs.iter_mut().find(same) {
        Some(row) => complete(row, job),
        None if full => {}
        None => portrait.jobs.push(job),
    }
}

fn read(attributes: Attributes, asked: Asked) -> Job {
    let text = |names: &[&str]| names.iter().find_map(|name| attributes.text(name)).map(cut);
    let number = |names: &[&str]| {
        let found = names.iter().find_map(|name| attributes.integer(name));
        found.filter(|number| *number >= 0)
    };
    let moment = |name: &str| moment(attributes, name, asked.now);
    Job {
        number: number(&["job-id"]).or_else(|| last_number(attributes.text("job-uri")?)),
        name: text(&["job-name", "document-name-supplied"]),
        user: text(&["job-originating-user-name"]),
        state: state(attributes.integer("job-state")).unwrap_or(asked.state).into(),
        protected: waits(attributes).then_some(true),
        created: moment("at-creation"),
        completed: moment("at-completed"),
        pages: number(&["job-impressions-completed", "job-impressions", "job-media-sheets"]),
        source: "ipp Get-Jobs".into(),
    }
}

/// Some tell a job by its address alone: `ipp://p/jobs/12`, `…/job-0012`.
fn last_number(uri: &str) -> Option<i64> {
    let digits = uri.trim_end_matches(|c: char| !c.is_ascii_digit());
    let start = digits.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    digits.get(start..)?.parse().ok()
}

fn state(number: Option<i64>) -> Option<&'static str> {
    Some(match number? {
        3 => "pending",
        4 => "held",
        5 => "processing",
        6 => "stopped",
        7 => "canceled",
        8 => "aborted",
        9 => "completed",
        _ => return None,
    })
}

fn has_reason(attributes: Attributes, reasons: &[&str]) -> Option<String> {
    let mut told = attributes.texts("job-state-reasons");
    told.find(|reason| reasons.contains(reason)).map(str::to_owned)
}

/// It waits for its owner's number at the panel (PWG 5100.11).
fn waits(attributes: Attributes) -> bool {
    has_reason(attributes, &["job-password-wait", "job-release-wait"]).is_some()
}

/// A job that can be printed once more was kept (RFC 8011, 5.3.8).
fn kept(attributes: Attributes, portrait: &mut Portrait) {
    let reasons = ["job-restartable", "job-saved-successfully", "job-stored"];
    if let Some(reason) = has_reason(attributes, &reasons) {
        portrait.learn(Topic::JobRetention, true, Way::Ipp, "job-state-reasons", &reason);
    }
}

fn moment(attributes: Attributes, name: &str, now: Option<Time>) -> Option<Time> {
    if let Some(Value::Moment(Some(moment))) = attributes.first(&format!("date-time-{name}")) {
        return Some(*moment);
    }
    let seconds = attributes.integer(&format!("time-{name}")).filter(|seconds| *seconds > 0)?;
    if seconds >= TIME_OF_DAY {
        return Some(Time(seconds));
    }
    let since = attributes.integer("job-printer-up-time")?.checked_sub(seconds)?;
    (since >= 0).then(|| now.map(|now| Time(now.0 - since))).flatten()
}

/// What another answer told of the same job.
fn complete(row: &mut Job, other: Job) {
    fn fill<T>(cell: &mut Option<T>, other: Option<T>) {
        if cell.is_none() {
            *cell = other;
        }
    }
    if row.state == "unknown" {
        row.state = other.state;
    }
    fill(&mut row.name, other.name);
    fill(&mut row.user, other.user);
    fill(&mut row.protected, other.protected);
    fill(&mut row.created, other.created);
    fill(&mut row.completed, other.completed);
    fill(&mut row.pages, other.pages);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_job_stands_at_the_end_of_its_address() {
        assert_eq!(last_number("ipp://p:631/jobs/12"), Some(12));
        assert_eq!(last_number("ipp://p/ipp/print/job-0016"), Some(16));
        assert_eq!(last_number("ipp://p/jobs?2"), Some(2));
        assert_eq!(last_number("ipp://p/"), None);
        assert_eq!(last_number(""), None);
    }
}
