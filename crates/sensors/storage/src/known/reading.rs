//! Reads the documents that are looked for.

use std::io::{self, Read};

use leaksweep_facts::Problem;
use sha2::{Digest, Sha256};

use super::{BLOCK, Block, Document, Known, Place, digest, words};

/// A document, and its path below the folder.
pub type Source<'a> = (String, Box<dyn Read + 'a>);

const TABLE: &str = "storage_known_documents";

impl Known {
    /// Reads every document to its end. One that cannot be read is a problem and not looked for.
    pub fn read<'a>(sources: impl Iterator<Item = Source<'a>>) -> (Self, Vec<Problem>) {
        let mut reading = Reading::default();
        for (path, source) in sources {
            if reading.documents.len() >= Self::MOST_DOCUMENTS {
                reading.full(&path, "no more than 200,000 documents are looked for");
                break;
            }
            if let Err(error) = reading.document(&path, source) {
                reading.problems.push(Problem::io(TABLE, path, &error));
            }
        }
        reading.close()
    }
}

#[derive(Default)]
struct Reading {
    documents: Vec<Document>,
    blocks: Vec<Block>,
    hashes: Vec<u64>,
    whole: Vec<([u8; 32], u32)>,
    problems: Vec<Problem>,
    is_full: bool,
}

impl Reading {
    fn document(&mut self, path: &str, mut source: Box<dyn Read + '_>) -> io::Result<()> {
        let number = self.documents.len() as u32;
        let held = (self.blocks.len(), self.hashes.len());
        let read = self.pieces(number, &mut source);
        let (bytes, sha256) = match read {
            Ok(read) => read,
            Err(error) => {
                self.blocks.truncate(held.0);
                self.hashes.truncate(held.1);
                return Err(error);
            }
        };
        if bytes > 0 {
            self.whole.push((sha256, number));
            self.documents.push(Document { path: path.to_owned(), bytes, blocks: 0 });
        }
        if self.blocks.len() >= Known::MOST_BLOCKS && !self.is_full {
            self.is_full = true;
            self.full(path, "from here on documents are looked for whole alone: 4,000,000 blocks");
        }
        Ok(())
    }

    /// Its length and digest.
    fn pieces(&mut self, document: u32, source: &mut dyn Read) -> io::Result<(u64, [u8; 32])> {
        let mut hasher = Sha256::new();
        let mut bytes = 0;
        let mut piece = Vec::with_capacity(BLOCK);
        for block in 0.. {
            piece.clear();
            source.take(BLOCK as u64).read_to_end(&mut piece)?;
            hasher.update(&piece);
            bytes += piece.len() as u64;
            let Some(whole) = piece.first_chunk() else { break };
            if let Some(hash) = words(whole)
                && self.blocks.len() < Known::MOST_BLOCKS
            {
                let place = Place { document, block };
                self.blocks.push(Block { digest: digest(whole), place });
                self.hashes.push(hash);
            }
        }
        Ok((bytes, hasher.finalize().into()))
    }

    fn full(&mut self, path: &str, detail: &str) {
        self.problems.push(Problem::new(TABLE, path, leaksweep_facts::Reason::TooLarge, detail));
    }

    /// Leaves out what several documents share, and what one repeats.
    fn close(mut self) -> (Known, Vec<Problem>) {
        self.blocks.sort_unstable();
        let mut own = Vec::with_capacity(self.blocks.len());
        for same in self.blocks.chunk_by(|one, other| one.digest == other.digest) {
            let first = same[0];
            if same.iter().all(|block| block.place.document == first.place.document) {
                self.documents[first.place.document as usize].blocks += 1;
                own.push(first);
            }
        }
        self.whole.sort_unstable();
        self.whole.dedup_by_key(|(digest, _)| *digest);
        let size = (self.hashes.len() / 2).next_power_of_two().max(64);
        let (documents, whole) = (self.documents, self.whole);
        let mut known = Known { documents, blocks: own, whole, bitmap: vec![0; size] };
        self.hashes.iter().for_each(|hash| known.mark(*hash));
        (known, self.problems)
    }
}

impl Known {
    fn mark(&mut self, words: u64) {
        let at = self.slot(words);
        self.bitmap[at / 64] |= 1 << (at % 64);
    }
}
