//! Where a file's bytes lie, put together from numbered blocks: ext and XFS.

use crate::Run;

/// The most pieces of one file; the rest of it counts as lost.
pub const MOST_RUNS: usize = 1 << 18;

/// The pieces of a file, by order of its blocks.
pub struct Layout {
    runs: Vec<Run>,
    block: u64,
    /// How many bytes are placed, and how many there are.
    placed: u64,
    size: u64,
    blocks: u64,
    lost: bool,
}

impl Layout {
    pub fn new(block: u64, blocks: u64, size: u64) -> Self {
        Self { runs: Vec::new(), block, placed: 0, size, blocks, lost: false }
    }

    pub fn done(&self) -> bool {
        self.lost || self.placed >= self.size
    }

    /// Puts `count` blocks from `logical` on; what was left out before them is a hole.
    pub fn put(&mut self, logical: u64, count: u64, physical: Option<u64>) {
        let begins = logical.saturating_mul(self.block);
        if self.done() || begins < self.placed {
            return;
        }
        self.add(Run::new(Run::HOLE, begins.min(self.size) - self.placed));
        let inside =
            physical.is_none_or(|first| first != 0 && first.saturating_add(count) <= self.blocks);
        if !inside || self.runs.len() >= MOST_RUNS {
            self.lost = true;
            return;
        }
        let bytes = count.saturating_mul(self.block).min(self.size - self.placed);
        let start = physical.map_or(Run::HOLE, |first| first * self.block);
        self.add(Run::new(start, bytes));
    }

    fn add(&mut self, run: Run) {
        self.placed += run.bytes;
        match self.runs.last_mut() {
            _ if run.bytes == 0 => {}
            Some(last) if last.start == Run::HOLE && run.start == Run::HOLE => {
                last.bytes += run.bytes
            }
            Some(last)
                if run.start != Run::HOLE && last.start != Run::HOLE && last.end() == run.start =>
            {
                last.bytes += run.bytes;
            }
            _ => self.runs.push(run),
        }
    }

    /// The pieces; what no block was told for at the end is a hole, unless it could never have been one.
    pub fn finish(mut self) -> Vec<Run> {
        let most = self.block.saturating_mul(1 << 32);
        if !self.lost && self.size <= most {
            self.add(Run::new(Run::HOLE, self.size - self.placed.min(self.size)));
        }
        self.runs
    }

    /// Whether the file ends before this block.
    pub fn ends_before(&self, logical: u64) -> bool {
        logical.saturating_mul(self.block) >= self.size
    }

    /// From here on nothing is known.
    pub fn lose(&mut self) {
        self.lost = true;
    }
}
