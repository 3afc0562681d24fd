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
    /// Whether what comes now, and what was kept, is what pages show, and not a packed part of whatever kind.
    shown: bool,
    kept_shown: bool,
}

/// Bytes of the beginning that are kept, and the characters that are shown of them.
const KEPT: usize = 1600;
const SHOWN: usize = 400;

impl<'w> Marked<'w> {
    pub fn new(words: &'w Words) -> Self {
        let reading = Reading::new(words);
        Self { reading, beginning: Vec::new(), shown: false, kept_shown: false }
    }
}

impl Texts for Marked<'_> {
    fn begin(&mut self, through: &'static str) {
        self.shown = through != "flate";
        self.reading.begin(through);
    }

    fn push(&mut self, bytes: &[u8]) {
        if self.shown && !self.kept_shown && !bytes.is_empty() {
            self.beginning.clear();
            self.kept_shown = true;
        }
        if self.shown == self.kept_shown {
            let room = KEPT.saturating_sub(self.beginning.len());
            self.beginning.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
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

/// So many places of each form of a word are told before more of any.
const FIRST: u64 = 100;

/// Words that stand on the medium as they are: one row for each word, encoding and find, and for
/// each place where no find holds it.
pub fn in_the_clear(words: &Words, hits: &[Hit], places: &Places, rows: &mut Rows) {
    let mut groups: BTreeMap<(u32, Option<i64>, u64), (u64, i64)> = BTreeMap::new();
    let mut settled: Vec<(u64, u32)> = hits.iter().map(|hit| (hit.at, hit.needle)).collect();
    words.settle(&mut settled);
    for (at, needle) in settled {
        let holder = places.holder(at);
        let own = if holder.is_none() { at } else { 0 };
        let group = groups.entry((needle, holder, own)).or_insert((at, 0));
        group.0 = group.0.min(at);
        group.1 += 1;
    }
    // A word that stands everywhere must not keep out those behind it.
    let mut seen: BTreeMap<u32, u64> = BTreeMap::new();
    let (first, rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(|((needle, ..), _)| {
        let count = seen.entry(*needle).or_default();
        *count += 1;
        *count <= FIRST
    });
    for ((needle, artifact, _), (at, times)) in first.into_iter().chain(rest) {
        let Some((word, encoding)) = words.word(needle as usize) else { continue };
        let found = Found { word, encoding, through: "medium", times: times as u64 };
        rows.mark(Mark { artifact, start: Some(signed(at)), ..row(&found) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_is_what_pages_show() {
        let words = Words::new(&[]).0;
        let of = |texts: &[(&'static str, &str)]| {
            let mut marked = Marked::new(&words);
            for (through, text) in texts {
                marked.begin(through);
                marked.push(text.as_bytes());
            }
            marked.beginning()
        };
        let page = ("pdf", "the plan of the second floor");
        let packed = ("flate", "<?xpacket begin of the metadata");
        assert_eq!(of(&[packed, page, packed]).as_deref(), Some(page.1));
        assert_eq!(of(&[packed]).as_deref(), Some(packed.1));
        assert_eq!(of(&[("pdf", "a plan"), packed]), None);
    }
}
