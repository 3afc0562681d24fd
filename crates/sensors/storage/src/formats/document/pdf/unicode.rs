//! What the codes of a font mean: its ToUnicode map, or the encoding that it names.

use std::collections::HashMap;

use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_16BE, WINDOWS_1252};

use super::strings::from_hex;
use super::tokens::{Token, Tokens};

/// The most codes of one font.
const MOST: usize = 70_000;

#[derive(Default)]
pub struct Meanings {
    map: HashMap<u32, String>,
    /// Whether codes have two bytes.
    wide: bool,
}

impl Meanings {
    /// Reads `bfchar` and `bfrange` of a map.
    pub fn read(program: &[u8]) -> Self {
        let mut tokens = Tokens::new(program);
        let mut meanings = Self::default();
        let mut texts: Vec<Vec<u8>> = Vec::new();
        while let Some(token) = tokens.complete() {
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
                        .for_each(|pair| meanings.put(code(&pair[0]), &pair[1], 0));
                    texts.clear();
                }
                Token::Word(b"beginbfrange") => meanings.ranges(&mut tokens),
                _ => {}
            }
        }
        meanings
    }

    fn put(&mut self, code: u32, text: &[u8], add: u16) {
        let mut units: Vec<u16> = text
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte)))
            .collect();
        if let Some(last) = units.last_mut() {
            *last = last.wrapping_add(add);
        }
        if self.map.len() < MOST && units.len() <= 16 {
            self.map.insert(code, spelled(&String::from_utf16_lossy(&units)));
        }
    }

    fn ranges(&mut self, tokens: &mut Tokens) {
        loop {
            let (Ok(Token::Hex(low)), Ok(Token::Hex(high))) = (tokens.read(), tokens.read()) else {
                return;
            };
            let (low, high) = (code(&from_hex(low)), code(&from_hex(high)));
            let codes = low..=high.min(low.saturating_add(0xFFFF));
            match tokens.read() {
                Ok(Token::Hex(raw)) => {
                    let text = from_hex(raw);
                    for (add, code) in codes.enumerate() {
                        if self.map.len() >= MOST {
                            return;
                        }
                        self.put(code, &text, add as u16);
                    }
                }
                Ok(Token::Open) => {
                    let mut code = low;
                    while let Ok(Token::Hex(raw)) = tokens.read() {
                        self.put(code, &from_hex(raw), 0);
                        code = code.saturating_add(1);
                    }
                }
                _ => return,
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    pub fn say(&self, codes: &[u8], into: &mut String) {
        for bytes in codes.chunks(if self.wide { 2 } else { 1 }) {
            match self.map.get(&code(bytes)) {
                Some(text) => into.push_str(text),
                None if !self.wide => into.push(char::from(bytes[0])),
                None => {}
            }
        }
    }
}

/// With letters that are set as one taken apart.
fn spelled(text: &str) -> String {
    let apart = |char| match char {
        '\u{FB00}' => "ff".to_owned(),
        '\u{FB01}' => "fi".to_owned(),
        '\u{FB02}' => "fl".to_owned(),
        '\u{FB03}' => "ffi".to_owned(),
        '\u{FB04}' => "ffl".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(apart).collect()
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
