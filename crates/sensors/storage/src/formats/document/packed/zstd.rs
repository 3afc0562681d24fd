//! Zstandard: frames by the headers of their blocks. Nothing is decoded; the checksum over the content is not checked.

use super::{archive, cut};
use crate::Stretch;
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

fn looks(bytes: &[u8]) -> bool {
    // A reserved bit, and a window that no encoder makes.
    matches!(bytes, [0x28, 0xB5, 0x2F, 0xFD, flags, window, ..] if flags & 0x18 == 0 && (flags & 0x20 != 0 || *window <= 0xB0))
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let mut end = 0;
    loop {
        if !looks(stretch.peek(end, 8)) {
            return (end > 0).then(|| Walked::whole(end, Proof::Structure));
        }
        match frame(stretch, end) {
            Ok(after) => end = after,
            Err(_) if end > 0 => return Some(Walked::whole(end, Proof::Structure)),
            // Two blocks that fit are no chance.
            Err((_, _, blocks)) if blocks < 2 => return None,
            Err((good, to, _)) => return cut(stretch, good, to),
        }
    }
}

/// The place behind a frame; or behind its last whole block, where the one that breaks should end, and how many were whole.
fn frame(stretch: &mut Stretch, start: u64) -> Result<u64, (u64, u64, u32)> {
    let flags = stretch.u8(start + 4).unwrap_or(0);
    let single = flags & 0x20 != 0;
    let sizes = match flags >> 6 {
        0 => u64::from(single),
        power => 1 << power,
    };
    let dictionary = [0, 1, 2, 4][usize::from(flags & 3)];
    let mut before = start;
    let mut at = start + 5 + u64::from(!single) + dictionary + sizes;
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
        let next = at + 3 + length;
        if next > stretch.len() {
            return Err((at, next, blocks));
        }
        (before, at) = (at, next);
        blocks += 1;
        if head & 1 == 1 {
            let end = at + u64::from(flags & 4);
            return if end <= stretch.len() && (blocks > 1 || sizes > 0) {
                Ok(end)
            } else {
                Err((at, at, blocks))
            };
        }
    }
}
