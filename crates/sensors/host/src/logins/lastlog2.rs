//! lastlog2's database: the last log-in of each account that ever had one, those of accounts that
//! are gone too. `/var/lib/lastlog/lastlog2.db`; before, `/var/log/lastlog2.db`. 10,000 rows.

use std::collections::HashMap;

use leaksweep_facts::{
    Observed,
    tables::host::{Login, LoginLog},
};

use super::{
    database,
    database::{Kept, Row},
    lastlog::{Entry, Last, LastLog, TOLERANCE},
    other_machine,
    wtmpdb::Sessions,
};
use crate::root::Root;

const PATHS: [&str; 2] = ["/var/lib/lastlog/lastlog2.db", "/var/log/lastlog2.db"];
const TABLE: &str = "Lastlog2";
const MAX_ACCOUNTS: usize = 10_000;

pub fn parse(content: &[u8]) -> Kept<Entry> {
    database::parse(content, TABLE, MAX_ACCOUNTS, |row| {
        Some(entry(row)).filter(|entry| !entry.user.is_empty())
    })
}

fn entry(row: &Row<'_>) -> Entry {
    let (line, host) = (row.text("tty"), row.text("remotehost"));
    let last = Last { time: row.count("time").unwrap_or_default(), line, host };
    Entry { user: row.text("name"), record: row.number, last, service: row.text("service") }
}

pub fn read(
    root: &Root,
    logins: &mut Observed<Login>,
    logs: &mut Observed<LoginLog>,
) -> Vec<LastLog> {
    let mut read = |path: &str| {
        // Only the last log-in of each account is missing, and no other row.
        let file = database::file(root, path, &["record"], logins, logs, parse)?;
        // An account that was set back has a row without a time.
        let entries = file.kept.rows.into_iter().filter(|entry| entry.last.time != 0).collect();
        Some(LastLog { path: path.to_owned(), state: file.state, remainder: 0, entries })
    };
    PATHS.iter().filter_map(|path| read(path)).collect()
}

/// By way of log-in, since when wtmpdb has those of it.
pub struct Ways<'a> {
    sessions: &'a Sessions,
    since: HashMap<(String, String), i64>,
}

impl<'a> Ways<'a> {
    pub fn of(sessions: &'a Sessions) -> Self {
        let mut since = HashMap::new();
        for session in sessions.log_ins() {
            let first = since.entry(way(&session.service, &session.terminal));
            let first = first.or_insert(session.started);
            *first = session.started.min(*first);
        }
        Self { sessions, since }
    }

    /// Whether wtmpdb should have this log-in and does not. The two are told of log-ins by different
    /// modules, so only a way counts of which wtmpdb had a log-in before.
    pub fn miss(&self, entry: &Entry) -> bool {
        let Entry { user, service, last, .. } = entry;
        let known_way = self.since.get(&way(service, &last.line));
        let should = known_way.is_some_and(|first| *first < last.time);
        let same = |time: i64| time.abs_diff(last.time) <= TOLERANCE;
        let mut log_ins = self.sessions.log_ins();
        self.sessions.whole
            && should
            && other_machine(&last.host).is_some()
            && !log_ins.any(|session| session.user == *user && same(session.started))
    }
}

fn way(service: &str, terminal: &str) -> (String, String) {
    let terminal = terminal.split('/').next().unwrap_or_default();
    (service.to_owned(), terminal.to_owned())
}
