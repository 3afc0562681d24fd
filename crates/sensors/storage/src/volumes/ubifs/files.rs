//! Files out of nodes: which names stand, which were deleted, and what their pieces amount to.

use std::collections::{BTreeMap, HashSet};

use leaksweep_facts::Problem;

use super::{
    super::{
        fields::Fields,
        paths::{self, Paths},
        tell::Teller,
    },
    MOST_NODES,
    index::Standing,
    nodes::{self, CUT, DATA, ENTRY, Head, INODE, Inode, PIECE},
};
use crate::{
    Bytes,
    volumes::{Content, MOST_FILES, MOST_HELD, Named, What},
};

const ROOT: u64 = 1;
/// An entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    parent: u32,
    name: Box<[u8]>,
    sequence: u64,
    place: u64,
    /// Zero where this node deletes the name.
    inode: u64,
    kind: u8,
}

/// A node of a file: itself, a piece, or a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    inode: u32,
    kind: u8,
    /// The piece's number.
    piece: u32,
    sequence: u64,
    place: u64,
}

#[derive(Default)]
pub struct Files {
    names: Vec<Name>,
    parts: Vec<Part>,
    full: bool,
}

struct Walk<'a, 't> {
    volume: &'a dyn Bytes,
    standing: Option<&'a Standing>,
    paths: Paths,
    teller: Teller<'t>,
}

impl Files {
    pub fn take(&mut self, head: Head, raw: &[u8]) -> bool {
        self.full = self.parts.len() >= MOST_NODES || self.names.len() >= MOST_FILES;
        let (inode, piece) = nodes::key(raw);
        let Head { place, sequence, kind } = head;
        match kind {
            _ if self.full => {}
            ENTRY => {
                let name = Fields(raw).bytes(56, Fields(raw).u16(50).into()).into();
                let (inode_of, kind) = (Fields(raw).u64(40), Fields(raw).u8(49));
                self.names.push(Name {
                    parent: inode,
                    name,
                    sequence,
                    place,
                    inode: inode_of,
                    kind,
                });
            }
            INODE => self.parts.push(Part { inode, kind, piece: 0, sequence, place }),
            DATA => self.parts.push(Part { inode, kind, piece, sequence, place }),
            CUT => self.parts.push(Part { inode, kind, piece: 0, sequence, place }),
            _ => {}
        }
        !self.full
    }

    pub fn tell(
        mut self,
        volume: &dyn Bytes,
        standing: Option<&Standing>,
        told: &mut dyn FnMut(Named),
    ) -> Vec<Problem> {
        self.parts.sort_unstable();
        let names = std::mem::take(&mut self.names);
        let (live, gone) = sort(names, standing);
        let mut paths = Paths::new(ROOT);
        for name in live.iter().chain(&gone).filter(|name| name.kind == 1) {
            paths.add(name.inode, name.parent.into(), &paths::name(&name.name));
        }
        let mut teller = Teller::new("ubifs", volume.len(), told);
        if self.full {
            teller.too_large("it has more nodes than are kept");
        }
        let mut walk = Walk { volume, standing, paths, teller };
        let mut seen = HashSet::new();
        for (name, deleted) in
            live.iter().map(|name| (name, false)).chain(gone.iter().map(|name| (name, true)))
        {
            if seen.insert(name.inode) {
                walk.tell(name, deleted, self.parts(name.inode));
            }
        }
        for parts in self.parts.chunk_by(|a, b| a.inode == b.inode) {
            let inode = u64::from(parts[0].inode);
            if inode > ROOT && !seen.contains(&inode) {
                walk.nameless(parts);
            }
        }
        walk.teller.problems()
    }

    fn parts(&self, inode: u64) -> &[Part] {
        let Ok(inode) = u32::try_from(inode) else { return &[] };
        let start = self.parts.partition_point(|part| part.inode < inode);
        let count = self.parts[start..].partition_point(|part| part.inode == inode);
        &self.parts[start..start + count]
    }
}

fn stands(standing: Option<&Standing>, place: u64, sequence: u64) -> bool {
    standing.is_none_or(|standing| sequence > standing.commit || standing.leaves.contains(&place))
}

/// The names that stand, and those that once did.
fn sort(mut names: Vec<Name>, standing: Option<&Standing>) -> (Vec<Name>, Vec<Name>) {
    names.sort_unstable_by(|a, b| {
        (a.parent, &a.name, b.sequence).cmp(&(b.parent, &b.name, a.sequence))
    });
    let (mut live, mut gone) = (Vec::new(), Vec::new());
    let same = |a: &Name, b: &Name| a.parent == b.parent && a.name == b.name;
    let current = names.chunk_by(same).flat_map(|group| {
        let current = group.iter().position(|name| stands(standing, name.place, name.sequence));
        (0..group.len()).map(move |at| current == Some(at))
    });
    let current: Vec<bool> = current.collect();
    for (name, current) in names.into_iter().zip(current).filter(|(name, _)| name.inode != 0) {
        if current { live.push(name) } else { gone.push(name) }
    }
    (live, gone)
}

fn what(kind: u8) -> Option<What> {
    match kind {
        0 => Some(What::File),
        1 => Some(What::Folder),
        2 => Some(What::Link),
        _ => None,
    }
}

impl Walk<'_, '_> {
    fn tell(&mut self, name: &Name, deleted: bool, parts: &[Part]) {
        let Some(what) = what(name.kind) else { return };
        let path = self.paths.path(name.parent.into(), &paths::name(&name.name));
        self.file(path, what, deleted, parts);
    }

    fn nameless(&mut self, parts: &[Part]) {
        let inode = self.inode(parts, true).map(|(inode, _)| inode);
        let file = |inode: &Inode| inode.mode >> 12 == 8 && inode.size > 0 && !inode.attribute;
        if inode.as_ref().is_some_and(file) {
            self.file(format!("?/inode {}", parts[0].inode), What::File, true, parts);
        }
    }

    /// The latest node of the file itself, of a deleted one the latest that still had a name.
    fn inode(&self, parts: &[Part], deleted: bool) -> Option<(Inode, Vec<u8>)> {
        let nodes = parts.iter().rev().filter(|part| part.kind == INODE);
        let valid =
            nodes.filter(|part| deleted || stands(self.standing, part.place, part.sequence));
        let read = valid.filter_map(|part| nodes::read(self.volume, part.place));
        read.map(|raw| (Inode::parse(&raw), raw)).find(|(inode, _)| !deleted || inode.links > 0)
    }

    fn file(&mut self, path: String, what: What, deleted: bool, parts: &[Part]) {
        let inode = self.inode(parts, deleted);
        let content = match (&inode, what) {
            (_, What::Folder) => Content::Runs(Vec::new()),
            (None, _) => Content::Absent("no longer there"),
            (Some((inode, _)), _) if inode.encrypted => Content::Absent("encrypted"),
            (Some((_, raw)), What::Link) => Content::Held(Inode::data(raw).to_vec()),
            (Some((inode, _)), What::File) => self.content(inode.size, deleted, parts),
        };
        let inode = inode.map(|(inode, _)| inode);
        let ended = parts.iter().rev().find(|part| deleted && part.kind == INODE);
        let ended = ended
            .and_then(|part| nodes::read(self.volume, part.place))
            .map(|raw| Inode::parse(&raw));
        self.teller.tell(Named {
            path,
            what,
            bytes: match (&content, &inode) {
                (Content::Held(held), _) => held.len() as u64,
                (Content::Absent(_), Some(inode)) => inode.size,
                _ => 0,
            },
            content,
            deleted,
            owner: inode.as_ref().map(|inode| inode.owner),
            created: None,
            modified: inode.as_ref().map(|inode| inode.modified),
            deleted_at: ended.filter(|ended| ended.links == 0).map(|ended| ended.changed),
            way: if deleted { "ubifs deleted node" } else { "ubifs" },
            recorded: true,
        });
    }

    fn content(&mut self, size: u64, deleted: bool, parts: &[Part]) -> Content {
        if size > MOST_HELD || !self.teller.unpack(size) {
            return Content::Absent("too large");
        }
        let mut held = vec![0; size as usize];
        for (piece, part) in self.pieces(size, deleted, parts) {
            let from = (u64::from(piece) * PIECE) as usize;
            let unpacked = nodes::read(self.volume, part.place).and_then(|raw| nodes::unpack(&raw));
            let room = held.get_mut(from..).unwrap_or_default();
            let unpacked = unpacked.unwrap_or_default();
            let count = room.len().min(unpacked.len());
            room[..count].copy_from_slice(&unpacked[..count]);
        }
        Content::Held(held)
    }

    /// The latest node of each piece, but for those that a cut ended.
    fn pieces(&self, size: u64, deleted: bool, parts: &[Part]) -> BTreeMap<u32, Part> {
        let cuts: Vec<(u64, u64)> = parts
            .iter()
            .filter(|part| part.kind == CUT)
            .filter_map(|part| {
                Some((part.sequence, Fields(&nodes::read(self.volume, part.place)?).u64(48)))
            })
            .filter(|(_, size)| !deleted || *size > 0)
            .collect();
        let cuts = latest(cuts);
        let data =
            parts.iter().filter(|part| part.kind == DATA && u64::from(part.piece) * PIECE < size);
        let valid = data.filter(|part| deleted || stands(self.standing, part.place, part.sequence));
        let uncut = valid.filter(|part| {
            let begins = u64::from(part.piece) * PIECE;
            !cuts.iter().any(|(sequence, size)| part.sequence < *sequence && begins >= *size)
        });
        // They come by piece, then by sequence.
        uncut.map(|part| (part.piece, *part)).collect()
    }
}

/// Of cuts only those that no later one outdoes, and few enough to be asked for each piece.
fn latest(mut cuts: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    cuts.sort_unstable_by_key(|(sequence, _)| std::cmp::Reverse(*sequence));
    let mut least = u64::MAX;
    cuts.retain(|(_, size)| {
        let counts = *size < least;
        least = least.min(*size);
        counts
    });
    cuts.truncate(64);
    cuts
}
