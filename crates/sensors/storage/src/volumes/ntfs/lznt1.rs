//! LZNT1: blocks of 4096 bytes, each stored or as literals and copies of what stands before in it.

use crate::volumes::fields::Fields;

const BLOCK: usize = 4096;

/// Unpacks to at most `most` bytes; what breaks off ends there.
pub fn unpack(packed: &[u8], most: usize, into: &mut Vec<u8>) {
    let end = into.len() + most;
    let mut rest = packed;
    while rest.len() >= 2 && into.len() < end {
        let head = Fields(rest).u16(0);
        if head == 0 {
            break;
        }
        let count = usize::from(head & 0x0FFF) + 1;
        let block = Fields(rest).bytes(2, count);
        let before = into.len();
        if head & 0x8000 == 0 {
            into.extend_from_slice(block);
        } else if copies(block, into).is_none() {
            break;
        }
        // Every block stands for as much, the last of a unit excepted.
        rest = rest.get(2 + count..).unwrap_or_default();
        if rest.len() >= 2 && Fields(rest).u16(0) != 0 {
            into.resize((before + BLOCK).min(end), 0);
        }
    }
    into.truncate(end);
}

/// A copy is two bytes; how many bits of them tell the distance grows with the block.
fn copies(block: &[u8], into: &mut Vec<u8>) -> Option<()> {
    let base = into.len();
    let mut at = 0;
    while at < block.len() {
        let flags = block[at];
        at += 1;
        for bit in 0..8 {
            if at >= block.len() || into.len() - base >= BLOCK {
                break;
            }
            if flags >> bit & 1 == 0 {
                into.push(block[at]);
                at += 1;
                continue;
            }
            let pair = usize::from(Fields(block).u16(at));
            at += 2;
            let done = into.len() - base;
            let bits = done.saturating_sub(1).checked_ilog2().map_or(4, |log| (log + 1).max(4));
            let (distance, length) = ((pair >> (16 - bits)) + 1, (pair & (0xFFFF >> bits)) + 3);
            if distance > done {
                return None;
            }
            for _ in 0..length.min(BLOCK - done) {
                into.push(into[into.len() - distance]);
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(packed: &[u8], most: usize) -> Vec<u8> {
        let mut into = Vec::new();
        unpack(packed, most, &mut into);
        into
    }

    #[test]
    fn copies_and_stored_blocks_are_unpacked() {
        let packed = [6, 0xB0, 0b0000_1000, b'a', b'b', b'c', 0x09, 0x20, b'!', 0, 0];
        assert_eq!(all(&packed, 4096), b"abcabcabcabcabc!");
        assert_eq!(all(&packed, 5), b"abcab");
        assert_eq!(all(&[2, 0x30, 1, 2, 3, 0, 0], 9), [1, 2, 3]);
        // Of two blocks the first is filled.
        let two = [0, 0x30, 7, 0, 0x30, 8, 0, 0];
        let unpacked = all(&two, 65_536);
        assert_eq!((unpacked.len(), unpacked[0], unpacked[4096]), (4097, 7, 8));
    }

    #[test]
    fn what_points_before_the_block_ends_it() {
        assert!(all(&[2, 0xB0, 1, 0xFF, 0xFF], 4096).is_empty());
        // A run as long as can be stays in its block.
        let run = [3, 0xB0, 0b10, b'z', 0xFF, 0x0F];
        assert_eq!(all(&run, 65_536), [b'z'; BLOCK]);
    }
}
