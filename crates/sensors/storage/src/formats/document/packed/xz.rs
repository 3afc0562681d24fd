//! XZ: blocks by the headers of their LZMA2 chunks, the index and the footer by their checksums. Nothing is decoded.

use super::{archive, crc, cut, lzma2, number};
use crate::formats::{Format, Proof, Signature, Walked};
use crate::{Stretch, sums::agree};

pub static XZ: Format = Format {
    kind: archive("xz", "xz"),
    signatures: &[Signature::new(b"\xfd7zXZ\0")],
    looks,
    walk,
    texts: None,
    picture: None,
};

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..12) else { return false };
    head.starts_with(b"\xfd7zXZ\0")
        && head[6] == 0
        && head[7] < 16
        && agree(
            crc32fast::hash(&head[6..8]),
            u32::from_le_bytes([head[8], head[9], head[10], head[11]]),
        )
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let mut end = 0;
    loop {
        if !looks(stretch.peek(end, 12)) {
            return (end > 0).then(|| Walked::whole(end, Proof::Checksum));
        }
        match stream(stretch, end) {
            Ok(after) => end = after,
            Err((_, _)) if end > 0 => return Some(Walked::whole(end, Proof::Checksum)),
            // A first chunk alone is no more than a header.
            Err((good, to)) => return if good < 128 { None } else { cut(stretch, good, to) },
        }
    }
}

/// The place behind a stream; or behind its last whole chunk, and where the one that breaks should end.
fn stream(stretch: &mut Stretch, start: u64) -> Result<u64, (u64, u64)> {
    let check = match stretch.u8(start + 7).unwrap_or(0) {
        0 => 0,
        kind => 4 << ((kind - 1) / 3),
    };
    let mut at = start + 12;
    let (mut blocks, mut sure) = (0_u64, at);
    while let Some(size) = stretch.u8(at).filter(|size| *size != 0) {
        (at, sure) = block(stretch, at, size, check)?;
        blocks += 1;
    }
    let index = at;
    let end = index_end(stretch, index, blocks).ok_or((sure, index))?;
    let footer: [u8; 12] = stretch.array(end).ok_or((end, end))?;
    let told = u64::from(u32::from_le_bytes([footer[4], footer[5], footer[6], footer[7]])) * 4 + 4;
    let sum = u32::from_le_bytes([footer[0], footer[1], footer[2], footer[3]]);
    let right = footer[10..] == *b"YZ"
        && agree(crc32fast::hash(&footer[4..10]), sum)
        && told == end - index;
    if !right {
        return Err((end, end));
    }
    Ok(end + 12)
}

fn block(stretch: &mut Stretch, at: u64, size: u8, check: u64) -> Result<(u64, u64), (u64, u64)> {
    let header = u64::from(size) * 4 + 4;
    let sum = stretch.u32_le(at + header - 4).ok_or((at, at))?;
    if !crc(stretch, at, header - 4).is_some_and(|found| agree(found, sum)) {
        return Err((at, at));
    }
    let chunks = lzma2::follow(stretch, at + header, u64::MAX);
    let next = chunks.end.ok_or((chunks.sure, chunks.stop))?;
    let padding = (4 - (next - at) % 4) % 4;
    if !stretch.peek(next, padding as usize).iter().all(|byte| *byte == 0) {
        return Err((chunks.sure, next));
    }
    Ok((next + padding + check, chunks.sure))
}

fn index_end(stretch: &mut Stretch, at: u64, blocks: u64) -> Option<u64> {
    let mut next = at + 1;
    let count = number(stretch, &mut next)?;
    if stretch.u8(at)? != 0 || count != blocks {
        return None;
    }
    for _ in 0..count {
        number(stretch, &mut next)?;
        number(stretch, &mut next)?;
    }
    next += (4 - (next - at) % 4) % 4;
    agree(crc(stretch, at, next - at)?, stretch.u32_le(next)?).then_some(next + 4)
}
