//! Agents that hold unlocked keys: ssh-agent, gpg-agent, the keyrings of GNOME and KDE, and agents of
//! other machines that sshd forwards.
//!
//! Reads: the sockets at which processes listen, owner and mode of each socket and of the folders
//! above it; and what lies without a process in `/tmp/ssh-*`, `/run/user/*/keyring` and, in each
//! home, `.ssh/agent` and `.gnupg`. At most 10,000 entries of a folder and 10,000 rows.
//!
//! Limits: whether an agent holds a key at all only it can tell. OpenSSH's own agent refuses other
//! users whatever the mode of its socket; a forwarded one does not.

mod leftovers;
mod reach;

#[cfg(test)]
mod tests;

use std::path::Path;

use leaksweep_facts::{
    Observed, Problem, Reason, Table, Time,
    tables::host::{Agent, Process, Socket},
};
use rustix::fs::Stat;

use crate::{accounts::Accounts, machine::Machine, sessions, tally::Tally};
use reach::reachable_by;

const TABLE: &str = Agent::DEF.name;
const MAX_ROWS: usize = 10_000;

pub fn collect(
    machine: &Machine,
    accounts: &Accounts,
    processes: &[Process],
    sockets: &[Socket],
) -> Observed<Agent> {
    if let Err(problem) = machine.kernel(TABLE) {
        return Observed { rows: Vec::new(), problems: vec![problem] };
    }
    let mut tally = Tally::default();
    let mut look = Look { machine, accounts, processes, sockets, tally: &mut tally };
    let mut rows: Vec<Agent> = Vec::new();
    for socket in sockets.iter().filter(|socket| socket.protocol == "unix") {
        rows.extend(look.agent(socket));
    }
    rows.extend(leftovers::find(&mut look));
    let mut seen = Observed { rows, problems: tally.problems(TABLE, machine.privileged) };
    if seen.rows.len() > MAX_ROWS {
        seen.rows.truncate(MAX_ROWS);
        let detail = format!("more than {MAX_ROWS} rows");
        seen.problem(Problem::new(TABLE, "the whole table", Reason::TooLarge, detail));
    }
    seen
}

struct Look<'a> {
    machine: &'a Machine,
    accounts: &'a Accounts,
    processes: &'a [Process],
    sockets: &'a [Socket],
    tally: &'a mut Tally,
}

impl Look<'_> {
    fn agent(&mut self, socket: &Socket) -> Option<Agent> {
        let path = &socket.local_address;
        let stat = self.machine.root.stat(path).ok();
        let listener = self.process(|process| Some(process.pid) == socket.pid);
        let (kind, holder) = self.kind(path, listener, stat.as_ref())?;
        let user = match (&stat, holder) {
            (Some(stat), _) => self.accounts.names.user(stat.st_uid),
            (None, Some(holder)) => holder.user.clone(),
            (None, None) => socket.user.clone(),
        };
        let server = holder.filter(|_| kind == "forwarded");
        let parent = server.and_then(|server| self.process(|other| other.pid == server.parent));
        let connection =
            server.and_then(|server| sessions::connection(server, parent, self.sockets));
        let made = stat.map(|stat| Time(stat.st_mtime)).filter(|_| kind == "forwarded");
        Some(Agent {
            kind: kind.into(),
            user,
            path: path.clone(),
            pid: holder.map(|process| process.pid).or(socket.pid),
            since: made.or(holder.and_then(|process| process.started)),
            from_address: connection.and_then(|socket| socket.remote_address.clone()),
            reachable_by: self.reachable_by(path),
            left_over: false,
        })
    }

    /// What kind of agent listens there, and which process it is. systemd may listen for an agent, and
    /// until one runs, no key is held.
    fn kind<'p>(
        &'p self,
        path: &str,
        listener: Option<&'p Process>,
        stat: Option<&Stat>,
    ) -> Option<(&'static str, Option<&'p Process>)> {
        if let Some(listener) = listener
            && (sessions::session_user(listener).is_some() && is_agent_socket(path))
        {
            return Some(("forwarded", Some(listener)));
        }
        let name = listener.map(|listener| listener.name.as_str());
        let kind = by_name(name.unwrap_or_default()).or_else(|| by_path(path))?;
        if !is_main_socket(path) {
            return None;
        }
        if name != Some("systemd") {
            return Some((kind, listener));
        }
        let uid = i64::from(stat?.st_uid);
        let agent =
            self.process(|process| by_name(&process.name) == Some(kind) && process.uid == uid);
        agent.map(|agent| (kind, Some(agent)))
    }

    fn process(&self, fits: impl Fn(&Process) -> bool) -> Option<&Process> {
        self.processes.iter().find(|process| fits(process))
    }

    fn reachable_by(&mut self, path: &str) -> Option<String> {
        reachable_by(&self.machine.root, &self.accounts.names, path).unwrap_or_else(|failure| {
            if !failure.is_absence() {
                self.tally.add(&["reachable_by"], path, failure);
            }
            None
        })
    }
}

fn by_name(name: &str) -> Option<&'static str> {
    match name {
        "ssh-agent" => Some("ssh-agent"),
        "gpg-agent" => Some("gpg-agent"),
        "gnome-keyring-d" | "gcr-ssh-agent" => Some("gnome-keyring"),
        "kwalletd5" | "kwalletd6" => Some("kwallet"),
        "pageant" => Some("pageant"),
        "ssh-tpm-agent" | "yubikey-agent" => Some("other"),
        _ => None,
    }
}

fn by_path(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "openssh_agent" => Some("ssh-agent"),
        "agent.sock" if path.contains("/.1password/") => Some("other"),
        _ if name.starts_with("S.gpg-agent") => Some("gpg-agent"),
        _ if path.contains("/keyring/") => Some("gnome-keyring"),
        _ if is_agent_socket(path) => Some("ssh-agent"),
        _ => None,
    }
}

/// Where OpenSSH puts the sockets of agents, its own and forwarded ones.
fn is_agent_socket(path: &str) -> bool {
    let path = Path::new(path);
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = path.parent().unwrap_or(path);
    let of_old = name.starts_with("agent.")
        && folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("ssh-"));
    of_old || (name.starts_with("s.") && folder.ends_with(".ssh/agent"))
}

/// Of the several sockets of one agent those by which keys are used.
fn is_main_socket(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let second = matches!(name, "S.gpg-agent.browser" | "S.gpg-agent.extra" | "pkcs11");
    !second
}
