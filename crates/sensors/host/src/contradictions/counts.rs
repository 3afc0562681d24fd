//! Threads that are counted and not listed: of the whole machine by `/proc/loadavg`, of a process
//! by its `stat`. Numbers are compared only where the kernel counted no birth and no end between.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use leaksweep_facts::{Observed, tables::host::Contradiction};

use super::{ROUNDS, add, census::Census, pause, row};
use crate::{machine::Kernel, root::TEXT_CAP};

const COUNT: &str = "/proc/loadavg";
const TASKS: &str = "/proc/PID/task";
/// A machine that starts something every millisecond has no quiet moment; then this cannot be told.
const ATTEMPTS: usize = 12;
const PATIENCE: Duration = Duration::from_millis(150);

pub fn look(kernel: &Kernel, whole: bool, seen: &mut Observed<Contradiction>) {
    let mut missing: Option<Missing> = None;
    let mut rounds = 0;
    let began = Instant::now();
    for _ in 0..ATTEMPTS {
        if rounds == 0 && began.elapsed() > PATIENCE {
            break;
        }
        if let Some(now) = Missing::count(kernel) {
            let still = missing.as_ref().map_or(now.clone(), |before| before.still(&now));
            if still.is_none() {
                return;
            }
            missing = Some(still);
            rounds += 1;
        }
        if rounds > ROUNDS {
            break;
        }
        pause();
    }
    if let Some(missing) = missing.filter(|_| rounds > ROUNDS) {
        add(seen, missing.rows(whole));
    }
}

/// How many threads are not listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Missing {
    of_all: usize,
    counted: usize,
    of: BTreeMap<i64, usize>,
}

impl Missing {
    /// None where something began or ended meanwhile.
    fn count(kernel: &Kernel) -> Option<Self> {
        let before = Moment::read(kernel)?;
        let census = Census::take(&kernel.proc).ok()?;
        let threads: Vec<(i64, usize, usize)> = census
            .processes
            .iter()
            .filter_map(|(pid, listed)| Some((*pid, *listed, threads(kernel, *pid)?)))
            .collect();
        let after = Moment::read(kernel)?;
        let of = threads.into_iter().filter(|(_, listed, counted)| counted > listed);
        (before == after).then(|| Self {
            of_all: after.threads.saturating_sub(census.total()),
            counted: after.threads,
            of: of.map(|(pid, listed, counted)| (pid, counted - listed)).collect(),
        })
    }

    fn is_none(&self) -> bool {
        self.of_all == 0 && self.of.is_empty()
    }

    /// What was missing then and is now.
    fn still(&self, now: &Self) -> Self {
        let of = now.of.iter().filter(|(pid, _)| self.of.contains_key(pid));
        Self {
            of_all: self.of_all.min(now.of_all),
            counted: now.counted,
            of: of.map(|(pid, missing)| (*pid, *missing)).collect(),
        }
    }

    fn rows(&self, whole: bool) -> Vec<Contradiction> {
        let mut rows: Vec<Contradiction> = self
            .of
            .iter()
            .map(|(pid, missing)| {
                let detail = format!("{missing} more threads are counted than listed");
                let ways = ("/proc/PID/stat", TASKS);
                let row = row("thread", format!("process {pid}"), ways, detail, "certain");
                Contradiction { pid: Some(*pid), ..row }
            })
            .collect();
        // Inside a container the kernel counts the whole machine's.
        if whole && self.of_all > 0 {
            let (missing, counted) = (self.of_all, self.counted);
            let detail =
                format!("of {counted} threads that the kernel counts {missing} are not listed");
            rows.push(row("count", "threads", (COUNT, TASKS), detail, "certain"));
        }
        rows
    }
}

/// What the kernel has counted.
#[derive(Debug, PartialEq, Eq)]
struct Moment {
    threads: usize,
    /// Births since the start.
    begun: u64,
}

impl Moment {
    fn read(kernel: &Kernel) -> Option<Self> {
        let load = kernel.proc.read("loadavg", TEXT_CAP).ok()?;
        let load = std::str::from_utf8(&load).ok()?;
        let threads = load.split_ascii_whitespace().nth(3)?.split_once('/')?.1.parse().ok()?;
        let stat = kernel.proc.read("stat", TEXT_CAP).ok()?;
        let lines = stat.split(|byte| *byte == b'\n');
        let begun = lines.filter_map(|line| line.strip_prefix(b"processes ")).next()?;
        Some(Self { threads, begun: std::str::from_utf8(begun).ok()?.trim().parse().ok()? })
    }
}

fn threads(kernel: &Kernel, pid: i64) -> Option<usize> {
    let line = kernel.proc.head(format!("{pid}/stat"), 4096).ok()?.0;
    crate::processes::stat(&line).map(|stat| stat.threads)
}
