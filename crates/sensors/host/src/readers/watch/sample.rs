//! One look at all open files, again and again. A process with one thread that has not run since the last look holds what
//! it held then.

use std::collections::HashMap;

use leaksweep_facts::Reason;
use rustix::process::getpid;

use crate::{
    descriptors::{Held, Links},
    machine::{Kernel, Machine},
    readers::Stores,
    root::LIST_CAP,
    tally::Tally,
};

const STATISTICS_CAP: usize = 256;
/// A folder of one thread's tasks has two links of its own and one for the thread.
const ONE_THREAD: u64 = 3;

#[derive(Debug, Default)]
pub struct Sampler {
    of: HashMap<i64, Last>,
}

#[derive(Debug, Default)]
struct Last {
    /// What the kernel said of its running before it was looked at; none where more than one thread runs.
    ran: Option<Vec<u8>>,
    held: Vec<Held>,
}

impl Sampler {
    pub fn look(
        &mut self,
        machine: &Machine,
        kernel: &Kernel,
        stores: &Stores,
        tally: &mut Tally,
    ) -> Vec<Held> {
        let own = i64::from(getpid().as_raw_nonzero().get());
        let listing = kernel.proc.list("").unwrap_or_default();
        let names = listing.entries.iter().filter_map(|entry| entry.name.to_str());
        let mut now = HashMap::new();
        for pid in names.filter_map(|name| name.parse().ok()).filter(|pid| *pid != own) {
            let ran = ran(kernel, pid);
            let last = self.of.remove(&pid).filter(|last| ran.is_some() && last.ran == ran);
            let held = match last {
                Some(last) => last.held,
                None => read(machine, kernel, pid, stores, tally),
            };
            now.insert(pid, Last { ran, held });
        }
        self.of = now;
        self.of.values().flat_map(|last| last.held.iter().cloned()).collect()
    }

    pub fn pids(&self) -> impl Iterator<Item = i64> {
        self.of.keys().copied()
    }
}

fn read(
    machine: &Machine,
    kernel: &Kernel,
    pid: i64,
    stores: &Stores,
    tally: &mut Tally,
) -> Vec<Held> {
    let mut links = Links::default();
    let uid = || kernel.proc.stat(pid.to_string()).ok().map(|stat| stat.st_uid);
    if let Err(failure) = links.read(machine, kernel, pid, &uid, stores, LIST_CAP)
        // What the system refuses was told of the first look.
        && !matches!(failure.reason, Reason::Vanished | Reason::Denied)
    {
        tally.add(&[], format!("process {pid}"), failure);
    }
    links.held
}

/// For how long a process of one thread has run; none where that says nothing of its open files.
fn ran(kernel: &Kernel, pid: i64) -> Option<Vec<u8>> {
    let (content, _) = kernel.proc.head(format!("{pid}/schedstat"), STATISTICS_CAP).ok()?;
    // A kernel that does not count says 0.
    if content.starts_with(b"0 ") {
        return None;
    }
    let tasks = kernel.proc.stat(format!("{pid}/task")).ok()?;
    (tasks.st_nlink == ONE_THREAD).then_some(content)
}
