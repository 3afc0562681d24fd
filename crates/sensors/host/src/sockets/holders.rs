//! Which process holds a socket, by the links in `/proc/PID/fd`.

use std::{collections::HashMap, os::unix::ffi::OsStrExt, path::Path};

use leaksweep_facts::{Problem, Reason, tables::host::Process};

use super::TABLE;
use crate::{
    machine::{Kernel, Machine},
    root::{Failure, LIST_CAP},
    tally::Tally,
};

const COLUMNS: &[&str] = &["pid", "process", "program", "unit", "package"];
const OPEN_FILES_CAP: usize = 1_000_000;

/// The holder with the lowest process id, for each socket.
pub struct Holders<'a> {
    of: HashMap<u64, &'a Process>,
}

impl<'a> Holders<'a> {
    pub fn find(
        machine: &Machine,
        kernel: &Kernel,
        processes: &'a [Process],
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut search = Search { kernel, left: OPEN_FILES_CAP, tally: Tally::default() };
        let mut of = HashMap::new();
        // The rows ascend by process id, so the first holder is the lowest.
        for process in processes {
            for inode in search.sockets(process) {
                of.entry(inode).or_insert(process);
            }
        }
        problems.extend(search.tally.problems(TABLE, machine.privileged));
        Self { of }
    }

    pub fn of(&self, inode: u64) -> Option<&'a Process> {
        // Sockets that no process holds any more all have the inode 0.
        self.of.get(&inode).copied().filter(|_| inode != 0)
    }
}

struct Search<'a> {
    kernel: &'a Kernel,
    left: usize,
    tally: Tally,
}

impl Search<'_> {
    fn sockets(&mut self, process: &Process) -> Vec<u64> {
        if process.program_state.as_deref() == Some("kernel") {
            return Vec::new();
        }
        match self.read(process) {
            Ok(sockets) => sockets,
            Err(failure) => {
                // A process that ended holds nothing.
                if !failure.is_absence() {
                    self.tally.add(COLUMNS, format!("process {}", process.pid), failure);
                }
                Vec::new()
            }
        }
    }

    fn read(&mut self, process: &Process) -> Result<Vec<u64>, Failure> {
        let folder = format!("{}/fd", process.pid);
        let listing = self.kernel.proc.list(&folder)?;
        if listing.cut || listing.entries.len() > self.left {
            let detail = format!("more than {LIST_CAP} files, or too many in all");
            let failure = Failure { reason: Reason::TooLarge, detail };
            self.tally.add(COLUMNS, format!("open files of process {}", process.pid), failure);
        }
        let mut sockets = Vec::new();
        for entry in listing.entries.iter().take(self.left) {
            match self.kernel.proc.link(Path::new(&folder).join(&entry.name)) {
                Ok(target) => sockets.extend(socket(target.as_os_str().as_bytes())),
                Err(failure) if failure.is_absence() => {}
                Err(failure) => return Err(failure),
            }
        }
        self.left = self.left.saturating_sub(listing.entries.len());
        Ok(sockets)
    }
}

/// `socket:[12345]`
pub fn socket(target: &[u8]) -> Option<u64> {
    let number = target.strip_prefix(b"socket:[")?.strip_suffix(b"]")?;
    std::str::from_utf8(number).ok()?.parse().ok()
}
