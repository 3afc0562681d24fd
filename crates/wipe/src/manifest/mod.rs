//! What a medium held, without a word of it: a keyed digest of every block of 64 KiB that is neither zeros nor a short pattern.
//! After a wipe it shows that none of them is there any more, at any sector, even where what is there looks like chance.
//!
//! A digest is 8 bytes: 40 bits of the rolling digest, 24 bits of BLAKE3 under the same key. Blocks of chance are taken for one of
//! n blocks with a probability of n / 2⁶⁴ for each sector that is looked at: once in some six hundred disks of a terabyte.

mod file;
mod looking;
mod making;
mod rolling;
mod seam;
mod sieve;
#[cfg(test)]
mod tests;

pub use file::{FileError, MOST, MOST_BLOCKS};
pub use looking::{Edges, Looking, Search};
pub use making::{Making, State};
pub use seam::Seam;

use leaksweep_formats::{block, fingerprint::SEALED};
use rolling::Rolling;

/// Whose blocks they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Of {
    /// BLAKE3 of maker, model, serial number.
    pub identity: [u8; 32],
    pub bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub of: Of,
    pub key: [u8; 32],
    /// Seconds since 1970.
    pub made: i64,
    /// Blocks that were left out: they are zeros or a short pattern.
    pub plain: u64,
    /// Bytes that could not be read.
    pub unread: u64,
    /// In ascending order, none twice.
    digests: Vec<u64>,
}

impl Manifest {
    pub fn blocks(&self) -> u64 {
        self.digests.len() as u64
    }
}

/// Makes digests under one key.
struct Digester {
    rolling: Rolling,
    key: [u8; 32],
}

const ROLLED: u64 = !0 << 24;

impl Digester {
    fn new(key: &[u8; 32]) -> Self {
        Self { rolling: Rolling::new(key), key: *key }
    }

    fn digest(&self, block: &[u8]) -> u64 {
        self.confirmed(self.rolling.of(block), block)
    }

    fn confirmed(&self, rolled: u64, block: &[u8]) -> u64 {
        let [a, b, c, ..] = *blake3::keyed_hash(&self.key, block).as_bytes();
        rolled & ROLLED | u64::from_le_bytes([a, b, c, 0, 0, 0, 0, 0])
    }
}

/// A block that many media have and that tells of none.
fn is_plain(bytes: &[u8]) -> bool {
    debug_assert_eq!(bytes.len(), SEALED);
    block::uniform(bytes).is_some() || block::period(bytes).is_some()
}
