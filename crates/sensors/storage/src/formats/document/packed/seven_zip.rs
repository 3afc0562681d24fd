//! 7z: the header at its end by the place, length and checksum that the first 32 bytes tell. Of a front part alone
//! the chunks of LZMA2 are followed.

use super::{archive, crc, cut, lzma2};
use crate::formats::{End, Format, Joint, Proof, Signature, Walked, resync};
use crate::{Stretch, sums::agree};

pub static SEVEN_ZIP: Format = Format {
    kind: archive("7z", "7z"),
    signatures: &[Signature::new(b"7z\xbc\xaf\x27\x1c")],
    looks,
    walk,
    texts: None,
    picture: None,
};

/// A header of more is not read; its place alone counts.
const LARGEST: u64 = 64 << 20;
/// What must be decoded at least: chance is found out sooner.
const LEAST: u64 = 512;
/// So late the decoder notices what is not its own.
const LATE: u64 = 2048;
/// The number of the method that encrypts, AES-256 with SHA-256.
const AES: &[u8] = &[0x06, 0xF1, 0x07, 0x01];

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.first_chunk::<32>() else { return false };
    let told = u32::from_le_bytes([head[8], head[9], head[10], head[11]]);
    head.starts_with(b"7z\xbc\xaf\x27\x1c") && agree(crc32fast::hash(&head[12..]), told)
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    if !looks(stretch.peek(0, 32)) {
        return None;
    }
    let (place, size) = (stretch.u64_le(12)?, stretch.u64_le(20)?);
    let start = place.checked_add(32)?;
    let end = start.checked_add(size)?;
    let told = stretch.u32_le(28)?;
    // A header without a byte has its checksum wherever it is said to be.
    let there = size <= LARGEST && end <= stretch.len() && (size == 0 || begins(stretch, start));
    let right = there && crc(stretch, start, size).is_some_and(|found| agree(found, told));
    let mut walked = if right { closed(stretch, start, end) } else { front(stretch, start)? };
    let head = stretch.peek(start, usize::try_from(size).unwrap_or(0).min(64 * 1024));
    let encrypted = memchr::memmem::find(head, AES).is_some();
    walked.details.encrypted = right.then_some(encrypted);
    Some(walked)
}

/// Few kinds of byte begin a header, and longer ones are summed only behind one.
fn begins(stretch: &mut Stretch, header: u64) -> bool {
    matches!(stretch.u8(header), Some(1 | 0x17))
}

/// The header is right; a first stream of LZMA2 that can be decoded for a part must be so to its end, and before the header.
fn closed(stretch: &mut Stretch, header: u64, end: u64) -> Walked {
    let whole = Walked::whole(end, Proof::Checksum);
    match lzma2::decoded(stretch, 32) {
        Some((at, false)) if at >= 32 + LEAST => {
            Walked { end: End::Damaged { at: at.min(header) }, ..whole }
        }
        _ => whole,
    }
}

/// The header at the end, found by its checksum behind a gap of whole sectors.
pub fn joints(stretch: &mut Stretch, walked: &Walked, largest: u64) -> Vec<Joint> {
    let mut told = || Some((stretch.u64_le(12)?, stretch.u64_le(20)?, stretch.u32_le(28)?));
    let Some((place, size, sum)) = told().filter(|(_, size, _)| (8..=1 << 20).contains(size))
    else {
        return Vec::new();
    };
    let start = place.saturating_add(32);
    let mut gaps = (1..=largest / 512).map(|count| count * 512);
    let gap = gaps.find(|gap| {
        let at = start.saturating_add(*gap);
        begins(stretch, at) && crc(stretch, at, size) == Some(sum)
    });
    let split = walked.sound().saturating_sub(64 * 1024).max(32)..start + 1;
    gap.map(|gap| Joint { split, gap }).into_iter().collect()
}

/// A front part, where its stream is one of LZMA2 and goes on for more than a chunk: other methods look like chance.
fn front(stretch: &mut Stretch, start: u64) -> Option<Walked> {
    if let Some((at, false)) = lzma2::decoded(stretch, 32)
        && at >= 32 + LEAST
    {
        let sure = resync::cut(stretch, 32, at.saturating_sub(LATE).max(32 + LEAST)).at;
        return Some(Walked::broken(sure, Proof::Decoded));
    }
    let chunks = lzma2::follow(stretch, 32, start);
    if chunks.sure <= 32 {
        return None;
    }
    cut(stretch, chunks.sure, chunks.end.map_or(chunks.stop, |_| start).min(start))
}
