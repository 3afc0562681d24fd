//! What a medium holds of each document.

use leaksweep_facts::tables::storage::KnownDocument;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{BLOCK, Known, Place};
use crate::Bytes;

/// Gathers sightings; portions of a medium can have one each, and be brought together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The block, and the first place on the medium where it stands; sorted by block in the end.
    places: Vec<(Place, u64)>,
    /// Documents that an artifact is: the document's number, the artifact's number and place.
    artifacts: Vec<(u32, i64, Option<u64>)>,
}

/// What is held before the same blocks are brought together.
const GATHERED: usize = 1 << 16;

impl Seen {
    pub fn block(&mut self, place: Place, at: u64) {
        self.places.push((place, at));
        if self.places.len() >= GATHERED && self.places.len().is_power_of_two() {
            self.settle();
        }
    }

    /// An artifact whose SHA-256 is that of a document.
    pub fn artifact(&mut self, document: u32, number: i64, start: Option<u64>) {
        self.artifacts.push((document, number, start));
    }

    /// Whether all of it is of these documents.
    pub fn is_of(&self, documents: usize) -> bool {
        let known = |document: u32| (document as usize) < documents;
        self.places.iter().all(|(place, _)| known(place.document))
            && self.artifacts.iter().all(|(document, ..)| known(*document))
    }

    pub fn take(&mut self, other: Seen) {
        other.places.into_iter().for_each(|(place, at)| self.block(place, at));
        self.artifacts.extend(other.artifacts);
    }

    fn settle(&mut self) {
        self.places.sort_unstable();
        self.places.dedup_by_key(|(place, _)| *place);
    }

    /// One row for each document of which something is there.
    pub fn rows(mut self, known: &Known, medium: &dyn Bytes) -> Vec<KnownDocument> {
        self.settle();
        self.artifacts.sort_unstable();
        self.artifacts.dedup_by_key(|(document, ..)| *document);
        let documents = (0..).zip(known.documents());
        documents
            .filter_map(|(number, document)| {
                let from = self.places.partition_point(|(place, _)| place.document < number);
                let to = self.places.partition_point(|(place, _)| place.document <= number);
                let places = &self.places[from..to];
                let artifact = self.artifacts.iter().find(|(document, ..)| *document == number);
                let (first, start) = match (places.first(), artifact) {
                    (None, None) => return None,
                    (Some((place, at)), _) => (Some((place.block, *at)), Some(*at)),
                    (None, Some((.., start))) => (None, *start),
                };
                let there = places.len() as u64 == u64::from(document.blocks);
                let whole = artifact.is_some()
                    || there
                        && first.is_some_and(|(block, at)| {
                            let start = at.checked_sub(u64::from(block) * BLOCK as u64);
                            start.is_some_and(|start| known.stands(number, medium, start))
                        });
                Some(KnownDocument {
                    document: document.path.clone(),
                    bytes: count(document.bytes),
                    whole,
                    blocks: places.len() as i64,
                    of_blocks: i64::from(document.blocks),
                    start: start.map(count),
                    artifact: artifact.map(|(_, artifact, _)| *artifact),
                })
            })
            .collect()
    }
}

fn count(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

impl Known {
    /// Whether all of a document stands at this place of the medium, in one piece.
    fn stands(&self, document: u32, medium: &dyn Bytes, start: u64) -> bool {
        let bytes = self.documents[document as usize].bytes;
        if medium.len().saturating_sub(start) < bytes {
            return false;
        }
        let mut hasher = Sha256::new();
        let mut piece = vec![0; 64 * 1024];
        let mut done = 0;
        while done < bytes {
            let count = (bytes - done).min(piece.len() as u64) as usize;
            let read = medium.read_at(start + done, &mut piece[..count]);
            if read == 0 {
                return false;
            }
            hasher.update(&piece[..read]);
            done += read as u64;
        }
        self.whole(&hasher.finalize().into()) == Some(document)
    }
}
