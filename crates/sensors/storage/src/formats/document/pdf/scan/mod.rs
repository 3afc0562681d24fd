//! Follows a PDF from object to object to its last `%%EOF`.

mod closing;
mod streams;

use std::collections::HashMap;

use super::object::{Close, Facts, Role, outline};
use super::tokens::{Dict, End, Token, Tokens, first_int, is_space};
use crate::formats::document::inflate::Inflater;
use crate::{Stretch, stretch::WINDOW};

/// The most objects, and places of a table, that are remembered.
pub const MOST: usize = 400_000;
/// How far the end of a stream is looked for whose length is not known.
const FARTHEST: u64 = 64 << 20;
/// The same of one whose length is told, and wrong.
const LONGEST: u64 = 1 << 30;
/// What may come out of streams, beside sixteen times what went in.
const BUDGET: u64 = 256 << 20;
/// What may be read again of objects longer than the first look, for each byte of the file, and in any case.
const AGAIN: u64 = 16;
const AGAIN_FREE: u64 = 16 << 20;
/// The most bytes of white space between what belongs together.
const MOST_SPACE: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Object {
    pub number: u32,
    pub at: u64,
    /// Behind the word `obj`.
    pub body: u64,
    /// Where its stream's bytes are.
    pub stream: Option<(u64, u64)>,
}

/// All that a walk saw.
#[derive(Default)]
pub struct Scan {
    pub objects: Vec<Object>,
    /// Where tables stand.
    pub tables: Vec<u64>,
    /// Which objects stand where, by the tables.
    pub recorded: Vec<(u32, u64)>,
    /// What the last `startxref` said.
    pub start: Option<u64>,
    /// Behind the last `%%EOF` and its end of line.
    pub eof: Option<u64>,
    /// Behind the last thing that was whole.
    pub good: u64,
    /// Where it went wrong; none where it closed.
    pub broke: Option<u64>,
    pub damaged: Option<u64>,
    pub pages: u32,
    pub count: u64,
    pub linear: Option<u64>,
    pub encrypted: bool,
    /// Streams that were inflated to their checksum.
    pub verified: u32,
    /// The longest part of a stream that was inflated without an error before the walk broke.
    pub inflated: u64,
    /// The dictionary that tells of the document.
    pub info: Option<Vec<u8>>,
    /// Where XMP stands.
    pub xmp: Option<(u64, u64)>,
}

pub struct Scanner<'s, 'a> {
    stretch: &'s mut Stretch<'a>,
    inflater: &'s mut Inflater,
    limit: u64,
    verify: bool,
    budget: u64,
    again: u64,
    numbers: HashMap<u32, u64>,
    scan: Scan,
}

/// Where it goes on, or where it broke.
type Step = Result<u64, u64>;

impl<'s, 'a> Scanner<'s, 'a> {
    pub fn new(
        stretch: &'s mut Stretch<'a>,
        inflater: &'s mut Inflater,
        limit: u64,
        verify: bool,
    ) -> Self {
        let limit = limit.min(stretch.len());
        let (numbers, scan) = (HashMap::new(), Scan::default());
        Self { stretch, inflater, limit, verify, budget: BUDGET, again: 0, numbers, scan }
    }

    pub fn run(mut self, first: u64) -> Scan {
        self.scan.good = first;
        let mut at = first;
        loop {
            match self.step(at) {
                Ok(Some(next)) => {
                    at = next.max(at + 1);
                    self.scan.good = at;
                }
                Ok(None) => return self.scan,
                Err(at) => {
                    self.scan.broke = Some(at);
                    return self.scan;
                }
            }
        }
    }

    fn look(&mut self, at: u64, count: usize) -> &[u8] {
        let left = usize::try_from(self.limit.saturating_sub(at)).unwrap_or(usize::MAX);
        self.stretch.peek(at, count.min(left))
    }

    /// Behind white space and comments; a comment that begins a PDF or ends one is none.
    fn skip(&mut self, at: u64) -> u64 {
        let bytes = self.look(at, MOST_SPACE);
        let mut skip = 0;
        while let Some(byte) = bytes.get(skip) {
            match byte {
                b'%' if bytes[skip..].starts_with(b"%PDF-") => break,
                b'%' => {
                    let rest = &bytes[skip..bytes.len().min(skip + 256)];
                    let Some(line) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'))
                    else {
                        break;
                    };
                    skip += line;
                }
                0 => break,
                byte if is_space(*byte) => skip += 1,
                _ => break,
            }
        }
        at + skip as u64
    }

    fn step(&mut self, from: u64) -> Result<Option<u64>, u64> {
        let at = self.skip(from);
        let closed = self.scan.eof == Some(from) && !self.awaits_more(from);
        let bytes = self.look(at, 64);
        if bytes.starts_with(b"%PDF-") || bytes.first() == Some(&0) {
            return if closed { Ok(None) } else { Err(at) };
        }
        let mut tokens = Tokens::new(bytes);
        let head = (tokens.complete(), tokens.complete(), tokens.complete());
        match head {
            (Some(Token::Number(number)), Some(Token::Number(_)), Some(Token::Word(word)))
                if word.starts_with(b"obj") =>
            {
                let body = at + (tokens.at - (word.len() - 3)) as u64;
                self.object(Object { number: number as u32, at, body, stream: None }).map(Some)
            }
            (Some(Token::Word(b"xref")), ..) => self.table(at).map(Some),
            (Some(Token::Word(b"trailer")), ..) => self.trailer(at + 7).map(Some),
            (Some(Token::Word(b"startxref")), Some(Token::Number(start)), _) => {
                self.close(at, start as u64).map(Some)
            }
            // What follows a closed file is not its own.
            _ if closed => Ok(None),
            _ => Err(at),
        }
    }

    /// Whether a linearized file has only its first part so far.
    fn awaits_more(&self, eof: u64) -> bool {
        self.scan.start == Some(0) && self.scan.linear.is_some_and(|length| length > eof)
    }

    fn object(&mut self, object: Object) -> Step {
        let mut size = 4096;
        loop {
            // Short objects that all seem to be long would have everything behind them read for each.
            if self.again > AGAIN_FREE.saturating_add(object.body.saturating_mul(AGAIN)) {
                return Err(object.at);
            }
            let held = self.look(object.body, size);
            let full = held.len() == size;
            match outline(held) {
                Ok(close) => return self.body(object, close),
                Err((End::Wrong, at)) => return Err(object.body + at as u64),
                Err((End::Out, at)) if !full => return Err(object.body + at as u64),
                Err(_) if size == WINDOW => return self.large(object),
                Err(_) => {
                    size = (size * 8).min(WINDOW);
                    self.again += size as u64;
                }
            }
        }
    }

    /// An object larger than the window: arrays of numbers mostly.
    fn large(&mut self, object: Object) -> Step {
        let to = object.body.saturating_add(FARTHEST).min(self.limit);
        let end = self.stretch.find(object.body, to, b"endobj");
        self.remember(object);
        end.map(|at| at + 6).ok_or(object.body)
    }

    /// The last one counts for where it was torn.
    fn remember_table(&mut self, at: u64) {
        self.scan.tables.truncate(MOST - 1);
        self.scan.tables.push(at);
    }

    fn remember(&mut self, object: Object) {
        if self.scan.objects.len() < MOST {
            self.scan.objects.push(object);
        }
    }

    fn body(&mut self, mut object: Object, close: Close) -> Step {
        let (Close::Object(count) | Close::Stream(count) | Close::Next(count)) = close;
        let bytes = self.stretch.peek(object.body, count);
        let dict = Dict::read(bytes);
        let number = first_int(bytes).filter(|_| dict.is_empty() && self.numbers.len() < MOST);
        if let Some(number) = number {
            self.numbers.insert(object.number, number);
        }
        let facts = Facts::of(&dict);
        if !matches!(close, Close::Stream(_)) && tells(&dict) {
            self.scan.info = Some(bytes.to_vec());
        }
        let xmp = dict.name(b"Type") == Some(b"Metadata");
        self.scan.encrypted |= facts.role == Role::Table && dict.get(b"Encrypt").is_some();
        self.count(&facts);
        let end = object.body + count as u64;
        if !matches!(close, Close::Stream(_)) {
            self.remember(object);
            return Ok(end);
        }
        let data = end + line_end(self.look(end, 2));
        self.scan.good = data;
        let (stop, next) = self.stream(data, &facts)?;
        object.stream = Some((data, stop));
        if xmp && facts.filters.is_empty() {
            self.scan.xmp = object.stream;
        }
        if facts.role == Role::Table {
            self.remember_table(object.at);
        }
        self.remember(object);
        let next = self.skip(next);
        Ok(if self.look(next, 6) == b"endobj" { next + 6 } else { next })
    }

    fn count(&mut self, facts: &Facts) {
        match facts.role {
            Role::Page => self.scan.pages = self.scan.pages.saturating_add(1),
            Role::Pages => self.scan.count = self.scan.count.max(facts.count.unwrap_or(0)),
            _ => {}
        }
        if self.scan.objects.len() < 4 {
            self.scan.linear = self.scan.linear.or(facts.linear);
        }
    }
}

fn tells(dict: &Dict) -> bool {
    dict.get(b"Type").is_none()
        && [&b"Producer"[..], b"CreationDate", b"Creator", b"Author"]
            .into_iter()
            .any(|key| dict.get(key).is_some())
        && dict.get(b"S").is_none()
}

fn line_end(bytes: &[u8]) -> u64 {
    match bytes {
        [b'\r', b'\n', ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        _ => 0,
    }
}
