//! What is no longer there: inodes that were deleted but keep their map, inodes in use that no folder leads to, and
//! inodes and folders as old copies in the journal have them.

use std::collections::HashMap;

use super::{
    super::fields::Fields,
    Ext,
    claims::Claims,
    folder,
    inode::{ENCRYPTED, EXTENTS, INLINE, Inode},
    journal::OldBlock,
    map,
    superblock::Superblock,
    walk::{Gone, Walk},
};
use crate::volumes::{Content, MOST_FILES, Named, What};

/// The most names of one inode that are weighed.
const MOST_NAMES: usize = 64;

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
            self.seen.insert(number);
            return self.live_inode(&inode, format!("?/inode {number}"));
        }
        if !self.placed(&inode) || versions.len() >= MOST_FILES {
            return;
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

    /// Old copies of the inode tables. The last copy of each inode that had its blocks stands, unless it is that of a
    /// file that lives on.
    fn in_journal(&mut self, versions: &mut HashMap<(u32, u32), Version>) {
        let Some(journal) = &self.ext.journal else { return };
        let tables = Tables::new(self);
        for copy in journal.copies() {
            let Some((first, raw)) =
                tables.first(copy.block).zip(journal.load(self.ext.volume, *copy))
            else {
                continue;
            };
            let size = self.ext.superblock.inode_size as usize;
            for (at, raw) in raw.chunks_exact(size).enumerate() {
                let place = copy.place + (at * size) as u64;
                let inode = Inode { raw: raw.into(), place, number: first + at as u32 };
                if versions.len() < MOST_FILES && self.was_file(&inode) {
                    self.old_version(&inode, copy, versions);
                }
            }
        }
    }

    fn was_file(&self, inode: &Inode) -> bool {
        let ordinary = inode.number >= self.ext.superblock.first_inode;
        ordinary
            && inode.links() > 0
            && inode.deleted() == 0
            && inode.what().is_some()
            && !map::inner(inode)
    }

    fn old_version(
        &self,
        inode: &Inode,
        copy: &OldBlock,
        versions: &mut HashMap<(u32, u32), Version>,
    ) {
        let key = (inode.number, inode.generation());
        let version = Version {
            number: inode.number,
            generation: key.1,
            place: inode.place,
            sequence: Some(copy.sequence),
            in_use: false,
            order: copy.sequence.into(),
        };
        match versions.get(&key) {
            // The volume itself, or a later copy that still had its blocks.
            Some(known) if known.sequence.is_none() => {}
            Some(known) if known.order > version.order || !self.placed(inode) => {}
            Some(_) => drop(versions.insert(key, version)),
            None if self.lives(inode) => {}
            None => drop(versions.insert(key, version)),
        }
    }

    /// Whether this very file is still there.
    fn lives(&self, old: &Inode) -> bool {
        let now = self.ext.inode(old.number).filter(|_| self.seen.contains(&old.number));
        now.is_some_and(|now| now.generation() == old.generation() && now.what() == old.what())
    }

    /// Deleted folders: what stands in their blocks, and which blocks those are.
    fn old_folders(&mut self, versions: &[Version]) {
        for version in versions {
            let Some(inode) = self.ext.inode_at(version.number, version.place) else { continue };
            if inode.what() != Some(What::Folder) || inode.flags() & ENCRYPTED != 0 {
                continue;
            }
            for (at, (block, raw)) in
                self.ext_blocks(&inode, version.sequence).into_iter().enumerate()
            {
                self.own(block, version.number);
                if at > 0 || block == 0 || folder::own(&raw) == Some(version.number) {
                    self.all_gone(version.number, &raw, None);
                }
            }
        }
    }

    fn ext_blocks(&self, inode: &Inode, as_of: Option<u32>) -> Vec<(u64, Vec<u8>)> {
        self.folder_blocks(inode, as_of)
    }

    /// Old copies of folders' blocks.
    fn old_entries(&mut self) {
        let Some(journal) = &self.ext.journal else { return };
        for copy in journal.copies() {
            let own = self.blocks.get(&copy.block).copied();
            let Some(raw) = journal.load(self.ext.volume, *copy) else { continue };
            if let Some(parent) = folder::own(&raw).or(own) {
                self.all_gone(parent, &raw, Some(copy.sequence));
            }
        }
    }

    fn all_gone(&mut self, parent: u32, raw: &[u8], sequence: Option<u32>) {
        let mut found = Vec::new();
        folder::entries(raw, self.ext.superblock.inodes, true, &mut |entry| found.push(entry));
        for entry in found.into_iter().filter(|entry| entry.live || sequence.is_none()) {
            self.deleted_entry(parent, entry, sequence);
        }
    }

    fn tell_deleted(&mut self, versions: &[Version]) {
        let names = self.take_gone();
        let mut by_inode: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, gone) in names.iter().enumerate().filter(|(_, gone)| gone.inode != 0) {
            by_inode.entry(gone.inode).or_default().push(at);
            if gone.folder {
                self.paths.add(gone.inode.into(), gone.parent.into(), &gone.name);
            }
        }
        let mut counts: HashMap<u32, u32> = HashMap::new();
        versions.iter().for_each(|version| *counts.entry(version.number).or_default() += 1);
        let mut used = vec![false; names.len()];
        let mut claims = Claims::new();
        for version in versions {
            let candidates = by_inode.get(&version.number).map_or(&[][..], Vec::as_slice);
            let name = nearest(&names, candidates, &used, version);
            self.tell_version(version, name.map(|at| &names[at]), &mut claims);
            let others = counts.get(&version.number).is_some_and(|count| *count > 1);
            for at in name.into_iter().chain(candidates.iter().copied().filter(|_| !others)) {
                used[at] = true;
            }
        }
        for (gone, _) in names.iter().zip(used).filter(|(_, used)| !used) {
            if !self.renamed(gone) {
                self.tell_name(gone);
            }
        }
    }

    fn tell_version(&mut self, version: &Version, gone: Option<&Gone>, claims: &mut Claims) {
        let Some(inode) = self.ext.inode_at(version.number, version.place) else { return };
        let Some(what) = inode.what() else { return };
        if gone.is_none() && !self.placed(&inode) {
            return;
        }
        let path = match gone {
            Some(gone) => self.paths.path(gone.parent.into(), &gone.name),
            None if self.paths.knows(version.number.into()) && what == What::Folder => return,
            None => format!("?/inode {}", version.number),
        };
        let content = match what {
            What::Folder => Content::Runs(Vec::new()),
            _ => self.ext.content(&inode, version.sequence),
        };
        let recorded = match &content {
            // What lies in inodes belongs to nobody else.
            Content::Runs(runs) if self.outside(&inode) => {
                claims.take(self.ext, runs, version.in_use)
            }
            _ => true,
        };
        let way = self.way(if version.sequence.is_some() { 2 } else { 1 });
        let named = self.named(&inode, what, path, way);
        let deleted_at = self.deleted_at(version, &inode);
        self.teller.tell(Named { content, deleted: true, deleted_at, recorded, ..named });
    }

    fn outside(&self, inode: &Inode) -> bool {
        let fast = inode.what() == Some(What::Link)
            && inode.flags() & EXTENTS == 0
            && self.ext.size(inode) < 60;
        inode.flags() & INLINE == 0 && !fast
    }

    fn deleted_at(&self, version: &Version, inode: &Inode) -> Option<i64> {
        let now = match version.sequence {
            None if version.in_use => return None,
            None => inode.deleted(),
            Some(_) => {
                let now = self.ext.inode(version.number)?;
                if now.generation() == version.generation { now.deleted() } else { 0 }
            }
        };
        (now != 0).then_some(now.into())
    }

    /// Whether the file lives on under another name: its inode was of the same file when the old name stood.
    fn renamed(&self, gone: &Gone) -> bool {
        let Some((now, sequence)) = self.ext.inode(gone.inode).zip(gone.sequence) else {
            return false;
        };
        let Some(journal) = self.ext.journal.as_ref().filter(|_| self.seen.contains(&gone.inode))
        else {
            return false;
        };
        let block = self.ext.inode_block(gone.inode);
        let old =
            block.and_then(|(block, within)| Some((journal.before(block, sequence)?, within)));
        let old = old.and_then(|(copy, within)| self.ext.inode_at(gone.inode, copy.place + within));
        old.is_none_or(|old| old.generation() == now.generation() && old.links() > 0)
    }

    /// A name alone: its inode has another file now, or no longer says where the bytes lay.
    fn tell_name(&mut self, gone: &Gone) {
        let inode = self.ext.inode(gone.inode).filter(|inode| inode.links() == 0);
        let deleted_at =
            inode.map(|inode| inode.deleted()).filter(|time| *time != 0).map(i64::from);
        let content = match gone.folder {
            true => Content::Runs(Vec::new()),
            false => Content::Absent("no longer recorded"),
        };
        self.teller.tell(Named {
            path: self.paths.path(gone.parent.into(), &gone.name),
            what: if gone.folder { What::Folder } else { What::File },
            bytes: 0,
            content,
            deleted: true,
            owner: None,
            created: None,
            modified: None,
            deleted_at,
            way: self.way(3),
            recorded: true,
        });
    }

    fn way(&self, which: usize) -> &'static str {
        let ways = match self.ext.superblock.name() {
            "ext2" => ["ext2", "ext2 deleted inode", "ext2 journal", "ext2 deleted entry"],
            "ext3" => ["ext3", "ext3 deleted inode", "ext3 journal", "ext3 deleted entry"],
            _ => ["ext4", "ext4 deleted inode", "ext4 journal", "ext4 deleted entry"],
        };
        ways[which]
    }
}

/// The unused name whose transaction is nearest to the version's.
fn nearest(
    names: &[Gone],
    candidates: &[usize],
    used: &[bool],
    version: &Version,
) -> Option<usize> {
    let free = candidates.iter().copied().filter(|at| !used[*at]).take(MOST_NAMES);
    let sequence = version.sequence.unwrap_or(u32::MAX);
    free.min_by_key(|at| names[*at].sequence.unwrap_or(u32::MAX).abs_diff(sequence))
}

/// The block of an inode table that was read last.
#[derive(Default)]
struct TableBlock {
    place: u64,
    raw: Vec<u8>,
}

impl TableBlock {
    fn inode(&mut self, ext: &Ext, number: u32) -> Option<Inode> {
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
struct Tables {
    /// The first block of each group's table, with the group's number.
    starts: Vec<(u64, u32)>,
    blocks: u64,
    each: u32,
    group_inodes: u32,
}

impl Tables {
    fn new(walk: &Walk) -> Self {
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
    fn first(&self, block: u64) -> Option<u32> {
        let at = self.starts.partition_point(|(start, _)| *start <= block).checked_sub(1)?;
        let (start, group) = *self.starts.get(at)?;
        let within = Some(block - start).filter(|within| *within < self.blocks)?;
        let number =
            u64::from(group) * u64::from(self.group_inodes) + within * u64::from(self.each) + 1;
        u32::try_from(number).ok()
    }
}
