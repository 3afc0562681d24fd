//! The network namespaces in which processes live. Reads the links `/proc/PID/ns/net`. Those of
//! other users are root's to read; there, the inode of `/proc/PID/net/dev` tells the namespaces
//! apart just as well.

use std::{collections::HashMap, path::PathBuf};

use leaksweep_facts::{Problem, tables::host::Process};

use super::TABLE;
use crate::{
    machine::{Kernel, Machine},
    root::{Failure, Root},
    tally::Tally,
};

/// So many processes are remembered as ways into a namespace: the first may have ended.
const WAYS_IN: usize = 16;

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Namespace {
    pub number: i64,
    pub machine: bool,
    pids: Vec<i64>,
}

impl Namespace {
    /// The tables of this namespace, by a process that is still there.
    pub fn folder(&self, proc: &Root) -> Option<PathBuf> {
        let there = |pid: &&i64| proc.stat(device_list(**pid)).is_ok();
        self.pids.iter().find(there).map(|pid| PathBuf::from(format!("{pid}/net")))
    }

    fn hold(&mut self, pid: i64, representative: i64) {
        self.machine |= pid == representative;
        if self.pids.len() < WAYS_IN {
            self.pids.push(pid);
        }
    }
}

pub fn find(
    machine: &Machine,
    kernel: &Kernel,
    processes: &[Process],
    problems: &mut Vec<Problem>,
) -> Vec<Namespace> {
    let mut search = Search {
        proc: &kernel.proc,
        representative: representative(&kernel.proc, processes),
        found: Vec::new(),
        files: HashMap::new(),
        tally: Tally::default(),
    };
    let pids = processes.iter().map(|process| process.pid);
    let refused: Vec<_> = pids.filter_map(|pid| Some((pid, search.numbered(pid)?))).collect();
    for (pid, failure) in refused {
        search.by_file(pid, failure);
    }
    problems.extend(search.tally.problems(TABLE, machine.privileged));
    search.found
}

/// The process whose namespace is the machine's own.
fn representative(proc: &Root, processes: &[Process]) -> i64 {
    if processes.iter().any(|process| process.pid == 1) {
        return 1;
    }
    proc.link("self").ok().and_then(|own| own.to_str()?.parse().ok()).unwrap_or(1)
}

struct Search<'a> {
    proc: &'a Root,
    representative: i64,
    found: Vec<Namespace>,
    /// The place in `found` of the namespace to which a `net/dev` belongs.
    files: HashMap<u64, usize>,
    tally: Tally,
}

impl Search<'_> {
    /// Notes the process under its namespace's number, or tells why that cannot be read.
    fn numbered(&mut self, pid: i64) -> Option<Failure> {
        let number = match self.proc.link(format!("{pid}/ns/net")) {
            Ok(target) => target.to_str().and_then(number),
            Err(failure) => return Some(failure).filter(|failure| !failure.is_absence()),
        };
        let Some(number) = number else {
            return Some(Failure::malformed("'ns/net' is no namespace"));
        };
        let place = self.found.iter().position(|namespace| namespace.number == number);
        let place = place.unwrap_or_else(|| self.add(number, pid));
        self.hold(place, pid);
        None
    }

    fn by_file(&mut self, pid: i64, failure: Failure) {
        let Some(file) = self.file(pid) else { return };
        let known = self.files.get(&file).copied();
        let place = known.unwrap_or_else(|| {
            self.tally.add(&["namespace"], format!("the network of process {pid}"), failure);
            self.add(i64::try_from(file).unwrap_or(i64::MAX), pid)
        });
        self.hold(place, pid);
    }

    fn add(&mut self, number: i64, pid: i64) -> usize {
        let place = self.found.len();
        self.found.push(Namespace { number, ..Namespace::default() });
        self.files.extend(self.file(pid).map(|file| (file, place)));
        place
    }

    fn hold(&mut self, place: usize, pid: i64) {
        if let Some(namespace) = self.found.get_mut(place) {
            namespace.hold(pid, self.representative);
        }
    }

    fn file(&self, pid: i64) -> Option<u64> {
        self.proc.stat(device_list(pid)).ok().map(|stat| stat.st_ino)
    }
}

fn device_list(pid: i64) -> PathBuf {
    PathBuf::from(format!("{pid}/net/dev"))
}

/// `net:[4026531840]`
fn number(target: &str) -> Option<i64> {
    target.strip_prefix("net:[")?.strip_suffix(']')?.parse().ok()
}
