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
    phase: impl Fn() -> (&'w str, Bytes) + Send + 'w,
) -> T {
    of_many(work, vec![Job { name: "", tell: Box::new(phase) }])
}

/// The same of work that is counted.
pub fn of_counted<T: Send>(
    what: &str,
    work: impl FnOnce() -> T + Send,
    counted: impl Fn() -> (usize, usize) + Send,
) -> T {
    beside(work, move || {
        let (done, of) = counted();
        format!("{what} {done} of {of}")
    })
}

/// One of several that go on at once: its name, and how far it has come in which phase.
pub struct Job<'w> {
    pub name: &'w str,
    pub tell: Box<dyn Fn() -> (&'w str, Bytes) + Send + 'w>,
}

/// The same of work that goes on at several places at once.
pub fn of_many<T: Send>(work: impl FnOnce() -> T + Send, jobs: Vec<Job<'_>>) -> T {
    let mut pages: Vec<Page<'_>> = jobs.iter().map(|_| Page::new()).collect();
    beside(work, move || {
        let told: Vec<String> =
            jobs.iter().zip(&mut pages).map(|(job, page)| page.tell(job)).collect();
        told.join(" | ")
    })
}

/// Does the work, and asks every second what is to be said of it, shown or not.
fn beside<T: Send>(work: impl FnOnce() -> T + Send, mut tell: impl FnMut() -> String + Send) -> T {
    let terminal = io::stderr().is_terminal();
    let (done, waiting) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut shown = false;
            while waiting.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let told = tell();
                if terminal {
                    eprint!("\r\x1b[K{told}");
                    shown = true;
                }
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

/// What was told of a job before.
struct Page<'w> {
    started: Instant,
    reading: Option<(Instant, u64)>,
    phase: &'w str,
}

impl<'w> Page<'w> {
    fn new() -> Self {
        Self { started: Instant::now(), reading: None, phase: "" }
    }

    fn tell(&mut self, job: &Job<'w>) -> String {
        let (what, now) = (job.tell)();
        if what != self.phase {
            (self.reading, self.phase) = (None, what);
        }
        // The rate is that of reading alone, not of what went before it.
        let (since, before) = *self.reading.get_or_insert_with(|| (Instant::now(), now.done));
        if now.of == 0 {
            self.reading = None;
        }
        let told = said(now, before, self.started.elapsed(), since.elapsed());
        let space = if job.name.is_empty() { "" } else { " " };
        format!("{}{space}{what} {told}", job.name)
    }
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
