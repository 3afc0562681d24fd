//! `/var/log/lastlog`: the last log-in of each account, at the place of its number; 292 bytes each,
//! 296 on aarch64. The file is mostly hole, so only the places of known accounts are read, at most
//! 10,000.

use std::{
    io::{Read, Seek, SeekFrom},
    path::Path,
};

use leaksweep_facts::{
    Observed, Problem, Reason, Time,
    tables::host::{Login, LoginLog, User},
};

use super::{
    LOGINS,
    chain::{Chain, State},
    record::Kind,
    text,
    zone::Zone,
};
use crate::root::{Failure, Root};

const PATH: &str = "/var/log/lastlog";
const MAX_ACCOUNTS: usize = 10_000;
const SIZES: [usize; 2] = [292, 296];
/// The same log-in is written to two files one after the other.
pub const TOLERANCE: u64 = 120;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    pub time: i64,
    pub line: String,
    pub host: String,
}

/// The last log-in of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub user: String,
    /// Its number in the file, from 1.
    pub record: i64,
    pub last: Last,
    /// The program that let it in, where the file tells.
    pub service: String,
}

pub struct LastLog {
    pub path: String,
    pub state: State,
    pub remainder: i64,
    pub entries: Vec<Entry>,
}

/// One entry of 292 or 296 bytes; none where nobody logged in.
pub fn parse(entry: &[u8]) -> Option<Last> {
    let wide = entry.len() == 296;
    let start = if wide { 8 } else { 4 };
    let time = match wide {
        true => i64::from_le_bytes(entry.get(..8)?.try_into().ok()?),
        false => i64::from(u32::from_le_bytes(entry.get(..4)?.try_into().ok()?)),
    };
    let line = text(entry.get(start..start + 32)?);
    let host = text(entry.get(start + 32..start + 288)?);
    (time != 0).then_some(Last { time, line, host })
}

pub fn read(root: &Root, users: &[User], problems: &mut Vec<Problem>) -> Option<LastLog> {
    match look(root, users) {
        Ok(found) => found,
        Err(failure) => {
            problems.push(failure.problem(LOGINS, PATH));
            None
        }
    }
    .inspect(|_| {
        if users.len() > MAX_ACCOUNTS {
            let detail = format!("only the first {MAX_ACCOUNTS} accounts were looked up");
            problems.push(Problem::new(LOGINS, PATH, Reason::TooLarge, detail));
        }
    })
}

fn look(root: &Root, users: &[User]) -> Result<Option<LastLog>, Failure> {
    let state = State::look(root, Path::new(PATH))?;
    if state.absent {
        return Ok(None);
    }
    let length = state.size.unsigned_abs();
    let narrow = length % SIZES[0] as u64 == 0 || length % SIZES[1] as u64 != 0;
    let size = if narrow { SIZES[0] } else { SIZES[1] };
    let remainder = state.size % size as i64;
    let mut found = LastLog { path: PATH.into(), state, remainder, entries: Vec::new() };
    if length == 0 || found.state.not_kept == Some("a link to /dev/null") {
        return Ok(Some(found));
    }
    let mut file = root.reader(Path::new(PATH), u64::MAX)?.into_inner();
    let mut entry = vec![0; size];
    for user in users.iter().take(MAX_ACCOUNTS) {
        let place = user.uid.unsigned_abs().saturating_mul(size as u64);
        if place.saturating_add(size as u64) > length {
            continue;
        }
        file.seek(SeekFrom::Start(place))?;
        file.read_exact(&mut entry)?;
        found.entries.extend(parse(&entry).map(|last| Entry {
            user: user.name.clone(),
            record: user.uid.saturating_add(1),
            last,
            service: String::new(),
        }));
    }
    Ok(Some(found))
}

impl LastLog {
    /// Adds the rows of log-ins and gives that of the file. `missing` tells of what the record of
    /// all log-ins should have and does not.
    pub fn fill(
        self,
        zone: &Zone,
        logins: &mut Observed<Login>,
        missing: impl Fn(&Entry) -> bool,
    ) -> LoginLog {
        let unknown = self.entries.iter().filter(|entry| missing(entry)).map(told);
        let odd: Vec<String> =
            self.state.not_kept.map(str::to_owned).into_iter().chain(unknown).collect();
        logins.rows.extend(self.entries.iter().map(|entry| row(entry, &self.path, zone)));
        let times = || self.entries.iter().map(|entry| entry.last.time);
        LoginLog {
            kind: "lastlog".into(),
            records: self.entries.len() as i64,
            first: times().min().map(Time),
            last: times().max().map(Time),
            remainder: self.remainder,
            kept: self.state.not_kept.is_none(),
            oddity: (!odd.is_empty()).then(|| odd.join("; ")),
            size: self.state.size,
            modified: self.state.modified,
            path: self.path,
            ..LoginLog::default()
        }
    }
}

fn row(Entry { user, record, last, .. }: &Entry, path: &str, zone: &Zone) -> Login {
    let (day, minute) = zone.day_and_minute(last.time).unzip();
    let host = last.host.trim();
    Login {
        kind: "last".into(),
        user: user.clone(),
        terminal: last.line.clone(),
        from_address: (!host.is_empty() && !host.starts_with(':')).then(|| host.to_owned()),
        started: Some(Time(last.time)),
        count: 1,
        day: day.map(str::to_owned),
        minute,
        path: path.to_owned(),
        record: *record,
        ..Login::default()
    }
}

/// Whether wtmp should have this log-in and does not. Only a log-in with a terminal from another
/// machine is always written to both, and only what wtmp still reaches back to can be missing.
pub fn is_missing(Entry { user, last, .. }: &Entry, wtmp: &Chain) -> bool {
    if !last.line.starts_with("pts/") || last.host.trim().is_empty() {
        return false;
    }
    let filled = || wtmp.records().filter_map(|(_, _, record)| record.as_ref());
    let Some(first) = filled().map(|record| record.time).filter(|time| *time > 0).min() else {
        return !wtmp.older && wtmp.files.len() == 1;
    };
    let same = |time: i64| time.abs_diff(last.time) <= TOLERANCE;
    let mut known = filled().filter(|record| record.kind == Kind::User && record.user == *user);
    last.time > first && !known.any(|record| same(record.time))
}

fn told(Entry { user, last, .. }: &Entry) -> String {
    let (time, line, host) = (Time(last.time), &last.line, last.host.trim());
    format!("wtmp does not have the log-in of {user} at {line} from {host}, {time}")
}
