//! Walks the folders: lists of names behind heads that say in which block their inodes lie.

use std::collections::HashSet;

use super::{
    content::{Fragments, Reader},
    inodes::{Body, Inode},
    metadata::{Metadata, Place},
    packer::Packer,
    superblock::Superblock,
};
use crate::{
    Bytes,
    volumes::{
        Content, Named, What,
        fields::Fields,
        tell::{Pending, Teller, below},
    },
};

const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// A head is followed by at most so many names.
const MOST_NAMES: u32 = 256;
/// A list is as much longer on paper, for `.` and `..`.
const DOTS: u64 = 3;

struct Folder {
    place: Place,
    bytes: u64,
}

pub struct Walk<'a> {
    superblock: Superblock,
    metadata: Metadata<'a>,
    fragments: Fragments,
}

impl<'a> Walk<'a> {
    pub fn new(bytes: &'a dyn Bytes, superblock: Superblock, packer: Packer) -> Self {
        let metadata = Metadata::new(bytes, packer);
        Self { superblock, metadata, fragments: Fragments::default() }
    }

    pub fn all(mut self, teller: &mut Teller) {
        let root = self.inode(self.superblock.root, teller).and_then(|root| self.folder(&root));
        let Some(root) = root else {
            return teller.malformed("its root cannot be read");
        };
        let mut seen = HashSet::from([self.superblock.root]);
        let mut pending = Pending::new("", root);
        while let Some((path, folder)) = pending.pop() {
            let listed = self.list(&folder, teller);
            for (name, reference) in listed {
                let Some(inode) = self.inode(reference, teller) else {
                    teller.malformed("inodes that its folders name cannot be read");
                    continue;
                };
                let path = below(&path, &name);
                if let Some(named) = self.named(path.clone(), &inode, teller) {
                    teller.tell(named);
                }
                if let Some(folder) = self.folder(&inode).filter(|_| seen.insert(reference)) {
                    pending.push(path, folder, teller);
                }
            }
            if teller.full() {
                break;
            }
        }
    }

    fn inode(&mut self, reference: u64, teller: &mut Teller) -> Option<Inode> {
        Inode::read(Place::new(self.superblock.inodes, reference), &mut self.metadata, teller)
    }

    fn folder(&self, inode: &Inode) -> Option<Folder> {
        let Body::Folder { place, at, bytes } = inode.what else { return None };
        let block = self.superblock.folders.saturating_add(place.into());
        let bytes = u64::from(bytes).saturating_sub(DOTS);
        Some(Folder { place: Place { block, at: at.into() }, bytes })
    }

    fn list(&mut self, folder: &Folder, teller: &mut Teller) -> Vec<(String, u64)> {
        let mut found = Vec::new();
        let (mut place, mut left) = (folder.place, folder.bytes.min(MOST_BYTES));
        while left > 0 && self.names(&mut place, &mut left, &mut found, teller).is_some() {}
        if folder.bytes > MOST_BYTES {
            teller.too_large("some of its folders are larger than are read");
        } else if left > 0 {
            teller.malformed("some of its folders break off");
        }
        found
    }

    /// The names behind one head.
    fn names(
        &mut self,
        place: &mut Place,
        left: &mut u64,
        found: &mut Vec<(String, u64)>,
        teller: &mut Teller,
    ) -> Option<()> {
        let head: [u8; 12] = self.metadata.array(place, teller)?;
        *left = left.checked_sub(12)?;
        let block = u64::from(Fields(&head).u32(4));
        let more = Fields(&head).u32(0);
        if more >= MOST_NAMES {
            return None;
        }
        for _ in 0..=more {
            let entry: [u8; 8] = self.metadata.array(place, teller)?;
            let length = usize::from(Fields(&entry).u16(6)) + 1;
            let mut name = vec![0; length.min(1024)];
            self.metadata.read(place, &mut name, teller)?;
            *left = left.checked_sub(8 + length as u64)?;
            if length > name.len() || !teller.entry() {
                return None;
            }
            let reference = block << 16 | u64::from(Fields(&entry).u16(0));
            found.push((String::from_utf8_lossy(&name).into_owned(), reference));
        }
        Some(())
    }

    fn named(&mut self, path: String, inode: &Inode, teller: &mut Teller) -> Option<Named> {
        let owner = self.metadata.record(self.superblock.ids, inode.owner.into(), teller);
        let (what, bytes, content) = match &inode.what {
            Body::Other => return None,
            Body::Folder { .. } => (What::Folder, 0, Content::Runs(Vec::new())),
            Body::Link(target) => (What::Link, 0, Content::Held(target.clone())),
            Body::File(blocks) => {
                let Self { superblock, metadata, fragments } = self;
                let mut reader = Reader { superblock, metadata, fragments };
                (What::File, blocks.size, reader.content(blocks, teller))
            }
        };
        Some(Named {
            path,
            what,
            bytes,
            content,
            deleted: false,
            owner: owner.map(u32::from_le_bytes),
            created: None,
            modified: Some(inode.modified),
            deleted_at: None,
            way: "squashfs",
            recorded: true,
        })
    }
}
