//! The manifest's file: 136 bytes of head, the digests in ascending order, BLAKE3 of all before it. Numbers are little-endian.
//!
//! A file that was cut, altered or made by another form is refused; whether it belongs to a medium is asked of [`Manifest::of`].

use thiserror::Error;

use super::{Manifest, Of};

const MAGIC: &[u8; 24] = b"leaksweep manifest 1\n\0\0\0";
const HEAD: usize = 136;
const ROOT: usize = 32;

/// Digests in one manifest: 32 TB of data, 4 GiB of memory.
pub const MOST_BLOCKS: u64 = 1 << 29;
/// The longest file that is read.
pub const MOST: u64 = HEAD as u64 + MOST_BLOCKS * 8 + ROOT as u64;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum FileError {
    #[error("it is no manifest of leaksweep")]
    NoManifest,
    #[error("it was cut or altered: its digest is not that of its content")]
    Altered,
    #[error("it contradicts itself: {0}")]
    Malformed(&'static str),
}

impl Manifest {
    /// The file, and its root in hexadecimal: what a certificate names.
    pub fn sealed(&self) -> (Vec<u8>, String) {
        let mut bytes = Vec::with_capacity(HEAD + self.digests.len() * 8 + ROOT);
        bytes.extend(MAGIC);
        bytes.extend(self.of.identity);
        bytes.extend(self.key);
        bytes.extend(self.made.to_le_bytes());
        for number in [self.of.bytes, self.plain, self.unread, self.blocks(), 0] {
            bytes.extend(number.to_le_bytes());
        }
        self.digests.iter().for_each(|digest| bytes.extend(digest.to_le_bytes()));
        let root = blake3::hash(&bytes);
        bytes.extend(root.as_bytes());
        (bytes, root.to_hex().to_string())
    }

    pub fn parse(bytes: &[u8]) -> Result<Self, FileError> {
        if !bytes.starts_with(MAGIC) {
            return Err(FileError::NoManifest);
        }
        let (content, root) = bytes.split_last_chunk::<ROOT>().ok_or(FileError::Altered)?;
        let (head, digests) = content.split_first_chunk::<HEAD>().ok_or(FileError::Altered)?;
        if blake3::hash(content) != *root {
            return Err(FileError::Altered);
        }
        let mut manifest = parse_head(head)?;
        let (words, rest) = digests.as_chunks::<8>();
        if !rest.is_empty() || words.len() as u64 != number(head, 120) {
            return Err(FileError::Malformed("the number of its blocks"));
        }
        manifest.digests = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
        if !manifest.digests.is_sorted_by(|one, next| one < next) {
            return Err(FileError::Malformed("the order of its digests"));
        }
        Ok(manifest)
    }
}

fn parse_head(head: &[u8; HEAD]) -> Result<Manifest, FileError> {
    if number(head, 120) > MOST_BLOCKS || number(head, 128) != 0 {
        return Err(FileError::Malformed("its head"));
    }
    Ok(Manifest {
        of: Of { identity: part(head, 24), bytes: number(head, 96) },
        key: part(head, 56),
        made: number(head, 88) as i64,
        plain: number(head, 104),
        unread: number(head, 112),
        digests: Vec::new(),
    })
}

fn number(head: &[u8; HEAD], at: usize) -> u64 {
    u64::from_le_bytes(part(head, at))
}

fn part<const N: usize>(head: &[u8; HEAD], at: usize) -> [u8; N] {
    head.get(at..at + N).and_then(|part| part.try_into().ok()).unwrap_or([0; N])
}
