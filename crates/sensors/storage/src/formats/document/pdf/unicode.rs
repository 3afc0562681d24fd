//! What the codes of a font mean: its ToUnicode map, or the encoding that it names.

use std::collections::HashMap;

use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_16BE, WINDOWS_1252};

use super::strings::from_hex;
use super::tokens::{Token, Tokens};

/// The most codes of one font, and of all fonts of a file: a few bytes of a packed map make thousands of them.
const MOST: usize = 70_000;
pub const MOST_OF_ALL: usize = 2_000_000;
/// The most ranges that may lie over each other before the one that holds a code is missed.
const NESTED: usize = 8;

/// Codes that follow each other, and what the first of them means.
struct Range {
    low: u32,
    high: u32,
    text: Box<[u16]>,
}

#[derive(Default)]
pub struct Meanings {
    map: HashMap<u32, Box<[u16]>>,
    /// By their first codes.
    ranges: Vec<Range>,
    /// Whether codes have two bytes.
    wide: bool,
}

impl Meanings {
    /// Reads `bfchar` and `bfrange` of a map, as long as `left` codes or ranges are.
    pub fn read(program: &[u8], left: &mut usize) -> Self {
        let mut tokens = Tokens::new(program);
        let mut meanings = Self::default();
        let mut texts: Vec<Vec<u8>> = Vec::new();
        while let Some(token) = tokens.complete().filter(|_| *left > 0) {
            match token {
                Token::Hex(raw) if texts.len() < MOST => texts.push(from_hex(raw)),
                Token::Word(b"endcodespacerange") => {
                    meanings.wide |= texts.last().is_some_and(|code| code.len() == 2);
                    texts.clear();
                }
                Token::Word(b"begincodespacerange" | b"beginbfchar") => texts.clear(),
                Token::Word(b"endbfchar") => {
                    texts
                        .chunks_exact(2)
                        .for_each(|pair| meanings.put(code(&pair[0]), &pair[1], left));
                    texts.clear();
                }
                Token::Word(b"beginbfrange") => meanings.ranges(&mut tokens, left),
                _ => {}
            }
        }
        // The later of equals counts.
        meanings.ranges.sort_by_key(|range| range.low);
        meanings
    }

    fn is_full(&self, left: usize) -> bool {
        left == 0 || self.map.len() + self.ranges.len() >= MOST
    }

    fn put(&mut self, code: u32, text: &[u8], left: &mut usize) {
        let Some(text) = units(text).filter(|_| !self.is_full(*left)) else { return };
        self.map.insert(code, text);
        *left -= 1;
    }

    fn ranges(&mut self, tokens: &mut Tokens, left: &mut usize) {
        while !self.is_full(*left) {
            let (Ok(Token::Hex(low)), Ok(Token::Hex(high))) = (tokens.read(), tokens.read()) else {
                return;
            };
            let (low, high) = (code(&from_hex(low)), code(&from_hex(high)));
            match tokens.read() {
                Ok(Token::Hex(raw)) => {
                    let high = high.min(low.saturating_add(0xFFFF));
                    if let Some(text) = units(&from_hex(raw)).filter(|_| low <= high) {
                        self.ranges.push(Range { low, high, text });
                        *left -= 1;
                    }
                }
                Ok(Token::Open) => {
                    let mut code = low;
                    while let Ok(Token::Hex(raw)) = tokens.read() {
                        self.put(code, &from_hex(raw), left);
                        code = code.saturating_add(1);
                    }
                }
                _ => return,
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.map.is_empty() && self.ranges.is_empty()
    }

    /// What a code means, and how far its last letter lies behind the one that is told.
    fn told(&self, code: u32) -> Option<(&[u16], u16)> {
        if let Some(text) = self.map.get(&code) {
            return Some((text, 0));
        }
        let before = self.ranges.partition_point(|range| range.low <= code);
        let mut near = self.ranges[..before].iter().rev().take(NESTED);
        let range = near.find(|range| code <= range.high)?;
        Some((&range.text, (code - range.low) as u16))
    }

    pub fn say(&self, codes: &[u8], into: &mut String) {
        for bytes in codes.chunks(if self.wide { 2 } else { 1 }) {
            match self.told(code(bytes)) {
                Some((text, add)) => spell(text, add, into),
                None if !self.wide => into.push(char::from(bytes[0])),
                None => {}
            }
        }
    }
}

/// The letters of a text in two bytes each; of what a code means there are few.
fn units(text: &[u8]) -> Option<Box<[u16]>> {
    let unit = |pair: &[u8]| pair.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte));
    (text.len() <= 32).then(|| text.chunks(2).map(unit).collect())
}

/// With letters that are set as one taken apart.
fn spell(text: &[u16], add: u16, into: &mut String) {
    let last = text.len().saturating_sub(1);
    let units = text.iter().enumerate();
    let units = units.map(|(at, unit)| if at == last { unit.wrapping_add(add) } else { *unit });
    for char in char::decode_utf16(units) {
        match char.unwrap_or(char::REPLACEMENT_CHARACTER) {
            '\u{FB00}' => into.push_str("ff"),
            '\u{FB01}' => into.push_str("fi"),
            '\u{FB02}' => into.push_str("fl"),
            '\u{FB03}' => into.push_str("ffi"),
            '\u{FB04}' => into.push_str("ffl"),
            other => into.push(other),
        }
    }
}

fn code(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// By the name of a font's encoding.
pub fn named(name: &[u8]) -> &'static Encoding {
    let begins = |heads: &[&str]| heads.iter().any(|head| name.starts_with(head.as_bytes()));
    if memchr::memmem::find(name, b"UCS2").is_some()
        || memchr::memmem::find(name, b"UTF16").is_some()
    {
        UTF_16BE
    } else if begins(&["GB", "Adobe-GB"]) {
        GBK
    } else if begins(&["B5", "ETen", "HKscs", "CNS"]) {
        BIG5
    } else if begins(&["90", "83pv", "Ext-RKSJ", "Add-RKSJ", "RKSJ"]) {
        SHIFT_JIS
    } else if begins(&["KSC"]) {
        EUC_KR
    } else {
        WINDOWS_1252
    }
}
