//! Walks the folders of the tree with the best names.

use std::collections::HashSet;

use super::{
    descriptor::{Descriptor, SECTOR},
    extensions::{Extensions, skipped},
    records::{self, Record},
};
use crate::{
    Bytes, Pieces, Run, Stretch,
    volumes::{
        Content, Named, What,
        tell::{Pending, Teller, below},
    },
};

const MOST_BYTES: u64 = 8 * 1024 * 1024;
const MOST_EXTENTS: usize = 65_536;

enum Names {
    Plain,
    Joliet,
    /// With the bytes before each record's fields.
    RockRidge(usize),
}

struct Tree<'a> {
    bytes: &'a dyn Bytes,
    block: u64,
    names: Names,
}

pub fn walk(bytes: &dyn Bytes, teller: &mut Teller) {
    let mut volume = Stretch::new(bytes);
    let Some(primary) = Descriptor::primary(&mut volume) else {
        return teller.malformed("its descriptor is not there any more");
    };
    let own = own_record(bytes, &primary);
    let (names, descriptor) = match own.and_then(|own| skipped(&own.further)) {
        Some(skipped) => (Names::RockRidge(skipped), primary),
        None => match Descriptor::joliet(&mut volume) {
            Some(joliet) => (Names::Joliet, joliet),
            None => (Names::Plain, primary),
        },
    };
    let tree = Tree { bytes, block: descriptor.block, names };
    tree.walk((descriptor.root.block, descriptor.root.bytes), teller);
}

/// The root's record of itself.
fn own_record(bytes: &dyn Bytes, primary: &Descriptor) -> Option<Record> {
    let mut raw = [0; 256];
    let read = bytes.read_at(primary.root.block * primary.block, &mut raw);
    let length = usize::from(raw[0]);
    records::parse(raw[..read].get(..length)?)
}

impl Tree<'_> {
    fn walk(&self, root: (u64, u64), teller: &mut Teller) {
        let mut seen = HashSet::from([root.0]);
        let mut pending = Pending::new("", root);
        while let Some((path, (block, bytes))) = pending.pop() {
            let mut parts: Vec<Run> = Vec::new();
            for record in self.records(block, bytes, teller) {
                if parts.len() < MOST_EXTENTS && !record.folder {
                    parts.push(Run::new(record.block * self.block, record.bytes));
                }
                if record.more && !record.folder {
                    continue;
                }
                let found = self.named(&path, &record, std::mem::take(&mut parts));
                let Some((named, folder)) = found else { continue };
                if let Some(folder) = folder.filter(|(block, _)| seen.insert(*block)) {
                    pending.push(named.path.clone(), folder, teller);
                }
                teller.tell(named);
            }
            if teller.full() {
                break;
            }
        }
    }

    /// No record lies across sectors.
    fn records(&self, block: u64, bytes: u64, teller: &mut Teller) -> Vec<Record> {
        let content = Pieces::part(self.bytes, block * self.block, bytes.min(MOST_BYTES));
        let mut window = Stretch::new(&content);
        if bytes > MOST_BYTES {
            teller.too_large("some of its folders are larger than are read");
        }
        let (mut at, mut found) = (0, Vec::new());
        while at < content.len() && teller.entry() {
            let sector_end = (at / SECTOR + 1) * SECTOR;
            let length = window.u8(at).map_or(0, u64::from);
            if length == 0 || at + length > sector_end {
                at = sector_end;
                continue;
            }
            let record = records::parse(window.peek(at, length as usize));
            found.extend(record.filter(|record| !record.dots()));
            at += length;
        }
        found
    }

    /// What a record names, and the folder's place where it is one.
    fn named(
        &self,
        path: &str,
        record: &Record,
        parts: Vec<Run>,
    ) -> Option<(Named, Option<(u64, u64)>)> {
        let (name, more) = match self.names {
            Names::Plain => (record.plain(), Extensions::default()),
            Names::Joliet => (record.joliet(), Extensions::default()),
            Names::RockRidge(skipped) => {
                let skipped = if record.further.is_empty() { 0 } else { skipped };
                let more = Extensions::read(&record.further, skipped, self.bytes, self.block);
                (more.name.clone().unwrap_or_else(|| record.plain()), more)
            }
        };
        if more.moved {
            return None;
        }
        let folder = match more.child {
            Some(block) => Some((block, self.own_bytes(block))),
            None => record.folder.then_some((record.block, record.bytes)),
        };
        let (what, content) = match folder {
            Some(_) => (What::Folder, Content::Runs(Vec::new())),
            None if more.link => (What::Link, Content::Held(more.target())),
            None if record.interleaved => (What::File, Content::Absent("interleaved with others")),
            None => (What::File, Content::Runs(parts.clone())),
        };
        let bytes = parts.iter().map(|run| run.bytes).fold(0, u64::saturating_add);
        let named = Named {
            path: below(path, &name),
            what,
            bytes: if what == What::File { bytes } else { 0 },
            content,
            deleted: false,
            owner: more.owner,
            created: more.created,
            modified: more.modified.or(record.modified),
            deleted_at: None,
            way: "iso9660",
            recorded: true,
        };
        Some((named, folder))
    }

    /// How long a moved folder is says its own first record.
    fn own_bytes(&self, block: u64) -> u64 {
        let mut raw = [0; 34];
        self.bytes.read_at(block * self.block, &mut raw);
        records::parse(&raw).map_or(0, |record| record.bytes)
    }
}
