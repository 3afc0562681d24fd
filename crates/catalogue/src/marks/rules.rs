//! What a file of marks must keep to, so that ordinary texts are not taken for secret ones.

use std::collections::HashSet;

use super::{Case, Language, Mark};
use crate::remote::Broken;

/// Every rule that one language breaks.
pub fn check(language: &Language) -> Vec<Broken> {
    let mut broken = Vec::new();
    let fine = |byte: u8| byte.is_ascii_lowercase();
    if !(2..=3).contains(&language.code.len()) || !language.code.bytes().all(fine) {
        broken.push(Broken::new("", "the file's name is not the code of a language"));
    }
    if language.name.trim().is_empty() || language.marks.is_empty() {
        broken.push(Broken::new("", "a language needs a name and a mark"));
    }
    let mut seen = HashSet::new();
    for mark in &language.marks {
        broken.extend(of_mark(mark));
        for word in &mark.words {
            if !seen.insert(word) {
                broken.push(Broken::new(word, format!("'{word}' stands here twice")));
            }
        }
    }
    broken
}

fn of_mark(mark: &Mark) -> Vec<Broken> {
    let mut broken = Vec::new();
    if mark.source.trim().is_empty() {
        let first = mark.words.first().map_or("", String::as_str);
        broken.push(Broken::new(first, format!("'{first}' needs a source")));
    }
    if mark.words.is_empty() {
        broken.push(Broken::new(&mark.source, "a mark without words"));
    }
    for word in &mark.words {
        if let Some(what) = wrong(mark, word) {
            broken.push(Broken::new(word, format!("'{word}' {what}")));
        }
    }
    for longer in &mark.but {
        let holds = |word: &String| longer.contains(word.as_str()) && longer != word;
        if !mark.words.iter().any(holds) {
            broken.push(Broken::new(longer, format!("'{longer}' holds no word of its mark")));
        }
    }
    broken
}

fn wrong(mark: &Mark, word: &str) -> Option<&'static str> {
    let spaced = word.split(' ').any(str::is_empty);
    if spaced || word.chars().any(char::is_control) {
        return Some("is empty, or has spaces outside or twice");
    }
    if word.chars().count() > 40 {
        return Some("is longer than 40 characters");
    }
    let cased = word.chars().any(|char| char.is_lowercase() || char.is_uppercase());
    if mark.case == Case::Any && !cased {
        return Some("has no letters of two cases");
    }
    if cased && !mark.whole_word && word.chars().all(|char| !is_wide(char)) {
        return Some("is of letters: it needs whole_word");
    }
    let short = |most| word.chars().filter(|char| char.is_alphanumeric()).count() <= most;
    let plain = word.chars().all(char::is_alphanumeric);
    if plain && mark.case == Case::Any && short(9) && !mark.alone {
        return Some("is one short word in any case: ordinary texts are full of it");
    }
    (short(1)).then_some("is a single character")
}

/// Of a script that puts no spaces between words.
fn is_wide(char: char) -> bool {
    matches!(char, '\u{2E80}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}')
}
