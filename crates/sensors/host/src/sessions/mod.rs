//! Who is in right now, and by which way: by the machine's records (`/run/utmp`, logind's files in
//! `/run/systemd`), by processes and their terminals, and by the connections that these hold.
//!
//! Reads: `/proc/PID/stat` for terminals, of `/proc/PID/environ` the variable `SSH_CONNECTION` (the
//! first 256 KiB), where standard input of shells leads, the times of `/dev/pts/N`, and the modes of
//! the sockets of tmux and screen. At most 10,000 rows, 10,000 files of logind, 64 MiB of utmp.
//!
//! Limits: names and titles are a process's own words. Which connection of xrdp shows which session
//! cannot be told where there are several. A program's windows tell nothing of when somebody typed.

mod containers;
mod desktops;
mod editors;
mod leavings;
mod logind;
mod multiplexers;
mod record;
mod scene;
mod shells;
mod ssh;
mod switches;

#[cfg(test)]
mod tests;

use leaksweep_facts::{
    Observed, Problem, Reason, Table,
    tables::host::{Process, Session, Socket},
};

use crate::{accounts::Accounts, machine::Machine};
use scene::Scene;

pub use logind::parse as parse_logind;
pub use ssh::{connection, session_user};

const TABLE: &str = Session::DEF.name;
const MAX_ROWS: usize = 10_000;

pub fn collect(
    machine: &Machine,
    accounts: &Accounts,
    processes: &[Process],
    sockets: &[Socket],
) -> Observed<Session> {
    let mut scene = match Scene::new(machine, accounts, processes, sockets) {
        Ok(scene) => scene,
        Err(problem) => return Observed { rows: Vec::new(), problems: vec![problem] },
    };
    // Each leaves alone what those before it told.
    for tell in [
        multiplexers::tell,
        editors::tell,
        ssh::tell,
        desktops::tell,
        containers::tell,
        switches::tell,
        shells::tell,
        logind::tell,
        record::tell,
        leavings::tell,
    ] {
        tell(&mut scene);
    }
    let mut seen = scene.done();
    if seen.rows.len() > MAX_ROWS {
        seen.rows.truncate(MAX_ROWS);
        let detail = format!("more than {MAX_ROWS} rows");
        seen.problem(Problem::new(TABLE, "the whole table", Reason::TooLarge, detail));
    }
    seen
}
