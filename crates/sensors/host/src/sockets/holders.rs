//! Which process holds a socket.

use std::collections::HashMap;

use leaksweep_facts::tables::host::Process;

use crate::descriptors::Descriptors;

pub const COLUMNS: &[&str] = &["pid", "process", "program", "unit", "package"];

/// The holder with the lowest process id, for each socket.
pub struct Holders<'a> {
    of: HashMap<u64, &'a Process>,
}

impl<'a> Holders<'a> {
    pub fn of(processes: &'a [Process], descriptors: &Descriptors) -> Self {
        let mut of = HashMap::new();
        // The rows ascend by process id, so the first holder is the lowest.
        for process in processes {
            for inode in descriptors.sockets(process.pid) {
                of.entry(*inode).or_insert(process);
            }
        }
        Self { of }
    }

    pub fn holding(&self, inode: u64) -> Option<&'a Process> {
        // Sockets that no process holds any more all have the inode 0.
        self.of.get(&inode).copied().filter(|_| inode != 0)
    }
}
