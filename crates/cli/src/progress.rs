//! One line on standard error about work that takes more than a second, on a terminal alone.

use std::{
    io::{self, IsTerminal, Write},
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

impl Drop for Line {
    fn drop(&mut self) {
        if self.shown.is_some() {
            eprint!("\r\x1b[K");
        }
    }
}
