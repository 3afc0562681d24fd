//! Where a file's bytes lie: by a tree of extents, by a map of blocks, or inside the inode. Each block of a tree is one
//! that the volume has once: all files together may read so many and no more, whatever loops there are.

use super::{
    super::fields::Fields,
    super::layout::Layout,
    Ext,
    inode::{ATTRIBUTE, EXTENTS, INLINE, Inode, MAP, MAP_SIZE},
};
use crate::{
    Run,
    volumes::{Content, What},
};

/// The deepest tree that the format allows.
const DEEPEST: u16 = 5;
const EXTENT_MAGIC: u16 = 0xF30A;
/// A longer extent is one that was never written.
const WRITTEN: u64 = 32768;

impl Ext<'_> {
    /// What is known of a file's bytes; of an old inode (`as_of` a transaction) by the blocks of its tree at that time.
    pub fn content(&self, inode: &Inode, as_of: Option<u32>) -> Content {
        if inode.flags() & super::inode::ENCRYPTED != 0 && inode.what() != Some(What::Folder) {
            return Content::Absent("encrypted");
        }
        Content::Runs(self.runs(inode, as_of))
    }

    pub fn runs(&self, inode: &Inode, as_of: Option<u32>) -> Vec<Run> {
        let size = self.size(inode);
        let root = inode.map();
        if inode.flags() & INLINE != 0 {
            return inline(inode, size);
        }
        let extents = inode.flags() & EXTENTS != 0;
        if inode.what() == Some(What::Link) && size < MAP_SIZE as u64 && !extents {
            return vec![Run::new(inode.place + MAP as u64, size)];
        }
        let mut layout = Layout::new(self.superblock.block, self.superblock.blocks, size);
        if extents {
            if Fields(root).u16(0) != EXTENT_MAGIC || Fields(root).u16(6) > DEEPEST {
                layout.lose();
            }
            self.extents(root, Fields(root).u16(6), as_of, &mut layout);
        } else {
            self.block_map(root, as_of, &mut layout);
        }
        self.replayed(layout.finish())
    }

    fn extents(&self, node: &[u8], depth: u16, as_of: Option<u32>, layout: &mut Layout) {
        let count = usize::from(Fields(node).u16(2)).min(node.len() / 12 - 1);
        for entry in node.chunks_exact(12).skip(1).take(count) {
            if layout.done() {
                return;
            }
            if depth == 0 {
                leaf(entry, layout);
                continue;
            }
            let block = u64::from(Fields(entry).u32(4)) | u64::from(Fields(entry).u16(8)) << 32;
            let next = self.block_as_of(block, as_of);
            let fits = |node: &Vec<u8>| {
                Fields(node).u16(0) == EXTENT_MAGIC && Fields(node).u16(6) == depth - 1
            };
            match next.filter(fits) {
                Some(node) => self.extents(&node, depth - 1, as_of, layout),
                None => layout.lose(),
            }
        }
    }

    fn block_map(&self, root: &[u8], as_of: Option<u32>, layout: &mut Layout) {
        let pointers = self.superblock.block / 4;
        let mut logical = 0;
        for (index, entry) in root.chunks_exact(4).enumerate() {
            let level = index.saturating_sub(11) as u32;
            self.pointer(Fields(entry).u32(0), level, logical, as_of, layout);
            logical += pointers.pow(level);
        }
    }

    /// One pointer of a map: to a block, or to a block of pointers.
    fn pointer(
        &self,
        block: u32,
        level: u32,
        logical: u64,
        as_of: Option<u32>,
        layout: &mut Layout,
    ) {
        if block == 0 || layout.done() || layout.ends_before(logical) {
            return;
        }
        if level == 0 {
            layout.put(logical, 1, Some(block.into()));
            return;
        }
        let Some(node) = self.block_as_of(block.into(), as_of) else {
            layout.lose();
            return;
        };
        let each = (self.superblock.block / 4).pow(level - 1);
        for (index, entry) in node.chunks_exact(4).enumerate() {
            self.pointer(
                Fields(entry).u32(0),
                level - 1,
                logical + index as u64 * each,
                as_of,
                layout,
            );
        }
    }
}

fn leaf(entry: &[u8], layout: &mut Layout) {
    let count = u64::from(Fields(entry).u16(4));
    let physical = u64::from(Fields(entry).u32(8)) | u64::from(Fields(entry).u16(6)) << 32;
    let logical = Fields(entry).u32(0).into();
    match count {
        0 => layout.lose(),
        1..=WRITTEN => layout.put(logical, count, Some(physical)),
        _ => layout.put(logical, count - WRITTEN, None),
    }
}

/// The first 60 bytes lie in the map's place, the rest is the attribute `system.data`.
fn inline(inode: &Inode, size: u64) -> Vec<Run> {
    let mut runs = vec![Run::new(inode.place + MAP as u64, size.min(MAP_SIZE as u64))];
    if let Some((at, bytes)) = inline_rest(inode).filter(|_| size > MAP_SIZE as u64) {
        runs.push(Run::new(inode.place + at as u64, (size - MAP_SIZE as u64).min(bytes as u64)));
    }
    runs
}

/// Where in the inode the attribute `system.data` has its value, and how long that is.
pub fn inline_rest(inode: &Inode) -> Option<(usize, usize)> {
    const MAGIC: u32 = 0xEA02_0000;
    const SYSTEM: u8 = 7;
    let start = inode.attributes();
    let first = start + 4;
    let mut at = first;
    if Fields(&inode.raw).u32(start) != MAGIC {
        return None;
    }
    while Fields(&inode.raw).u32(at) != 0 {
        let (length, index) =
            (usize::from(Fields(&inode.raw).u8(at)), Fields(&inode.raw).u8(at + 1));
        if index == SYSTEM && inode.raw.get(at + 16..at + 16 + length) == Some(b"data") {
            let value = first + usize::from(Fields(&inode.raw).u16(at + 2));
            let bytes =
                (Fields(&inode.raw).u32(at + 8) as usize).min(inode.raw.len().checked_sub(value)?);
            return Some((value, bytes));
        }
        at += (16 + length).next_multiple_of(4);
    }
    None
}

/// Whether an inode holds what no folder names.
pub fn inner(inode: &Inode) -> bool {
    inode.flags() & ATTRIBUTE != 0
}
