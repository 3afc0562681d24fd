//! Records become log-ins with their ends: the next record of the same terminal, a shutdown, or
//! the next start of the machine, as last(1) has it.

use std::collections::{HashMap, HashSet};

use leaksweep_facts::{
    Time,
    tables::host::{Login, User},
};

use super::{
    Record,
    chain::{Chain, File},
    record::Kind,
    remote,
    zone::Zone,
};

struct Timeline<'a> {
    zone: &'a Zone,
    rows: Vec<Login>,
    /// By terminal the log-in that has not ended.
    open: HashMap<String, usize>,
}

pub fn rows(chain: &Chain, zone: &Zone) -> Vec<Login> {
    let mut line = Timeline { zone, rows: Vec::new(), open: HashMap::new() };
    for (file, number, record) in chain.records() {
        if let Some(record) = record {
            line.take(file, number, record);
        }
    }
    line.rows
}

impl Timeline<'_> {
    fn take(&mut self, file: &File, number: i64, record: &Record) {
        let row = |kind| row(kind, file, number, record, self.zone);
        match record.kind {
            Kind::Boot => {
                let boot = row("boot");
                self.end_all("boot", record.time);
                self.rows.push(boot);
            }
            Kind::RunLevel if record.user == "shutdown" => {
                let shutdown = row("shutdown");
                self.end_all("shutdown", record.time);
                self.rows.push(shutdown);
            }
            Kind::ClockAfter => {
                let clock = row("clock");
                self.rows.push(clock);
            }
            Kind::User if !record.user.is_empty() => {
                let begun = Login { outcome: Some("open".into()), ..row("log-in") };
                self.end(&record.line, "log-out", record.time);
                self.open.insert(record.line.clone(), self.rows.len());
                self.rows.push(begun);
            }
            Kind::User | Kind::Dead => self.end(&record.line, "log-out", record.time),
            _ => {}
        }
    }

    fn end(&mut self, line: &str, outcome: &str, time: i64) {
        let row = self.open.remove(line).and_then(|place| self.rows.get_mut(place));
        if let Some(row) = row {
            row.ended = Some(Time(time));
            row.outcome = Some(outcome.into());
        }
    }

    fn end_all(&mut self, outcome: &str, time: i64) {
        let lines: Vec<String> = self.open.keys().cloned().collect();
        lines.iter().for_each(|line| self.end(line, outcome, time));
    }
}

fn row(kind: &str, file: &File, number: i64, record: &Record, zone: &Zone) -> Login {
    let person = matches!(kind, "log-in" | "failed");
    let (day, minute) = zone.day_and_minute(record.time).unzip();
    Login {
        kind: kind.into(),
        user: record.user.clone(),
        terminal: record.line.clone(),
        from_address: person.then(|| remote(record)).flatten(),
        started: Some(Time(record.time)),
        count: 1,
        day: day.map(str::to_owned),
        minute,
        path: file.path.clone(),
        record: number,
        ..Login::default()
    }
}

/// What was tried in vain. A name that is no account and was typed at the machine itself may be a
/// password.
pub fn failed(chain: &Chain, users: &[User], zone: &Zone) -> Vec<Login> {
    let known: HashSet<&str> = users.iter().map(|user| user.name.as_str()).collect();
    let mut rows: Vec<Login> = Vec::new();
    let mut places: HashMap<(i64, String, Option<String>), usize> = HashMap::new();
    for (file, number, record) in chain.records() {
        let Some(record) = record else { continue };
        let mut row = row("failed", file, number, record, zone);
        if row.from_address.is_none() && !known.contains(row.user.as_str()) {
            row.user = "***".into();
        }
        let key = (record.time.div_euclid(60), row.user.clone(), row.from_address.clone());
        match places.get(&key).and_then(|place| rows.get_mut(*place)) {
            Some(row) => row.count += 1,
            None => {
                places.insert(key, rows.len());
                rows.push(row);
            }
        }
    }
    rows
}
