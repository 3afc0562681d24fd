//! How far a sweep is, for whoever shows it.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

#[derive(Debug, Default)]
pub struct Progress {
    /// Every phase with its beginning; the last is the one that runs.
    phases: Mutex<Vec<(&'static str, Instant)>>,
    done: AtomicU64,
    of: AtomicU64,
}

impl Progress {
    pub fn begin(&self, phase: &'static str, of: u64) {
        let mut phases = self.phases.lock().unwrap_or_else(PoisonError::into_inner);
        phases.push((phase, Instant::now()));
        self.done.store(0, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
    }

    pub fn phase(&self) -> &'static str {
        let phases = self.phases.lock().unwrap_or_else(PoisonError::into_inner);
        phases.last().map_or("opening", |(phase, _)| phase)
    }

    /// How many seconds each phase took that has ended.
    pub fn spent(&self) -> Vec<(&'static str, f64)> {
        let phases = self.phases.lock().unwrap_or_else(PoisonError::into_inner);
        let each = phases.windows(2).map(|pair| (pair[0].0, (pair[1].1 - pair[0].1).as_secs_f64()));
        each.collect()
    }

    pub fn done(&self) -> &AtomicU64 {
        &self.done
    }

    pub fn add(&self, bytes: u64) {
        self.done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes that are done, and of how many; zero where that is not known.
    pub fn bytes(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed))
    }
}
