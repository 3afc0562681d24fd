//! BZIP2: its blocks and its end begin with marks of 48 bits at any bit, and the end has a checksum over those of the blocks. The walk
//! looks for the marks and decodes nothing; no block is longer than its level allows.

use super::archive;
use crate::Stretch;
use crate::formats::document::opaque;
use crate::formats::{Format, Proof, Signature, Walked};

pub static BZIP2: Format = Format {
    kind: archive("bzip2", "bz2"),
    signatures: &[Signature::new(b"BZh")],
    looks,
    walk,
    texts: None,
    picture: None,
};

const BLOCK: u64 = 0x3141_5926_5359;
const END: u64 = 0x1772_4538_5090;
const MASK: u64 = (1 << 48) - 1;

fn looks(bytes: &[u8]) -> bool {
    let begins = |rest: &[u8]| {
        rest.starts_with(&BLOCK.to_be_bytes()[2..]) || rest.starts_with(&END.to_be_bytes()[2..])
    };
    matches!(bytes.get(..4), Some([b'B', b'Z', b'h', b'1'..=b'9']))
        && bytes.get(4..).is_some_and(begins)
}

/// The next mark from a bit on: which, and its place in bits.
fn mark(stretch: &mut Stretch, from: u64, to: u64) -> Option<(u64, u64)> {
    let mut held = 0_u64;
    let mut at = from / 8;
    while at < to {
        let piece = stretch.peek(at, 64 * 1024);
        if piece.is_empty() {
            return None;
        }
        for (skip, byte) in piece.iter().enumerate() {
            held = held << 8 | u64::from(*byte);
            // The four bytes in the middle of a mark stand in the held ones at each shift: few pass the first look.
            if !near(held) {
                continue;
            }
            for shift in 0..8 {
                let seen = held >> shift & MASK;
                let bit = ((at + skip as u64 + 1) * 8).checked_sub(shift + 48);
                if let Some(bit) = bit.filter(|bit| *bit >= from && (seen == BLOCK || seen == END))
                {
                    return Some((seen, bit));
                }
            }
        }
        at += piece.len() as u64;
    }
    None
}

/// Whether the third byte from the end is one that a mark has there at some shift.
fn near(held: u64) -> bool {
    const SEEN: [bool; 256] = {
        let mut seen = [false; 256];
        let mut shift = 0;
        while shift < 8 {
            seen[(BLOCK << shift >> 16) as u8 as usize] = true;
            seen[(END << shift >> 16) as u8 as usize] = true;
            shift += 1;
        }
        seen
    };
    SEEN[(held >> 16) as u8 as usize]
}

fn u32_at_bit(stretch: &mut Stretch, bit: u64) -> Option<u32> {
    // The last bits of a file may end with its last byte.
    let bytes = stretch.peek(bit / 8, 5);
    let held =
        (0..5).fold(0_u64, |held, at| held << 8 | bytes.get(at).map_or(0, |byte| u64::from(*byte)));
    if (bytes.len() as u64) * 8 < bit % 8 + 32 {
        return None;
    }
    Some((held >> (8 - bit % 8)) as u32)
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let mut end = 0;
    // Streams may follow each other.
    loop {
        let head = stretch.peek(end, 10);
        if !looks(head) {
            return (end > 0).then(|| Walked::whole(end, Proof::Structure));
        }
        match stream(stretch, end) {
            Ok(after) => end = after,
            Err(_) if end > 0 => return Some(Walked::whole(end, Proof::Structure)),
            Err(last) => {
                let length = opaque::extent(stretch, 14, last);
                let least = if last > 14 { 512 } else { u64::MAX };
                return (length >= least).then(|| Walked::broken(length, Proof::Structure));
            }
        }
    }
}

/// The place behind a stream, or behind the last block that another one follows.
fn stream(stretch: &mut Stretch, at: u64) -> Result<u64, u64> {
    let level = u64::from(stretch.u8(at + 3).unwrap_or(b'1').saturating_sub(b'0'));
    // Chance does not pack: a block holds all of its level and a little more.
    let longest = level * 100_000 * 5 / 4 + 20_000;
    let (mut bit, mut sum) = ((at + 4) * 8, 0_u32);
    let mut last = at + 14;
    loop {
        let Some((seen, place)) = mark(stretch, bit, bit / 8 + longest) else { return Err(last) };
        let told = u32_at_bit(stretch, place + 48).ok_or(last)?;
        if seen == END {
            return if told == sum { Ok((place + 80).div_ceil(8)) } else { Err(last) };
        }
        // Another stream's first block: this one's last is missing.
        let first = place == (at + 4) * 8;
        if !first && place % 8 == 0 && looks(stretch.peek((place / 8).saturating_sub(4), 10)) {
            return Err(last);
        }
        sum = sum.rotate_left(1) ^ told;
        last = last.max(place / 8);
        bit = place + 80;
    }
}
