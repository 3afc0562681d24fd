//! Group descriptors, of 32 or 64 bytes, in one table or in meta groups; of a damaged one the copy. Bitmaps of blocks.

use super::super::fields::Fields;
use super::superblock::{META_GROUPS, Superblock};
use crate::Bytes;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Group {
    pub block_bitmap: u64,
    pub inode_bitmap: u64,
    pub inode_table: u64,
    /// Whether the bitmaps were never written.
    pub blocks_unused: bool,
    pub inodes_unused: bool,
    /// How many inodes at the end of the table never were in use.
    pub inodes_never_used: u32,
}

/// The most groups that are read; real ones are of 128 MiB, or of 8 MiB on small volumes.
pub const MOST: usize = 1 << 20;

/// All groups that lie on the volume, to the most that are read.
pub fn read(volume: &dyn Bytes, superblock: &Superblock) -> Vec<Group> {
    let held = volume.len() / superblock.block;
    let groups = (0..superblock.groups()).take_while(|group| superblock.group_start(*group) < held);
    let groups = groups.take(MOST);
    groups.map(|group| one(volume, superblock, group).unwrap_or_default()).collect()
}

fn one(volume: &dyn Bytes, superblock: &Superblock, group: u64) -> Option<Group> {
    let each = superblock.block / superblock.descriptor;
    let (table, within) = (group / each, group % each * superblock.descriptor);
    blocks(superblock, table, each).into_iter().flatten().find_map(|block| {
        let mut raw = [0; 64];
        let count = superblock.descriptor.min(64) as usize;
        let place = block.checked_mul(superblock.block)?.checked_add(within)?;
        volume.read_at(place, &mut raw[..count]);
        parse(superblock, &raw, group)
    })
}

/// Where a block of the table of descriptors stands, and where its copy does.
fn blocks(superblock: &Superblock, table: u64, each: u64) -> [Option<u64>; 3] {
    let meta = superblock.incompatible & META_GROUPS != 0 && table >= superblock.first_meta;
    if meta {
        let first = table * each;
        let place = |group| superblock.group_start(group) + u64::from(superblock.has_copy(group));
        return [Some(place(first)), Some(place(first + 1)), Some(place(first + each - 1))];
    }
    let main = superblock.first_block.max(1024 / superblock.block.max(1)) + 1 + table;
    let main = if superblock.block > 1024 { 1 + table } else { main };
    let copy = |group| Some(superblock.group_start(group) + 1 + table);
    [Some(main), copy(1), copy(3)]
}

fn parse(superblock: &Superblock, raw: &[u8; 64], group: u64) -> Option<Group> {
    let wide = superblock.descriptor >= 64;
    let number = |at: usize, high: usize| {
        u64::from(Fields(raw).u32(at))
            | if wide { u64::from(Fields(raw).u32(high)) << 32 } else { 0 }
    };
    let flags = if superblock.name() == "ext4" { Fields(raw).u16(0x12) } else { 0 };
    let high = if wide { u32::from(Fields(raw).u16(0x32)) << 16 } else { 0 };
    let never_used = u32::from(Fields(raw).u16(0x1C)) | high;
    let read = Group {
        block_bitmap: number(0, 0x20),
        inode_bitmap: number(4, 0x24),
        inode_table: number(8, 0x28),
        blocks_unused: flags & 2 != 0,
        inodes_unused: flags & 1 != 0 && group != 0,
        inodes_never_used: if superblock.counts_unused() { never_used } else { 0 },
    };
    let inside = |block| block > superblock.first_block && block < superblock.blocks;
    let all = [read.block_bitmap, read.inode_bitmap, read.inode_table];
    all.into_iter().all(inside).then_some(read)
}
