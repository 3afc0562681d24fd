//! One digest of a whole medium, made while it is read: a chain of BLAKE3 over the place and digest of every block that is not
//! zeros, and over the length at the end.

use serde::{Deserialize, Serialize};

use crate::block;

/// Bytes of a block; the last one of a medium may be shorter.
pub const SEALED: usize = 64 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Chain([u8; 32]);

/// A block that is not zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    at: u64,
    digest: [u8; 32],
}

impl Seal {
    /// Those of a stretch that begins at a block's place.
    pub fn of(place: u64, bytes: &[u8]) -> impl Iterator<Item = Self> {
        let blocks = bytes.chunks(SEALED).enumerate();
        let filled = blocks.filter(|(_, block)| block::uniform(block) != Some(0));
        filled.map(move |(number, block)| Self {
            at: place + (number * SEALED) as u64,
            digest: *blake3::hash(block).as_bytes(),
        })
    }
}

impl Chain {
    /// Blocks are taken in the order of their places.
    pub fn take(&mut self, seal: &Seal) {
        self.link(seal.at, &seal.digest);
    }

    /// The fingerprint of a medium of so many bytes.
    pub fn finish(mut self, bytes: u64) -> [u8; 32] {
        self.link(bytes, &[0; 32]);
        self.0
    }

    fn link(&mut self, at: u64, digest: &[u8; 32]) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0).update(&at.to_le_bytes()).update(digest);
        self.0 = *hasher.finalize().as_bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::noise;

    fn fingerprint(medium: &[u8], portion: usize) -> [u8; 32] {
        let mut chain = Chain::default();
        for (number, bytes) in medium.chunks(portion).enumerate() {
            Seal::of((number * portion) as u64, bytes).for_each(|seal| chain.take(&seal));
        }
        chain.finish(medium.len() as u64)
    }

    #[test]
    fn it_is_of_the_bytes_and_of_nothing_else() {
        let mut medium = noise(1, 5 * SEALED + 100);
        medium[SEALED..3 * SEALED].fill(0);
        let one = fingerprint(&medium, medium.len());
        assert_eq!(one, fingerprint(&medium, SEALED));
        assert_eq!(one, fingerprint(&medium, 2 * SEALED));
        let mut longer = medium.clone();
        longer.push(0);
        assert_ne!(one, fingerprint(&longer, SEALED));
        for at in [0, SEALED, 3 * SEALED - 1, medium.len() - 1] {
            let mut other = medium.clone();
            other[at] ^= 1;
            assert_ne!(one, fingerprint(&other, SEALED), "{at}");
        }
        let mut moved = medium.clone();
        moved.swap_with_slice(
            &mut [&medium[SEALED..2 * SEALED], &medium[..SEALED], &medium[2 * SEALED..]].concat(),
        );
        assert_ne!(one, fingerprint(&moved, SEALED));
    }
}
