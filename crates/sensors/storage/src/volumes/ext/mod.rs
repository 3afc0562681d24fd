//! ext2, ext3 and ext4: the superblock or its copy, group descriptors of both sizes, flexible and meta groups, extents
//! and maps of blocks, data inside inodes, folders read entry by entry. A journal that was not replayed is laid over
//! the volume before anything is read.
//!
//! Deleted files come from inodes that keep their map, from old copies of inodes and folders in the journal, and from
//! entries in the slack of folders. A deleted file whose blocks the bitmap or a later one gives to another is a guess.
//!
//! Limits: [`MOST_FILES`] files, 262144 pieces of one, a million groups, a journal of a million blocks; all trees together read at
//! most twice the blocks of the volume. Fast commits and journals on other devices are not read.

mod checksum;
mod claims;
mod deleted;
mod folder;
mod groups;
mod inode;
pub(crate) mod journal;
mod map;
mod superblock;
#[cfg(test)]
mod tests;
mod walk;

use std::cell::Cell;

use leaksweep_facts::{Problem, Reason};

use self::{groups::Group, inode::Inode, journal::Journal, superblock::Superblock};
use super::{FileSystem, MOST_FILES, Named, Volume};
use crate::{Bytes, Run, Stretch};

pub static EXT: FileSystem = FileSystem { probe, read };
/// By a copy of the superblock; to be asked after all others, for it may be of an earlier file system.
pub static EXT_COPY: FileSystem = FileSystem { probe: probe_copy, read };

/// The most inodes that are looked at to see whether anything is encrypted.
const MOST_ASKED: u64 = 1 << 18;

fn probe(volume: &mut Stretch) -> Option<Volume> {
    let raw = volume.peek(1024, superblock::SIZE).to_vec();
    let superblock = Superblock::parse(&raw)?;
    Some(known(&superblock, &volume.whole()))
}

fn probe_copy(volume: &mut Stretch) -> Option<Volume> {
    let volume = volume.whole();
    Superblock::copies(&volume).map(|superblock| known(&superblock, &volume))
}

fn known(superblock: &Superblock, volume: &dyn Bytes) -> Volume {
    let encrypted = superblock.incompatible & superblock::ENCRYPT != 0
        && Ext::open(volume, superblock.clone()).keeps_encrypted();
    Volume {
        name: superblock.name(),
        label: superblock.label.clone(),
        uuid: superblock.uuid.clone(),
        bytes: superblock.blocks.saturating_mul(superblock.block).min(volume.len()),
        cluster: superblock.cluster,
        encryption: encrypted.then_some("fscrypt"),
    }
}

fn read(volume: &dyn Bytes, _: &Volume, told: &mut dyn FnMut(Named)) -> Vec<Problem> {
    let Some(superblock) = Superblock::find(volume).or_else(|| Superblock::copies(volume)) else {
        return vec![problem("the superblock is gone")];
    };
    let mut ext = Ext::open(volume, superblock);
    let mut problems = ext.replay();
    let mut walk = walk::Walk::new(&ext, told);
    walk.live();
    walk.deleted();
    if ext.groups.len() == groups::MOST {
        walk.teller.too_large("it has more groups of blocks than are read");
    }
    problems.extend(walk.problems());
    problems
}

fn problem(detail: &str) -> Problem {
    Problem::new("storage_artifacts", "ext", Reason::Malformed, detail)
}

/// An opened volume.
struct Ext<'a> {
    volume: &'a dyn Bytes,
    superblock: Superblock,
    groups: Vec<Group>,
    journal: Option<Journal>,
    /// How many blocks of trees may still be read.
    budget: Cell<u64>,
}

impl<'a> Ext<'a> {
    fn open(volume: &'a dyn Bytes, superblock: Superblock) -> Self {
        let groups = groups::read(volume, &superblock);
        let held = superblock.blocks.min(volume.len() / superblock.block);
        Self { volume, superblock, groups, journal: None, budget: Cell::new(held * 2 + 4096) }
    }

    fn replay(&mut self) -> Vec<Problem> {
        if self.superblock.compatible & superblock::JOURNAL == 0 {
            return Vec::new();
        }
        let inode = self.inode(self.superblock.journal);
        let runs = inode.map(|inode| self.runs(&inode, None));
        match runs.and_then(|runs| Journal::read(self.volume, &runs, self.superblock.block)) {
            Some(journal) => {
                self.journal = Some(journal);
                Vec::new()
            }
            None => vec![problem("the journal cannot be read; deleted files may be missing")],
        }
    }

    /// A block as it is now.
    fn block(&self, block: u64) -> Option<Vec<u8>> {
        let replayed = self.journal.as_ref().and_then(|journal| journal.replayed(block));
        let place = replayed
            .map_or_else(|| block.checked_mul(self.superblock.block), |copy| Some(copy.place))?;
        let left = self.budget.get().checked_sub(1)?;
        self.budget.set(left);
        let mut raw = vec![0; self.superblock.block as usize];
        let read =
            block < self.superblock.blocks && self.volume.read_at(place, &mut raw) == raw.len();
        if let Some(copy) = replayed {
            copy.restore(&mut raw);
        }
        read.then_some(raw)
    }

    /// A block as it was when a transaction ended, where the journal still has it.
    fn block_as_of(&self, block: u64, as_of: Option<u32>) -> Option<Vec<u8>> {
        let journal = self.journal.as_ref();
        let old = as_of.and_then(|sequence| journal?.before(block, sequence));
        match old {
            Some(copy) => journal?.load(self.volume, copy),
            None => self.block(block),
        }
    }

    fn inode(&self, number: u32) -> Option<Inode> {
        let inode = self.inode_at(number, self.inode_start(number)?)?;
        let journaled = inode.is_empty().then(|| self.journaled(number)).flatten();
        Some(journaled.unwrap_or(inode))
    }

    /// A file's inode as the journal's last copy of its table has it: for one that cannot be read.
    fn journaled(&self, number: u32) -> Option<Inode> {
        let (block, within) = self.inode_block(number)?;
        let journal = self.journal.as_ref()?;
        let copy = journal.before(block, u32::MAX)?;
        self.budget.set(self.budget.get().checked_sub(1)?);
        journal.load(self.volume, copy)?;
        let inode = self.inode_at(number, copy.place.checked_add(within)?)?;
        (inode.links() > 0).then_some(inode)
    }

    /// The block that an inode stands in, and its place there.
    fn inode_block(&self, number: u32) -> Option<(u64, u64)> {
        let (group, within) = self.superblock.inode_place(number)?;
        let table = self.groups.get(group).filter(|group| group.inode_table != 0)?.inode_table;
        let block = self.superblock.block;
        Some((table.checked_add(within / block)?, within % block))
    }

    /// An inode's first byte on the volume, or in the journal where that is newer.
    fn inode_start(&self, number: u32) -> Option<u64> {
        let (block, within) = self.inode_block(number)?;
        let replayed = self.journal.as_ref().and_then(|journal| journal.replayed(block));
        match replayed {
            Some(copy) => copy.place.checked_add(within),
            None => block.checked_mul(self.superblock.block)?.checked_add(within),
        }
    }

    fn inode_at(&self, number: u32, place: u64) -> Option<Inode> {
        let mut raw = vec![0; self.superblock.inode_size.min(4096) as usize].into_boxed_slice();
        let read = self.volume.read_at(place, &mut raw) == raw.len();
        read.then_some(Inode { raw, place, number })
    }

    fn size(&self, inode: &Inode) -> u64 {
        inode.size(self.superblock.incompatible & superblock::LARGE_FOLDERS != 0)
    }

    /// Puts the journal's bytes in the place of those that it would overwrite.
    fn replayed(&self, runs: Vec<Run>) -> Vec<Run> {
        match &self.journal {
            Some(journal) if journal.dirty() => journal.overlay(&runs, self.superblock.block),
            _ => runs,
        }
    }

    fn keeps_encrypted(&self) -> bool {
        let asked = u64::from(self.superblock.inodes).min(MOST_ASKED) as u32;
        (1..=asked)
            .filter(|number| {
                let group = self.superblock.inode_place(*number).map(|(group, _)| group);
                group
                    .and_then(|group| self.groups.get(group))
                    .is_some_and(|group| !group.inodes_unused)
            })
            .filter_map(|number| self.inode(number))
            .any(|inode| {
                inode.links() > 0 && inode.flags() & inode::ENCRYPTED != 0 && inode.what().is_some()
            })
    }
}
