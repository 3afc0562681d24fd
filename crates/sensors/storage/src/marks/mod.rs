//! Words of classification and confidentiality: the catalogue's and the user's own, in every encoding that writes them
//! differently, in the clear and in decoded text.
//!
//! Limits: words of the user's of 2 to 100 characters and at least three bytes, at most [`Words::MOST_OWN`]; what stands within 32 bytes on both sides
//! decides whether a word is one.

mod around;
mod encoding;
mod field;
mod forms;
mod reading;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use leaksweep_catalogue::{
    mark_languages,
    marks::{Case, Mark},
};

pub use encoding::Encoding;
use forms::Form;
pub use reading::{Found, Reading};

use crate::triage::sieve::{Needle, Sieve};

/// Every word that is looked for.
pub struct Words {
    words: Vec<Word>,
    /// In the order of the needles.
    forms: Vec<Form>,
    sieve: Sieve,
}

/// A word, and what makes it one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// `zh`; several, separated by commas, where they share the word; none for the user's own.
    pub language: Option<String>,
    /// As the column `level` has it.
    pub level: &'static str,
    any_case: bool,
    whole_word: bool,
    alone: bool,
    but: Vec<String>,
}

impl Words {
    pub const MOST_OWN: usize = 1000;

    /// The built-in list and the user's own words; and those of them that are too short, too long or too many.
    pub fn new(own: &[String]) -> (Self, Vec<String>) {
        let (mut kept, mut denied) = (Vec::new(), Vec::new());
        for word in own {
            if fits(word) && kept.len() < Self::MOST_OWN {
                kept.push(Word::own(word.trim()));
            } else {
                denied.push(word.clone());
            }
        }
        (Self::of(kept.into_iter().chain(built_in())), denied)
    }

    fn of(all: impl Iterator<Item = Word>) -> Self {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut words: Vec<Word> = Vec::new();
        for word in all {
            match places.get(&word.text) {
                Some(place) => words[*place].join(word),
                None => {
                    places.insert(word.text.clone(), words.len());
                    words.push(word);
                }
            }
        }
        let forms = forms::of(&words);
        let sieve = Sieve::new(forms.iter().map(|form| form.needle.clone()).collect());
        Self { words, forms, sieve }
    }

    /// What the pass over every byte looks for.
    pub fn needles(&self) -> Vec<Needle> {
        self.sieve.needles().to_vec()
    }

    /// Whether a needle that stands at the first byte of `rest` is the word that it looks like. As much as 32 bytes before
    /// it and behind it decide that.
    pub fn confirm(&self, needle: usize, before: &[u8], rest: &[u8]) -> bool {
        let Some(form) = self.forms.get(needle) else { return false };
        let Some(after) = rest.get(form.needle.bytes.len()..) else { return false };
        form.stands(&self.words[form.word], before, after)
    }

    /// Takes away what is no word of its own: a text of ASCII in one order of UTF-16 reads as one in the other too, a byte apart. Where
    /// nothing around it tells which it is, the higher byte first counts at even places alone, and the lower first at all.
    pub fn settle(&self, hits: &mut Vec<(u64, u32)>) {
        hits.sort_unstable();
        let wide =
            |needle: u32| self.forms.get(needle as usize).filter(|form| form.encoding.is_wide());
        let mut gone: Vec<(u64, u32)> = Vec::new();
        for (number, hit) in hits.iter().enumerate() {
            let Some(form) = wide(hit.1) else { continue };
            let end = hit.0 + form.needle.bytes.len() as u64;
            for other in hits[number + 1..].iter().take_while(|other| other.0 < end) {
                let Some(one) = wide(other.1).filter(|one| one.encoding != form.encoding) else {
                    continue;
                };
                let high = if one.encoding == Encoding::Utf16Be { other } else { hit };
                if high.0 % 2 == 1 {
                    gone.push(*high);
                }
            }
        }
        gone.sort_unstable();
        hits.retain(|hit| gone.binary_search(hit).is_err());
    }

    /// Which word a needle is, and in what encoding.
    pub fn word(&self, needle: usize) -> Option<(&Word, Encoding)> {
        let form = self.forms.get(needle)?;
        Some((&self.words[form.word], form.encoding))
    }
}

fn fits(word: &str) -> bool {
    let word = word.trim();
    let count = word.chars().count();
    (2..=100).contains(&count) && word.len() >= 3 && !word.chars().any(char::is_control)
}

fn built_in() -> impl Iterator<Item = Word> {
    mark_languages().iter().flat_map(|language| {
        language.marks.iter().flat_map(move |mark| {
            mark.words.iter().map(move |word| Word::listed(word, &language.code, mark))
        })
    })
}

impl Word {
    fn own(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            language: None,
            level: "own",
            any_case: true,
            whole_word: false,
            alone: false,
            but: Vec::new(),
        }
    }

    fn listed(text: &str, language: &str, mark: &Mark) -> Self {
        Self {
            text: text.to_owned(),
            language: Some(language.to_owned()),
            level: mark.level.as_str(),
            any_case: mark.case == Case::Any,
            whole_word: mark.whole_word,
            alone: mark.alone,
            but: mark.but.clone(),
        }
    }

    /// The same word of another language; one of the user's own stays that alone.
    fn join(&mut self, other: Word) {
        if let (Some(here), Some(there)) = (&mut self.language, other.language) {
            here.push(',');
            here.push_str(&there);
            self.but.extend(other.but);
            self.any_case |= other.any_case;
        }
    }

    fn is_of(&self, language: &str) -> bool {
        self.language.as_ref().is_none_or(|all| all.split(',').any(|one| one == language))
    }
}
