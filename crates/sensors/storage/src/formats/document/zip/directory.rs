//! The directory at an archive's end, and the record that closes it.

use crate::Stretch;

pub const ENTRY: u32 = 0x0201_4b50;
pub const CLOSE: u32 = 0x0605_4b50;
const CLOSE_WIDE: u32 = 0x0606_4b50;
const LOCATOR: u32 = 0x0706_4b50;
const SIGNATURE: u32 = 0x0505_4b50;

/// The most places that are remembered.
pub const MOST: usize = 200_000;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// Where it stands, and where it says to.
    pub at: u64,
    pub recorded: u64,
    pub entries: u64,
    /// Where members should stand.
    pub places: Vec<u64>,
    /// Behind the last byte of the archive.
    pub end: u64,
}

/// Reads from the first entry. Else the place where it broke.
pub fn read(stretch: &mut Stretch, at: u64) -> Result<Directory, u64> {
    let mut directory = Directory { at, ..Directory::default() };
    let mut next = at;
    while let Some((place, end)) = entry(stretch, next) {
        directory.entries += 1;
        if directory.places.len() < MOST {
            directory.places.push(place);
        }
        next = end;
    }
    let size = next - at;
    if stretch.u32_le(next) == Some(SIGNATURE) {
        next += 6 + u64::from(stretch.u16_le(next + 4).ok_or(next)?);
    }
    let mut wide = None;
    if stretch.u32_le(next) == Some(CLOSE_WIDE) {
        wide = stretch.u64_le(next + 48);
        let length = stretch.u64_le(next + 4).filter(|length| *length < 1 << 20).ok_or(next)?;
        next += 12 + length;
    }
    if stretch.u32_le(next) == Some(LOCATOR) {
        next += 20;
    }
    let close: [u8; 22] = stretch.array(next).ok_or(next)?;
    let u16_at = |at: usize| u64::from(u16::from_le_bytes([close[at], close[at + 1]]));
    let u32_at = |at: usize| u16_at(at) | u16_at(at + 2) << 16;
    let fits = |told: u64, found: u64, wide: u64| told == wide || told == found;
    let ours = u32_at(0) == u64::from(CLOSE)
        && fits(u16_at(10), directory.entries & 0xFFFF, 0xFFFF)
        && fits(u32_at(12), size, 0xFFFF_FFFF);
    directory.end = next + 22 + u16_at(20);
    directory.recorded = match u32_at(16) {
        0xFFFF_FFFF => wide.unwrap_or(at),
        place => place,
    };
    if !ours || directory.end > stretch.len() { Err(next) } else { Ok(directory) }
}

/// Where the record that closes a directory says that it begins and ends.
pub fn told(stretch: &mut Stretch, close: u64) -> Option<(u64, u64)> {
    let (size, begins) = (stretch.u32_le(close + 12)?, stretch.u32_le(close + 16)?);
    let known = begins != u32::MAX && size >= 46;
    known.then(|| (u64::from(begins), u64::from(begins) + u64::from(size)))
}

/// The place that an entry tells of its member, and the entry's end.
pub fn entry(stretch: &mut Stretch, at: u64) -> Option<(u64, u64)> {
    let head: [u8; 46] = stretch.array(at)?;
    let u16_at = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
    let u32_at = |at: usize| u32::from(u16_at(at)) | u32::from(u16_at(at + 2)) << 16;
    if u32_at(0) != ENTRY {
        return None;
    }
    let [name, extra, comment] = [28, 30, 32].map(|at| u64::from(u16_at(at)));
    let end = at + 46 + name + extra + comment;
    let mut place = u64::from(u32_at(42));
    if place == 0xFFFF_FFFF {
        place = wide_place(stretch.peek(at + 46 + name, extra as usize), [u32_at(24), u32_at(20)])?;
    }
    (end <= stretch.len()).then_some((place, end))
}

fn wide_place(mut extra: &[u8], lengths: [u32; 2]) -> Option<u64> {
    while let [a, b, c, d, rest @ ..] = extra {
        let field = rest.get(..usize::from(u16::from_le_bytes([*c, *d])))?;
        if [*a, *b] == [1, 0] {
            let skip = lengths.iter().filter(|length| **length == u32::MAX).count() * 8;
            return Some(u64::from_le_bytes(field.get(skip..skip + 8)?.try_into().ok()?));
        }
        extra = &rest[field.len()..];
    }
    None
}
