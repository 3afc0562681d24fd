//! What is no longer there: inodes that were deleted but keep their map, inodes in use that no folder leads to, and
//! inodes and folders as old copies in the journal have them.

mod journaled;
mod tables;
mod told;

use std::collections::HashMap;

use super::{
    super::fields::Fields,
    inode::{EXTENTS, INLINE, Inode},
    map,
    walk::Walk,
};
use crate::volumes::MOST_FILES;
use tables::TableBlock;

/// An inode as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Version {
    number: u32,
    generation: u32,
    place: u64,
    /// The transaction of its copy; none where the volume itself has it.
    sequence: Option<u32>,
    /// Its blocks still are its own: it was deleted while open.
    in_use: bool,
    /// When it was deleted, or else the order of its transaction.
    order: u64,
}

impl Walk<'_, '_, '_> {
    pub fn deleted(&mut self) {
        let mut versions = self.on_volume();
        self.in_journal(&mut versions);
        let mut versions: Vec<Version> = versions.into_values().collect();
        versions.sort_unstable_by_key(|version| std::cmp::Reverse((version.order, version.number)));
        self.old_folders(&versions);
        self.old_entries();
        self.tell_deleted(&versions);
    }

    /// The inode tables, by group: tells what is in use but was not reached, and keeps what was deleted.
    fn on_volume(&mut self) -> HashMap<(u32, u32), Version> {
        let mut versions = HashMap::new();
        let superblock = &self.ext.superblock;
        let (each, first) = (superblock.group_inodes, superblock.first_inode.max(3));
        let hidden = [superblock.journal, superblock.orphan_file];
        let orphans = self.orphans();
        let mut table = TableBlock::default();
        for (index, group) in self.ext.groups.iter().enumerate() {
            if group.inodes_unused || group.inode_table == 0 {
                continue;
            }
            let bitmap = self.ext.block(group.inode_bitmap).unwrap_or_default();
            for within in 0..each.saturating_sub(group.inodes_never_used) {
                let number = (index as u32).saturating_mul(each).saturating_add(within + 1);
                if number < first || hidden.contains(&number) || self.seen.contains(&number) {
                    continue;
                }
                let Some(inode) = table.inode(self.ext, number) else { break };
                let used = bitmap
                    .get(within as usize / 8)
                    .is_some_and(|byte| byte >> (within % 8) & 1 == 1);
                self.unreached(inode, used, orphans.contains(&number), &mut versions);
            }
        }
        versions
    }

    fn unreached(
        &mut self,
        inode: Inode,
        used: bool,
        orphan: bool,
        versions: &mut HashMap<(u32, u32), Version>,
    ) {
        let number = inode.number;
        if inode.what().is_none() || map::inner(&inode) {
            return;
        }
        if inode.links() > 0 && inode.deleted() == 0 && used {
            if !self.teller.open() {
                return;
            }
            self.seen.insert(number);
            return self.live_inode(&inode, format!("?/inode {number}"));
        }
        if !self.placed(&inode) {
            return;
        }
        if versions.len() >= MOST_FILES {
            return self.teller.too_large(super::walk::GONE);
        }
        let deleted = if orphan { 0 } else { inode.deleted() };
        let version = Version {
            number,
            generation: inode.generation(),
            place: inode.place,
            sequence: None,
            in_use: used,
            order: u64::MAX - u64::from(u32::MAX - deleted),
        };
        versions.insert((number, inode.generation()), version);
    }

    /// Whether it still says where its bytes lie.
    fn placed(&self, inode: &Inode) -> bool {
        let size = self.ext.size(inode);
        let extents = inode.flags() & EXTENTS != 0;
        let mapped = if extents {
            Fields(inode.map()).u16(2) > 0
        } else {
            inode.map().iter().any(|byte| *byte != 0)
        };
        size > 0 && (mapped || inode.flags() & INLINE != 0)
    }

    /// The list of inodes that were deleted while they were open: each one's time of deletion is the next one's number.
    fn orphans(&self) -> Vec<u32> {
        let mut orphans = Vec::new();
        let mut at = self.ext.superblock.orphan;
        while at != 0 && orphans.len() < 4096 && !orphans.contains(&at) {
            orphans.push(at);
            at = self.ext.inode(at).map_or(0, |inode| inode.deleted());
        }
        orphans
    }
}
