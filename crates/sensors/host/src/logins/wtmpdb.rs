//! wtmpdb's database: `wtmp.db` in `/var/lib/wtmpdb` (before, in `/var/log`), with what was rotated
//! away (`wtmp_20260101.db`). One row holds the beginning and the end of a log-in, or of the time in
//! which the machine ran; times are in millionths of a second.
//!
//! The numbers of rows are given one after the other. One that is missing in the middle was deleted,
//! unless rows were rotated away: those go by their time, and a clock may have been wrong.

use leaksweep_facts::{
    Observed, Problem, Reason, Time,
    tables::host::{Login, LoginLog},
};

use super::{
    LOGS, MAX_ROWS, database,
    database::{File, Kept, Row},
    other_machine,
    zone::Zone,
};
use crate::root::Root;

const FOLDERS: [&str; 2] = ["/var/log", "/var/lib/wtmpdb"];
const TABLE: &str = "wtmp";
const MAX_ROTATED: usize = 16;
const BOOT: i64 = 1;
const PERSON: i64 = 3;

/// A log-in of a person, or a start of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub number: i64,
    kind: i64,
    pub user: String,
    pub started: i64,
    ended: Option<i64>,
    pub terminal: String,
    host: String,
    pub service: String,
}

/// What every file of it says.
#[derive(Default)]
pub struct Sessions {
    /// The oldest file first.
    files: Vec<(String, Vec<Session>)>,
    /// Whether what is there was read to its end.
    pub whole: bool,
}

pub fn parse(content: &[u8]) -> Kept<Session> {
    database::parse(content, TABLE, MAX_ROWS, session)
}

fn session(row: &Row<'_>) -> Option<Session> {
    let seconds = |name| row.count(name).map(|time| time.div_euclid(1_000_000));
    Some(Session {
        number: row.number,
        kind: row.count("type")?,
        user: row.text("user"),
        started: seconds("login").unwrap_or_default(),
        ended: seconds("logout").filter(|time| *time > 0),
        terminal: row.text("tty"),
        host: row.text("remotehost"),
        service: row.text("service"),
    })
}

pub fn read(root: &Root, logins: &mut Observed<Login>, logs: &mut Observed<LoginLog>) -> Sessions {
    let mut sessions = Sessions { files: Vec::new(), whole: true };
    for folder in FOLDERS {
        let rotated = rotated(root, folder, logs);
        let paths = rotated.iter().cloned().chain([format!("{folder}/wtmp.db")]);
        for path in paths {
            let Some(file) = database::file(root, &path, &[], logins, logs, parse) else {
                continue;
            };
            sessions.whole &= file.whole;
            logs.rows.push(log(&path, &file, rotated.is_empty()));
            sessions.files.push((path, file.kept.rows.into()));
        }
    }
    sessions
}

/// The oldest first, by the days in their names.
fn rotated(root: &Root, folder: &str, logs: &mut Observed<LoginLog>) -> Vec<String> {
    let listing = match root.list_if_there(folder) {
        Ok(listing) => listing,
        Err(failure) => {
            logs.problem(failure.problem(LOGS, folder));
            return Vec::new();
        }
    };
    let names = listing.entries.iter().filter_map(|entry| entry.name.to_str());
    let mut names: Vec<&str> = names.filter(|name| is_rotated(name)).collect();
    names.sort_unstable();
    for name in names.drain(..names.len().saturating_sub(MAX_ROTATED)) {
        let detail = "there are too many older files, and it is not read";
        let problem = Problem::new(LOGS, format!("{folder}/{name}"), Reason::TooLarge, detail);
        logs.problem(problem.in_columns(&["first"]));
    }
    names.iter().map(|name| format!("{folder}/{name}")).collect()
}

fn is_rotated(name: &str) -> bool {
    let day = name.strip_prefix("wtmp_").and_then(|rest| rest.strip_suffix(".db"));
    day.is_some_and(|day| day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()))
}

fn log(path: &str, file: &File<Session>, alone: bool) -> LoginLog {
    let rows = &file.kept.rows;
    let times = || rows.iter().map(|row| row.started).filter(|time| *time > 0);
    let missing = if alone && file.whole { missing(rows.iter().map(|row| row.number)) } else { 0 };
    let timeless = rows.iter().filter(|row| row.kind == PERSON && row.started == 0).count();
    let mut faults: Vec<String> = file.state.not_kept.map(str::to_owned).into_iter().collect();
    faults.extend(match missing {
        0 => None,
        1 => Some("one record is missing between the first and the last".into()),
        _ => Some(format!("{missing} records are missing between the first and the last")),
    });
    faults.extend((timeless > 0).then(|| format!("log-ins without a time: {timeless}")));
    LoginLog {
        path: path.to_owned(),
        kind: "wtmp".into(),
        records: rows.len() as i64,
        first: times().min().map(Time),
        last: times().max().map(Time),
        kept: file.state.not_kept.is_none(),
        oddity: (!faults.is_empty()).then(|| faults.join("; ")),
        size: file.state.size,
        modified: file.state.modified,
        ..LoginLog::default()
    }
}

/// How many numbers are left out after the first, where the first is the first of all.
fn missing(numbers: impl Iterator<Item = i64>) -> i64 {
    let mut numbers: Vec<i64> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    match (numbers.first(), numbers.last()) {
        (Some(1), Some(last)) => last.saturating_sub(numbers.len() as i64),
        _ => 0,
    }
}

impl Sessions {
    pub fn log_ins(&self) -> impl Iterator<Item = &Session> {
        let all = self.files.iter().flat_map(|(_, sessions)| sessions);
        all.filter(|session| session.kind == PERSON && !session.user.is_empty())
    }

    pub fn rows(&self, zone: &Zone) -> Vec<Login> {
        let starts = self.starts();
        let all = self.files.iter().flat_map(|(path, found)| found.iter().map(move |s| (path, s)));
        let rows = all.flat_map(|(path, session)| match session.kind {
            BOOT => session.run(path, zone),
            PERSON if !session.user.is_empty() => vec![session.log_in(path, zone, &starts)],
            _ => Vec::new(),
        });
        rows.collect()
    }

    /// When the machine was started and shut down, in order.
    fn starts(&self) -> Vec<(i64, Option<i64>)> {
        let all = self.files.iter().flat_map(|(_, sessions)| sessions);
        let starts = all.filter(|session| session.kind == BOOT);
        let mut starts: Vec<_> = starts.map(|start| (start.started, start.ended)).collect();
        starts.sort_unstable();
        starts
    }
}

impl Session {
    fn row(&self, kind: &str, time: i64, path: &str, zone: &Zone) -> Login {
        let (day, minute) = zone.day_and_minute(time).unzip();
        Login {
            kind: kind.into(),
            user: self.user.clone(),
            terminal: self.terminal.clone(),
            started: Some(Time(time)),
            count: 1,
            day: day.map(str::to_owned),
            minute,
            path: path.to_owned(),
            record: self.number,
            ..Login::default()
        }
    }

    /// The start of the machine, and the end where it is on record.
    fn run(&self, path: &str, zone: &Zone) -> Vec<Login> {
        let shutdown = |time| {
            let row = self.row("shutdown", time, path, zone);
            Login { user: "shutdown".into(), ..row }
        };
        let end = self.ended.map(shutdown);
        [self.row("boot", self.started, path, zone)].into_iter().chain(end).collect()
    }

    fn log_in(&self, path: &str, zone: &Zone, starts: &[(i64, Option<i64>)]) -> Login {
        let (outcome, ended) = self.end(starts);
        Login {
            from_address: other_machine(&self.host),
            ended: ended.map(Time),
            outcome: Some(outcome.into()),
            ..self.row("log-in", self.started, path, zone)
        }
    }

    /// How and when it ended. Without an end of its own it went down with the machine.
    fn end(&self, starts: &[(i64, Option<i64>)]) -> (&'static str, Option<i64>) {
        if self.ended.is_some() {
            return ("log-out", self.ended);
        }
        let next = starts.partition_point(|(start, _)| *start <= self.started);
        let run = next.checked_sub(1).and_then(|place| starts.get(place));
        let shutdown = run.and_then(|(_, end)| *end).filter(|end| *end >= self.started);
        match (shutdown, starts.get(next)) {
            (Some(end), _) => ("shutdown", Some(end)),
            (None, Some((start, _))) => ("boot", Some(*start)),
            (None, None) => ("open", None),
        }
    }
}
