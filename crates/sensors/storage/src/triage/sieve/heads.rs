//! From the bytes of a window to the needles that have it.

use super::windows::{OPEN, Window};

/// Windows by a hash of what is known of them.
#[derive(Default)]
pub struct Heads {
    held: Vec<(u32, Entry)>,
    /// A bit for each hash of more bits: most of what is asked for ends here.
    filter: Vec<u64>,
    /// For each hash the first of its windows in `held`; one more at the end.
    starts: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Entry {
    shape: u8,
    known: u32,
    needle: u32,
    offset: i8,
}

const BITS: u32 = 13;
const FILTER_BITS: u32 = 16;
/// Which bytes of a window are known: all, the first three, or the last three.
const SHAPES: [u32; 3] = [0xFFFF_FFFF, 0x00FF_FFFF, 0xFFFF_FF00];

impl Heads {
    pub fn add(&mut self, window: &Window) {
        let shape = match window.bytes {
            [None, ..] => 2,
            [.., None] => 1,
            _ => 0,
        };
        let known = u32::from_le_bytes(window.bytes.map(Option::unwrap_or_default));
        let wide = hash(usize::from(shape), known, FILTER_BITS) as usize;
        self.filter.resize(1 << (FILTER_BITS - 6), 0);
        self.filter[wide / 64] |= 1 << (wide % 64);
        let entry = Entry { shape, known, needle: window.needle, offset: window.offset };
        self.held.push((hash(usize::from(shape), known, BITS), entry));
    }

    /// After the last window.
    pub fn close(&mut self) {
        self.held.sort_by_key(|(hash, _)| *hash);
        let place = |hash: u32| self.held.partition_point(|(other, _)| *other < hash) as u32;
        self.starts = (0..=1 << BITS).map(place).collect();
    }

    /// Every needle of these groups that may stand here, and how far before these four folded bytes.
    #[inline]
    pub fn each(&self, four: u32, groups: u8, mut found: impl FnMut(usize, isize)) {
        let whole = !(OPEN[0] | OPEN[1]);
        for (shape, of) in [whole, OPEN[0], OPEN[1]].into_iter().enumerate() {
            if groups & of == 0 {
                continue;
            }
            let known = four & SHAPES[shape];
            let wide = hash(shape, known, FILTER_BITS) as usize;
            if self.filter.get(wide / 64).is_some_and(|bits| bits >> (wide % 64) & 1 != 0) {
                self.those(shape, known, &mut found);
            }
        }
    }

    #[cold]
    fn those(&self, shape: usize, known: u32, found: &mut impl FnMut(usize, isize)) {
        let hash = hash(shape, known, BITS) as usize;
        let range = self.starts[hash] as usize..self.starts[hash + 1] as usize;
        for (_, entry) in &self.held[range] {
            if usize::from(entry.shape) == shape && entry.known == known {
                found(entry.needle as usize, isize::from(entry.offset));
            }
        }
    }
}

fn hash(shape: usize, known: u32, bits: u32) -> u32 {
    let salt = known.wrapping_add(shape as u32 * 0x51_7C_C1);
    salt.wrapping_mul(0x9E37_79B1) >> (32 - bits)
}
