//! Words as rows: of the decoded text of a find, and in the clear.

use std::collections::BTreeMap;

use leaksweep_facts::tables::storage::Mark;

use super::{places::Places, rows::Rows};
use crate::{
    formats::Texts,
    marks::{Found, Reading, Words},
    tell::{Reader, signed},
    triage::Hit,
};

/// Reads one find's texts: for words, and for its beginning.
pub struct Marked<'w> {
    reading: Reading<'w>,
    beginning: Vec<u8>,
}

/// Bytes of the beginning that are kept, and the characters that are shown of them.
const KEPT: usize = 1600;
const SHOWN: usize = 400;

impl<'w> Marked<'w> {
    pub fn new(words: &'w Words) -> Self {
        Self { reading: Reading::new(words), beginning: Vec::new() }
    }
}

impl Texts for Marked<'_> {
    fn begin(&mut self, through: &'static str) {
        self.reading.begin(through);
    }

    fn push(&mut self, bytes: &[u8]) {
        let room = KEPT.saturating_sub(self.beginning.len());
        self.beginning.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.reading.push(bytes);
    }
}

impl Reader for Marked<'_> {
    fn marks(self: Box<Self>) -> Vec<Mark> {
        self.reading.finish().iter().map(row).collect()
    }

    /// None where it is no text to speak of: most of it must be letters and spaces.
    fn beginning(&self) -> Option<String> {
        let text = String::from_utf8_lossy(&self.beginning);
        let words = text.split(|char: char| char.is_control() || char.is_whitespace());
        let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let shown: String = line.chars().take(SHOWN).collect();
        let strange = shown.chars().filter(|char| *char == char::REPLACEMENT_CHARACTER).count();
        (shown.chars().count() >= 16 && strange * 10 < shown.chars().count()).then_some(shown)
    }
}

fn row(found: &Found) -> Mark {
    Mark {
        word: found.word.text.clone(),
        language: found.word.language.clone(),
        level: found.word.level.into(),
        encoding: found.encoding.as_str().into(),
        through: found.through.into(),
        artifact: None,
        start: None,
        times: signed(found.times),
    }
}

/// Words that stand on the medium as they are: one row for each word, encoding and find.
pub fn in_the_clear(words: &Words, hits: &[Hit], places: &Places, rows: &mut Rows) {
    let mut groups: BTreeMap<(u32, Option<i64>), (u64, i64)> = BTreeMap::new();
    let mut settled: Vec<(u64, u32)> = hits.iter().map(|hit| (hit.at, hit.needle)).collect();
    words.settle(&mut settled);
    for (at, needle) in settled {
        let group = groups.entry((needle, places.holder(at))).or_insert((at, 0));
        group.0 = group.0.min(at);
        group.1 += 1;
    }
    for ((needle, artifact), (at, times)) in groups {
        let Some((word, encoding)) = words.word(needle as usize) else { continue };
        let found = Found { word, encoding, through: "medium", times: times as u64 };
        rows.mark(Mark { artifact, start: Some(signed(at)), ..row(&found) });
    }
}
