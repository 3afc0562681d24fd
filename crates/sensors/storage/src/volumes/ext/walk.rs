//! Every file that folders lead to, from the root on. On the way: which entries were deleted, and which block is which
//! folder's, for the copies in the journal.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use leaksweep_facts::Problem;

use super::{
    super::{
        paths::{self, Paths},
        tell::Teller,
    },
    Ext, MOST_FILES, folder,
    inode::{ENCRYPTED, INDEXED, INLINE, Inode, MAP},
    map,
};
use crate::{
    Run,
    volumes::{Content, Named, What},
};

pub const ROOT: u32 = 2;
const JOURNALED: &str = "inodes cannot be read; copies in the journal stand for them";
pub const GONE: &str = "it has more deleted files than are kept";
const LOOPS: &str = "its trees of blocks loop; some files are cut";
/// The most deleted entries that are kept until their inodes are found.
const MOST_GONE: usize = 200_000;
const MOST_FOLDER_BLOCKS: usize = 1 << 19;

/// A deleted entry: where a name once stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    pub parent: u32,
    pub inode: u32,
    pub name: Box<str>,
    pub folder: bool,
    /// The transaction whose copy has it; none where it stands on the volume itself.
    pub sequence: Option<u32>,
}

pub struct Walk<'e, 'a, 't> {
    pub ext: &'e Ext<'a>,
    pub paths: Paths,
    /// Inodes that were told.
    pub seen: HashSet<u32>,
    /// Entries that stand, each by a digest of folder, inode and name, and one of folder and name.
    entries: HashSet<u64>,
    known_gone: HashSet<u64>,
    /// Which folder a block belongs to.
    pub blocks: HashMap<u64, u32>,
    pub gone: Vec<Gone>,
    pub teller: Teller<'t>,
}

impl<'e, 'a, 't> Walk<'e, 'a, 't> {
    pub fn new(ext: &'e Ext<'a>, told: &'t mut dyn FnMut(Named)) -> Self {
        Self {
            ext,
            paths: Paths::new(ROOT.into()),
            seen: HashSet::new(),
            entries: HashSet::new(),
            known_gone: HashSet::new(),
            blocks: HashMap::new(),
            gone: Vec::new(),
            teller: Teller::new("ext", ext.volume.len(), told),
        }
    }

    pub fn problems(mut self) -> Vec<Problem> {
        if self.ext.budget.get() == 0 {
            self.teller.malformed(LOOPS);
        }
        self.teller.problems()
    }

    pub fn live(&mut self) {
        self.seen.insert(ROOT);
        let mut open = vec![ROOT];
        while let Some(number) = open.pop() {
            let inode = self.ext.inode(number).filter(|inode| inode.what() == Some(What::Folder));
            match inode {
                Some(inode) if !self.teller.full() => self.folder(&inode, &mut open),
                Some(_) => {}
                None => self.teller.unread_folder(),
            }
        }
    }

    fn folder(&mut self, folder: &Inode, open: &mut Vec<u32>) {
        let encrypted = folder.flags() & ENCRYPTED != 0;
        let indexed = folder.flags() & INDEXED != 0;
        let ext = self.ext;
        for (block, raw) in ext.folder_blocks(folder, None) {
            let Some(raw) = raw else {
                self.teller.unread_folder();
                continue;
            };
            self.own(block, folder.number);
            // What cannot be read reads as zeros; no block of a folder is without any entry.
            if block != 0 && raw.iter().all(|byte| *byte == 0) {
                self.teller.unread_folder();
                continue;
            }
            let mut found = Vec::new();
            folder::entries(&raw, self.ext.superblock.inodes, indexed, &mut |entry| {
                found.push(entry);
            });
            for entry in found {
                let name = if encrypted {
                    format!("encrypted {}", entry.inode)
                } else {
                    paths::name(entry.name)
                };
                match entry.live {
                    true if self.teller.entry() => self.entry(folder.number, entry, &name, open),
                    _ if encrypted || entry.live => {}
                    _ => self.deleted_entry(folder.number, entry, None),
                }
            }
        }
    }

    fn entry(&mut self, parent: u32, entry: folder::Entry, name: &str, open: &mut Vec<u32>) {
        let number = entry.inode;
        if self.entries.len() < MOST_FILES * 2 {
            self.entries.extend([digest(parent, number, name), digest(parent, 0, name)]);
        }
        if self.seen.contains(&number) || self.seen.len() >= MOST_FILES {
            return;
        }
        let Some(inode) = self.ext.inode(number).filter(|inode| !inode.is_empty()) else {
            self.seen.insert(number);
            let path = self.paths.path(parent.into(), name);
            return self.teller.unreadable(path, entry.kind, self.ext.superblock.name());
        };
        if inode.links() == 0 {
            return;
        }
        if Some(inode.place) != self.ext.inode_start(number) {
            self.teller.malformed(JOURNALED);
        }
        self.seen.insert(number);
        if inode.what() == Some(What::Folder) && self.paths.add(number.into(), parent.into(), name)
        {
            open.push(number);
        }
        let path = self.paths.path(parent.into(), name);
        self.live_inode(&inode, path);
    }

    pub fn live_inode(&mut self, inode: &Inode, path: String) {
        let Some(what) = inode.what() else { return };
        let way = self.ext.superblock.name();
        let named = self.named(inode, what, path, way);
        let content = match what {
            What::Folder => Content::Runs(Vec::new()),
            _ => self.ext.content(inode, None),
        };
        self.teller.tell(Named { content, ..named });
    }

    /// All but its content.
    pub fn named(&self, inode: &Inode, what: What, path: String, way: &'static str) -> Named {
        Named {
            path,
            what,
            bytes: if what == What::Folder { 0 } else { self.ext.size(inode) },
            content: Content::Runs(Vec::new()),
            deleted: false,
            owner: Some(inode.owner()),
            created: inode.created(),
            modified: inode.modified(),
            deleted_at: None,
            way,
            recorded: true,
        }
    }

    pub fn own(&mut self, block: u64, folder: u32) {
        if block != 0 && self.blocks.len() < MOST_FOLDER_BLOCKS {
            self.blocks.entry(block).or_insert(folder);
        }
    }

    pub fn deleted_entry(&mut self, parent: u32, entry: folder::Entry, sequence: Option<u32>) {
        let name = paths::name(entry.name);
        let digest = digest(parent, entry.inode, &name);
        if self.gone.len() >= MOST_GONE {
            self.teller.too_large(GONE);
        } else if !self.entries.contains(&digest) && self.known_gone.insert(digest) {
            let (name, folder) = (name.into(), entry.is_folder());
            self.gone.push(Gone { parent, inode: entry.inode, name, folder, sequence });
        }
    }

    /// The deleted entries that stand nowhere else. One that lost its inode's number is told only where nothing of that
    /// name is known.
    pub fn take_gone(&mut self) -> Vec<Gone> {
        let mut gone = std::mem::take(&mut self.gone);
        let numbered: HashSet<u64> = gone
            .iter()
            .filter(|gone| gone.inode != 0)
            .map(|gone| digest(gone.parent, 0, &gone.name))
            .collect();
        gone.retain(|gone| {
            let digest = digest(gone.parent, gone.inode, &gone.name);
            !self.entries.contains(&digest) && (gone.inode != 0 || !numbered.contains(&digest))
        });
        gone
    }
}

impl Ext<'_> {
    /// A folder's blocks with their numbers, none of one that cannot be read; parts inside the inode have number zero.
    pub fn folder_blocks(
        &self,
        folder: &Inode,
        as_of: Option<u32>,
    ) -> impl Iterator<Item = (u64, Option<Vec<u8>>)> {
        let (inner, runs) = match folder.flags() & INLINE {
            0 => (Vec::new(), self.runs(folder, as_of)),
            _ => (inner_parts(folder), Vec::new()),
        };
        let size = self.superblock.block;
        let written = runs.into_iter().filter(|run| run.start != Run::HOLE);
        let blocks = written.flat_map(move |run| (run.start / size)..run.end().div_ceil(size));
        // A folder can name more blocks than there are, any number of times.
        let read = blocks.take_while(|_| self.budget.get() > 0);
        let read = read.map(|block| (block, self.block(block)));
        inner.into_iter().map(|raw| (0, Some(raw))).chain(read)
    }
}

/// What of a folder lies in its inode.
fn inner_parts(folder: &Inode) -> Vec<Vec<u8>> {
    let rest = map::inline_rest(folder).map(|(at, bytes)| folder.raw[at..at + bytes].to_vec());
    let first = folder.raw.get(MAP + 4..MAP + 60).map(<[u8]>::to_vec);
    [first, rest].into_iter().flatten().collect()
}

fn digest(parent: u32, inode: u32, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (parent, inode, name).hash(&mut hasher);
    hasher.finish()
}
