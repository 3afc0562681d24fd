//! A `Watch` that remembers.

use crate::method::{Failure, Watch};

#[derive(Debug, Default)]
pub struct Witness {
    pub lines: Vec<String>,
    pub committed: u32,
    pub progress: Vec<(u64, u64)>,
    /// How many times it is asked before it says that the user stopped.
    pub stops_after: Option<std::cell::Cell<u32>>,
    /// The journal cannot be kept.
    pub no_journal: bool,
}

impl Witness {
    pub fn stopping(after: u32) -> Self {
        Self { stops_after: Some(std::cell::Cell::new(after)), ..Self::default() }
    }

    pub fn said(&self, words: &str) -> bool {
        self.lines.iter().any(|line| line.contains(words))
    }
}

impl Watch for Witness {
    fn progress(&mut self, done: u64, of: u64) {
        self.progress.push((done, of));
    }

    fn log(&mut self, line: String) {
        self.lines.push(line);
    }

    fn committed(&mut self) -> Result<(), Failure> {
        if self.no_journal {
            return Err(Failure::Journal("the disk is full".into()));
        }
        self.committed += 1;
        Ok(())
    }

    fn stopped(&self) -> bool {
        let Some(left) = &self.stops_after else { return false };
        left.set(left.get().saturating_sub(1));
        left.get() == 0
    }
}
