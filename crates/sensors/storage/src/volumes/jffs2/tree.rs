//! Which names stand and which were deleted, and what the pieces of each file amount to.

use std::collections::HashSet;

use super::{
    super::{
        paths::{self, Paths},
        tell::Teller,
    },
    MOST_NODES,
    nodes::{Node, Piece},
};
use crate::{
    Bytes,
    volumes::{Content, MOST_FILES, MOST_HELD, Named, What},
};

const ROOT: u32 = 1;
const FOLDER: u8 = 4;
const LINK: u8 = 10;
const FILE: u8 = 8;
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    parent: u32,
    name: Box<[u8]>,
    version: u32,
    inode: u32,
    time: u32,
    kind: u8,
}

#[derive(Default)]
pub struct Tree {
    names: Vec<Name>,
    /// Inode, version and place of each node.
    pieces: Vec<(u32, u32, u64)>,
    full: bool,
}

/// A file that is to be told.
struct File {
    parent: u32,
    name: Box<[u8]>,
    inode: u32,
    kind: u8,
    /// When it was deleted, where it was.
    deleted: Option<u32>,
}

impl Tree {
    pub fn take(&mut self, node: Node) -> bool {
        self.full = self.pieces.len() >= MOST_NODES || self.names.len() >= MOST_FILES;
        match node {
            _ if self.full => {}
            Node::Piece { inode, version, place } => self.pieces.push((inode, version, place)),
            Node::Name { parent, version, inode, time, kind, name } => {
                self.names.push(Name { parent, name, version, inode, time, kind });
            }
        }
        !self.full
    }

    pub fn tell(mut self, volume: &dyn Bytes, teller: &mut Teller) {
        if self.full {
            teller.too_large("it has more nodes than are kept");
        }
        self.pieces.sort_unstable();
        self.pieces.dedup_by_key(|(inode, version, _)| (*inode, *version));
        let files = self.files();
        let mut paths = Paths::new(ROOT.into());
        for file in files.iter().filter(|file| file.kind == FOLDER) {
            paths.add(file.inode.into(), file.parent.into(), &paths::name(&file.name));
        }
        for file in files.iter().filter(|file| matches!(file.kind, FILE | LINK | FOLDER)) {
            let path = paths.path(file.parent.into(), &paths::name(&file.name));
            let named = self.named(volume, file, path, teller);
            teller.tell(named);
        }
        self.nameless(&files, volume, teller);
    }

    /// The names that stand come first, then those that were deleted; each inode once.
    fn files(&mut self) -> Vec<File> {
        let mut names = std::mem::take(&mut self.names);
        names.sort_unstable_by(|a, b| {
            (a.parent, &a.name, b.version).cmp(&(b.parent, &b.name, a.version))
        });
        let told = told(&names);
        let files = names.into_iter().zip(told);
        let files = files.filter_map(|(name, deleted)| Some(file(name, deleted?)));
        let (mut live, gone): (Vec<File>, Vec<File>) =
            files.partition(|file| file.deleted.is_none());
        live.extend(gone);
        live
    }

    /// The nodes of an inode, by version.
    fn pieces(&self, inode: u32) -> &[(u32, u32, u64)] {
        let start = self.pieces.partition_point(|(at, ..)| *at < inode);
        let count = self.pieces[start..].partition_point(|(at, ..)| *at == inode);
        &self.pieces[start..start + count]
    }

    fn named(&self, volume: &dyn Bytes, file: &File, path: String, teller: &mut Teller) -> Named {
        let pieces = self.pieces(file.inode);
        let last = pieces.last().and_then(|(.., place)| Piece::read(volume, *place));
        let what = match file.kind {
            FOLDER => What::Folder,
            LINK => What::Link,
            _ => What::File,
        };
        let content = match (what, &last) {
            (What::Folder, _) => Content::Runs(Vec::new()),
            (_, None) => Content::Absent("no longer there"),
            (_, Some(last)) => content(volume, pieces, last, what, teller),
        };
        let bytes = match (&content, &last) {
            (Content::Held(held), _) => held.len() as u64,
            (_, Some(last)) if what == What::File => last.size,
            _ => 0,
        };
        let deleted = file.deleted.is_some();
        Named {
            path,
            what,
            bytes,
            content,
            deleted,
            owner: last.as_ref().map(|last| last.owner.into()),
            created: None,
            modified: last.as_ref().map(|last| last.modified.into()),
            deleted_at: file.deleted.filter(|time| *time != 0).map(i64::from),
            way: if deleted { "jffs2 deleted entry" } else { "jffs2" },
            recorded: true,
        }
    }

    /// Inodes whose names are gone altogether.
    fn nameless(&self, files: &[File], volume: &dyn Bytes, teller: &mut Teller) {
        let known: HashSet<u32> = files.iter().map(|file| file.inode).collect();
        for pieces in self.pieces.chunk_by(|a, b| a.0 == b.0) {
            let Some((inode, _, place)) = pieces.last().copied() else { continue };
            let last =
                Piece::read(volume, place).filter(|_| inode != ROOT && !known.contains(&inode));
            if !last.is_some_and(|last| last.mode >> 12 == u32::from(FILE) && last.size > 0) {
                continue;
            }
            let file =
                File { parent: 0, name: Box::default(), inode, kind: FILE, deleted: Some(0) };
            let named = self.named(volume, &file, format!("?/inode {inode}"), teller);
            teller.tell(Named { way: "jffs2 deleted inode", deleted_at: None, ..named });
        }
    }
}

/// Of sorted names those that are told: none where it stood, or when it was deleted.
fn told(names: &[Name]) -> Vec<Option<Option<u32>>> {
    let same = |a: &Name, b: &Name| a.parent == b.parent && a.name == b.name;
    let mut seen = HashSet::new();
    let mut told = vec![None; names.len()];
    let mut at = 0;
    for group in names.chunk_by(same) {
        let stands = &group[0];
        if stands.inode != 0 && seen.insert(stands.inode) {
            told[at] = Some(None);
        }
        at += group.len();
    }
    let mut rest = told.as_mut_slice();
    for group in names.chunk_by(same) {
        let (own, others) = rest.split_at_mut(group.len());
        for (pair, told) in group.windows(2).zip(&mut own[1..]) {
            if pair[1].inode != 0 && seen.insert(pair[1].inode) {
                *told = Some(Some(pair[0].time));
            }
        }
        rest = others;
    }
    told
}

fn file(name: Name, deleted: Option<u32>) -> File {
    let Name { parent, name, inode, kind, .. } = name;
    File { parent, name, inode, kind, deleted }
}

/// The pieces laid over each other by version; each also says how long the file was with it.
fn content(
    volume: &dyn Bytes,
    pieces: &[(u32, u32, u64)],
    last: &Piece,
    what: What,
    teller: &mut Teller,
) -> Content {
    if last.size > MOST_HELD {
        return Content::Absent("too large");
    }
    let mut held: Vec<u8> = Vec::new();
    for (.., place) in pieces {
        let Some(piece) = Piece::read(volume, *place) else { continue };
        // A link's size is not written by all.
        let size = if what == What::Link { piece.size.max(piece.bytes) } else { piece.size };
        let size = size.min(MOST_HELD) as usize;
        let grown = (size.saturating_sub(held.len()) as u64).saturating_add(piece.packed as u64);
        if !teller.unpack(grown) {
            return Content::Absent("too large");
        }
        held.resize(size, 0);
        let from = (piece.offset as usize).min(size);
        let to = (piece.offset.saturating_add(piece.bytes)).min(size as u64) as usize;
        let unpacked = piece.unpack(volume, *place).unwrap_or_default();
        let room = &mut held[from..to];
        let count = room.len().min(unpacked.len());
        room[..count].copy_from_slice(&unpacked[..count]);
        // A hole reads as zeros, over what was there before.
        room[count..].fill(0);
    }
    Content::Held(held)
}
