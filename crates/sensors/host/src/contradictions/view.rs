//! Other ways than the listing of `/proc` to learn which processes there are.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use rustix::{
    fs::FileType,
    io::Errno,
    process::{Pid, test_kill_process},
};

use super::census::Census;
use crate::{machine::Kernel, root::TEXT_CAP};

/// How many process numbers are tried, the last that were given away: each costs a call that does
/// nothing.
const MOST_NUMBERS: i64 = 1 << 16;
/// The kernel gives away no higher one.
const MAX_NUMBER: i64 = 1 << 22;
const MOST_GROUPS: usize = 20_000;
const PROCS_CAP: u64 = 16 << 20;

pub const GROUPS: &str = "cgroup.procs";
pub const CHILDREN: &str = "/proc/PID/task/PID/children";
pub const SIGNAL: &str = "kill(PID,0)";

/// Process numbers, and the ways that show them.
pub type Shown = BTreeMap<i64, BTreeSet<&'static str>>;

/// Whether a process or thread takes signals. The signal 0 is never delivered.
pub fn answers(number: i64) -> bool {
    let pid = i32::try_from(number).ok().and_then(Pid::from_raw);
    pid.is_some_and(|pid| matches!(test_kill_process(pid), Ok(()) | Err(Errno::PERM)))
}

/// Everything that any of the ways shows.
pub fn all(kernel: &Kernel, census: &Census, alive: Option<&dyn Fn(i64) -> bool>) -> Shown {
    let mut shown = by_files(kernel, census);
    if let Some(alive) = alive {
        let last = last(kernel, census);
        for number in (last - MOST_NUMBERS).max(1)..=last {
            if !census.lists(number) && alive(number) {
                shown.entry(number).or_default().insert(SIGNAL);
            }
        }
    }
    shown
}

/// The same of a few.
pub fn some(
    kernel: &Kernel,
    census: &Census,
    alive: Option<&dyn Fn(i64) -> bool>,
    numbers: &BTreeSet<i64>,
) -> Shown {
    let mut shown = by_files(kernel, census);
    shown.retain(|number, _| numbers.contains(number));
    if let Some(alive) = alive {
        for number in numbers.iter().filter(|number| alive(**number)) {
            shown.entry(*number).or_default().insert(SIGNAL);
        }
    }
    shown
}

fn by_files(kernel: &Kernel, census: &Census) -> Shown {
    let mut shown = Shown::new();
    for number in groups(kernel) {
        shown.entry(number).or_default().insert(GROUPS);
    }
    for pid in census.processes.keys() {
        let path = format!("{pid}/task/{pid}/children");
        // Not every kernel has it.
        let content = kernel.proc.head(path, TEXT_CAP as usize).unwrap_or_default().0;
        for number in numbers(&content) {
            shown.entry(number).or_default().insert(CHILDREN);
        }
    }
    shown
}

/// The highest number that was given away, for numbers ascend until they begin anew.
fn last(kernel: &Kernel, census: &Census) -> i64 {
    let load = kernel.proc.read("loadavg", TEXT_CAP).unwrap_or_default();
    let load = String::from_utf8_lossy(&load);
    let given = load.split_ascii_whitespace().next_back().and_then(|last| last.parse().ok());
    given.unwrap_or(0).max(census.highest()).min(MAX_NUMBER)
}

/// Of several hierarchies of control groups each has every process; one that systemd or the kernel
/// itself keeps is preferred.
fn groups(kernel: &Kernel) -> BTreeSet<i64> {
    let top = ["fs/cgroup", "fs/cgroup/unified", "fs/cgroup/systemd"];
    let has = |folder: &&&str| kernel.sys.stat(format!("{folder}/cgroup.procs")).is_ok();
    let mut found = BTreeSet::new();
    let mut todo: Vec<PathBuf> = top.iter().find(has).map(PathBuf::from).into_iter().collect();
    let mut left = MOST_GROUPS;
    while let Some(folder) = todo.pop() {
        // In a group of threads alone the file refuses to be read; the group above has them.
        if let Ok(content) = kernel.sys.read(folder.join("cgroup.procs"), PROCS_CAP) {
            found.extend(numbers(&content));
        }
        for entry in kernel.sys.list(&folder).unwrap_or_default().entries {
            if entry.kind == FileType::Directory && left > 0 {
                left -= 1;
                todo.push(folder.join(&entry.name));
            }
        }
    }
    found
}

/// Processes of other namespaces are 0.
fn numbers(content: &[u8]) -> impl Iterator<Item = i64> {
    let words = content.split(u8::is_ascii_whitespace);
    let numbers = words.filter_map(|word| std::str::from_utf8(word).ok()?.parse().ok());
    numbers.filter(|number| *number > 0)
}
