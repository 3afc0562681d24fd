//! Cabinet files: the length in the header, held against folders, files, and the blocks of data with their checksums. A signature may
//! stand behind all that.

use super::{archive, cut};
use crate::Stretch;
use crate::formats::{End, Format, Proof, Signature, Walked};

pub static CABINET: Format = Format {
    kind: archive("cab", "cab"),
    signatures: &[Signature::new(b"MSCF\0\0\0\0")],
    looks,
    walk,
    texts: None,
    picture: None,
};

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..36) else { return false };
    let u32_at =
        |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    head.starts_with(b"MSCF\0\0\0\0")
        && u32_at(12) == 0
        && u32_at(20) == 0
        && head[24] <= 9
        && head[25] == 1
        && u32_at(16) < u32_at(8)
        && u32_at(16) >= 44
        && (head[26], head[27]) != (0, 0)
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    if !looks(stretch.peek(0, 36)) {
        return None;
    }
    let end = u64::from(stretch.u32_le(8)?);
    let (folders, flags) = (u64::from(stretch.u16_le(26)?), stretch.u16_le(30)?);
    let (mut at, mut per_folder, mut per_data) = (36, 0, 0);
    let mut signed = 0;
    if flags & 4 != 0 {
        per_folder = u64::from(stretch.u8(38)?);
        per_data = u64::from(stretch.u8(39)?);
        let reserved = stretch.u16_le(36)?;
        at = 40 + u64::from(reserved);
        if reserved >= 20 {
            signed = signature(stretch, end).unwrap_or(0);
        }
    }
    for _ in 0..(flags & 3).count_ones() * 2 {
        let text = stretch.peek(at, 256);
        at += memchr::memchr(0, text)? as u64 + 1;
    }
    let mut good = u64::from(stretch.u32_le(16)?);
    let (mut sums, mut read) = (0_u64, 0_u64);
    for folder in 0..folders {
        let entry = at + folder * (8 + per_folder);
        let (first, blocks) = (u64::from(stretch.u32_le(entry)?), stretch.u16_le(entry + 4)?);
        let mut block = first;
        for _ in 0..blocks {
            match data(stretch, block, per_data, end) {
                Some(next) => {
                    read += next - block;
                    block = next;
                }
                None if sums == 0 => return None,
                None if end > stretch.len() => return cut(stretch, good, end),
                None => return damaged(stretch, good, end),
            }
            // No two folders share blocks.
            if read > end {
                return None;
            }
            sums += 1;
            good = good.max(block);
        }
    }
    (end <= stretch.len() && sums > 0).then(|| Walked::whole(end + signed, Proof::Checksum))
}

/// How long the signature behind a cabinet is. The space that is kept in the header tells its place and length; it is a sequence in DER,
/// and what fills it up.
fn signature(stretch: &mut Stretch, end: u64) -> Option<u64> {
    let head: [u32; 3] = [40, 44, 48].map(|at| stretch.u32_le(at).unwrap_or(0));
    let [0x0010_0000, place, length] = head else { return None };
    let (place, length) = (u64::from(place), u64::from(length));
    let [0x30, 0x82, high, low] = stretch.array::<4>(end)? else { return None };
    let sequence = 4 + u64::from(u16::from_be_bytes([high, low]));
    let fits = (sequence..sequence + 8).contains(&length);
    (place == end && fits && end + length <= stretch.len()).then_some(length)
}

/// A block that is wrong: of a file that is cut here, or whose end stands where it should.
fn damaged(stretch: &mut Stretch, good: u64, end: u64) -> Option<Walked> {
    let own = super::opaque::extent(stretch, good, end);
    if own < end {
        return cut(stretch, good, own);
    }
    Some(Walked { end: End::Damaged { at: good }, ..Walked::whole(end, Proof::Structure) })
}

/// The place behind a block of data whose checksum is right.
fn data(stretch: &mut Stretch, at: u64, reserved: u64, end: u64) -> Option<u64> {
    let sum = stretch.u32_le(at)?;
    let packed = u64::from(stretch.u16_le(at + 4)?);
    let next = at + 8 + reserved + packed;
    let bytes = stretch.peek(at + 8 + reserved, packed as usize);
    if next > end || bytes.len() as u64 != packed {
        return None;
    }
    let mut found = checksum(bytes);
    let head: [u8; 4] = stretch.array(at + 4)?;
    found ^= u32::from_le_bytes(head);
    (sum == found || sum == 0).then_some(next)
}

/// Words of four bytes by exclusive or; the last ones the other way round.
fn checksum(bytes: &[u8]) -> u32 {
    let words = bytes.chunks_exact(4);
    let rest = words.remainder().iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
    words.fold(rest, |sum, word| sum ^ u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}
