//! XML, to the end of its root element.

use super::super::text::{ending, lines::is_foreign, scan};
use crate::{
    Stretch,
    formats::{Details, End, Family, Kind, Proof, Walked, document::contacts},
};

const SVG: Kind = Kind { name: "svg", family: Family::Picture, extension: "svg" };
/// One whose end is missing is one from so many bytes on.
const LEAST: u64 = 256;
/// The longest start of an element.
const LONGEST: u64 = 16 * 1024 * 1024;
/// What is read of it for people and servers.
const TOLD: usize = 256 * 1024;

pub fn looks(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let text = !head.iter().take(64).any(|byte| is_foreign(*byte));
    let declared = head.starts_with(b"<?xml version=")
        && memchr::memmem::find(&head[..head.len().min(128)], b"?>").is_some();
    text && (declared
        || head.starts_with(b"<svg ") && memchr::memmem::find(head, b"http://www.w3.org").is_some())
}

struct Walk<'s, 'a> {
    stretch: &'s mut Stretch<'a>,
    at: u64,
    depth: u64,
    elements: u64,
    /// Whether its first bytes are text: else it must be whole.
    text: bool,
    root: Option<String>,
}

/// Why it goes no further.
enum Stop {
    Closed,
    Broken(u64),
}

pub fn walk(stretch: &mut Stretch) -> Option<Walked> {
    looks(stretch.peek(0, 512)).then_some(())?;
    let text = scan::is_text(stretch.peek(0, LEAST as usize));
    let mut walk = Walk { stretch, at: 0, depth: 0, elements: 0, text, root: None };
    let stop = loop {
        if let Err(stop) = walk.step() {
            break stop;
        }
    };
    let (elements, root, at) = (walk.elements, walk.root.take(), walk.at);
    let (length, end) = match stop {
        Stop::Closed => (behind(stretch, at), End::Whole),
        Stop::Broken(place) => (ending::settle(stretch, place), End::Broken),
    };
    if elements == 0 || end == End::Broken && !(text && length >= LEAST) {
        return None;
    }
    let svg = root.as_deref().is_some_and(|root| root == "svg" || root.ends_with(":svg"));
    let told = stretch.peek(0, TOLD.min(usize::try_from(length).unwrap_or(TOLD)));
    let (kind, settings) = if svg { (Some(SVG), Vec::new()) } else { contacts::told(told) };
    let details = Details { settings, ..Details::default() };
    Some(Walked { kind, length, end, proof: Proof::Structure, details })
}

/// Blank lines behind it are its own.
fn behind(stretch: &mut Stretch, at: u64) -> u64 {
    let blank = stretch.peek(at, 64).iter().take_while(|byte| byte.is_ascii_whitespace());
    at + blank.count() as u64
}

impl Walk<'_, '_> {
    /// One piece of markup, and the text before it.
    fn step(&mut self) -> Result<(), Stop> {
        self.pass(b'<')?;
        let head = self.stretch.peek(self.at, 12);
        match head {
            [b'<', b'?', ..] => self.until(b"?>"),
            [b'<', b'!', b'-', b'-', ..] => self.until(b"-->"),
            [b'<', b'!', b'[', b'C', ..] => self.until(b"]]>"),
            [b'<', b'!', ..] => self.declaration(),
            [b'<', b'/', ..] => {
                self.until(b">")?;
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 { Err(Stop::Closed) } else { Ok(()) }
            }
            [b'<', first, ..] if first.is_ascii_alphabetic() || matches!(first, b'_' | 0x80..) => {
                self.element()
            }
            _ => Err(Stop::Broken(self.at)),
        }
    }

    /// Goes to the next such byte; what is passed must be text.
    fn pass(&mut self, to: u8) -> Result<(), Stop> {
        loop {
            if self.at > LONGEST && (self.elements == 0 || !self.text) {
                return Err(Stop::Broken(self.at));
            }
            let seen = self.stretch.peek(self.at, 4096);
            let stop = seen.iter().position(|byte| *byte == to || is_foreign(*byte));
            let passed = stop.unwrap_or(seen.len()) as u64;
            let (end, is) = (seen.is_empty(), stop.is_some_and(|at| seen[at] == to));
            if let Some(other) = ending::another(self.stretch, self.at, passed).filter(|at| *at > 0)
            {
                return Err(Stop::Broken(other));
            }
            self.at += passed;
            if is {
                return Ok(());
            }
            if end || stop.is_some() {
                return Err(Stop::Broken(self.at));
            }
        }
    }

    fn until(&mut self, end: &[u8]) -> Result<(), Stop> {
        let start = self.at;
        while self.at - start < LONGEST {
            self.pass(end[0])?;
            if self.stretch.starts(self.at, end) {
                self.at += end.len() as u64;
                return Ok(());
            }
            self.at += 1;
        }
        Err(Stop::Broken(start))
    }

    /// `<!DOCTYPE x [ … ]>`
    fn declaration(&mut self) -> Result<(), Stop> {
        let bracket = self.stretch.find(self.at, self.at + 4096, b"[");
        let close = self.stretch.find(self.at, self.at + 4096, b">");
        match (bracket, close) {
            (Some(bracket), Some(close)) if bracket < close => {
                self.until(b"]")?;
                self.until(b">")
            }
            _ => self.until(b">"),
        }
    }

    fn element(&mut self) -> Result<(), Stop> {
        if self.depth == 0 && self.root.is_some() {
            return Err(Stop::Closed);
        }
        let start = self.at;
        if self.root.is_none() {
            let name = self.stretch.peek(start + 1, 64);
            let name = name
                .split(|byte| matches!(byte, b' ' | b'>' | b'/' | b'\n' | b'\r' | b'\t'))
                .next();
            self.root = name.and_then(Details::bytes);
        }
        self.elements += 1;
        self.at += 1;
        let mut quote = None;
        let mut last = 0;
        while self.at - start < LONGEST {
            let seen = self.stretch.peek(self.at, 4096);
            if seen.is_empty() {
                break;
            }
            let mut passed = 0;
            for byte in seen {
                passed += 1;
                match (quote, *byte) {
                    (None, b'"' | b'\'') => quote = Some(*byte),
                    (None, b'>') => {
                        self.at += passed;
                        self.depth += u64::from(last != b'/');
                        let closed = self.depth == 0;
                        return if closed { Err(Stop::Closed) } else { Ok(()) };
                    }
                    (Some(open), byte) if byte == open => quote = None,
                    (_, byte) if is_foreign(byte) || byte == b'<' => {
                        return Err(Stop::Broken(self.at + passed - 1));
                    }
                    _ => {}
                }
                last = *byte;
            }
            self.at += passed;
        }
        Err(Stop::Broken(self.at))
    }
}
