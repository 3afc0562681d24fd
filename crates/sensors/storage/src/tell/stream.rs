//! What is written of a find, and digested while it is.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::Bytes;

/// A find's bytes from the first to the last, read once for everything that wants them all.
pub struct Stream<'a> {
    content: &'a dyn Bytes,
    at: u64,
    hash: Option<Sha256>,
}

impl<'a> Stream<'a> {
    pub fn new(content: &'a dyn Bytes, digested: bool) -> Self {
        Self { content, at: 0, hash: digested.then(Sha256::new) }
    }

    /// Of everything, whoever read how much of it; none where none is wanted.
    pub fn digest(mut self) -> Option<[u8; 32]> {
        self.hash.as_ref()?;
        let mut rest = vec![0; 64 * 1024];
        while self.next(&mut rest) > 0 {}
        self.hash.map(|hash| hash.finalize().into())
    }

    fn next(&mut self, into: &mut [u8]) -> usize {
        let read = self.content.read_at(self.at, into);
        self.at += read as u64;
        if let Some(hash) = &mut self.hash {
            hash.update(&into[..read]);
        }
        read
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        Ok(self.next(into))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_of_everything_whoever_read_how_much() {
        let content: &[u8] = &[7; 200_000];
        for read in [0, 1, 70_000, 200_000, 300_000] {
            let mut stream = Stream::new(&content, true);
            let mut seen = Vec::new();
            stream.by_ref().take(read).read_to_end(&mut seen).unwrap();
            assert_eq!(seen.len() as u64, read.min(200_000));
            assert_eq!(stream.digest(), Some(Sha256::digest(content).into()));
        }
        assert_eq!(Stream::new(&content, false).digest(), None);
    }
}
