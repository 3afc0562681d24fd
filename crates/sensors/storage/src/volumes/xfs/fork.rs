//! The data fork: bytes inside the inode, a list of extents, or a tree of them.

use super::{
    super::{fields::Fields, layout::Layout},
    Xfs,
    inode::{EXTENTS, Inode, LOCAL, TREE},
};
use crate::Run;

/// The deepest tree that is followed.
const DEEPEST: u16 = 9;

/// One extent record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Extent {
    logical: u64,
    block: u64,
    count: u64,
    unwritten: bool,
}

impl Extent {
    fn parse(record: &[u8]) -> Self {
        let (high, low) = (Fields(record).be64(0), Fields(record).be64(8));
        Self {
            logical: high << 1 >> 10,
            block: (high & 0x1FF) << 43 | low >> 21,
            count: low & 0x1F_FFFF,
            unwritten: high >> 63 == 1,
        }
    }
}

impl Xfs<'_> {
    pub fn runs(&self, inode: &Inode, size: u64) -> Vec<Run> {
        let fork = inode.fork();
        let mut layout = Layout::new(self.superblock.block, self.superblock.blocks, size);
        match inode.format() {
            LOCAL => {
                let bytes = size.min(fork.len() as u64);
                return vec![Run::new(inode.place + inode.fork_start() as u64, bytes)];
            }
            EXTENTS => {
                let count = usize::try_from(inode.extents()).unwrap_or(usize::MAX);
                self.leaf(fork, count, &mut layout);
            }
            TREE => self.tree_root(fork, &mut layout),
            _ => layout.lose(),
        }
        layout.finish()
    }

    fn leaf(&self, records: &[u8], count: usize, layout: &mut Layout) {
        for record in records.chunks_exact(16).take(count) {
            let extent = Extent::parse(record);
            match self.linear(extent.block).filter(|_| extent.count > 0) {
                Some(_) if extent.unwritten => layout.put(extent.logical, extent.count, None),
                Some(block) => layout.put(extent.logical, extent.count, Some(block)),
                None => layout.lose(),
            }
        }
    }

    fn tree_root(&self, fork: &[u8], layout: &mut Layout) {
        let level = Fields(fork).be16(0);
        if !(1..=DEEPEST).contains(&level) {
            return layout.lose();
        }
        self.children(fork, 4, level, layout);
    }

    /// Keys come first, and the pointers after the room for all keys.
    fn children(&self, node: &[u8], head: usize, level: u16, layout: &mut Layout) {
        let count = usize::from(Fields(node).be16(2 + 4 * usize::from(head > 4)));
        let room = node.len().saturating_sub(head) / 16;
        for at in 0..count.min(room) {
            if layout.done() {
                return;
            }
            let pointer = Fields(node).be64(head + room * 8 + at * 8);
            match self.linear(pointer).and_then(|block| self.block(block, self.superblock.block)) {
                Some(child) => self.node(&child, level - 1, layout),
                None => layout.lose(),
            }
        }
    }

    fn node(&self, node: &[u8], level: u16, layout: &mut Layout) {
        let (magic, head) = if self.superblock.fifth { (b"BMA3", 72) } else { (b"BMAP", 24) };
        if !node.starts_with(magic) || Fields(node).be16(4) != level {
            return layout.lose();
        }
        match level {
            0 => self.leaf(&node[head..], Fields(node).be16(6).into(), layout),
            _ => self.children(node, head, level, layout),
        }
    }

    /// The extents that a deleted inode still has in its fork: while they follow each other and lie on the volume.
    pub fn remains(&self, inode: &Inode) -> Vec<Run> {
        let mut blocks = 0;
        for record in inode.fork().chunks_exact(16) {
            let extent = Extent::parse(record);
            let inside = self
                .linear(extent.block)
                .zip(self.linear(extent.block + extent.count.saturating_sub(1)));
            if extent.count == 0
                || extent.block == 0
                || extent.logical != blocks
                || inside.is_none()
            {
                break;
            }
            blocks += extent.count;
        }
        let size = blocks * self.superblock.block;
        let mut layout = Layout::new(self.superblock.block, self.superblock.blocks, size);
        self.leaf(inode.fork(), usize::MAX, &mut layout);
        layout.finish()
    }
}
