//! Looks for words in decoded text, across the pieces in which it comes.

use std::collections::BTreeMap;

use super::{Encoding, Word, Words};
use crate::formats::Texts;

/// What is shown of a word's surroundings, on both sides.
const AROUND: usize = 32;
/// How much is gathered before it is searched.
const GATHERED: usize = 32 * 1024;

/// Words of one find's texts: at most one number for each word, encoding and way of decoding.
pub struct Reading<'w> {
    words: &'w Words,
    through: &'static str,
    /// Up to `done` it was searched, and is only there for what follows.
    gathered: Vec<u8>,
    done: usize,
    /// Where in the text the first gathered byte stands.
    place: u64,
    counts: BTreeMap<(usize, Encoding, &'static str), u64>,
}

/// A word that texts hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'w> {
    pub word: &'w Word,
    pub encoding: Encoding,
    pub through: &'static str,
    pub times: u64,
}

impl<'w> Reading<'w> {
    pub fn new(words: &'w Words) -> Self {
        let gathered = Vec::with_capacity(GATHERED * 2);
        Self { words, through: "", gathered, done: 0, place: 0, counts: BTreeMap::new() }
    }

    /// Everything that was found.
    pub fn finish(mut self) -> Vec<Found<'w>> {
        self.search(true);
        let words = &self.words.words;
        let found = self.counts.into_iter().map(|((word, encoding, through), times)| Found {
            word: &words[word],
            encoding,
            through,
            times,
        });
        found.collect()
    }

    /// What begins where the rest cannot be seen yet is left for the next time.
    fn search(&mut self, last: bool) {
        let words = self.words;
        let kept = if last { 0 } else { words.sieve.longest() + AROUND };
        let end = self.gathered.len().saturating_sub(kept).max(self.done);
        let begin = self.done;
        let gathered = &self.gathered;
        let mut hits = Vec::new();
        words.sieve.search(&gathered[begin..], end - begin, &mut |needle, at| {
            let at = begin + at;
            let before = &gathered[at.saturating_sub(AROUND)..at];
            let length = words.forms[needle].needle.bytes.len();
            let rest = &gathered[at..(at + length + AROUND).min(gathered.len())];
            if words.confirm(needle, before, rest) {
                hits.push((self.place + at as u64, needle as u32));
            }
        });
        words.settle(&mut hits);
        for form in hits.iter().filter_map(|(_, needle)| words.forms.get(*needle as usize)) {
            *self.counts.entry((form.word, form.encoding, self.through)).or_default() += 1;
        }
        let gone = end.saturating_sub(AROUND);
        self.gathered.drain(..gone);
        self.place += gone as u64;
        self.done = end - gone;
    }
}

impl Texts for Reading<'_> {
    fn begin(&mut self, through: &'static str) {
        self.search(true);
        self.gathered.clear();
        (self.done, self.place) = (0, 0);
        self.through = through;
    }

    fn push(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(GATHERED) {
            self.gathered.extend_from_slice(piece);
            if self.gathered.len() >= GATHERED {
                self.search(false);
            }
        }
    }
}
