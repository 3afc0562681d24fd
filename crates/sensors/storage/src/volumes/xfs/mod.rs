//! XFS of versions 4 and 5: every file that folders lead to (short, block, leaf and node folders; local, extent and tree
//! forks), inodes in use that none leads to, and deleted ones. A deleted inode loses its size but often keeps its first
//! extents, so its content is a guess that runs on to the end of its last block; a deleted entry of a folder's block
//! keeps its name and the low half of its inode's number.
//!
//! Limits: the log is not replayed; files on a real-time device and copies of the superblock are not read; all
//! trees together read at most twice the blocks of the volume.

mod folder;
mod fork;
mod inode;
#[cfg(test)]
mod tests;
mod walk;

use std::cell::Cell;

use leaksweep_facts::{Problem, Reason};

use super::{FileSystem, Named, Volume, fields::Fields};
use crate::{Bytes, Stretch};

pub static XFS: FileSystem = FileSystem { probe, read };

#[derive(Debug, Clone, PartialEq, Eq)]
struct Superblock {
    block: u64,
    blocks: u64,
    root: u64,
    group_blocks: u64,
    groups: u64,
    sector: u64,
    inode_size: u64,
    /// Bits of a block's number within its group, and of an inode's within its block.
    group_bits: u32,
    inode_bits: u32,
    folder_block: u64,
    fifth: bool,
    kinds: bool,
    uuid: Option<String>,
    label: Option<String>,
}

impl Superblock {
    const SIZE: usize = 512;

    fn parse(raw: &[u8]) -> Option<Self> {
        let version = Fields(raw).be16(100) & 15;
        let (block_bits, inode_bits, group_bits) =
            (Fields(raw).u8(120), Fields(raw).u8(123), Fields(raw).u8(124));
        if !raw.starts_with(b"XFSB") || !matches!(version, 4 | 5) || !(9..=16).contains(&block_bits)
        {
            return None;
        }
        let fifth = version == 5;
        let kinds =
            if fifth { Fields(raw).be32(216) & 1 != 0 } else { Fields(raw).be32(200) & 0x200 != 0 };
        let read = Self {
            block: Fields(raw).be32(4).into(),
            blocks: Fields(raw).be64(8),
            root: Fields(raw).be64(56),
            group_blocks: Fields(raw).be32(84).into(),
            groups: Fields(raw).be32(88).into(),
            sector: Fields(raw).be16(102).into(),
            inode_size: Fields(raw).be16(104).into(),
            group_bits: group_bits.into(),
            inode_bits: inode_bits.into(),
            folder_block: 1 << (block_bits + Fields(raw).u8(192).min(16 - block_bits)),
            fifth,
            kinds,
            uuid: Fields(raw).uuid(32),
            label: Fields(raw).text(108, 12),
        };
        read.plausible(block_bits).then_some(read)
    }

    fn plausible(&self, block_bits: u8) -> bool {
        let groups = self.blocks.div_ceil(self.group_blocks.max(1));
        self.block == 1 << block_bits
            && self.group_blocks > 0
            && self.group_bits <= 31
            && self.group_blocks <= 1 << self.group_bits
            && self.groups == groups
            && self.inode_bits <= 8
            && (256..=2048).contains(&self.inode_size)
            && self.inode_size << self.inode_bits == self.block
            && (512..=32768).contains(&self.sector)
    }
}

fn probe(volume: &mut Stretch) -> Option<Volume> {
    let superblock = Superblock::parse(volume.peek(0, Superblock::SIZE))?;
    Some(Volume {
        name: "xfs",
        bytes: superblock.blocks.saturating_mul(superblock.block).min(volume.len()),
        cluster: superblock.block,
        label: superblock.label,
        uuid: superblock.uuid,
        encryption: None,
    })
}

fn read(volume: &dyn Bytes, _: &Volume, told: &mut dyn FnMut(Named)) -> Vec<Problem> {
    let mut raw = [0; Superblock::SIZE];
    volume.read_at(0, &mut raw);
    let Some(superblock) = Superblock::parse(&raw) else {
        return vec![problem("the superblock is gone")];
    };
    let held = superblock.blocks.min(volume.len() / superblock.block);
    let xfs = Xfs { volume, superblock, budget: Cell::new(held * 2 + 4096) };
    let mut walk = walk::Walk::new(&xfs, told);
    walk.live();
    walk.unreached();
    walk.names();
    walk.problems()
}

fn problem(detail: &str) -> Problem {
    Problem::new("storage_artifacts", "xfs", Reason::Malformed, detail)
}

/// An opened volume.
struct Xfs<'a> {
    volume: &'a dyn Bytes,
    superblock: Superblock,
    /// How many blocks of trees and folders may still be read.
    budget: Cell<u64>,
}

impl Xfs<'_> {
    /// A block's number from the volume's first, by its group and its number there.
    fn linear(&self, block: u64) -> Option<u64> {
        let (group, within) = (block >> self.superblock.group_bits, block & self.mask());
        let inside = group < self.superblock.groups && within < self.superblock.group_blocks;
        inside.then(|| group * self.superblock.group_blocks + within)
    }

    fn mask(&self) -> u64 {
        (1 << self.superblock.group_bits) - 1
    }

    fn block(&self, linear: u64, bytes: u64) -> Option<Vec<u8>> {
        let left = self.budget.get().checked_sub(1)?;
        self.budget.set(left);
        let mut raw = vec![0; bytes as usize];
        let place = linear.checked_mul(self.superblock.block)?;
        (self.volume.read_at(place, &mut raw) == raw.len()).then_some(raw)
    }
}
