//! Whom `/proc` lists: processes and their threads.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::root::{Entry, Failure, Root};

#[derive(Debug, Default)]
pub struct Census {
    /// Processes, and how many threads of each are listed.
    pub processes: BTreeMap<i64, usize>,
    threads: HashSet<i64>,
}

impl Census {
    pub fn take(proc: &Root) -> Result<Self, Failure> {
        let mut census = Self::default();
        for pid in processes(proc)? {
            // What ended since then has no threads.
            let threads = numbers(proc, &format!("{pid}/task")).unwrap_or_default();
            census.processes.insert(pid, threads.len());
            census.threads.extend(threads);
        }
        Ok(census)
    }

    pub fn lists(&self, number: i64) -> bool {
        self.processes.contains_key(&number) || self.threads.contains(&number)
    }

    pub fn total(&self) -> usize {
        self.processes.values().sum()
    }

    pub fn highest(&self) -> i64 {
        self.threads.iter().copied().max().unwrap_or_default()
    }
}

pub fn processes(proc: &Root) -> Result<BTreeSet<i64>, Failure> {
    numbers(proc, "")
}

fn numbers(proc: &Root, folder: &str) -> Result<BTreeSet<i64>, Failure> {
    let listing = proc.list(folder)?;
    if listing.cut {
        return Err(Failure::malformed("more entries than can be compared"));
    }
    Ok(listing.entries.iter().filter_map(number).collect())
}

fn number(entry: &Entry) -> Option<i64> {
    let name = entry.name.to_str()?;
    name.bytes().all(|byte| byte.is_ascii_digit()).then(|| name.parse().ok()).flatten()
}
