//! What long work asks of whoever runs it: to be told how far it came, to be stopped, to be slowed, to have its state kept.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{device::Device, method::Failure};

/// Shared by the threads of one device's work and by whoever shows it.
#[derive(Debug, Default)]
pub struct Pulse {
    done: AtomicU64,
    of: AtomicU64,
    stage: Mutex<&'static str>,
    stopped: AtomicBool,
    pace: Pace,
}

/// At most so many bytes a second.
#[derive(Debug, Default)]
struct Pace {
    rate: Option<u64>,
    /// When the next portion may begin.
    due: Mutex<Option<Instant>>,
}

impl Pulse {
    pub fn slowed(rate: Option<u64>) -> Self {
        Self { pace: Pace { rate, due: Mutex::default() }, ..Self::default() }
    }

    /// What is done now, in words.
    pub fn stage(&self, stage: &'static str) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        self.begin(0, 0);
    }

    pub fn now(&self) -> (&'static str, u64, u64) {
        let stage = *self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        (stage, self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed))
    }

    pub fn begin(&self, done: u64, of: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
    }

    pub fn add(&self, bytes: u64) {
        self.done.fetch_add(bytes, Ordering::Relaxed);
    }

    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Before a portion of work: fails where the user wants it to end, waits where it must be slow.
    pub fn turn(&self, device: &dyn Device, bytes: u64) -> Result<(), Failure> {
        if self.stopped() {
            return Err(Failure::Stopped);
        }
        if let Some(wait) = self.pace.wait(bytes) {
            device.wait(wait);
        }
        Ok(())
    }
}

impl Pace {
    fn wait(&self, bytes: u64) -> Option<Duration> {
        let rate = self.rate.filter(|rate| *rate > 0)?;
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let begins = due.map_or(now, |due| due.max(now));
        *due = begins.checked_add(Duration::from_secs_f64(bytes as f64 / rate as f64));
        let wait = begins.saturating_duration_since(now);
        (!wait.is_zero()).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_lets_the_first_go_and_holds_the_next() {
        let pace = Pace { rate: Some(1000), due: Mutex::default() };
        assert_eq!(pace.wait(2000), None);
        let wait = pace.wait(2000).unwrap().as_secs_f64();
        assert!((1.9..=2.0).contains(&wait), "{wait}");
        let wait = pace.wait(1).unwrap().as_secs_f64();
        assert!((3.9..=4.0).contains(&wait), "{wait}");
        assert_eq!(Pace::default().wait(u64::MAX), None);
    }
}
