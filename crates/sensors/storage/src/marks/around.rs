//! What stands around a word: whether it is whole, alone on its line, and no work of chance.
//!
//! Four bytes stand 2.3 times in 10 GB of random bytes. So a form of fewer than 48 bits counts only where its neighbours, read in its
//! encoding, make up for what it lacks to 46: by how much more often a text has them than chance, as log2 of that ratio.

use encoding_rs as rs;

use super::Encoding;

/// Forms of so many bits need no neighbours.
const ENOUGH: u32 = 48;
/// What shorter ones must have together with their neighbours.
const TOGETHER: u32 = 46;

pub fn is_letter(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// Whether no letter stands between the word and the end of its line on this side; digits may.
pub fn is_alone(chars: impl Iterator<Item = char>, before: bool) -> bool {
    let mut chars = chars.peekable();
    while let Some(char) = chars.next() {
        match char {
            // What is called with it is a program's.
            '(' if before => return chars.peek().is_none_or(|char| !is_letter(*char)),
            '(' | ')' | '<' | '>' => return true,
            _ if char.is_control() => return true,
            '\u{2028}' | '\u{2029}' | '\u{FEFF}' => return true,
            '_' | '=' | '$' | '{' | '}' | '"' | '\'' | '`' | '%' | '\\' => return false,
            _ if char.is_alphabetic() => return false,
            _ => {}
        }
    }
    true
}

/// Whether form and neighbours together are more than chance makes in 100 GB.
pub fn is_no_chance(
    bits: u32,
    encoding: Encoding,
    before: &[u8],
    form: &[u8],
    after: &[u8],
) -> bool {
    if encoding.is_double() && is_utf8(before, form, after) {
        return false;
    }
    if bits >= ENOUGH {
        return true;
    }
    let needed = (TOGETHER.saturating_sub(bits) * 10) as i32;
    side(encoding, encoding.before(before)) + side(encoding, encoding.after(after)) >= needed
}

/// Whether all of it reads as UTF-8, and not as ASCII alone.
fn is_utf8(before: &[u8], form: &[u8], after: &[u8]) -> bool {
    let cut = before.iter().take_while(|byte| **byte & 0xC0 == 0x80).count().min(3);
    let all = [&before[cut..], form, after].concat();
    let valid = match std::str::from_utf8(&all) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    valid && !all.is_ascii()
}

/// Where a text ends beside the word, or none stands there.
const NO_TEXT: i32 = -30;
const BREAKS: i32 = -23;

/// Tenths of bits by which one side speaks for a text: one of letters of ASCII, or one of another script.
pub fn side(encoding: Encoding, mut chars: impl Iterator<Item = char>) -> i32 {
    let (mut plain, mut script) = (0, 0);
    let mut zero = false;
    for _ in 0..32 {
        let Some(char) = chars.next() else { break };
        let class = class(encoding, char);
        if zero && class != Class::Zero {
            break;
        }
        let [one, other] = class.weights(encoding);
        (plain, script) = (plain + one, script + other);
        if zero || class == Class::Break {
            break;
        }
        zero = class == Class::Zero;
    }
    plain.max(script).max(NO_TEXT)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Zero,
    Ascii,
    /// Punctuation that belongs to the wide scripts.
    Sign,
    /// What ordinary texts of another script are made of.
    Common,
    Rare,
    Break,
}

impl Class {
    /// In a text of ASCII, and in one of another script.
    fn weights(self, encoding: Encoding) -> [i32; 2] {
        let wide = encoding.is_wide();
        match self {
            Class::Zero if wide => [120; 2],
            Class::Zero => [50; 2],
            Class::Ascii if wide => [93, 63],
            Class::Ascii => [13, -17],
            Class::Sign => [0, 40],
            Class::Common => [-45, common(encoding)],
            Class::Rare => [-60, -40],
            Class::Break => [BREAKS; 2],
        }
    }
}

fn common(encoding: Encoding) -> i32 {
    match encoding {
        Encoding::Utf8 => 40,
        Encoding::Gbk | Encoding::ShiftJis | Encoding::EucKr => 37,
        Encoding::Big5 => 32,
        Encoding::Utf16Le | Encoding::Utf16Be => 23,
        _ => 16,
    }
}

fn class(encoding: Encoding, char: char) -> Class {
    match char {
        '\0' => Class::Zero,
        ' '..='~' | '\t' | '\r' | '\n' | '\u{C}' => Class::Ascii,
        '\u{FEFF}' => Class::Sign,
        '\u{3000}'..='\u{30FF}' | '\u{FF01}'..='\u{FF5E}' | '\u{2010}'..='\u{2026}' | '★' => {
            Class::Sign
        }
        '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => {
            if is_common(encoding, char) {
                Class::Common
            } else {
                Class::Rare
            }
        }
        '\u{400}'..='\u{45F}' | '\u{620}'..='\u{652}' if !encoding.is_double() => Class::Common,
        '\u{C0}'..='\u{17F}' | '\u{1E00}'..='\u{1EFF}' if !encoding.is_double() => Class::Rare,
        _ => Class::Break,
    }
}

/// Of those that make up nearly all of ordinary texts.
fn is_common(encoding: Encoding, char: char) -> bool {
    let mut held = [0; 4];
    let text = &*char.encode_utf8(&mut held);
    let within = |table: &'static rs::Encoding, leads: std::ops::RangeInclusive<u8>, least: u8| {
        let (bytes, _, lossy) = table.encode(text);
        !lossy && leads.contains(&bytes[0]) && bytes.get(1).is_some_and(|last| *last >= least)
    };
    let gbk = || within(rs::GBK, 0xB0..=0xD7, 0xA1);
    let big5 = || within(rs::BIG5, 0xA4..=0xC6, 0);
    let korean = || within(rs::EUC_KR, 0xB0..=0xC8, 0xA1);
    let jis = || within(rs::SHIFT_JIS, 0x88..=0x97, 0);
    match encoding {
        Encoding::Gbk => gbk(),
        Encoding::Big5 => big5(),
        Encoding::ShiftJis => jis(),
        Encoding::EucKr => korean(),
        _ => korean() || gbk() || big5() || jis(),
    }
}
