//! A keyed digest of 64 KiB at every sector for the price of one: each sector's NH under a key, and a polynomial over 128 of
//! them that moves on by one sector with two multiplications.
//!
//! It is a sieve, not a proof: what it lets through is asked again of keyed BLAKE3.

use leaksweep_formats::fingerprint::SEALED;

/// The alignment at which blocks are looked for, whatever the device's sectors are.
pub const STEP: usize = 512;
/// Of one block.
pub const SECTORS: usize = SEALED / STEP;
const WORDS: usize = STEP / 4;

pub struct Rolling {
    key: [u32; WORDS],
    base: u64,
    /// base to the power of 128, taken from zero: what a sector has grown to when it leaves.
    leaving: u64,
}

impl Rolling {
    pub fn new(key: &[u8; 32]) -> Self {
        let mut bytes = [0; WORDS * 4 + 8];
        blake3::Hasher::new_keyed(key).update(b"rolling").finalize_xof().fill(&mut bytes);
        let mut words = [0; WORDS];
        for (word, four) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*four);
        }
        let last: [u8; 8] = bytes[WORDS * 4..].try_into().unwrap_or_default();
        let base = u64::from_le_bytes(last) | 1;
        Self { key: words, base, leaving: base.wrapping_pow(SECTORS as u32).wrapping_neg() }
    }

    /// Of exactly one block.
    pub fn of(&self, block: &[u8]) -> u64 {
        let sectors = block.as_chunks::<STEP>().0;
        mixed(sectors.iter().fold(0, |sum: u64, sector| {
            sum.wrapping_mul(self.base).wrapping_add(self.sector(sector))
        }))
    }

    pub fn begin(&self) -> Window<'_> {
        Window { rolling: self, inside: [0; SECTORS], sum: 0, sectors: 0 }
    }

    pub fn sector(&self, sector: &[u8; STEP]) -> u64 {
        let mut sums = [0_u64; 4];
        let fours = sector.as_chunks::<32>().0.iter().zip(self.key.as_chunks::<8>().0);
        for (bytes, key) in fours {
            let words = bytes.as_chunks::<4>().0;
            for (lane, sum) in sums.iter_mut().enumerate() {
                let word = |at: usize| u32::from_le_bytes(words[at]).wrapping_add(key[at]);
                *sum = sum.wrapping_add(u64::from(word(lane)) * u64::from(word(lane + 4)));
            }
        }
        sums.iter().fold(0, |all: u64, sum| all.wrapping_add(*sum))
    }
}

/// The last 128 sectors of those that passed.
pub struct Window<'a> {
    rolling: &'a Rolling,
    /// What leaves the window is remembered, so that no sector is digested twice.
    inside: [u64; SECTORS],
    sum: u64,
    sectors: usize,
}

impl Window<'_> {
    /// Takes the digests of up to 128 sectors, and puts in the place of each that of the block that ends with it. The first of
    /// them that is one, and where its block begins, counted from the first that passed.
    ///
    /// One multiplication of each sector waits for that of the sector before; all others are done side by side.
    pub fn pass(&mut self, sectors: &mut [u64]) -> (usize, usize) {
        let Rolling { base, leaving, .. } = *self.rolling;
        for (number, entering) in sectors.iter_mut().enumerate() {
            let inside = &mut self.inside[(self.sectors + number) % SECTORS];
            let left = std::mem::replace(inside, *entering);
            *entering = entering.wrapping_add(left.wrapping_mul(leaving));
        }
        for rolled in sectors.iter_mut() {
            self.sum = self.sum.wrapping_mul(base).wrapping_add(*rolled);
            *rolled = self.sum;
        }
        sectors.iter_mut().for_each(|rolled| *rolled = mixed(*rolled));
        let before = self.sectors;
        self.sectors += sectors.len();
        let first = (SECTORS - 1).saturating_sub(before).min(sectors.len());
        (first, (before + first).saturating_sub(SECTORS - 1))
    }

    /// The digests of the last sectors, at most one fewer than a block has.
    pub fn last(&self) -> Vec<u64> {
        let many = self.sectors.min(SECTORS - 1);
        (self.sectors - many..self.sectors).map(|at| self.inside[at % SECTORS]).collect()
    }
}

/// The low bits of a polynomial modulo a power of two depend on few bits of its parts.
fn mixed(sum: u64) -> u64 {
    let sum = (sum ^ sum >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (sum ^ sum >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::noise;
    use std::collections::HashSet;

    #[test]
    fn every_place_has_the_digest_of_the_block_that_begins_there() {
        let rolling = Rolling::new(&[9; 32]);
        let bytes = noise(4, SEALED + 40 * STEP + 100);
        let sectors: Vec<u64> =
            bytes.as_chunks().0.iter().map(|sector| rolling.sector(sector)).collect();
        for many in [1, 7, 127, SECTORS] {
            let mut places = 0;
            let mut window = rolling.begin();
            for piece in sectors.chunks(many) {
                let mut piece = piece.to_vec();
                let (first, from) = window.pass(&mut piece);
                for (number, digest) in piece[first..].iter().enumerate() {
                    assert_eq!(from + number, places);
                    let at = places * STEP;
                    assert_eq!(*digest, rolling.of(&bytes[at..at + SEALED]), "{many}");
                    places += 1;
                }
            }
            assert_eq!(places, 41);
            assert_eq!(window.last(), sectors[sectors.len() - SECTORS + 1..]);
        }
        let mut few = sectors[..SECTORS - 1].to_vec();
        assert_eq!(rolling.begin().pass(&mut few).0, few.len(), "no whole block");
    }

    #[test]
    fn one_bit_and_another_key_change_it() {
        let mut block = noise(5, SEALED);
        let rolling = Rolling::new(&[9; 32]);
        let mut seen = HashSet::from([rolling.of(&block), Rolling::new(&[8; 32]).of(&block)]);
        for bit in (0..SEALED * 8).step_by(4099) {
            block[bit / 8] ^= 1 << (bit % 8);
            seen.insert(rolling.of(&block));
            block[bit / 8] ^= 1 << (bit % 8);
        }
        assert_eq!(seen.len(), 2 + (SEALED * 8).div_ceil(4099));
        block.swap_with_slice(&mut noise(5, SEALED));
        block[..2 * STEP].rotate_left(STEP);
        assert!(!seen.contains(&rolling.of(&block)), "the order of sectors counts");
    }
}
