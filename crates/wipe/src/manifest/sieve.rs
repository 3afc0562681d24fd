//! Says quickly of nearly every digest that it is none of the manifest's: sixteen bits for each block, in words of 64, and three
//! bits of one word for each digest, so that one look at memory is enough. It lets one of a hundred and fifty others through.

/// For each block.
const BITS: u64 = 16;
/// Bits of a digest below these are not of its rolling part.
const LOWEST: u32 = 24;

/// Digests that are asked together.
const LOT: usize = 64;

pub struct Sieve {
    words: Vec<u64>,
    shift: u32,
}

impl Sieve {
    pub fn new(digests: &[u64]) -> Self {
        let words = ((digests.len() as u64).max(64) * BITS / 64).next_power_of_two();
        // No finer than the 40 bits that the rolling digest has.
        let bits = words.ilog2().clamp(1, 30);
        let mut sieve = Self { words: vec![0; 1 << bits], shift: 64 - bits };
        for digest in digests {
            sieve.words[(digest >> sieve.shift) as usize] |= marks(*digest);
        }
        sieve
    }

    /// The places of those that may be of the manifest. Many words are asked for before the first answer counts.
    pub fn let_through(&self, digests: &[u64]) -> impl Iterator<Item = usize> {
        let (lot, rest) = digests.as_chunks::<LOT>();
        let whole = lot.iter().map(|lot| self.passes(lot));
        let passing = whole.chain((!rest.is_empty()).then(|| {
            let mut lot = [0; LOT];
            lot.iter_mut().zip(rest).for_each(|(all, digest)| *all = *digest);
            self.passes(&lot) & ((1 << rest.len()) - 1)
        }));
        passing
            .enumerate()
            .flat_map(|(number, passing)| Ones(passing).map(move |bit| number * LOT + bit))
    }

    /// One bit for each.
    fn passes(&self, digests: &[u64; LOT]) -> u64 {
        let words = digests.map(|digest| self.words[(digest >> self.shift) as usize]);
        let each = words.iter().zip(digests).enumerate();
        each.fold(0, |passing, (number, (word, digest))| {
            let marks = marks(*digest);
            passing | u64::from(word & marks == marks) << number
        })
    }
}

/// Where the bits of a word are set.
struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let next = self.0.trailing_zeros();
        self.0 &= self.0.wrapping_sub(1);
        (next < u64::BITS).then_some(next as usize)
    }
}

/// From the bits that choose no word in a manifest of a terabyte.
fn marks(digest: u64) -> u64 {
    let bit = |number: u32| 1_u64 << (digest >> (LOWEST + 6 * number) & 63);
    bit(0) | bit(1) | bit(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::noise;

    fn some(seed: u64, many: usize) -> Vec<u64> {
        noise(seed, many * 8).as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect()
    }

    #[test]
    fn what_is_known_passes_and_few_others() {
        for many in [0, 1, 63, 1000, 100_000] {
            let known = some(1, many);
            let sieve = Sieve::new(&known);
            for digests in known.chunks(128) {
                let whole: Vec<usize> = (0..digests.len()).collect();
                assert_eq!(sieve.let_through(digests).collect::<Vec<_>>(), whole);
            }
            let others = some(2, 128_000);
            let through: usize =
                others.chunks(100).map(|digests| sieve.let_through(digests).count()).sum();
            assert!(through * 60 < others.len(), "{through} with {many}");
        }
    }
}
