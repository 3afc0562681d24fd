//! Entry sets: a file's times, its place and sizes, and its name in pieces, 32 bytes each, with a checksum over all.

use crate::sums::agree;
use crate::volumes::{
    fields::{Fields, wide},
    moments,
};

pub const SIZE: usize = 32;
const FILE: u8 = 0x85;
const STREAM: u8 = 0xC0;
const NAME: u8 = 0xC1;
const IN_USE: u8 = 0x80;
const FOLDER: u16 = 0x10;
/// The most entries of a set that says how many it has: one, and 18 that follow in any real one.
pub const MOST_ENTRIES: usize = 19;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    pub name: String,
    pub folder: bool,
    pub first: u32,
    pub bytes: u64,
    /// Behind it, nothing was written.
    pub written: u64,
    /// It lies in one piece, and the table says nothing of it.
    pub one_piece: bool,
    pub created: Option<i64>,
    pub modified: Option<i64>,
    pub deleted: bool,
}

/// Whether a file's set begins here, and of how many entries.
pub fn begins(raw: &[u8]) -> Option<usize> {
    let count = usize::from(*raw.get(1)?) + 1;
    let is = *raw.first()? | IN_USE == FILE && (3..=MOST_ENTRIES).contains(&count);
    is.then_some(count)
}

/// The set that these entries are: none where the checksum is wrong.
pub fn parse(raw: &[u8]) -> Option<Set> {
    let (file, stream) = (Fields(raw), Fields(raw).from(SIZE));
    let names = raw.get(2 * SIZE..)?;
    let named = stream.u8(0) | IN_USE == STREAM && names.first()? | IN_USE == NAME;
    if !named || !agree(checksum(raw).into(), file.u16(2).into()) {
        return None;
    }
    let count = usize::from(stream.u8(3));
    let names = names.chunks_exact(SIZE).filter(|entry| entry[0] | IN_USE == NAME);
    let units = names.flat_map(|entry| Fields(entry).units(2, 15));
    Some(Set {
        name: wide(units.take(count)),
        folder: file.u16(4) & FOLDER != 0,
        first: stream.u32(20),
        bytes: stream.u64(24),
        written: stream.u64(8),
        one_piece: stream.u8(1) & 2 != 0,
        created: moment(file.u32(8), file.u8(22)),
        modified: moment(file.u32(12), file.u8(23)),
        deleted: file.u8(0) & IN_USE == 0,
    })
}

/// As it was before deletion; the checksum's own field does not count.
fn checksum(raw: &[u8]) -> u16 {
    let bytes = raw.iter().enumerate().filter(|(at, _)| *at != 2 && *at != 3);
    bytes.fold(0, |sum: u16, (at, byte)| {
        let byte = if at % SIZE == 0 { byte | IN_USE } else { *byte };
        sum.rotate_right(1).wrapping_add(u16::from(byte))
    })
}

/// A time by the clock on the wall, with quarters of an hour before or after UTC where they are known.
fn moment(stamp: u32, zone: u8) -> Option<i64> {
    let wall = moments::dos((stamp >> 16) as u16, stamp as u16)?;
    let quarters = i64::from((zone << 1) as i8 >> 1);
    Some(if zone & 0x80 != 0 { wall - quarters * 900 } else { wall })
}
