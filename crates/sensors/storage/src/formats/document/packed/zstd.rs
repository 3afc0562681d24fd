//! Zstandard: frames by the headers of their blocks, decoded to their checksum where their window is at most 8 MiB and not more than
//! 4 GiB come out.

use super::{archive, cut};
use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

use crate::Stretch;
use crate::formats::document::{inflate::COST, opaque};
use crate::formats::{Format, Proof, Signature, Walked};

pub static ZSTD: Format = Format {
    kind: archive("zstd", "zst"),
    signatures: &[Signature::new(b"\x28\xb5\x2f\xfd")],
    looks,
    walk,
    texts: None,
    picture: None,
};

const LARGEST: u64 = 128 * 1024;
/// The most behind each frame that is not decoded: nothing proves that it is its own.
const MOST_SKIPPED: u64 = 16 << 20;

fn looks(bytes: &[u8]) -> bool {
    // A reserved bit, and a window that no encoder makes.
    matches!(bytes, [0x28, 0xB5, 0x2F, 0xFD, flags, window, ..] if flags & 0x18 == 0 && (flags & 0x20 != 0 || *window <= 0xB0))
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let (mut end, mut proof) = (0, Proof::Checksum);
    loop {
        end = behind_skipped(stretch, end);
        if !looks(stretch.peek(end, 8)) {
            return (end > 0).then(|| Walked::whole(end, proof));
        }
        let summed = stretch.u8(end + 4).is_some_and(|flags| flags & 4 != 0);
        match frame(stretch, end) {
            Ok((after, sure)) => match decode(stretch, end, after) {
                // One block that tells no length is one by its checksum, or right behind another frame.
                Decoded::To(place) if place >= after && (sure || summed || end > 0) => {
                    proof = proof.min(if summed { Proof::Checksum } else { Proof::Decoded });
                    end = after;
                }
                Decoded::Not if sure => {
                    proof = Proof::Structure;
                    end = after;
                }
                _ if end > 0 => return Some(Walked::whole(end, proof)),
                Decoded::To(place) if place < after => return front(stretch, place, after),
                _ => return None,
            },
            Err(_) if end > 0 => return Some(Walked::whole(end, proof)),
            Err((good, to, blocks)) => {
                return match decode(stretch, 0, good) {
                    Decoded::To(place) if place < good => front(stretch, place, good),
                    _ if blocks < 2 => None,
                    _ => cut(stretch, good, to),
                };
            }
        }
    }
}

/// The place behind the frames that decoders skip, which follow one that they decode: indexes, or what a program keeps beside it.
fn behind_skipped(stretch: &mut Stretch, start: u64) -> u64 {
    let mut end = start;
    while start > 0
        && let Some([0x50..=0x5F, 0x2A, 0x4D, 0x18, a, b, c, d]) = stretch.array(end)
    {
        let next = end + 8 + u64::from(u32::from_le_bytes([a, b, c, d]));
        let own = next <= stretch.len() && next - start <= MOST_SKIPPED;
        if !own || opaque::begun(stretch, end + 8, next) < next {
            break;
        }
        end = next;
    }
    end
}

/// One that was decoded up to a block that is wrong.
fn front(stretch: &mut Stretch, place: u64, to: u64) -> Option<Walked> {
    if place < 2048 { None } else { cut(stretch, place, place.min(to)) }
}

enum Decoded {
    /// So far it went in without an error.
    To(u64),
    /// It would take too much memory.
    Not,
}

const WIDEST: u32 = 23;
const MOST: u64 = 4 << 30;

fn decode(stretch: &mut Stretch, start: u64, end: u64) -> Decoded {
    let single = stretch.u8(start + 4).is_some_and(|flags| flags & 0x20 != 0);
    // A frame in one piece has all of its content as its window.
    let window = if single {
        content(stretch, start)
    } else {
        stretch.u8(start + 5).map_or(0, |window| 1 << (u32::from(window >> 3) + 10))
    };
    let Ok(mut decoder) = Decoder::new() else { return Decoded::Not };
    if window > 1 << WIDEST || decoder.set_parameter(DParameter::WindowLogMax(WIDEST)).is_err() {
        return Decoded::Not;
    }
    let mut out = vec![0; 128 * 1024];
    let (mut at, mut made) = (start, 0_u64);
    loop {
        let count = usize::try_from(end - at).unwrap_or(usize::MAX).min(128 * 1024);
        let mut input = InBuffer::around(stretch.peek(at, count));
        let mut output = OutBuffer::around(&mut out[..]);
        let Ok(left) = decoder.run(&mut input, &mut output) else { return Decoded::To(at) };
        let (read, wrote) = (input.pos() as u64, output.pos() as u64);
        at += read;
        made += wrote;
        stretch.spend(wrote / COST);
        if left == 0 || at >= end && wrote == 0 || read + wrote == 0 {
            return Decoded::To(at);
        }
        if made > MOST {
            return Decoded::Not;
        }
    }
}

/// Where a frame tells how long its content is, in how many bytes.
fn told(stretch: &mut Stretch, start: u64) -> (u64, usize) {
    let flags = stretch.u8(start + 4).unwrap_or(0);
    let single = flags & 0x20 != 0;
    let sizes = match flags >> 6 {
        0 => usize::from(single),
        power => 1 << power,
    };
    let dictionary = [0, 1, 2, 4][usize::from(flags & 3)];
    (start + 5 + u64::from(!single) + dictionary, sizes)
}

/// How long a frame's content is; 0 where it is not told.
fn content(stretch: &mut Stretch, start: u64) -> u64 {
    let (at, sizes) = told(stretch, start);
    let bytes = stretch.peek(at, sizes);
    let number = bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    if sizes == 2 { number + 256 } else { number }
}

/// The place behind a frame, and whether its blocks alone make it one; or the place behind its last whole block, where the one that
/// breaks should end, and how many were whole.
fn frame(stretch: &mut Stretch, start: u64) -> Result<(u64, bool), (u64, u64, u32)> {
    let flags = stretch.u8(start + 4).unwrap_or(0);
    let (place, sizes) = told(stretch, start);
    let content = content(stretch, start);
    let mut before = start;
    let mut at = place + sizes as u64;
    let mut blocks = 0;
    loop {
        let broken = (before, at, blocks);
        let [a, b, c] = stretch.array(at).ok_or(broken)?;
        let head = u32::from_le_bytes([a, b, c, 0]);
        let size = u64::from(head >> 3);
        let length = match head >> 1 & 3 {
            1 => 1,
            0 | 2 if size <= LARGEST => size,
            _ => return Err(broken),
        };
        // The literals of a packed block cannot be longer than a block.
        if head >> 1 & 3 == 2 && size < 2 || size > LARGEST && head >> 1 & 3 == 1 {
            return Err(broken);
        }
        // An empty block that is not the last says nothing: zeros are full of them.
        if head == 0 {
            return Err(broken);
        }
        let next = at + 3 + length;
        if next > stretch.len() {
            return Err((at, next, blocks));
        }
        (before, at) = (at, next);
        blocks += 1;
        if head & 1 == 1 {
            let end = at + u64::from(flags & 4);
            // No block has more content than the largest.
            let sure = (blocks > 1 || sizes > 0) && content.div_ceil(LARGEST) <= u64::from(blocks);
            return if end <= stretch.len() { Ok((end, sure)) } else { Err((at, at, blocks)) };
        }
    }
}
