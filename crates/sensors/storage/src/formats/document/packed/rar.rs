//! RAR 4 and 5: blocks by their headers, whose checksums are checked, to the block that ends the archive. An archive of
//! version 4 without one ends behind its last block.

use super::{archive, crc, cut, number};
use crate::formats::{Format, Proof, Signature, Walked};
use crate::{Stretch, sums::agree};

pub static RAR: Format = Format {
    kind: archive("rar", "rar"),
    signatures: &[Signature::new(b"Rar!\x1a\x07")],
    looks,
    walk,
    texts: None,
    picture: None,
};

fn looks(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"Rar!\x1a\x07") else { return false };
    rest.starts_with(b"\x01\0") || matches!(rest, [0, _, _, 0x73, ..])
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    match stretch.peek(6, 2) {
        [1, 0] => walk_blocks(stretch, 8, new_block),
        [0, ..] => walk_blocks(stretch, 7, old_block),
        _ => None,
    }
}

struct Block {
    next: u64,
    closes: bool,
    encrypted: bool,
}

fn walk_blocks(
    stretch: &mut Stretch,
    first: u64,
    read: fn(&mut Stretch, u64) -> Option<Block>,
) -> Option<Walked> {
    let (mut at, mut encrypted, mut blocks) = (first, false, 0_u32);
    let mut before = first;
    loop {
        let Some(block) = read(stretch, at) else {
            if blocks < 2 {
                return None;
            }
            let own = super::opaque::extent(stretch, before, at);
            let old = first == 7 && own == at && zeros(stretch, at);
            let mut walked =
                if old { Walked::whole(at, Proof::Structure) } else { cut(stretch, before, at)? };
            walked.details.encrypted = Some(encrypted);
            return Some(walked);
        };
        blocks += 1;
        encrypted |= block.encrypted;
        if block.next > stretch.len() {
            let mut walked = cut(stretch, at, block.next)?;
            walked.details.encrypted = Some(encrypted);
            return Some(walked);
        }
        (before, at) = (at, block.next);
        if block.closes || block.encrypted && blocks == 1 {
            // Behind encrypted headers nothing can be followed.
            let mut walked = if block.closes {
                Walked::whole(at, Proof::Checksum)
            } else {
                cut(stretch, at, u64::MAX)?
            };
            walked.details.encrypted = Some(encrypted);
            return Some(walked);
        }
    }
}

/// Whether nothing stands there any more.
fn zeros(stretch: &mut Stretch, at: u64) -> bool {
    stretch.peek(at, 16).iter().all(|byte| *byte == 0)
}

fn new_block(stretch: &mut Stretch, at: u64) -> Option<Block> {
    let sum = stretch.u32_le(at)?;
    let mut next = at + 4;
    let size = number(stretch, &mut next).filter(|size| (2..=2 << 20).contains(size))?;
    let head = next;
    let kind = number(stretch, &mut next)?;
    let flags = number(stretch, &mut next)?;
    let extra = if flags & 1 != 0 { number(stretch, &mut next)? } else { 0 };
    let data = if flags & 2 != 0 { number(stretch, &mut next)? } else { 0 };
    if !agree(crc(stretch, at + 4, head - (at + 4) + size)?, sum) {
        return None;
    }
    // The first record of the extra area of a file tells of encryption.
    let mut record = (head + size).saturating_sub(extra);
    let locked = extra > 2
        && number(stretch, &mut record).is_some()
        && number(stretch, &mut record) == Some(1);
    Some(Block {
        next: head.checked_add(size)?.checked_add(data)?,
        closes: kind == 5,
        encrypted: kind == 4 || kind == 2 && locked,
    })
}

fn old_block(stretch: &mut Stretch, at: u64) -> Option<Block> {
    let (sum, kind) = (stretch.u16_le(at)?, stretch.u8(at + 2)?);
    let (flags, size) = (stretch.u16_le(at + 3)?, stretch.u16_le(at + 5)?);
    let plain = (0x72..=0x7B).contains(&kind) && size >= 7;
    // Of a main header with a comment only the first part is summed.
    let summed = if kind == 0x73 && flags & 2 != 0 { 13 } else { u64::from(size) };
    if !plain || !agree(crc(stretch, at + 2, summed - 2)? & 0xFFFF, sum.into()) {
        return None;
    }
    let mut data = 0;
    if flags & 0x8000 != 0 || matches!(kind, 0x74 | 0x7A) {
        data = u64::from(stretch.u32_le(at + 7)?);
        if matches!(kind, 0x74 | 0x7A) && flags & 0x100 != 0 {
            data |= u64::from(stretch.u32_le(at + 32)?) << 32;
        }
    }
    Some(Block {
        next: (at + u64::from(size)).checked_add(data)?,
        closes: kind == 0x7B,
        encrypted: kind == 0x73 && flags & 0x80 != 0 || kind == 0x74 && flags & 4 != 0,
    })
}
