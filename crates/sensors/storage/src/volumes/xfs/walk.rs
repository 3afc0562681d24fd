//! Every file that folders lead to; then every inode that the groups' trees of inodes name and no folder does.

use std::collections::{BTreeMap, HashSet};

use leaksweep_facts::Problem;

use super::{
    super::{
        fields::Fields,
        paths::{self, Paths},
        tell::Teller,
    },
    Xfs,
    folder::Entry,
    inode::Inode,
};
use crate::{
    Run,
    volumes::{Content, MOST_FILES, Named, What},
};

const MOST_GONE: usize = 200_000;
/// Inodes of one record of the trees of inodes.
const CHUNK: u64 = 64;

pub struct Walk<'x, 'a, 't> {
    xfs: &'x Xfs<'a>,
    paths: Paths,
    seen: HashSet<u64>,
    /// Deleted entries by the inode that they led to: folder and name.
    gone: BTreeMap<u64, (u64, Box<str>)>,
    teller: Teller<'t>,
}

impl<'x, 'a, 't> Walk<'x, 'a, 't> {
    pub fn new(xfs: &'x Xfs<'a>, told: &'t mut dyn FnMut(Named)) -> Self {
        Self {
            xfs,
            paths: Paths::new(xfs.superblock.root),
            seen: HashSet::new(),
            gone: BTreeMap::new(),
            teller: Teller::new("xfs", xfs.volume.len(), told),
        }
    }

    pub fn problems(mut self) -> Vec<Problem> {
        if self.xfs.budget.get() == 0 {
            self.teller.malformed("its trees of blocks loop; some files are cut");
        }
        self.teller.problems()
    }

    pub fn live(&mut self) {
        let root = self.xfs.superblock.root;
        self.seen.insert(root);
        let mut open = vec![root];
        while let Some(number) = open.pop() {
            let folder = Inode::read(self.xfs, number);
            let Some(folder) = folder.filter(|inode| inode.what() == Some(What::Folder)) else {
                self.teller.unread_folder();
                continue;
            };
            let (mut found, mut cut) = (Vec::new(), false);
            let whole = self.xfs.entries(&folder, &mut |entry| {
                cut |= found.len() >= MOST_FILES;
                if !cut {
                    found.push(entry);
                }
            });
            if !whole {
                self.teller.unread_folder();
            }
            if cut {
                self.teller.too_large("some of its folders have more entries than are read");
            }
            for entry in found {
                let name = paths::name(&entry.name);
                if !self.teller.entry() {
                    return;
                }
                if entry.live {
                    self.entry(number, &entry, &name, &mut open);
                } else {
                    // The upper half of the number is the folder's own, where there is one.
                    self.keep(number >> 32 << 32 | entry.inode, number, &name);
                }
            }
        }
    }

    /// A deleted entry, until its inode is found.
    fn keep(&mut self, number: u64, parent: u64, name: &str) {
        if self.gone.len() < MOST_GONE {
            self.gone.insert(number, (parent, name.into()));
        } else {
            self.teller.too_large("it has more deleted entries than are kept");
        }
    }

    fn entry(&mut self, parent: u64, entry: &Entry, name: &str, open: &mut Vec<u64>) {
        let number = entry.inode;
        if self.seen.len() >= MOST_FILES || self.seen.contains(&number) {
            return;
        }
        let Some(inode) = Inode::read(self.xfs, number) else {
            self.seen.insert(number);
            return self.teller.unreadable(self.paths.path(parent, name), entry.kind, "xfs");
        };
        // It was deleted, and the log alone says that its name is gone.
        if inode.mode() == 0 {
            return self.keep(number, parent, name);
        }
        self.seen.insert(number);
        if inode.what() == Some(What::Folder) && self.paths.add(number, parent, name) {
            open.push(number);
        }
        let path = self.paths.path(parent, name);
        self.live_inode(&inode, path);
    }

    fn live_inode(&mut self, inode: &Inode, path: String) {
        let Some(what) = inode.what() else { return };
        let content = match what {
            What::Folder => Content::Runs(Vec::new()),
            _ if inode.realtime() => Content::Absent("on a real-time device"),
            What::Link => Content::Runs(self.link(inode)),
            What::File => Content::Runs(self.xfs.runs(inode, inode.size())),
        };
        let bytes = if what == What::Folder { 0 } else { inode.size() };
        let named = named(inode, what, path, "xfs");
        self.teller.tell(Named { bytes, content, ..named });
    }

    /// In version 5 each block of a link begins with a header.
    fn link(&self, inode: &Inode) -> Vec<Run> {
        const HEAD: u64 = 56;
        const LONGEST: u64 = 1024;
        let (size, block) = (inode.size().min(LONGEST), self.xfs.superblock.block);
        if inode.format() == super::inode::LOCAL || !self.xfs.superblock.fifth {
            return self.xfs.runs(inode, size);
        }
        let blocks = size.div_ceil(block - HEAD);
        let runs = self.xfs.runs(inode, blocks * block);
        let each = runs.iter().flat_map(|run| {
            (0..run.bytes / block).map(move |at| run.start.saturating_add(at * block))
        });
        let mut left = size;
        each.map(|start| {
            let taken = left.min(block - HEAD);
            left -= taken;
            Run::new(start.saturating_add(HEAD), taken)
        })
        .collect()
    }

    pub fn unreached(&mut self) {
        let superblock = &self.xfs.superblock;
        for group in 0..superblock.groups {
            let start = group * superblock.group_blocks;
            if start.saturating_mul(superblock.block) >= self.xfs.volume.len() {
                return;
            }
            self.group(group, start);
        }
    }

    fn group(&mut self, group: u64, start: u64) {
        let superblock = &self.xfs.superblock;
        let mut header = [0; 64];
        self.xfs.volume.read_at(start * superblock.block + superblock.sector * 2, &mut header);
        if !header.starts_with(b"XAGI") {
            return;
        }
        let head = if superblock.fifth { 56 } else { 16 };
        let (mut block, mut steps) = (u64::from(Fields(&header).be32(20)), superblock.group_blocks);
        let held = self.xfs.volume.len() / superblock.block;
        let mut last = None;
        // Down by the first pointer of each level, then along the leaves.
        while steps > 0 && block < superblock.group_blocks {
            steps -= 1;
            let Some(node) = self.xfs.block(start + block, superblock.block) else { return };
            if !node.starts_with(if superblock.fifth { b"IAB3" } else { b"IABT" }) {
                return;
            }
            if Fields(&node).be16(4) > 0 {
                let room = (node.len() - head) / 8;
                block = Fields(&node).be32(head + room * 4).into();
                continue;
            }
            for record in node[head..].chunks_exact(16).take(Fields(&node).be16(6).into()) {
                let first = u64::from(Fields(record).be32(0));
                // Records ascend, so each inode is looked at once.
                if last >= Some(first) || start + (first >> superblock.inode_bits) >= held {
                    return;
                }
                last = Some(first);
                self.chunk(group, first, Fields(record).be64(8));
            }
            block = Fields(&node).be32(12).into();
        }
    }

    fn chunk(&mut self, group: u64, first: u64, free: u64) {
        let superblock = &self.xfs.superblock;
        let group = group << (superblock.group_bits + superblock.inode_bits);
        for at in 0..CHUNK {
            let number = group | (first + at);
            if number <= superblock.root.saturating_add(2) || self.seen.contains(&number) {
                continue;
            }
            let Some(inode) = Inode::read(self.xfs, number) else { continue };
            if free >> at & 1 == 0 && inode.mode() != 0 {
                if !self.teller.open() {
                    return;
                }
                self.seen.insert(number);
                self.live_inode(&inode, format!("?/inode {number}"));
            } else if inode.mode() == 0 {
                self.deleted(&inode);
            }
        }
    }

    fn deleted(&mut self, inode: &Inode) {
        let runs = self.xfs.remains(inode);
        let known = self.gone.remove(&inode.number);
        if runs.is_empty() && known.is_none() {
            return;
        }
        let path = match known {
            Some((parent, name)) => self.paths.path(parent, &name),
            None => format!("?/inode {}", inode.number),
        };
        let bytes = runs.iter().map(|run| run.bytes).sum();
        let content = match bytes {
            0 => Content::Absent("no longer recorded"),
            _ => Content::Runs(runs),
        };
        let recorded = bytes == 0;
        let deleted_at = Some(inode.changed());
        let named = named(inode, What::File, path, "xfs deleted inode");
        self.teller.tell(Named { bytes, content, deleted: true, deleted_at, recorded, ..named });
    }

    /// Names whose inodes have other files now.
    pub fn names(&mut self) {
        for (number, (parent, name)) in std::mem::take(&mut self.gone) {
            let path = self.paths.path(parent, &name);
            let renamed = Inode::read(self.xfs, number);
            let Some(inode) = renamed else { continue };
            let named = named(&inode, What::File, path, "xfs deleted entry");
            let content = Content::Absent("no longer recorded");
            self.teller.tell(Named {
                content,
                deleted: true,
                owner: None,
                created: None,
                modified: None,
                ..named
            });
        }
    }
}

fn named(inode: &Inode, what: What, path: String, way: &'static str) -> Named {
    Named {
        path,
        what,
        bytes: 0,
        content: Content::Runs(Vec::new()),
        deleted: false,
        owner: Some(inode.owner()),
        created: inode.created(),
        modified: Some(inode.modified()),
        deleted_at: None,
        way,
        recorded: true,
    }
}
