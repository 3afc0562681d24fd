//! Entries of a folder: 32 bytes each, a short name with what is known of the file, and before it its long name in pieces.
//!
//! A deleted entry has E5 for its first byte. Its long name's checksum is over all bytes of the short one, so that the lost byte
//! can be told from it.

use crate::volumes::{
    fields::{Fields, wide},
    moments,
};

pub const SIZE: usize = 32;
const LABEL: u8 = 0x08;
const FOLDER: u8 = 0x10;
const LONG: u8 = 0x0F;
const DELETED: u8 = 0xE5;
/// The most pieces of a long name: 255 characters.
const MOST_PIECES: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub folder: bool,
    pub first: u32,
    pub bytes: u32,
    pub created: Option<i64>,
    pub modified: Option<i64>,
    pub deleted: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Seen {
    /// No entry was ever written here.
    Never,
    /// A piece of a name, `.`, `..`, or nothing that could be one.
    Other,
    Label(String),
    Entry(Entry),
}

/// Reads entries in the order in which they stand.
#[derive(Default)]
pub struct Entries {
    pieces: Vec<[u8; SIZE]>,
    /// Behind the end lies what was there before, or anything.
    ended: bool,
    /// What is taken for a folder may be anything, too.
    doubtful: bool,
}

impl Entries {
    /// Of a cluster that does not say that a folder begins in it.
    pub fn doubtful() -> Self {
        Self { doubtful: true, ..Self::default() }
    }

    /// `high`: whether the upper half of the first cluster's number is kept, as FAT32 does.
    pub fn next(&mut self, raw: [u8; SIZE], high: bool) -> Seen {
        if raw[0] == 0 {
            self.pieces.clear();
            self.ended = true;
            return Seen::Never;
        }
        if raw[11] & 0x3F == LONG {
            self.long(raw);
            return Seen::Other;
        }
        let pieces = std::mem::take(&mut self.pieces);
        let (label, lives) = (raw[11] & LABEL != 0, raw[0] != DELETED && !self.ended);
        // What stands in a folder is an entry, however odd; a label is of no use if it is not one.
        let surely = lives && !label && !self.doubtful;
        if dots(&raw) || filled(&raw) || (!surely && !plausible(&raw)) {
            return Seen::Other;
        }
        if label {
            let name = String::from_utf8_lossy(&raw[..11]).trim_end().to_owned();
            return if raw[0] == DELETED { Seen::Other } else { Seen::Label(name) };
        }
        Seen::Entry(entry(&raw, long_name(&raw, &pieces), high))
    }

    /// A piece that does not go on with what stands before it begins anew.
    fn long(&mut self, raw: [u8; SIZE]) {
        let begins = raw[0] != DELETED && raw[0] & 0x40 != 0;
        let ends = chars(&raw).any(|unit| unit == 0);
        let other = self.pieces.last().is_some_and(|last| last[13] != raw[13]);
        if begins || ends || other || self.pieces.len() == MOST_PIECES {
            self.pieces.clear();
        }
        self.pieces.push(raw);
    }
}

/// Whether these bytes can be an entry, or a piece of a name.
pub fn plausible(raw: &[u8; SIZE]) -> bool {
    if raw[11] & 0x3F == LONG {
        return raw[26] == 0 && raw[27] == 0 && raw[12] == 0;
    }
    let first = matches!(raw[0], 0x05 | DELETED) || letter(raw[0]);
    let names =
        dots(raw) || (first && raw[1..11].iter().all(|byte| letter(*byte)) && raw[0] != b' ');
    let deleted = raw[0] == DELETED;
    let fields = Fields(raw);
    let dated = fields.u16(24) == 0 || moments::dos(fields.u16(24), 0).is_some();
    let timed = moments::dos(0x21, fields.u16(22)).is_some();
    raw[11] & 0xC0 == 0 && names && (!deleted || (dated && timed))
}

/// Whether it is the entry that a folder begins with: its own.
pub fn own(raw: &[u8; SIZE]) -> bool {
    raw[..11] == *b".          " && raw[11] & FOLDER != 0
}

/// Whether it is a folder itself, or the one above.
fn dots(raw: &[u8; SIZE]) -> bool {
    raw[..11] == *b".          " || raw[..11] == *b"..         "
}

/// Whether nothing was ever written here but what a medium was filled with.
fn filled(raw: &[u8; SIZE]) -> bool {
    raw.iter().all(|byte| *byte == raw[0])
}

/// A folder has no size of its own.
pub fn fits(raw: &[u8; SIZE]) -> bool {
    plausible(raw) && (raw[11] & (FOLDER | LONG) != FOLDER || Fields(raw).u32(28) == 0)
}

fn letter(byte: u8) -> bool {
    byte >= 0x20 && byte != 0x7F && !b"\"*/:<>?\\|".contains(&byte)
}

fn entry(raw: &[u8; SIZE], long: Option<String>, high: bool) -> Entry {
    let fields = Fields(raw);
    let high = if high { u32::from(fields.u16(20)) << 16 } else { 0 };
    Entry {
        name: long.unwrap_or_else(|| short_name(raw)),
        folder: raw[11] & FOLDER != 0,
        first: high | u32::from(fields.u16(26)),
        bytes: fields.u32(28),
        created: moments::dos(fields.u16(16), fields.u16(14)),
        modified: moments::dos(fields.u16(24), fields.u16(22)),
        deleted: raw[0] == DELETED,
    }
}

/// Names of one case are kept in capitals, and marked.
fn short_name(raw: &[u8; SIZE]) -> String {
    let text = |bytes: &[u8], lower: bool| {
        let text: String = String::from_utf8_lossy(bytes).trim_end().to_owned();
        if lower { text.to_ascii_lowercase() } else { text }
    };
    let mut name = raw[..8].to_vec();
    match name[0] {
        // What stood there is lost.
        DELETED => name[0] = b'_',
        0x05 => name[0] = DELETED,
        _ => (),
    }
    let base = text(&name, raw[12] & 0x08 != 0);
    match text(&raw[8..11], raw[12] & 0x10 != 0) {
        extension if extension.is_empty() => base,
        extension => format!("{base}.{extension}"),
    }
}

/// The pieces before a short entry as its long name, if they are its own.
fn long_name(raw: &[u8; SIZE], pieces: &[[u8; SIZE]]) -> Option<String> {
    let sum = pieces.first()?[13];
    let deleted = raw[0] == DELETED;
    let owned = match deleted {
        false => checksum(raw[0], raw) == sum && in_order(pieces),
        true => (0..=255).any(|first| {
            checksum(first, raw) == sum
                && letter(first)
                && first != b' '
                && !first.is_ascii_lowercase()
        }),
    };
    let name = wide(pieces.iter().rev().flat_map(chars));
    (owned && !name.is_empty()).then_some(name)
}

fn in_order(pieces: &[[u8; SIZE]]) -> bool {
    let last = pieces.len() as u8;
    pieces.iter().enumerate().all(|(at, piece)| piece[0] & 0x3F == last - at as u8)
}

fn chars(piece: &[u8; SIZE]) -> impl Iterator<Item = u16> {
    let fields = Fields(piece);
    fields.units(1, 5).chain(fields.units(14, 6)).chain(fields.units(28, 2))
}

/// Over the eleven bytes of the short name, with `first` for the first.
fn checksum(first: u8, raw: &[u8; SIZE]) -> u8 {
    raw[1..11].iter().fold(first, |sum, byte| sum.rotate_right(1).wrapping_add(*byte))
}

#[cfg(test)]
mod tests;
