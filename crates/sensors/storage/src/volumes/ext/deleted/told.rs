//! Tells deleted files: each inode with the name that fits it best, then names that are left.

use std::collections::HashMap;

use super::Version;
use crate::volumes::{
    Content, Named, What,
    ext::{
        claims::Claims,
        inode::{EXTENTS, INLINE, Inode},
        walk::{Gone, Walk},
    },
};

/// The most names of one inode that are weighed.
const MOST_NAMES: usize = 64;

impl Walk<'_, '_, '_> {
    pub(super) fn tell_deleted(&mut self, versions: &[Version]) {
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
            if !self.teller.open() {
                return;
            }
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
