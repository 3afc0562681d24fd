//! What old copies of tables of inodes and of folders in the journal say.

use std::collections::HashMap;

use super::{Version, tables::Tables};
use crate::volumes::{
    MOST_FILES, What,
    ext::{
        folder,
        inode::{ENCRYPTED, Inode},
        journal::OldBlock,
        map,
        walk::{GONE, Walk},
    },
};

impl Walk<'_, '_, '_> {
    /// Old copies of the inode tables. The last copy of each inode that had its blocks stands, unless it is that of a
    /// file that lives on.
    pub(super) fn in_journal(&mut self, versions: &mut HashMap<(u32, u32), Version>) {
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
                match self.was_file(&inode) {
                    true if versions.len() < MOST_FILES => {
                        self.old_version(&inode, copy, versions);
                    }
                    true => self.teller.too_large(GONE),
                    false => {}
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
        let told = self.seen.contains(&old.number);
        let now = told.then(|| self.ext.inode(old.number)).flatten();
        now.is_some_and(|now| now.generation() == old.generation() && now.what() == old.what())
    }

    /// Deleted folders: what stands in their blocks, and which blocks those are.
    pub(super) fn old_folders(&mut self, versions: &[Version]) {
        for version in versions {
            let Some(inode) = self.ext.inode_at(version.number, version.place) else { continue };
            if inode.what() != Some(What::Folder) || inode.flags() & ENCRYPTED != 0 {
                continue;
            }
            let ext = self.ext;
            for (at, (block, raw)) in ext.folder_blocks(&inode, version.sequence).enumerate() {
                let Some(raw) = raw else { continue };
                self.own(block, version.number);
                if at > 0 || block == 0 || folder::own(&raw) == Some(version.number) {
                    self.all_gone(version.number, &raw, None);
                }
            }
        }
    }

    /// Old copies of folders' blocks.
    pub(super) fn old_entries(&mut self) {
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
}
