//! What processes hold open: sockets, BPF objects, and what belongs to a store. Reads the links in `/proc/PID/fd`, once for all who
//! ask. At most 100,000 open files of a process, and a million in all.

use std::{collections::HashMap, path::PathBuf};

use leaksweep_facts::{Problem, Reason, tables::host::Process};
use rustix::fs::Stat;

use crate::{
    bpf::{Kind, Open},
    machine::{Kernel, Machine},
    readers::{Found, Stores},
    root::{Failure, LIST_CAP},
    sockets::socket,
    tally::Tally,
};

const OPEN_FILES_CAP: usize = 1_000_000;

/// An open file of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub pid: i64,
    /// The descriptor's number.
    pub number: String,
    pub found: Found,
}

#[derive(Debug, Default)]
pub struct Descriptors {
    sockets: HashMap<i64, Vec<u64>>,
    pub held: Vec<Held>,
    pub bpf: Vec<Open>,
    refused: Vec<(String, Failure)>,
}

impl Descriptors {
    pub fn collect(machine: &Machine, processes: &[Process], stores: &Stores) -> Self {
        let mut found = Self::default();
        let Ok(kernel) = machine.kernel("") else { return found };
        let mut left = OPEN_FILES_CAP;
        for process in processes {
            if process.program_state.as_deref() != Some("kernel") {
                found.of(machine, kernel, process, stores, &mut left);
            }
        }
        found
    }

    fn of(
        &mut self,
        machine: &Machine,
        kernel: &Kernel,
        process: &Process,
        stores: &Stores,
        left: &mut usize,
    ) {
        let pid = process.pid;
        let uid = || u32::try_from(process.effective_uid).ok();
        let most = LIST_CAP.min(*left);
        let mut links = Links::default();
        let seen = links.read(machine, kernel, pid, &uid, stores, most);
        *left = left.saturating_sub(links.count);
        self.held.extend(links.held);
        self.bpf.extend(links.bpf);
        if !links.sockets.is_empty() {
            self.sockets.insert(pid, links.sockets);
        }
        match seen {
            Ok(false) => {}
            Ok(true) => {
                let detail = format!("more than {LIST_CAP} files, or too many in all");
                let failure = Failure { reason: Reason::TooLarge, detail };
                self.refused.push((format!("open files of process {pid}"), failure));
            }
            // A process that ended holds nothing.
            Err(failure) if failure.is_absence() => {}
            Err(failure) => self.refused.push((format!("process {pid}"), failure)),
        }
    }

    /// The sockets of a process.
    pub fn sockets(&self, pid: i64) -> &[u64] {
        self.sockets.get(&pid).map(Vec::as_slice).unwrap_or_default()
    }

    /// What could not be seen, for a table that lacks it.
    pub fn problems(
        &self,
        table: &'static str,
        columns: &'static [&'static str],
        privileged: bool,
    ) -> Vec<Problem> {
        let mut tally = Tally::default();
        for (subject, failure) in &self.refused {
            tally.add(columns, subject.clone(), failure.clone());
        }
        tally.problems(table, privileged)
    }
}

/// What one process holds open.
#[derive(Debug, Default)]
pub struct Links {
    pub count: usize,
    pub sockets: Vec<u64>,
    pub held: Vec<Held>,
    pub bpf: Vec<Open>,
}

impl Links {
    /// Gives whether there were more than `most`.
    pub fn read(
        &mut self,
        machine: &Machine,
        kernel: &Kernel,
        pid: i64,
        uid: &dyn Fn() -> Option<u32>,
        stores: &Stores,
        most: usize,
    ) -> Result<bool, Failure> {
        let folder = PathBuf::from(format!("{pid}/fd"));
        kernel.proc.links(&folder, |number, target, stat| {
            if self.count >= most {
                return false;
            }
            self.count += 1;
            self.sockets.extend(socket(target));
            self.bpf.extend(Kind::of(target).map(|kind| {
                let number = String::from_utf8_lossy(number).into_owned();
                Open { pid, number, kind }
            }));
            self.held.extend(held(machine, pid, number, target, stat, uid, stores));
            true
        })
    }
}

fn held(
    machine: &Machine,
    pid: i64,
    number: &[u8],
    target: &[u8],
    stat: &dyn Fn() -> Result<Stat, Failure>,
    uid: &dyn Fn() -> Option<u32>,
    stores: &Stores,
) -> Option<Held> {
    // Sockets, pipes and the like have no path; a path that is too long for the kernel shows as none.
    if !target.is_empty() && !target.starts_with(b"/") {
        return None;
    }
    let found = stores.look(&machine.root, target, stat, uid)?;
    Some(Held { pid, number: String::from_utf8_lossy(number).into_owned(), found })
}
