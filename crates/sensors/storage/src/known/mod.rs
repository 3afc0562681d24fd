//! Documents that the user knows, and what of them a medium holds: whole, by SHA-256, and by blocks of 4 KiB, so that a piece of one is found.
//!
//! A block counts if it is no filler (short repeats) and no other document has it. Kept are 16 bytes for each block, at most [`Known::MOST_BLOCKS`] blocks
//! and [`Known::MOST_DOCUMENTS`] documents; what is beyond is a problem. A block is looked for at every sector: three words of it are held against a
//! bitmap first, so that what is none costs nanoseconds.

mod reading;
mod seen;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use reading::Source;
pub use seen::Seen;

pub const BLOCK: usize = 4096;
/// Blocks are looked for at such places.
pub const STEP: usize = 512;

pub struct Known {
    documents: Vec<Document>,
    /// By digest.
    blocks: Vec<Block>,
    /// By whole digest: the document's number.
    whole: Vec<([u8; 32], u32)>,
    /// A bit for each hash of a block's three words.
    bitmap: Vec<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its path below the folder.
    pub path: String,
    pub bytes: u64,
    /// How many blocks it has that are its own.
    pub blocks: u32,
}

/// A block of a document that no other has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Block {
    digest: u64,
    place: Place,
}

/// Where in which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub document: u32,
    /// Its number in the document, from 0.
    pub block: u32,
}

impl Known {
    pub const MOST_BLOCKS: usize = 4_000_000;
    pub const MOST_DOCUMENTS: usize = 200_000;

    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// Of all that is looked for: with another, what was seen means something else.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for (digest, number) in &self.whole {
            hash.update(digest);
            hash.update(number.to_le_bytes());
        }
        hash.finalize().into()
    }

    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// Whose block these first 4096 bytes are.
    pub fn block(&self, bytes: &[u8]) -> Option<Place> {
        let block: &[u8; BLOCK] = bytes.first_chunk()?;
        if !self.may_be(words(block)?) {
            return None;
        }
        let digest = digest(block);
        let at = self.blocks.binary_search_by_key(&digest, |block| block.digest).ok()?;
        Some(self.blocks[at].place)
    }

    /// Every block of documents that begins on a sector in these bytes, which begin on one.
    pub fn blocks(&self, bytes: &[u8], mut found: impl FnMut(usize, Place)) {
        if self.blocks.is_empty() {
            return;
        }
        let last = bytes.len().saturating_sub(BLOCK - 1);
        for at in (0..last).step_by(STEP) {
            if let Some(place) = self.block(&bytes[at..]) {
                found(at, place);
            }
        }
    }

    /// The document whose bytes have this SHA-256.
    pub fn whole(&self, sha256: &[u8; 32]) -> Option<u32> {
        let at = self.whole.binary_search_by(|(digest, _)| digest.cmp(sha256)).ok()?;
        Some(self.whole[at].1)
    }

    /// The bit of a hash: by its upper bits, which spread best.
    fn slot(&self, words: u64) -> usize {
        (words >> (64 - 6 - self.bitmap.len().trailing_zeros())) as usize
    }

    fn may_be(&self, words: u64) -> bool {
        let at = self.slot(words);
        self.bitmap.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 != 0)
    }
}

/// A hash of three words of a block; none for what begins with a filler.
fn words(block: &[u8; BLOCK]) -> Option<u64> {
    let word = |at: usize| {
        block[at..].first_chunk().map_or(0, |bytes: &[u8; 8]| u64::from_le_bytes(*bytes))
    };
    let (first, middle, last) = (word(16), word(2040), word(BLOCK - 24));
    if first == middle && middle == last && is_filler(block) {
        return None;
    }
    let mix =
        |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    Some(mix(mix(mix(0, first), middle), last).wrapping_mul(0xD6E8_FEB8_6659_FD93))
}

/// Zeros, ones, or what repeats within 16 bytes.
fn is_filler(block: &[u8; BLOCK]) -> bool {
    (1..=16).any(|period| block[period..] == block[..BLOCK - period])
}

fn digest(block: &[u8; BLOCK]) -> u64 {
    let digest: [u8; 32] = Sha256::digest(block).into();
    digest.first_chunk().map_or(0, |head| u64::from_le_bytes(*head))
}
