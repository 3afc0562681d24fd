//! What the pass looks for: the signatures of all forms, and words.

use serde::{Deserialize, Serialize};

use super::sieve::{Needle, Sieve};
use crate::{formats::Format, known};

/// A place where a file of a form may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(u64, u16)", into = "(u64, u16)")]
pub struct Candidate {
    pub at: u64,
    /// Its number among the forms.
    pub format: u16,
}

/// A word that stands in the clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(u64, u32)", into = "(u64, u32)")]
pub struct Hit {
    pub at: u64,
    /// Its number among the words' needles.
    pub needle: u32,
}

impl From<(u64, u16)> for Candidate {
    fn from((at, format): (u64, u16)) -> Self {
        Self { at, format }
    }
}

impl From<Candidate> for (u64, u16) {
    fn from(candidate: Candidate) -> Self {
        (candidate.at, candidate.format)
    }
}

impl From<(u64, u32)> for Hit {
    fn from((at, needle): (u64, u32)) -> Self {
        Self { at, needle }
    }
}

impl From<Hit> for (u64, u32) {
    fn from(hit: Hit) -> Self {
        (hit.at, hit.needle)
    }
}

/// Sees a needle's number and what stands before and behind its first byte; denies what chance made.
pub type Confirm<'a> = &'a (dyn Fn(usize, &[u8], &[u8]) -> bool + Sync);

#[derive(Debug, Clone, Copy)]
enum Meaning {
    Form { format: u16, skip: u64 },
    Word(u32),
}

pub struct Suspects<'a> {
    formats: Vec<&'static Format>,
    sieve: Sieve,
    meanings: Vec<Meaning>,
    /// Of forms that begin on sectors alone: their first bytes.
    sectors: Vec<(&'static [u8], u16)>,
    /// For each first byte whether one of `sectors` has it.
    first: [bool; 256],
    confirm: Confirm<'a>,
}

/// Bytes of a sector.
const SECTOR: usize = 512;
/// What a form's `looks` may see.
const SIGHT: usize = 512;
/// What is shown of a word's surroundings, on both sides.
pub const AROUND: usize = 32;

impl<'a> Suspects<'a> {
    pub fn new(formats: Vec<&'static Format>, words: Vec<Needle>, confirm: Confirm<'a>) -> Self {
        let (mut needles, mut meanings) = (Vec::new(), Vec::new());
        let (mut sectors, mut first) = (Vec::new(), [false; 256]);
        for (number, format) in (0..).zip(&formats) {
            for signature in format.signatures {
                if signature.aligned && signature.at == 0 {
                    sectors.push((signature.bytes, number));
                    first[usize::from(signature.bytes[0])] = true;
                } else {
                    needles.push(Needle::exact(signature.bytes));
                    meanings.push(Meaning::Form { format: number, skip: signature.at });
                }
            }
        }
        meanings.extend((0..words.len() as u32).map(Meaning::Word));
        needles.extend(words);
        Self { formats, sieve: Sieve::new(needles), meanings, sectors, first, confirm }
    }

    pub fn formats(&self) -> &[&'static Format] {
        &self.formats
    }

    /// Everything that is looked for, in order: places of forms and words are told by their numbers.
    pub fn name(&self, take: &mut dyn FnMut(&[u8])) {
        self.formats.iter().for_each(|format| take(format.kind.name.as_bytes()));
        self.sieve.needles().iter().for_each(|needle| take(&needle.bytes));
    }

    /// Whether all that was seen is of these forms and words.
    pub fn know(&self, sights: &Sights) -> bool {
        let words = self.meanings.iter().filter(|meaning| matches!(meaning, Meaning::Word(_)));
        let words = words.count();
        sights.candidates.iter().all(|seen| usize::from(seen.format) < self.formats.len())
            && sights.hits.iter().all(|hit| (hit.needle as usize) < words)
    }

    /// How many bytes behind a portion must be seen to decide what begins in it.
    pub fn overlap(&self) -> usize {
        SIGHT.max(self.sieve.longest() + AROUND).max(known::BLOCK)
    }

    /// Finds what begins in `from..end` of `bytes`, whose first byte lies at `place` of the medium.
    pub fn search(
        &self,
        bytes: &[u8],
        range: std::ops::Range<usize>,
        place: u64,
        sights: &mut Sights,
    ) {
        self.search_sectors(bytes, range.clone(), place, sights);
        let Some(rest) = bytes.get(range.start..) else { return };
        self.sieve.search(rest, range.len(), &mut |needle, at| {
            let at = range.start + at;
            match self.meanings[needle] {
                Meaning::Form { format, skip } => {
                    // A file that began in an earlier portion is decided by its walker alone.
                    let Some(start) = (place + at as u64).checked_sub(skip) else { return };
                    let inside = usize::try_from(skip).ok().and_then(|skip| at.checked_sub(skip));
                    if inside.is_none_or(|start| self.looks(format, &bytes[start..])) {
                        sights.candidate(Candidate { at: start, format });
                    }
                }
                Meaning::Word(word) => {
                    let before = &bytes[at.saturating_sub(AROUND)..at];
                    let length = self.sieve.needles()[needle].bytes.len();
                    let after = &bytes[at..(at + length + AROUND).min(bytes.len())];
                    if (self.confirm)(word as usize, before, after) {
                        sights.hit(Hit { at: place + at as u64, needle: word });
                    }
                }
            }
        });
    }

    fn search_sectors(
        &self,
        bytes: &[u8],
        range: std::ops::Range<usize>,
        place: u64,
        sights: &mut Sights,
    ) {
        if self.sectors.is_empty() {
            return;
        }
        let skip = (place + range.start as u64).wrapping_neg() as usize % SECTOR;
        for at in (range.start + skip..range.end).step_by(SECTOR) {
            if !bytes.get(at).is_some_and(|byte| self.first[usize::from(*byte)]) {
                continue;
            }
            for (head, format) in &self.sectors {
                if bytes[at..].starts_with(head) && self.looks(*format, &bytes[at..]) {
                    sights.candidate(Candidate { at: place + at as u64, format: *format });
                }
            }
        }
    }

    fn looks(&self, format: u16, rest: &[u8]) -> bool {
        (self.formats[usize::from(format)].looks)(&rest[..rest.len().min(SIGHT)])
    }
}

/// What was seen, up to a number.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sights {
    pub candidates: Vec<Candidate>,
    pub hits: Vec<Hit>,
    /// How many more there were.
    pub unkept_candidates: u64,
    pub unkept_hits: u64,
}

impl Sights {
    pub const MOST_CANDIDATES: usize = 2_000_000;
    pub const MOST_HITS: usize = 500_000;

    /// Whether there are no more than are kept, and all on a medium of so many bytes.
    pub fn hold(&self, bytes: u64) -> bool {
        self.candidates.len() <= Self::MOST_CANDIDATES
            && self.hits.len() <= Self::MOST_HITS
            && self.candidates.iter().all(|candidate| candidate.at < bytes)
            && self.hits.iter().all(|hit| hit.at < bytes)
    }

    fn candidate(&mut self, candidate: Candidate) {
        if self.candidates.len() < Self::MOST_CANDIDATES {
            self.candidates.push(candidate);
        } else {
            self.unkept_candidates += 1;
        }
    }

    fn hit(&mut self, hit: Hit) {
        if self.hits.len() < Self::MOST_HITS {
            self.hits.push(hit);
        } else {
            self.unkept_hits += 1;
        }
    }

    /// What was seen twice is told once.
    pub fn settle(&mut self) {
        self.candidates.sort_unstable();
        self.candidates.dedup();
        self.hits.sort_unstable();
        self.hits.dedup();
    }

    pub fn take(&mut self, other: Sights) {
        other.candidates.into_iter().for_each(|candidate| self.candidate(candidate));
        other.hits.into_iter().for_each(|hit| self.hit(hit));
        self.unkept_candidates += other.unkept_candidates;
        self.unkept_hits += other.unkept_hits;
    }
}
