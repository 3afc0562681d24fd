//! Text logs of log-ins: how many lines, and when the first and the last were written. Of what
//! they say nothing is kept.

use std::path::Path;

use leaksweep_facts::{Observed, Problem, Reason, Time, tables::host::LoginLog};

use super::{LOGS, chain::State};
use crate::{machine::Machine, root::Failure};

const FILES: [(&str, &str); 6] = [
    ("/var/log/auth.log", "auth"),
    ("/var/log/auth.log.1", "auth"),
    ("/var/log/secure", "auth"),
    ("/var/log/secure.1", "auth"),
    ("/var/log/audit/audit.log", "audit"),
    ("/var/log/audit/audit.log.1", "audit"),
];
const BYTES: u64 = 64 << 20;
/// A time stands at the beginning of a line.
const BEGINNING: usize = 200;

/// How many lines, and the times of the first and the last that tell one.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lines {
    pub count: i64,
    pub first: Option<Time>,
    pub last: Option<Time>,
}

pub fn logs(machine: &Machine) -> Observed<LoginLog> {
    let mut logs = Observed::default();
    for (path, kind) in FILES {
        match log(machine, path, kind, &mut logs.problems) {
            Ok(row) => logs.rows.extend(row),
            Err(failure) => logs.problem(failure.problem(LOGS, path)),
        }
    }
    logs
}

fn log(
    machine: &Machine,
    path: &str,
    kind: &str,
    problems: &mut Vec<Problem>,
) -> Result<Option<LoginLog>, Failure> {
    let state = State::look(&machine.root, Path::new(path))?;
    if state.absent {
        return Ok(None);
    }
    let mut lines = Lines::default();
    if state.size > 0 {
        let (content, left_out) = machine.root.tail(path, BYTES, 1)?;
        lines = parse(&content);
        if left_out > 0 {
            let detail = format!("the oldest {left_out} bytes were left out");
            let problem = Problem::new(LOGS, path, Reason::TooLarge, detail);
            problems.push(problem.in_columns(&["records", "first"]));
        }
    }
    Ok(Some(lines.log(path, kind, state)))
}

impl Lines {
    pub fn log(self, path: &str, kind: &str, state: State) -> LoginLog {
        LoginLog {
            path: path.into(),
            kind: kind.into(),
            records: self.count,
            first: self.first,
            last: self.last,
            kept: state.not_kept.is_none(),
            oddity: state.not_kept.map(str::to_owned),
            size: state.size,
            modified: state.modified,
            ..LoginLog::default()
        }
    }
}

pub fn parse(content: &[u8]) -> Lines {
    let lines = || content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    Lines {
        count: lines().count() as i64,
        first: lines().take(BEGINNING).find_map(time),
        last: lines().rev().take(BEGINNING).find_map(time),
    }
}

/// `2026-03-01T12:00:00.123456+01:00 host …` of syslog, or `… msg=audit(1700000000.123:45): …`. The
/// older form of syslog does not name the year.
fn time(line: &[u8]) -> Option<Time> {
    let beginning = String::from_utf8_lossy(line.get(..BEGINNING).unwrap_or(line));
    if let Some((_, audit)) = beginning.split_once("msg=audit(") {
        return audit.split('.').next()?.parse().ok().map(Time);
    }
    Time::parse(beginning.split(' ').next()?)
}
