//! What about a log of records does not add up, of what a healthy machine never shows.
//!
//! Zeros before a start of the machine are what a crash leaves in a file. A clock that is set stays
//! behind: a record is out of order only where the next one agrees with the one before it. The end
//! of a log-in must have begun after the machine's last start, and that is known only behind it.

use std::collections::HashSet;

use leaksweep_facts::{Time, tables::host::LoginLog};

use super::{
    Record,
    chain::{Chain, File},
    record::Kind,
};
use crate::machine::Machine;

/// Clocks are set by seconds all the time.
const TOLERANCE: i64 = 60;

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    wiped: i64,
    backward: i64,
    orphans: i64,
    timeless: i64,
}

pub fn logs(machine: &Machine, chain: &Chain, booted: Option<Time>) -> Vec<LoginLog> {
    let mut counts = counts(chain, machine.live());
    if chain.kind != "wtmp" || clock_is_local(machine) {
        counts.iter_mut().for_each(|count| count.backward = 0);
    }
    let described = chain.files.iter().zip(counts).map(|(file, counts)| {
        let mut log =
            LoginLog { backward: counts.backward, orphans: counts.orphans, ..file.log(chain.kind) };
        let faults = [faults(file, &log, counts), whole(machine, chain, file, booted)].concat();
        log.oddity = (!faults.is_empty()).then(|| faults.join("; "));
        log
    });
    described.collect()
}

fn counts(chain: &Chain, live: bool) -> Vec<Counts> {
    let mut walk = Walk::default();
    let mut counts = Vec::new();
    for file in &chain.files {
        let mut count = Counts::default();
        for (place, record) in file.records.iter().enumerate() {
            let next = || file.records.get(place + 1..).unwrap_or_default().iter().flatten().next();
            walk.take(record.as_ref(), next, &mut count);
        }
        // The machine may have crashed just then, unless it runs.
        count.wiped += if live { std::mem::take(&mut walk.zeros) } else { 0 };
        counts.push(count);
    }
    counts
}

#[derive(Default)]
struct Walk {
    zeros: i64,
    before: Option<(Kind, i64)>,
    booted: bool,
    pids: HashSet<i64>,
    lines: HashSet<String>,
}

impl Walk {
    fn take<'a>(
        &mut self,
        record: Option<&Record>,
        next: impl Fn() -> Option<&'a Record>,
        count: &mut Counts,
    ) {
        let Some(record) = record else {
            self.zeros += 1;
            return;
        };
        let zeros = std::mem::take(&mut self.zeros);
        count.wiped += if record.kind == Kind::Boot { 0 } else { zeros };
        count.timeless += i64::from(record.kind == Kind::User && record.time == 0);
        count.backward += i64::from(self.is_backward(record, next()));
        self.before = Some((record.kind, record.time));
        count.orphans += i64::from(self.is_orphan(record));
    }

    fn is_backward(&self, record: &Record, next: Option<&Record>) -> bool {
        let Some((Kind::User | Kind::Dead, before)) = self.before else { return false };
        let person = |kind| matches!(kind, Kind::User | Kind::Dead | Kind::Waiting);
        let earlier = person(record.kind) && record.time > 0 && record.time + TOLERANCE < before;
        earlier && next.is_some_and(|next| person(next.kind) && next.time + TOLERANCE >= before)
    }

    /// Terminals of consoles are ended by others than who opened them.
    fn is_orphan(&mut self, record: &Record) -> bool {
        match record.kind {
            Kind::Boot => {
                (self.pids, self.lines) = Default::default();
                self.booted = true;
            }
            Kind::User | Kind::Waiting => {
                self.pids.insert(record.pid);
                self.lines.insert(record.line.clone());
            }
            Kind::Dead => {
                let ended = self.lines.remove(&record.line);
                let known = ended || self.pids.contains(&record.pid) || record.pid == 0;
                return self.booted && !known && record.line.starts_with("pts/");
            }
            _ => {}
        }
        false
    }
}

fn faults(file: &File, log: &LoginLog, counts: Counts) -> Vec<String> {
    let told = [
        (counts.wiped, "one record is", "records are", "nothing but zeros"),
        (log.backward, "one record is", "records are", "older than those around it"),
        (log.orphans, "one log-in", "log-ins", "ended that never began"),
        (counts.timeless, "one log-in", "log-ins", "without a time"),
        (log.remainder, "one byte", "bytes", "at the end beyond the last whole record"),
    ];
    let counted = told.iter().filter(|(count, ..)| *count > 0);
    let mut faults: Vec<String> = counted
        .map(|(count, one, many, what)| match count {
            1 => format!("{one} {what}"),
            _ => format!("{count} {many} {what}"),
        })
        .collect();
    faults.extend(file.state.not_kept.map(str::to_owned));
    faults
}

/// What is odd about the newest file as a whole.
fn whole(machine: &Machine, chain: &Chain, file: &File, booted: Option<Time>) -> Vec<String> {
    let newest = chain.files.last().is_some_and(|last| std::ptr::eq(last, file));
    let told = newest.then(|| {
        if file.state.absent && is_made_at_start(machine, &file.path, booted) {
            return Some("it is not there, and the system makes it at every start");
        }
        let all = chain.files.len() == 1 && !chain.older && file.state.not_kept.is_none();
        let starts = || file.records.iter().flatten().any(|record| record.kind == Kind::Boot);
        let emptied = all && !file.state.absent && booted.is_some() && !starts();
        emptied.then_some("the machine's own start is not in it, so it was emptied since")
    });
    told.flatten().map(str::to_owned).into_iter().collect()
}

fn is_made_at_start(machine: &Machine, path: &str, booted: Option<Time>) -> bool {
    let root = &machine.root;
    let started =
        booted.is_some() || (!machine.live() && root.stat("/var/lib/systemd/random-seed").is_ok());
    let rules = root.head("/usr/lib/tmpfiles.d/var.conf", 64 << 10).map(|(content, _)| content);
    let rules = rules.map(|content| String::from_utf8_lossy(&content).into_owned());
    let made = |rules: String| {
        rules.lines().any(|line| {
            let mut words = line.split_ascii_whitespace();
            words.next().is_some_and(|kind| kind.starts_with('f')) && words.next() == Some(path)
        })
    };
    started && rules.is_ok_and(made)
}

/// Such a clock is wrong by whole hours from the start until the network corrects it.
fn clock_is_local(machine: &Machine) -> bool {
    let content = machine.root.head("/etc/adjtime", 4096).map(|(content, _)| content);
    content.is_ok_and(|content| content.split(|byte| *byte == b'\n').any(|line| line == b"LOCAL"))
}
