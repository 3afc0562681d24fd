//! Directories of TIFF, as TIFF files and EXIF blocks have them: either byte order, 32 and 64 bit.
//! Entries are read where they stand; at most 4096 of one directory.

use crate::Stretch;

const MOST_ENTRIES: u64 = 4096;
/// Text of EXIF 3.0.
const UTF_8: u16 = 129;

/// What every number of a TIFF structure is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub little: bool,
    /// BigTIFF: counts and offsets of 64 bit.
    pub wide: bool,
    /// Where offset 0 lies in the stretch.
    pub base: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub tag: u16,
    pub kind: u16,
    pub count: u64,
    /// Where its values stand in the stretch.
    pub place: u64,
}

impl Entry {
    pub fn size(self) -> u64 {
        match self.kind {
            1 | 2 | 6 | 7 | UTF_8 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16..=18 => 8,
            _ => 0,
        }
    }

    /// Just behind its values.
    pub fn end(self) -> u64 {
        self.place.saturating_add(self.size().saturating_mul(self.count))
    }
}

/// One directory.
#[derive(Debug, Default)]
pub struct Directory {
    pub entries: Vec<Entry>,
    /// Just behind the directory itself.
    pub end: u64,
    /// Where the next one stands in the file; 0 for none.
    pub next: u64,
}

impl Directory {
    pub fn entry(&self, tag: u16) -> Option<Entry> {
        self.entries.iter().copied().find(|entry| entry.tag == tag)
    }

    /// Whether entries are in the order that the format demands.
    pub fn is_rising(&self) -> bool {
        self.entries.array_windows().all(|[one, next]| one.tag < next.tag)
    }
}

impl Order {
    /// The order of what begins at `base`, and where its first directory stands.
    pub fn read(stretch: &mut Stretch, base: u64) -> Option<(Self, u64)> {
        let head: [u8; 4] = stretch.array(base)?;
        let little = head[..2] == *b"II";
        let order = |wide| Self { little, wide, base };
        match &head {
            b"II*\0" | b"MM\0*" => {
                let order = order(false);
                Some((order, order.number(stretch, base + 4, 4)?))
            }
            b"II+\0" | b"MM\0+" => {
                let order = order(true);
                let fixed =
                    (order.number(stretch, base + 4, 2)?, order.number(stretch, base + 6, 2)?);
                (fixed == (8, 0)).then_some(())?;
                Some((order, order.number(stretch, base + 8, 8)?))
            }
            _ => None,
        }
    }

    /// A number of up to eight bytes.
    pub fn number(self, stretch: &mut Stretch, place: u64, bytes: usize) -> Option<u64> {
        let seen = stretch.peek(place, bytes.min(8));
        if seen.len() < bytes {
            return None;
        }
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(if self.little { seen.iter().rev().fold(0, add) } else { seen.iter().fold(0, add) })
    }

    /// The directory at an offset; none where most entries are of no known type, or one goes beyond the stretch.
    pub fn directory(self, stretch: &mut Stretch, offset: u64) -> Option<Directory> {
        let place = self.base.checked_add(offset)?;
        let (head, step) = if self.wide { (8, 20) } else { (2, 12) };
        let count = self.number(stretch, place, head as usize)?;
        if count == 0 || count > MOST_ENTRIES {
            return None;
        }
        let first = place + head;
        let end = first + count * step;
        let mut entries = Vec::new();
        for index in 0..count {
            let entry = self.entry(stretch, first + index * step)?;
            if entry.size() > 0 {
                entries.push(entry);
            }
            // A reader has to skip types that it does not know; chance has no others.
            if (index + 1 - entries.len() as u64) * 2 >= count {
                return None;
            }
        }
        let width = if self.wide { 8 } else { 4 };
        // EXIF of some cameras has no room for the next one.
        let next = self.number(stretch, end, width).unwrap_or(0);
        Some(Directory { entries, end: end + width as u64, next })
    }

    fn entry(self, stretch: &mut Stretch, place: u64) -> Option<Entry> {
        let width = if self.wide { 8 } else { 4 };
        let tag = self.number(stretch, place, 2)? as u16;
        let kind = self.number(stretch, place + 2, 2)? as u16;
        let count = self.number(stretch, place + 4, width)?;
        let value = place + 4 + width as u64;
        let mut entry = Entry { tag, kind, count, place: value };
        if entry.size().saturating_mul(count) > width as u64 {
            entry.place = self.base.checked_add(self.number(stretch, value, width)?)?;
        }
        (entry.end() <= stretch.len()).then_some(entry)
    }

    /// The value at `index`, of an entry of whole numbers.
    pub fn value(self, stretch: &mut Stretch, entry: Entry, index: u64) -> Option<u64> {
        if index >= entry.count || matches!(entry.kind, 2 | 5 | 10 | 11 | 12 | UTF_8) {
            return None;
        }
        let size = entry.size();
        self.number(stretch, entry.place.checked_add(index * size)?, size as usize)
    }

    /// The first value of a tag.
    pub fn first(self, stretch: &mut Stretch, directory: &Directory, tag: u16) -> Option<u64> {
        self.value(stretch, directory.entry(tag)?, 0)
    }

    /// The first value of a tag of fractions, rounded.
    pub fn ratio(self, stretch: &mut Stretch, directory: &Directory, tag: u16) -> Option<u64> {
        let entry = directory.entry(tag).filter(|entry| entry.kind == 5)?;
        let over = self.number(stretch, entry.place, 4)?;
        let under = self.number(stretch, entry.place + 4, 4)?;
        over.saturating_add(under / 2).checked_div(under)
    }

    /// A tag of text, up to its first zero.
    pub fn text(self, stretch: &mut Stretch, directory: &Directory, tag: u16) -> Option<Vec<u8>> {
        let entry = directory.entry(tag).filter(|entry| matches!(entry.kind, 1 | 2 | 7 | UTF_8))?;
        let bytes = stretch.peek(entry.place, entry.count.min(800) as usize);
        Some(bytes.split(|byte| *byte == 0).next().unwrap_or_default().to_vec())
    }
}
