//! Log-ins on record: `wtmp` and `btmp` in `/var/log`, `utmp` in `/run`, with what was rotated
//! (`wtmp.1`, `wtmp-20260101`, `wtmp.2.gz`); `lastlog`; and what tells of the same as text: `auth.log`,
//! `secure`, `audit/audit.log`, and the histories of shells. The machine's own time is that of
//! `/etc/localtime`.
//!
//! At most 64 MiB of each kind of record, the newest; 16 rotated files of a kind; 50,000 rows of
//! log-ins, the newest; 64 MiB of a text log, the newest, and 4 MiB of a history. Of lastlog the
//! places of known accounts are read.
//!
//! Limits: records of glibc for x86_64 (384 bytes) and aarch64 (400). Rotated files packed with bzip2,
//! and the SQLite files of wtmpdb and lastlog2, are not read; that is a problem.

mod chain;
mod faults;
mod forgotten;
mod histories;
mod lastlog;
mod packed;
mod record;
mod text;
mod timeline;
mod zone;

#[cfg(test)]
mod tests;

use leaksweep_facts::{
    Observed, Problem, Reason, Table, Time,
    tables::host::{Login, LoginLog},
};

use crate::{accounts::Accounts, machine::Machine, name, processes};
use chain::Chain;
use zone::Zone;

pub use chain::present;
pub use forgotten::parse as parse_start_up_file;
pub use histories::parse as parse_history;
pub use lastlog::parse as parse_last_log;
pub use record::{Kind, Record, records};
pub use text::parse as parse_text_log;
pub use zone::Zone as TimeZone;

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
    let last = last.map(|found| found.fill(&zone, &mut logins, &wtmp));
    logs.rows.extend(faults::logs(machine, &wtmp, booted(machine)));
    logs.rows.extend(faults::logs(machine, &btmp, None));
    logs.rows.extend(last);
    logs.extend(chain::utmp(machine));
    logs.extend(text::logs(machine));
    logs.extend(histories::logs(machine, accounts));
    unread_formats(machine, &mut logins.problems);
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

fn unread_formats(machine: &Machine, problems: &mut Vec<Problem>) {
    const WHOLE: &[&str] = &[];
    // Only the last log-in of each account is missing, and no other row.
    const LAST: &[&str] = &["record"];
    const FILES: [(&str, &[&str]); 4] = [
        ("/var/lib/wtmpdb/wtmp.db", WHOLE),
        ("/var/log/wtmp.db", WHOLE),
        ("/var/lib/lastlog/lastlog2.db", LAST),
        ("/var/log/lastlog2.db", LAST),
    ];
    for (path, columns) in FILES.iter().filter(|(path, _)| machine.root.stat(path).is_ok()) {
        let detail = "this version does not read log-ins that are kept in SQLite";
        let problem = Problem::new(LOGINS, *path, Reason::Unsupported, detail);
        problems.push(problem.in_columns(columns));
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
    let host = record.host.trim();
    let local = host.starts_with(':') || host.contains('(') || host == "localhost";
    let other = !host.is_empty() && !local && host != "0.0.0.0" && host != "::";
    other.then(|| host.to_owned())
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    name::text(bytes.get(..end).unwrap_or_default())
}
