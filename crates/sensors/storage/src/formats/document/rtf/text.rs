//! The text of RTF, decoded.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::tokens::{Token, Tokens};
use crate::{Stretch, formats::Texts};

/// Groups that hold no text of the document.
const SKIPPED: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "pict",
    "themedata",
    "colorschememapping",
    "datastore",
    "latentstyles",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "xmlnstbl",
    "generator",
    "object",
];
const DEEPEST: usize = 256;
const FONTS: usize = 256;

/// What holds within a group.
#[derive(Clone)]
struct State {
    skipped: bool,
    fonts: bool,
    page: &'static Encoding,
    /// How many characters stand for one of Unicode, for readers that know none.
    instead: i32,
}

struct Decoder<'t> {
    into: &'t mut dyn FnMut(&str),
    state: State,
    groups: Vec<State>,
    /// Groups deeper than are kept.
    deeper: u64,
    page: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
    font: i32,
    bytes: Vec<u8>,
    /// Characters that are still to be left out.
    skip: i32,
    high: Option<u16>,
}

impl<'t> Decoder<'t> {
    fn new(into: &'t mut dyn FnMut(&str)) -> Self {
        let page = encoding_rs::WINDOWS_1252;
        let state = State { skipped: false, fonts: false, page, instead: 1 };
        Self {
            into,
            state,
            groups: Vec::new(),
            deeper: 0,
            page,
            fonts: HashMap::new(),
            font: 0,
            bytes: Vec::new(),
            skip: 0,
            high: None,
        }
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            let (text, _) = self.state.page.decode_without_bom_handling(&self.bytes);
            (self.into)(&text);
            self.bytes.clear();
        }
    }

    fn open(&mut self) {
        self.flush();
        if self.groups.len() < DEEPEST {
            self.groups.push(self.state.clone());
        } else {
            self.deeper += 1;
        }
    }

    fn close(&mut self) {
        self.flush();
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if let Some(state) = self.groups.pop() {
            self.state = state;
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if !self.state.skipped {
            self.bytes.push(byte);
        }
    }

    fn text(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')) {
            self.byte(*byte);
        }
        if self.bytes.len() > 2048 {
            self.flush();
        }
    }

    fn word(&mut self, name: &str, number: Option<i32>) {
        match (name, number) {
            ("u", Some(unit)) => self.unit(unit as u16),
            ("uc", Some(count)) => self.state.instead = count.clamp(0, 8),
            ("ansicpg", Some(page)) => {
                self.flush();
                self.page = code_page(page).unwrap_or(self.page);
                self.state.page = self.page;
            }
            ("f", Some(font)) if self.state.fonts => self.font = font,
            ("f", Some(font)) => {
                self.flush();
                self.state.page = self.fonts.get(&font).copied().unwrap_or(self.page);
            }
            ("fcharset", Some(set)) if self.state.fonts && self.fonts.len() < FONTS => {
                if let Some(page) = charset(set) {
                    self.fonts.insert(self.font, page);
                }
            }
            ("par" | "line" | "page" | "row" | "sect", _) => self.text(b"\x0b"),
            ("tab" | "cell", _) => self.text(b"\t"),
            ("fonttbl", _) => (self.state.fonts, self.state.skipped) = (true, true),
            _ if SKIPPED.contains(&name) => self.state.skipped = true,
            _ => {}
        }
    }

    fn unit(&mut self, unit: u16) {
        self.flush();
        self.skip = self.state.instead;
        let pair = self.high.take().map_or_else(|| vec![unit], |high| vec![high, unit]);
        if self.state.skipped {
            return;
        }
        if (0xD800..0xDC00).contains(&unit) {
            self.high = Some(unit);
            return;
        }
        let text: String = char::decode_utf16(pair).filter_map(Result::ok).collect();
        (self.into)(&text);
    }

    fn token(&mut self, token: &Token) {
        match token {
            Token::Open => self.open(),
            Token::Close => self.close(),
            Token::Byte(byte) => self.byte(*byte),
            Token::Symbol(b'*') => self.state.skipped = true,
            Token::Symbol(b'~') => self.text(b" "),
            Token::Symbol(byte @ (b'{' | b'}' | b'\\')) => self.text(&[*byte]),
            Token::Symbol(_) | Token::Text(_) => {}
            Token::Word(name, number) => self.word(name, *number),
        }
    }
}

/// Tells the text of the first so many bytes.
pub fn push(stretch: &mut Stretch, length: u64, into: &mut dyn Texts) {
    let mut push = |text: &str| into.push(text.replace('\u{b}', "\n").as_bytes());
    run(stretch, 0, length, &mut push, |_, _| {});
}

fn run(
    stretch: &mut Stretch,
    from: u64,
    end: u64,
    into: &mut dyn FnMut(&str),
    mut each: impl FnMut(&Token, u64),
) {
    let mut tokens = Tokens::from(stretch, from, end);
    let mut decoder = Decoder::new(into);
    loop {
        let place = tokens.place();
        let Some(token) = tokens.next() else { break };
        each(&token, place);
        match token {
            Token::Text(count) => decoder.text(tokens.bytes(place, count)),
            _ => decoder.token(&token),
        }
    }
    decoder.flush();
}

/// The groups inside the one that begins here: their first words, and their texts. Of words with numbers both are text: `yr2024`.
pub fn groups(stretch: &mut Stretch, from: u64, end: u64) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let (mut depth, mut fresh) = (0, false);
    let mut tokens = Tokens::from(stretch, from, end);
    let text = std::cell::RefCell::new(String::new());
    let mut into = |part: &str| text.borrow_mut().push_str(part);
    let mut decoder = Decoder::new(&mut into);
    loop {
        let place = tokens.place();
        let Some(token) = tokens.next() else { break };
        match &token {
            Token::Open => (depth, fresh) = (depth + 1, true),
            Token::Close => {
                decoder.flush();
                depth -= 1;
                let value = text.take();
                if let Some((_, held)) = found.last_mut().filter(|_| depth == 1) {
                    held.push_str(&value);
                }
                if depth <= 0 || found.len() > 64 {
                    break;
                }
            }
            Token::Word(name, _) if fresh && depth == 2 => {
                found.push((name.clone(), String::new()));
                fresh = false;
            }
            Token::Word(name, Some(number)) if depth == 2 && name.len() <= 3 && name != "u" => {
                let held = found.last_mut().map(|(_, held)| held);
                held.into_iter().for_each(|held| held.push_str(&format!("{name}{number} ")));
            }
            _ => {}
        }
        match token {
            Token::Text(count) => decoder.text(tokens.bytes(place, count)),
            _ => decoder.token(&token),
        }
    }
    for (_, value) in &mut found {
        *value = value.trim().to_owned();
    }
    found
}

fn code_page(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        936 => encoding_rs::GBK,
        950 => encoding_rs::BIG5,
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        65001 => encoding_rs::UTF_8,
        1250..=1258 => Encoding::for_label(format!("windows-{number}").as_bytes())?,
        _ => return None,
    })
}

fn charset(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        128 => encoding_rs::SHIFT_JIS,
        129 => encoding_rs::EUC_KR,
        134 => encoding_rs::GBK,
        136 => encoding_rs::BIG5,
        161 => encoding_rs::WINDOWS_1253,
        162 => encoding_rs::WINDOWS_1254,
        163 => encoding_rs::WINDOWS_1258,
        177 => encoding_rs::WINDOWS_1255,
        178 => encoding_rs::WINDOWS_1256,
        204 => encoding_rs::WINDOWS_1251,
        238 => encoding_rs::WINDOWS_1250,
        _ => return None,
    })
}
