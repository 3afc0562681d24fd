//! One line on standard error about work that takes more than a second, on a terminal alone.

use std::{
    io::{self, IsTerminal, Write},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(1);
const PACE: Duration = Duration::from_millis(100);

pub struct Line {
    what: &'static str,
    started: Instant,
    shown: Option<Instant>,
    terminal: bool,
}

impl Line {
    pub fn new(what: &'static str) -> Self {
        let terminal = io::stderr().is_terminal();
        Self { what, started: Instant::now(), shown: None, terminal }
    }

    pub fn step(&mut self, done: usize, of: usize) {
        let due = match self.shown {
            None => self.started.elapsed() >= PATIENCE,
            Some(last) => last.elapsed() >= PACE,
        };
        if self.terminal && due {
            eprint!("\r\x1b[K{} {done} of {of}", self.what);
            let _ = io::stderr().flush();
            self.shown = Some(Instant::now());
        }
    }
}

/// How many bytes are done, and of how many; none before that is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bytes {
    pub done: u64,
    pub of: u64,
}

/// Does work that may know how many bytes it has still to read, and shows that, or how long it has
/// taken.
pub fn of_bytes<T: Send>(
    what: &str,
    work: impl FnOnce() -> T + Send,
    bytes: impl Fn() -> Bytes + Send,
) -> T {
    of_phases(work, move || (what, bytes()))
}

/// The same of work that goes through phases, each with bytes of its own.
pub fn of_phases<'w, T: Send>(
    work: impl FnOnce() -> T + Send,
    phase: impl Fn() -> (&'w str, Bytes) + Send,
) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    let (done, waiting) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let started = Instant::now();
            let (mut shown, mut reading, mut before_this) = (false, None, "");
            while waiting.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let (what, now) = phase();
                if what != before_this {
                    (reading, before_this) = (None, what);
                }
                // The rate is that of reading alone, not of what went before it.
                let (since, before) = *reading.get_or_insert_with(|| (Instant::now(), now.done));
                if now.of == 0 {
                    reading = None;
                }
                let told = said(now, before, started.elapsed(), since.elapsed());
                eprint!("\r\x1b[K{what} {told}");
                shown = true;
            }
            if shown {
                eprint!("\r\x1b[K");
            }
        });
        let result = work();
        drop(done);
        result
    })
}

/// `1.2 of 3.4 GB, 560 MB/s, 4 s left`, or how long it has taken where no more is known.
/// `before` is what was done when the time of reading began.
fn said(bytes: Bytes, before: u64, all: Duration, reading: Duration) -> String {
    let seconds = reading.as_secs_f64();
    let newly = bytes.done.saturating_sub(before);
    if bytes.done >= bytes.of || newly == 0 || seconds < 0.5 {
        return format!("{} s", all.as_secs());
    }
    let (done, of) = (bytes.done as f64, bytes.of as f64);
    let rate = newly as f64 / seconds;
    let left = (of - done) / rate;
    format!("{:.1} of {:.1} GB, {:.0} MB/s, {left:.0} s left", done / 1e9, of / 1e9, rate / 1e6)
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.shown.is_some() {
            eprint!("\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_said() {
        let (ten, two) = (Duration::from_secs(10), Duration::from_secs(2));
        assert_eq!(said(Bytes::default(), 0, ten, two), "10 s");
        let half = Bytes { done: 1_500_000_000, of: 2_000_000_000 };
        assert_eq!(said(half, 500_000_000, ten, two), "1.5 of 2.0 GB, 500 MB/s, 1 s left");
        assert_eq!(said(Bytes { done: 2, of: 2 }, 0, ten, two), "10 s");
    }
}
