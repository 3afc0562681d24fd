//! To whom blocks belong: by the bitmap, and by files that were deleted later.

use std::collections::BTreeMap;

use super::Ext;
use crate::Run;

/// The most blocks that are asked for, all files together; beyond that every place is a guess.
const MOST_ASKED: u64 = 1 << 28;
const MOST_HELD: usize = 1 << 18;

pub struct Claims {
    /// Blocks of deleted files that were told: the first after the last of each stretch, by its first.
    later: BTreeMap<u64, u64>,
    /// The bitmap that was read last, with its group.
    bitmap: Option<(usize, Vec<u8>)>,
    asked: u64,
}

impl Claims {
    pub fn new() -> Self {
        Self { later: BTreeMap::new(), bitmap: None, asked: 0 }
    }

    /// Whether all these places still are nobody else's; from now on they are this file's. Files come latest first.
    pub fn take(&mut self, ext: &Ext, runs: &[Run], in_use: bool) -> bool {
        let block = ext.superblock.block;
        let mut free = true;
        for run in runs.iter().filter(|run| run.start != Run::HOLE && run.bytes > 0) {
            let (first, end) = (run.start / block, run.end().div_ceil(block));
            free &= !self.overlaps(first, end) && (in_use || self.unused(ext, first, end));
        }
        for run in runs.iter().filter(|run| run.start != Run::HOLE) {
            if self.later.len() < MOST_HELD {
                let end = self.later.entry(run.start / block).or_default();
                *end = (*end).max(run.end().div_ceil(block));
            }
        }
        free
    }

    fn overlaps(&self, first: u64, end: u64) -> bool {
        let inside = self.later.range(first..end).next().is_some();
        inside || self.later.range(..first).next_back().is_some_and(|(_, last)| *last > first)
    }

    fn unused(&mut self, ext: &Ext, first: u64, end: u64) -> bool {
        self.asked = self.asked.saturating_add(end - first);
        self.asked <= MOST_ASKED && (first..end).all(|block| !self.used(ext, block))
    }

    fn used(&mut self, ext: &Ext, block: u64) -> bool {
        let Some(within) = block.checked_sub(ext.superblock.first_block) else { return true };
        let group = (within / ext.superblock.group_blocks) as usize;
        let held = self.bitmap.as_ref().is_some_and(|(held, _)| *held == group);
        if !held {
            self.bitmap = Some((group, bitmap(ext, group)));
        }
        let ratio = ext.superblock.cluster / ext.superblock.block;
        let bit = within % ext.superblock.group_blocks / ratio;
        let byte = self.bitmap.as_ref().and_then(|(_, bits)| bits.get((bit / 8) as usize).copied());
        byte.is_none_or(|byte| byte >> (bit % 8) & 1 == 1)
    }
}

/// The bitmap of a group's blocks; all free where it was never written.
fn bitmap(ext: &Ext, group: usize) -> Vec<u8> {
    match ext.groups.get(group) {
        Some(group) if group.blocks_unused => vec![0; ext.superblock.block as usize],
        Some(group) => ext.block(group.block_bitmap).unwrap_or_default(),
        None => Vec::new(),
    }
}
