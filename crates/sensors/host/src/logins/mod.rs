//! Log-ins on record: `wtmp` and `btmp` in `/var/log`, `utmp` in `/run`, with what was rotated
//! (`wtmp.1`, `wtmp-20260101`, `wtmp.2.gz`); `lastlog`; the databases of wtmpdb and lastlog2, which
//! newer systems have in their place; and what tells of the same as text: `auth.log`, `secure`,
//! `audit/audit.log`, and the histories of shells. The machine's own time is that of `/etc/localtime`.
//!
//! At most 64 MiB of each kind of record, the newest; 16 rotated files of a kind; 50,000 rows of
//! log-ins, the newest; 64 MiB of a text log, the newest, and 4 MiB of a history. Of lastlog the
//! places of known accounts are read.
//!
//! Limits: records of glibc for x86_64 (384 bytes) and aarch64 (400). Rotated files packed with bzip2
//! are not read; that is a problem.

mod chain;
mod database;
mod faults;
mod forgotten;
mod histories;
mod lastlog;
mod lastlog2;
mod packed;
mod record;
mod text;
mod timeline;
mod wtmpdb;
mod zone;

#[cfg(test)]
mod tests;

use leaksweep_facts::{
    Observed, Problem, Reason, Table, Time,
    tables::host::{Login, LoginLog},
};

use crate::{accounts::Accounts, machine::Machine, name, processes, root::Root};
use chain::Chain;
use lastlog2::Ways;
use zone::Zone;

pub use chain::present;
pub use forgotten::parse as parse_start_up_file;
pub use histories::parse as parse_history;
pub use lastlog::parse as parse_last_log;
pub use record::{Kind, Record, records};
pub use text::parse as parse_text_log;
pub use zone::Zone as TimeZone;

/// For the fuzz target: both databases.
pub fn parse_databases(content: &[u8]) {
    let _ = wtmpdb::parse(content);
    let _ = lastlog2::parse(content);
}

const LOGINS: &str = Login::DEF.name;
const LOGS: &str = LoginLog::DEF.name;
const MAX_ROWS: usize = 50_000;
pub const UTMP: &str = "/run/utmp";

#[derive(Debug)]
pub struct Logins {
    pub logins: Observed<Login>,
    pub logs: Observed<LoginLog>,
}

pub fn collect(machine: &Machine, accounts: &Accounts) -> Logins {
    let root = &machine.root;
    let (mut logins, mut logs) = (Observed::default(), Observed::default());
    let zone = zone(machine, &mut logins);
    let wtmp = Chain::read(root, "wtmp", &mut logins, &mut logs);
    let btmp = Chain::read(root, "btmp", &mut logins, &mut logs);
    logins.rows.extend(timeline::rows(&wtmp, &zone));
    logins.rows.extend(timeline::failed(&btmp, &accounts.users.rows, &zone));
    let last = lastlog::read(root, &accounts.users.rows, &mut logins.problems);
    let last =
        last.map(|found| found.fill(&zone, &mut logins, |entry| lastlog::is_missing(entry, &wtmp)));
    logs.rows.extend(faults::logs(machine, &wtmp, booted(machine)));
    logs.rows.extend(faults::logs(machine, &btmp, None));
    logs.rows.extend(last);
    databases(root, &zone, &mut logins, &mut logs);
    logs.extend(chain::utmp(machine));
    logs.extend(text::logs(machine));
    logs.extend(histories::logs(machine, accounts));
    capped(&mut logins);
    Logins { logins, logs }
}

fn zone(machine: &Machine, logins: &mut Observed<Login>) -> Zone {
    zone::read(&machine.root).unwrap_or_else(|failure| {
        let problem = failure.problem(LOGINS, zone::PATH);
        logins.problem(problem.in_columns(&["day", "minute"]));
        Zone::unknown()
    })
}

/// When the machine was started, if systemd did it and so keeps a record of it.
fn booted(machine: &Machine) -> Option<Time> {
    let kernel = machine.kernel(LOGS).ok()?;
    let first = kernel.proc.head("1/comm", 64).ok()?.0;
    let keeps = machine.root.stat("/usr/lib/systemd/system/systemd-update-utmp.service").is_ok();
    let systemd = first == b"systemd\n" && keeps;
    processes::machine_booted(kernel).ok().filter(|_| systemd)
}

/// What wtmpdb and lastlog2 keep.
fn databases(
    root: &Root,
    zone: &Zone,
    logins: &mut Observed<Login>,
    logs: &mut Observed<LoginLog>,
) {
    let sessions = wtmpdb::read(root, logins, logs);
    logins.rows.extend(sessions.rows(zone));
    let ways = Ways::of(&sessions);
    for found in lastlog2::read(root, logins, logs) {
        logs.rows.push(found.fill(zone, logins, |entry| ways.miss(entry)));
    }
}

/// Of very many the newest stay.
fn capped(logins: &mut Observed<Login>) {
    let more = logins.rows.len().saturating_sub(MAX_ROWS);
    if more == 0 {
        return;
    }
    logins.rows.sort_by_key(|row| row.started);
    logins.rows.drain(..more);
    let detail = format!("more than {MAX_ROWS} rows; the {more} oldest were left out");
    logins.problem(Problem::new(LOGINS, "the whole table", Reason::TooLarge, detail));
}

/// The address or name of another machine; a screen of the machine itself (`:0`, `tmux(1).%0`) is none.
pub fn remote(record: &Record) -> Option<String> {
    if let Some(address) = record.address {
        return Some(address.to_string());
    }
    other_machine(&record.host)
}

/// What is no screen of the machine itself.
fn other_machine(host: &str) -> Option<String> {
    let host = host.trim();
    let local = host.starts_with(':') || host.contains('(') || host == "localhost";
    let other = !host.is_empty() && !local && host != "0.0.0.0" && host != "::";
    other.then(|| host.to_owned())
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    name::text(bytes.get(..end).unwrap_or_default())
}
