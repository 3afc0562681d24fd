//! What the tellers of sessions share: the tree of processes with their terminals, connections, and
//! the records, and which processes were told of already.

use std::collections::{HashMap, HashSet};

use leaksweep_facts::{
    Observed, Problem, Time,
    tables::host::{Process, Session, Socket},
};

use super::{TABLE, logind::Logind};
use crate::{
    accounts::Accounts,
    logins::{self, Record},
    machine::{Kernel, Machine},
    processes,
    root::Failure,
    tally::Tally,
};

const STAT_CAP: usize = 4096;
/// After so long without a key a session is idle.
const IDLE: i64 = 15 * 60;
/// No machine runs more processes below one another.
const MAX_DEPTH: usize = 1000;

pub struct Scene<'a> {
    pub machine: &'a Machine,
    pub kernel: &'a Kernel,
    pub accounts: &'a Accounts,
    pub processes: &'a [Process],
    pub sockets: &'a [Socket],
    /// None where there is no such record.
    pub utmp: Option<Vec<Record>>,
    pub logind: Option<Logind>,
    pub refused: Tally,
    pub now: i64,
    pub rows: Vec<Session>,
    by_pid: HashMap<i64, &'a Process>,
    children: HashMap<i64, Vec<i64>>,
    terminals: HashMap<i64, String>,
    told: HashSet<i64>,
    problems: Vec<Problem>,
}

impl<'a> Scene<'a> {
    pub fn new(
        machine: &'a Machine,
        accounts: &'a Accounts,
        processes: &'a [Process],
        sockets: &'a [Socket],
    ) -> Result<Self, Problem> {
        let kernel = machine.kernel(TABLE)?;
        let mut children: HashMap<i64, Vec<i64>> = HashMap::new();
        for process in processes {
            children.entry(process.parent).or_default().push(process.pid);
        }
        let mut scene = Self {
            machine,
            kernel,
            accounts,
            processes,
            sockets,
            utmp: None,
            logind: None,
            refused: Tally::default(),
            now: Time::now().0,
            rows: Vec::new(),
            by_pid: processes.iter().map(|process| (process.pid, process)).collect(),
            children,
            terminals: HashMap::new(),
            told: HashSet::new(),
            problems: Vec::new(),
        };
        scene.read_terminals();
        scene.utmp = scene.kept(logins::UTMP, logins::present(&machine.root)).flatten();
        // Its folders are there on machines where it does not run.
        if processes.iter().any(|process| process.name == "systemd-logind") {
            let logind = Logind::read(&machine.root);
            scene.logind = scene.kept("/run/systemd", logind);
        }
        Ok(scene)
    }

    fn kept<T>(&mut self, subject: &str, read: Result<T, Failure>) -> Option<T> {
        let failed = |failure: Failure| self.problems.push(failure.problem(TABLE, subject));
        read.map_err(failed).ok()
    }

    fn read_terminals(&mut self) {
        for process in self.processes.iter().filter(|process| !is_kernel(process)) {
            let head = self.kernel.proc.head(format!("{}/stat", process.pid), STAT_CAP);
            let stat = head.ok().and_then(|(line, _)| processes::stat(&line));
            let terminal = stat.and_then(|stat| terminal(stat.terminal));
            self.terminals.extend(terminal.map(|terminal| (process.pid, terminal)));
        }
    }

    pub fn done(self) -> Observed<Session> {
        let mut problems = self.problems;
        problems.extend(self.refused.problems(TABLE, self.machine.privileged));
        Observed { rows: self.rows, problems }
    }

    pub fn process(&self, pid: i64) -> Option<&'a Process> {
        self.by_pid.get(&pid).copied()
    }

    pub fn parent(&self, process: &Process) -> Option<&'a Process> {
        self.process(process.parent)
    }

    /// From the parent upwards.
    pub fn ancestors(&self, process: &Process) -> impl Iterator<Item = &'a Process> {
        let first = self.process(process.parent);
        std::iter::successors(first, |process| self.process(process.parent)).take(MAX_DEPTH)
    }

    pub fn children(&self, pid: i64) -> impl Iterator<Item = &'a Process> {
        let children = self.children.get(&pid).map_or(&[][..], Vec::as_slice);
        children.iter().filter_map(|pid| self.process(*pid))
    }

    /// The process and all below it.
    pub fn all_below(&self, pid: i64) -> HashSet<i64> {
        let (mut found, mut todo) = (HashSet::new(), vec![pid]);
        while let Some(pid) = todo.pop() {
            if found.insert(pid) {
                todo.extend(self.children.get(&pid).into_iter().flatten());
            }
        }
        found
    }

    /// `pts/3`, `tty1`
    pub fn terminal(&self, pid: i64) -> Option<&String> {
        self.terminals.get(&pid)
    }

    pub fn is_told(&self, process: &Process) -> bool {
        self.told.contains(&process.pid)
    }

    /// Nobody else tells of these.
    pub fn claim(&mut self, pids: impl IntoIterator<Item = i64>) {
        self.told.extend(pids);
    }

    /// For how long nobody typed at any of the terminals.
    pub fn idle<'t>(&self, terminals: impl IntoIterator<Item = &'t String>) -> Option<i64> {
        let used = |terminal: &String| {
            let stat = self.machine.root.stat(format!("/dev/{terminal}")).ok()?;
            Some((self.now - stat.st_atime).max(0))
        };
        terminals.into_iter().filter_map(used).min()
    }

    /// A row on what a process leads.
    pub fn row(&self, way: &str, process: &Process) -> Session {
        let below = self.all_below(process.pid);
        Session {
            way: way.into(),
            user: process.user.clone(),
            terminal: self.terminal(process.pid).cloned(),
            pid: Some(process.pid),
            process: Some(process.arguments.clone()).filter(|text| !text.is_empty()),
            since: process.started,
            idle_seconds: self.idle(self.terminal(process.pid)),
            said_by: "process".into(),
            processes: below.len() as i64,
            ..Session::default()
        }
    }

    /// Adds a row whose state nothing but its terminal tells.
    pub fn add(&mut self, mut row: Session) {
        if row.state.is_empty() {
            let idle = row.idle_seconds.is_some_and(|seconds| seconds > IDLE);
            row.state = if idle { "idle" } else { "open" }.into();
        }
        self.rows.push(row);
    }

    /// Who says so beside the process itself, and whether records that could be read know of it.
    pub fn records(
        &self,
        pids: &[i64],
        terminal: Option<&String>,
    ) -> (Vec<&'static str>, Option<bool>) {
        let by_record = self.utmp.as_ref().is_some_and(|all| {
            all.iter().filter(|record| record.kind == logins::Kind::User).any(|record| {
                pids.contains(&record.pid) || terminal.is_some_and(|line| *line == record.line)
            })
        });
        let groups = || pids.iter().filter_map(|pid| self.process(*pid));
        let by_logind = self.logind.as_ref().is_some_and(|logind| {
            let leads = |pid: &i64| logind.sessions.iter().any(|session| session.leader == *pid);
            let inside = |process: &Process| logind.of(process).is_some();
            pids.iter().any(leads) || groups().any(inside)
        });
        let told = [(by_record, "utmp"), (by_logind, "logind")];
        let said_by: Vec<_> = told.iter().filter(|(says, _)| *says).map(|(_, who)| *who).collect();
        let readable = self.utmp.is_some() || self.logind.is_some();
        let recorded = readable.then_some(!said_by.is_empty());
        (said_by, recorded)
    }
}

/// The addresses of other sides that came in to a port at which these processes listen.
pub fn incoming<'a>(sockets: &'a [Socket], pids: &[i64]) -> Vec<&'a Socket> {
    let own = |socket: &&Socket| socket.pid.is_some_and(|pid| pids.contains(&pid));
    let tcp = || sockets.iter().filter(|socket| socket.protocol == "tcp").filter(own);
    let ports: HashSet<_> =
        tcp().filter(|socket| socket.state == "listen").map(|socket| socket.local_port).collect();
    let open = tcp().filter(|socket| socket.state == "established");
    open.filter(|socket| ports.contains(&socket.local_port)).collect()
}

pub fn is_kernel(process: &Process) -> bool {
    process.program_state.as_deref() == Some("kernel")
}

/// The name of a terminal by its device number.
fn terminal(device: i64) -> Option<String> {
    let (major, minor) = ((device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xfff00));
    match major {
        136..=143 => Some(format!("pts/{}", minor + (major - 136) * 256)),
        4 if (1..64).contains(&minor) => Some(format!("tty{minor}")),
        4 if minor >= 64 => Some(format!("ttyS{}", minor - 64)),
        _ => None,
    }
}
