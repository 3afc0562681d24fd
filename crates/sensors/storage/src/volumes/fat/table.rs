//! The allocation table: for each cluster the one that follows it. exFAT has the same table, but for its end marks.

use crate::{Bytes, Run, Stretch, volumes::tell::Teller};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    Bits12,
    Bits16,
    Bits32,
    /// exFAT: all 32 bits count.
    Wide,
}

#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub start: u64,
    pub bytes: u64,
    pub width: Width,
    /// One more than the last cluster's number.
    end: u64,
}

/// Where the clusters lie; their numbers begin with 2.
#[derive(Debug, Clone, Copy)]
pub struct Clusters {
    pub start: u64,
    pub size: u64,
    pub count: u64,
}

impl Clusters {
    /// How many of them lie on a volume: its header may tell of any number, and work is measured by what is there.
    pub fn held(self, volume: &dyn Bytes) -> u64 {
        self.count.min(volume.len().saturating_sub(self.start).div_ceil(self.size.max(1)))
    }

    pub fn has(self, cluster: u32) -> bool {
        cluster >= 2 && u64::from(cluster) < self.count + 2
    }

    pub fn run(self, cluster: u32, count: u64) -> Option<Run> {
        let bytes = count.saturating_mul(self.size);
        let at = u64::from(cluster).checked_sub(2)?;
        self.has(cluster).then(|| Run::new(self.start + at * self.size, bytes))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Free,
    Cluster(u32),
    End,
    /// A mark of damage, or a number that no cluster has.
    Bad,
}

impl Table {
    pub fn new(start: u64, bytes: u64, width: Width, count: u64) -> Self {
        Self { start, bytes, width, end: count + 2 }
    }

    pub fn next(&self, volume: &mut Stretch, cluster: u32) -> Next {
        let number = u64::from(cluster);
        let (at, bytes) = match self.width {
            Width::Bits12 => (number + number / 2, 2),
            Width::Bits16 => (number * 2, 2),
            Width::Bits32 | Width::Wide => (number * 4, 4),
        };
        if at + bytes > self.bytes || number >= self.end {
            return Next::Bad;
        }
        let at = self.start + at;
        let short = |volume: &mut Stretch| volume.u16_le(at).map(u32::from);
        let value = match self.width {
            Width::Bits12 => short(volume).map(|two| (two >> (number % 2 * 4)) & 0xFFF),
            Width::Bits16 => short(volume),
            Width::Bits32 => volume.u32_le(at).map(|four| four & 0x0FFF_FFFF),
            Width::Wide => volume.u32_le(at),
        };
        value.map_or(Next::Bad, |value| self.meaning(value))
    }

    fn meaning(&self, value: u32) -> Next {
        let last = match self.width {
            Width::Bits12 => 0xFF8,
            Width::Bits16 => 0xFFF8,
            Width::Bits32 => 0x0FFF_FFF8,
            Width::Wide => 0xFFFF_FFF8,
        };
        match value {
            0 => Next::Free,
            _ if value >= last => Next::End,
            _ if value >= 2 && u64::from(value) < self.end => Next::Cluster(value),
            _ => Next::Bad,
        }
    }
}

/// Runs of one file, neighbours joined.
#[derive(Debug, Default)]
pub struct Runs {
    pub runs: Vec<Run>,
    pub bytes: u64,
}

/// The most runs of one file.
pub const MOST_RUNS: usize = 262_144;

impl Runs {
    /// False once there are too many.
    pub fn push(&mut self, run: Run) -> bool {
        let full = self.runs.len() == MOST_RUNS;
        match self.runs.last_mut() {
            Some(last) if last.end() == run.start => last.bytes += run.bytes,
            _ if full => return false,
            _ => self.runs.push(run),
        }
        self.bytes = self.bytes.saturating_add(run.bytes);
        true
    }

    /// No more than that.
    pub fn cut(mut self, bytes: u64) -> Vec<Run> {
        while self.bytes > bytes {
            let Some(last) = self.runs.last_mut() else { break };
            let over = (self.bytes - bytes).min(last.bytes);
            last.bytes -= over;
            self.bytes -= over;
            if last.bytes == 0 {
                self.runs.pop();
            }
        }
        self.runs
    }
}

/// Follows chains, within a budget for all of them together.
pub struct Chains<'a> {
    pub bytes: &'a dyn Bytes,
    volume: Stretch<'a>,
    /// A window of its own, for what lies in clusters.
    pub content: Stretch<'a>,
    pub table: Table,
    pub clusters: Clusters,
    steps: u64,
    /// Whether one came back to itself, or has too many runs.
    cut: bool,
}

impl<'a> Chains<'a> {
    pub fn new(bytes: &'a dyn Bytes, table: Table, clusters: Clusters) -> Self {
        let steps = clusters.held(bytes).saturating_mul(4).saturating_add(65_536);
        let volume = Stretch::new(bytes);
        let content = Stretch::new(bytes);
        Self { bytes, volume, content, table, clusters, steps, cut: false }
    }

    /// Tells what was not followed to its end, once all is told.
    pub fn tell(&self, teller: &mut Teller) {
        if self.steps == 0 {
            teller.too_large("its chains of clusters are longer than are followed");
        }
        if self.cut {
            teller.malformed("its chains of clusters loop or have too many pieces; some are cut");
        }
    }

    pub fn next(&mut self, cluster: u32) -> Next {
        self.table.next(&mut self.volume, cluster)
    }

    /// The chain from its first cluster on, as far as `bytes` need it and it holds.
    pub fn follow(&mut self, first: u32, bytes: u64) -> Runs {
        let mut runs = Runs::default();
        let (mut cluster, mut marked, mut steps) = (first, 0, 0_u64);
        while runs.bytes < bytes && self.steps > 0 {
            let Some(run) = self.clusters.run(cluster, 1) else { break };
            if cluster == marked || !runs.push(run) {
                self.cut = true;
                break;
            }
            // A mark that moves at each power of two: every loop comes back to one.
            steps += 1;
            if steps.is_power_of_two() {
                marked = cluster;
            }
            self.steps -= 1;
            match self.next(cluster) {
                Next::Cluster(next) => cluster = next,
                _ => break,
            }
        }
        runs
    }
}
