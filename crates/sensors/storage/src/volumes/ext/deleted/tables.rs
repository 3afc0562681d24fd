//! The tables of inodes: read block by block, and told by their blocks.

use crate::volumes::{
    ext::{Ext, inode::Inode, superblock::Superblock, walk::Walk},
    fields::Fields,
};

/// The block of an inode table that was read last.
#[derive(Default)]
pub struct TableBlock {
    place: u64,
    raw: Vec<u8>,
}

impl TableBlock {
    pub fn inode(&mut self, ext: &Ext, number: u32) -> Option<Inode> {
        let place = ext.inode_start(number)?;
        let size = ext.superblock.block;
        let block = place - place % size;
        if self.raw.is_empty() || self.place != block {
            self.raw.resize(size as usize, 0);
            self.place = block;
            let read = ext.volume.read_at(block, &mut self.raw);
            self.raw[read..].fill(0);
        }
        let within = (place % size) as usize;
        let raw = self.raw.get(within..within + ext.superblock.inode_size as usize)?;
        // Most were never used.
        let raw = if Fields(raw).u16(0) == 0 { Box::default() } else { raw.into() };
        Some(Inode { raw, place, number })
    }
}

/// Which blocks are tables of inodes.
pub struct Tables {
    /// The first block of each group's table, with the group's number.
    starts: Vec<(u64, u32)>,
    blocks: u64,
    each: u32,
    group_inodes: u32,
}

impl Tables {
    pub fn new(walk: &Walk) -> Self {
        let Superblock { block, inode_size, group_inodes, .. } = walk.ext.superblock;
        let groups = walk.ext.groups.iter().enumerate();
        let mut starts: Vec<(u64, u32)> = groups
            .map(|(at, group)| (group.inode_table, at as u32))
            .filter(|(start, _)| *start != 0)
            .collect();
        starts.sort_unstable();
        let blocks = (u64::from(group_inodes) * inode_size).div_ceil(block);
        Self { starts, blocks, each: (block / inode_size) as u32, group_inodes }
    }

    /// The number of the first inode in a block.
    pub fn first(&self, block: u64) -> Option<u32> {
        let at = self.starts.partition_point(|(start, _)| *start <= block).checked_sub(1)?;
        let (start, group) = *self.starts.get(at)?;
        let within = Some(block - start).filter(|within| *within < self.blocks)?;
        let number =
            u64::from(group) * u64::from(self.group_inodes) + within * u64::from(self.each) + 1;
        u32::try_from(number).ok()
    }
}
