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

/// Does work that cannot say how far it is, and shows how long it has taken.
pub fn during<T: Send>(what: &str, work: impl FnOnce() -> T + Send) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    let (done, waiting) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let started = Instant::now();
            let mut shown = false;
            while waiting.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                eprint!("\r\x1b[K{what} {} s", started.elapsed().as_secs());
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

impl Drop for Line {
    fn drop(&mut self) {
        if self.shown.is_some() {
            eprint!("\r\x1b[K");
        }
    }
}
