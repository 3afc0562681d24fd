//! A word as bytes: in every encoding and case in which it differs.

use std::collections::{BTreeMap, BTreeSet};

use super::{Encoding, Word, around, field};
use crate::triage::sieve::{Needle, Sieve};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub needle: Needle,
    /// Its number among the words.
    pub word: usize,
    pub encoding: Encoding,
    /// What stands before and behind it in longer words, which are counted in its place or are none.
    longer: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Every form of every word, each once.
pub fn of(words: &[Word]) -> Vec<Form> {
    let mut forms: BTreeMap<(Vec<u8>, bool), Form> = BTreeMap::new();
    for (number, word) in words.iter().enumerate() {
        for encoding in Encoding::ALL {
            for (bytes, fold) in written(word, encoding) {
                let needle = Needle { bytes: bytes.clone(), fold };
                forms.entry((bytes, fold)).or_insert(Form {
                    needle,
                    word: number,
                    encoding,
                    longer: Vec::new(),
                });
            }
        }
    }
    let mut forms: Vec<Form> = forms.into_values().collect();
    forms.sort_by_key(|form| (form.word, form.encoding));
    find_longer(&mut forms, words);
    forms
}

/// The word's bytes, and whether letters of ASCII are the same in both cases.
fn written(word: &Word, encoding: Encoding) -> Vec<(Vec<u8>, bool)> {
    if !writes(word, encoding) {
        return Vec::new();
    }
    let cased = |char: char| char.is_lowercase() || char.is_uppercase();
    let plain =
        word.text.chars().all(|char| char.is_ascii() || !encoding.is_wide() && !cased(char));
    let fold = word.any_case && plain;
    let texts = if word.any_case && !fold { cases(&word.text) } else { [word.text.clone()].into() };
    let bytes = texts.iter().filter_map(|text| encoding.encode(text));
    bytes
        .filter(|bytes| bytes.len() >= 3)
        .map(|bytes| (bytes, fold && !is_double(word, encoding)))
        .collect()
}

/// Second bytes of characters may be letters: there case counts.
fn is_double(word: &Word, encoding: Encoding) -> bool {
    encoding.is_double() && !word.text.is_ascii()
}

fn cases(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let mut chars = lower.chars();
    let first: String = chars.next().map(|char| char.to_uppercase().collect()).unwrap_or_default();
    [text.to_owned(), text.to_uppercase(), first + chars.as_str(), lower].into()
}

/// Whether texts in the word's language and script are written so, and not the same as in UTF-8.
fn writes(word: &Word, encoding: Encoding) -> bool {
    let text = &word.text;
    let any = |test: fn(char) -> bool| text.chars().any(test);
    let han = any(|char| matches!(char, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'));
    let kana = any(|char| matches!(char, '\u{3040}'..='\u{30FF}'));
    match encoding {
        Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => true,
        _ if text.is_ascii() => false,
        Encoding::Gbk | Encoding::Big5 => han && !kana && word.is_of("zh"),
        Encoding::ShiftJis => (han || kana) && word.is_of("ja"),
        Encoding::EucKr => any(|char| matches!(char, '\u{AC00}'..='\u{D7A3}')),
        Encoding::Windows1251 | Encoding::Koi8 => any(|char| matches!(char, '\u{400}'..='\u{4FF}')),
        Encoding::Windows1256 => any(|char| matches!(char, '\u{600}'..='\u{6FF}')),
        Encoding::Windows1250 => any(is_middle_european) && word.is_of("pl"),
        Encoding::Windows1254 => any(|char| "ĞğİıŞş".contains(char)) && word.is_of("tr"),
        Encoding::Latin1 => any(|char| matches!(char, '\u{A0}'..='\u{FF}' | '–')),
    }
}

/// Letters of Polish, Czech, Slovak, Hungarian, Romanian and the south Slavs' that Latin-1 has not.
fn is_middle_european(char: char) -> bool {
    "ĂăĄąĆćČčĎďĐđĘęĚěĹĺĽľŁłŃńŇňŐőŔŕŘřŚśŞşŠšŢţŤťŮůŰűŹźŻżŽž".contains(char)
}

/// Finds where longer forms, and longer words that are none, hold shorter ones.
fn find_longer(forms: &mut [Form], words: &[Word]) {
    let folded = forms.iter().map(|form| Needle::folded(form.needle.bytes.clone())).collect();
    let sieve = Sieve::new(folded);
    let mut found: Vec<BTreeSet<(Vec<u8>, Vec<u8>)>> = vec![BTreeSet::new(); forms.len()];
    let mut look = |longer: &[u8], holds: &dyn Fn(usize) -> bool| {
        sieve.search(longer, longer.len(), &mut |inner, at| {
            let behind = at + forms[inner].needle.bytes.len();
            if holds(inner) && behind - at < longer.len() {
                found[inner].insert((longer[..at].to_vec(), longer[behind..].to_vec()));
            }
        });
    };
    for form in &*forms {
        look(&form.needle.bytes, &|_| true);
    }
    for (number, word) in words.iter().enumerate() {
        let encoded = word.but.iter().flat_map(|text| {
            Encoding::ALL.into_iter().filter_map(|encoding| encoding.encode(text))
        });
        for bytes in encoded {
            look(&bytes, &|inner| forms[inner].word == number);
        }
    }
    for (form, longer) in forms.iter_mut().zip(found) {
        form.longer = longer.into_iter().collect();
    }
}

impl Form {
    /// Whether it is the word between these.
    pub fn stands(&self, word: &Word, before: &[u8], after: &[u8]) -> bool {
        if self.longer.iter().any(|(front, behind)| ends(before, front) && begins(after, behind)) {
            return false;
        }
        let side = |first: bool| {
            let char = if first { word.text.chars().next() } else { word.text.chars().next_back() };
            word.whole_word && char.is_some_and(char::is_alphanumeric)
        };
        let encoding = self.encoding;
        if !field::may_be(encoding, before, &self.needle.bytes, after) {
            return false;
        }
        let units = self.needle.bytes.len() / 2;
        let record = field::record(encoding, before);
        if record == Some(units) || field::is_counted(encoding, before, &self.needle.bytes) {
            return true;
        }
        if side(true)
            && !field::is_label(before)
            && encoding.before(before).next().is_some_and(around::is_letter)
            || side(false) && encoding.after(after).next().is_some_and(around::is_letter)
        {
            return false;
        }
        if word.alone
            && !(around::is_alone(encoding.before(before), true)
                && around::is_alone(encoding.after(after), false))
        {
            return false;
        }
        record.is_some_and(|count| (units..4096).contains(&count))
            || around::is_no_chance(self.bits(), encoding, before, &self.needle.bytes, after)
    }

    /// How unlikely chance makes it, as bits.
    fn bits(&self) -> u32 {
        let letters = self.needle.bytes.iter().filter(|byte| byte.is_ascii_alphabetic());
        let free = if self.needle.fold { letters.count() } else { 0 };
        (self.needle.bytes.len() * 8 - free) as u32
    }
}

fn ends(bytes: &[u8], with: &[u8]) -> bool {
    let at = bytes.len().checked_sub(with.len());
    at.is_some_and(|at| bytes[at..].eq_ignore_ascii_case(with))
}

fn begins(bytes: &[u8], with: &[u8]) -> bool {
    bytes.get(..with.len()).is_some_and(|here| here.eq_ignore_ascii_case(with))
}
