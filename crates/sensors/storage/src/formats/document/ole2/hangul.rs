//! Documents of Hangul Word Processor: their sections are packed, so where one does not unpack the file is no longer its own.

use super::chains::{Entry, Store};
use crate::{
    Stretch,
    formats::document::inflate::{Inflater, Stop, Wrap},
};

/// The most that is unpacked of all sections, with their packed bytes, and of the packed bytes of one: many may share their sectors.
const MOST: u64 = 256 << 20;
const MOST_PACKED: usize = 16 << 20;
const PACKED: u8 = 1;
const ENCRYPTED: u8 = 2;

/// The first sector that surely holds something else.
pub fn foreign(stretch: &mut Stretch, store: &Store) -> Option<u64> {
    let header = store.entries.iter().find(|entry| entry.name == "FileHeader")?;
    let header = store.bytes(stretch, header, 64);
    let flags = *header.get(36)?;
    if !header.starts_with(b"HWP Document File") || flags & (PACKED | ENCRYPTED) != PACKED {
        return None;
    }
    let mut left = MOST;
    let sections = store.entries.iter().filter(|entry| is_packed(entry));
    sections.filter_map(|entry| wrong(stretch, store, entry, &mut left)).min()
}

fn is_packed(entry: &Entry) -> bool {
    let name = &entry.name;
    entry.kind == 2 && (name.starts_with("Section") || name == "BodyText" || name == "DocInfo")
}

fn wrong(stretch: &mut Stretch, store: &Store, entry: &Entry, left: &mut u64) -> Option<u64> {
    if *left == 0 {
        return None;
    }
    let bytes = store.bytes(stretch, entry, MOST_PACKED);
    let range = (0, bytes.len() as u64);
    let mut packed = Stretch::new(&bytes);
    let unpacked = Inflater::default().run(&mut packed, range, Wrap::Raw, *left, &mut |_| ());
    stretch.spend(packed.cost());
    *left = left.saturating_sub(range.1.saturating_add(unpacked.made));
    // A stream that only ends too early may be one that was not read to its end.
    let at = (unpacked.stop == Stop::Wrong).then_some(unpacked.used)?;
    store.place_in(entry, at)
}
