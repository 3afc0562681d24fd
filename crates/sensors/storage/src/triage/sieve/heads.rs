//! From the bytes of a window to the needles that have it.

use super::windows::Window;

/// Windows by a hash of what is known of them.
#[derive(Default)]
pub struct Heads {
    held: Vec<(u32, Entry)>,
    /// For each hash the first of its windows in `held`; one more at the end.
    starts: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Entry {
    shape: u8,
    bytes: [u8; 4],
    needle: u32,
    offset: i8,
}

const BITS: u32 = 13;
/// Which bytes of a window are known: all, the first three, or the last three.
const SHAPES: [u32; 3] = [0xFFFF_FFFF, 0x00FF_FFFF, 0xFFFF_FF00];

impl Heads {
    pub fn add(&mut self, window: &Window) {
        let shape = match window.bytes {
            [None, ..] => 2,
            [.., None] => 1,
            _ => 0,
        };
        let bytes = window.bytes.map(Option::unwrap_or_default);
        let entry = Entry { shape, bytes, needle: window.needle, offset: window.offset };
        self.held.push((hash(usize::from(shape), bytes), entry));
    }

    /// After the last window.
    pub fn close(&mut self) {
        self.held.sort_by_key(|(hash, _)| *hash);
        let place = |hash: u32| self.held.partition_point(|(other, _)| *other < hash) as u32;
        self.starts = (0..=1 << BITS).map(place).collect();
    }

    /// Every needle that may stand here, and how far before these four folded bytes.
    pub fn each(&self, four: [u8; 4], mut found: impl FnMut(usize, isize)) {
        for (shape, mask) in SHAPES.iter().enumerate() {
            let known = (u32::from_le_bytes(four) & mask).to_le_bytes();
            let hash = hash(shape, known) as usize;
            let range = self.starts[hash] as usize..self.starts[hash + 1] as usize;
            for (_, entry) in &self.held[range] {
                if usize::from(entry.shape) == shape && entry.bytes == known {
                    found(entry.needle as usize, isize::from(entry.offset));
                }
            }
        }
    }
}

fn hash(shape: usize, bytes: [u8; 4]) -> u32 {
    let salt = u32::from_le_bytes(bytes).wrapping_add(shape as u32 * 0x51_7C_C1);
    salt.wrapping_mul(0x9E37_79B1) >> (32 - BITS)
}
