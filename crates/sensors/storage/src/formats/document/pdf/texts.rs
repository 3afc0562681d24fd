//! The words on the pages of a PDF: what its drawing programs show, in the meanings of its fonts.
//!
//! At most 4 MiB of each program are read, of at most 20,000 fonts, dictionaries of fonts, and pages each. What is read of streams and
//! comes out of them is at most 256 MiB and sixteen times the file; fonts have two million codes in all, and names of fonts are given
//! 400,000 times.

use std::collections::{HashMap, HashSet};

use encoding_rs::Encoding;

use super::filters::decoded;
use super::object::{Facts, Filter, Role, filters};
use super::scan::{Object, Scanner};
use super::strings::{bytes, from_hex, unescaped};
use super::tokens::{Dict, Token, Tokens, references};
use super::unicode::{self, Meanings, named};
use crate::Stretch;
use crate::formats::document::inflate::Inflater;
use crate::formats::{Texts, Walked};
use crate::stretch::WINDOW;

const MOST: usize = 20_000;
/// The most names of fonts, and programs of pages, that are remembered, and how long a name may be.
const MOST_NAMES: usize = 400_000;
const LONGEST_NAME: usize = 255;
/// What may be read of streams and come out of them, beside so many times the file.
const BUDGET: u64 = 256 << 20;
const RATIO: u64 = 16;

#[derive(Default)]
struct Fonts {
    /// Number of a font to the number of its map, and its encoding.
    fonts: HashMap<u32, (Option<u32>, Option<&'static Encoding>)>,
    /// Names of fonts by the number of what names them.
    names: HashMap<u32, HashMap<Vec<u8>, u32>>,
    everywhere: HashMap<Vec<u8>, u32>,
    /// Numbers of resources, or of dictionaries of fonts, by what refers to them.
    links: HashMap<u32, u32>,
    /// The page of a program.
    owners: HashMap<u32, u32>,
    meanings: HashMap<u32, Meanings>,
    /// How many names were given.
    named: usize,
}

/// What streams are decoded with, as long as bytes are left.
struct Reader<'s, 'a> {
    stretch: &'s mut Stretch<'a>,
    inflater: Inflater,
    left: u64,
}

pub fn texts(stretch: &mut Stretch, walked: &Walked, into: &mut dyn Texts) {
    if walked.details.encrypted == Some(true) {
        return;
    }
    let mut inflater = Inflater::default();
    let scan = Scanner::new(stretch, &mut inflater, walked.length, false).run(8);
    let left = BUDGET.saturating_add(walked.length.saturating_mul(RATIO));
    let mut reader = Reader { stretch, inflater, left };
    let mut fonts = Fonts::default();
    for object in &scan.objects {
        reader.gather(object, &mut fonts);
    }
    let maps: HashSet<u32> = fonts.fonts.values().filter_map(|(map, _)| *map).collect();
    let mut codes = unicode::MOST_OF_ALL;
    for object in scan.objects.iter().filter(|object| maps.contains(&object.number)) {
        if codes == 0 {
            break;
        }
        if let Some(program) = reader.content(object, false) {
            fonts.meanings.insert(object.number, Meanings::read(&program, &mut codes));
        }
    }
    for object in &scan.objects {
        reader.tell(object, &fonts, maps.contains(&object.number), into);
    }
}

pub fn body<'s>(stretch: &'s mut Stretch, object: &Object) -> &'s [u8] {
    let end = object.stream.map_or(object.body + 65_536, |(data, _)| data);
    stretch.peek(object.body, usize::try_from(end - object.body).unwrap_or(WINDOW))
}

/// Strings of dictionaries: titles, notes, bookmarks, fields.
fn fonts_free_text(stretch: &mut Stretch, object: &Object) -> Option<String> {
    let dict = Dict::read(body(stretch, object));
    said(&dict)
}

fn said(dict: &Dict) -> Option<String> {
    let mut text = String::new();
    for key in [&b"Title"[..], b"Author", b"Subject", b"Keywords", b"Contents", b"V", b"T"] {
        if let Some(string) = dict.get(key).and_then(bytes) {
            text.push_str(&super::strings::text(&string));
            text.push('\n');
        }
    }
    (!text.is_empty()).then_some(text)
}

impl Reader<'_, '_> {
    /// The decoded stream of an object that may hold words. `drawing` leaves out what surely does not.
    fn content(&mut self, object: &Object, drawing: bool) -> Option<Vec<u8>> {
        let range = object.stream.filter(|_| self.left > 0)?;
        let dict = Dict::read(body(self.stretch, object));
        let image = dict.name(b"Subtype") == Some(b"Image")
            || [&b"Length1"[..], b"Width", b"N"].iter().any(|key| dict.get(key).is_some())
            || matches!(dict.name(b"Type"), Some(b"XRef" | b"ObjStm"))
            || matches!(dict.name(b"Subtype"), Some(b"Type1C" | b"CIDFontType0C" | b"OpenType"));
        if drawing && image {
            return None;
        }
        let filters = filters(&dict);
        let unread = [Filter::Jpeg, Filter::Fax, Filter::Other];
        if unread.iter().any(|filter| filters.contains(filter)) {
            return None;
        }
        decoded(self.stretch, &mut self.inflater, range, &filters, &mut self.left)
    }

    fn gather(&mut self, object: &Object, fonts: &mut Fonts) {
        let dict = Dict::read(body(self.stretch, object));
        fonts.take(object.number, &dict);
        let facts = Facts::of(&dict);
        if facts.role != Role::Packed {
            return;
        }
        let Some(packed) = self.content(object, false) else { return };
        let places = places(&packed, facts.first as usize);
        let ends = places.iter().skip(1).map(|(start, _)| *start).chain([packed.len()]);
        for ((start, number), end) in places.iter().zip(ends) {
            // The last that is there of a stream that is cut ends with it.
            if let Some(one) = packed.get(*start..end.min(packed.len())) {
                fonts.take(*number, &Dict::read(one));
            }
        }
    }

    fn tell(&mut self, object: &Object, fonts: &Fonts, is_map: bool, into: &mut dyn Texts) {
        if let Some(info) = fonts_free_text(self.stretch, object) {
            into.begin("pdf");
            into.push(info.as_bytes());
        }
        let Some(program) = self.content(object, true) else { return };
        if memchr::memmem::find(&program, b"Tf").is_some() {
            let text = spoken(&program, object.number, fonts);
            self.left = self.left.saturating_sub(text.len() as u64);
            into.begin("pdf");
            into.push(text.as_bytes());
        } else if !is_map {
            into.begin("flate");
            into.push(&program);
        }
    }
}

/// Where packed objects begin, and their numbers, in the order of their places: each ends where the next one begins.
fn places(packed: &[u8], first: usize) -> Vec<(usize, u32)> {
    let mut heads = Tokens::new(packed);
    let mut places = Vec::new();
    while heads.at < first && places.len() < MOST {
        let (Ok(Token::Number(number)), Ok(Token::Number(at))) = (heads.read(), heads.read())
        else {
            break;
        };
        places.push((first.saturating_add(at as usize), number as u32));
    }
    places.sort_by_key(|(start, _)| *start);
    places
}

impl Fonts {
    fn take(&mut self, number: u32, dict: &Dict) {
        if self.fonts.len().max(self.names.len()).max(self.links.len()) >= MOST {
            return;
        }
        if dict.name(b"Type") == Some(b"Font") || dict.get(b"ToUnicode").is_some() {
            let map = dict.reference(b"ToUnicode");
            self.fonts.insert(number, (map, dict.name(b"Encoding").map(named)));
        }
        if let Some(contents) = dict.get(b"Contents") {
            let room = MOST_NAMES.saturating_sub(self.owners.len());
            for program in references(contents, 256).into_iter().take(room) {
                self.owners.insert(program, number);
            }
        }
        let resources = match dict.get(b"Resources") {
            Some(value) if value.starts_with(b"<<") => Dict::read(value),
            Some(value) => {
                self.links.extend(references(value, 1).first().map(|to| (number, *to)));
                return;
            }
            None => dict.clone(),
        };
        match resources.get(b"Font") {
            Some(value) if value.starts_with(b"<<") => self.name(number, &Dict::read(value)),
            Some(value) => self.links.extend(references(value, 1).first().map(|to| (number, *to))),
            None if dict.get(b"Type").is_none() => self.name(number, dict),
            None => {}
        }
    }

    /// A dictionary that may name fonts: all of its values are references.
    fn name(&mut self, number: u32, dict: &Dict) {
        let named = |(name, value): (&[u8], &[u8])| {
            let short = name.len() <= LONGEST_NAME;
            Some((name.to_vec(), super::tokens::reference(value).filter(|_| short)?))
        };
        let room = MOST_NAMES.saturating_sub(self.named).min(512);
        let Some(names) = dict.pairs().take(room).map(named).collect::<Option<HashMap<_, _>>>()
        else {
            return;
        };
        self.named += names.len();
        for (name, font) in &names {
            self.everywhere.entry(name.clone()).or_insert(*font);
        }
        if !names.is_empty() {
            self.names.insert(number, names);
        }
    }

    fn font(&self, program: u32, name: &[u8]) -> Option<u32> {
        let mut number = self.owners.get(&program).copied().unwrap_or(program);
        // A page, its resources, their fonts.
        for _ in 0..3 {
            if let Some(font) = self.names.get(&number).and_then(|names| names.get(name)) {
                return Some(*font);
            }
            let Some(next) = self.links.get(&number) else { break };
            number = *next;
        }
        self.everywhere.get(name).copied()
    }
}

/// What a program shows, a line for each line.
fn spoken(program: &[u8], number: u32, fonts: &Fonts) -> String {
    let mut tokens = Tokens::new(program);
    let mut speaker =
        Speaker { fonts, program: number, font: None, size: 1.0, shown: 0, text: String::new() };
    let (mut numbers, mut name, mut strings) = (Vec::new(), None, Vec::new());
    loop {
        let token = match tokens.read() {
            Ok(token) => token,
            Err(_) => match tokens.complete() {
                Some(token) => token,
                None => break,
            },
        };
        match token {
            Token::Number(value) => {
                // Within an array of strings: a wide step back is a space.
                if !strings.is_empty() && value < -180.0 {
                    strings.push(None);
                }
                if numbers.len() < 8 {
                    numbers.push(value);
                }
            }
            Token::Name(value) => name = Some(value),
            Token::Text(raw) => strings.push(Some(unescaped(raw))),
            Token::Hex(raw) => strings.push(Some(from_hex(raw))),
            Token::Word(operator) => {
                speaker.operate(operator, &numbers, name, &strings);
                if operator == b"BI" {
                    skip_picture(&mut tokens);
                }
                numbers.clear();
                strings.clear();
                name = None;
            }
            _ => {}
        }
    }
    speaker.text
}

/// Behind the bytes of a picture that stands in the program.
fn skip_picture(tokens: &mut Tokens) {
    let rest = tokens.bytes.get(tokens.at..).unwrap_or_default();
    let end = memchr::memmem::find_iter(rest, b"EI").find(|at| {
        let before =
            at.checked_sub(1).and_then(|at| rest.get(at)).is_some_and(u8::is_ascii_whitespace);
        before && rest.get(at + 2).is_none_or(u8::is_ascii_whitespace)
    });
    tokens.at = end.map_or(tokens.bytes.len(), |end| tokens.at + end + 2);
}

struct Speaker<'f> {
    fonts: &'f Fonts,
    program: u32,
    font: Option<u32>,
    size: f64,
    /// How wide what was shown since the last move is, nearly, in the font's size.
    shown: u32,
    text: String,
}

impl Speaker<'_> {
    fn operate(
        &mut self,
        operator: &[u8],
        numbers: &[f64],
        name: Option<&[u8]>,
        strings: &[Option<Vec<u8>>],
    ) {
        match operator {
            b"Tf" => {
                self.font = name.and_then(|name| self.fonts.font(self.program, name));
                self.size = numbers.last().copied().unwrap_or(1.0).abs();
            }
            b"Tj" | b"TJ" => self.show(strings),
            b"'" | b"\"" => {
                self.line();
                self.show(strings);
            }
            b"Td" | b"TD" => self.step(numbers.first().copied(), numbers.get(1).copied()),
            b"T*" | b"ET" | b"Tm" => self.line(),
            _ => {}
        }
    }

    fn line(&mut self) {
        self.shown = 0;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// A step within the line is a space only where it is wider than what was shown.
    fn step(&mut self, x: Option<f64>, y: Option<f64>) {
        if y.unwrap_or(0.0) != 0.0 {
            return self.line();
        }
        let wide = f64::from(self.shown) * 0.62 + 0.4;
        if x.unwrap_or(0.0) > wide * self.size && !self.text.ends_with(['\n', ' ']) {
            self.text.push(' ');
        }
        self.shown = 0;
    }

    fn show(&mut self, strings: &[Option<Vec<u8>>]) {
        let before = self.text.len();
        let font = self.font.and_then(|font| self.fonts.fonts.get(&font));
        let meanings = font
            .and_then(|(map, _)| self.fonts.meanings.get(&(*map)?))
            .filter(|map| !map.is_empty());
        let encoding =
            font.and_then(|(_, encoding)| *encoding).unwrap_or(encoding_rs::WINDOWS_1252);
        for string in strings {
            match (string, meanings) {
                (None, _) => self.text.push(' '),
                (Some(string), Some(meanings)) => meanings.say(string, &mut self.text),
                (Some(string), None) => {
                    self.text.push_str(&encoding.decode_without_bom_handling(string).0)
                }
            }
        }
        let wide = |char: char| if char.is_ascii() { 1 } else { 2 };
        self.shown = self.shown.saturating_add(self.text[before..].chars().map(wide).sum());
    }
}
