//! Follows a PDF from object to object to its last `%%EOF`.

use std::collections::HashMap;

use super::object::{Close, Facts, Filter, Length, Role, outline, places};
use super::tokens::{Dict, End, Token, Tokens, first_int, is_space};
use crate::formats::document::inflate::{Inflated, Inflater, Stop, Wrap};
use crate::formats::document::opaque;
use crate::formats::picture;
use crate::stretch::WINDOW;
use crate::{Pieces, Stretch};

/// The most objects, and places of a table, that are remembered.
pub const MOST: usize = 400_000;
/// How far the end of a stream is looked for whose length is not known.
const FARTHEST: u64 = 64 << 20;
/// The most that is kept of a stream of packed objects or of a table.
const HELD: usize = 1 << 20;
/// What may come out of streams, beside sixteen times what went in.
const BUDGET: u64 = 256 << 20;
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
        Self { stretch, inflater, limit, verify, budget: BUDGET, numbers, scan }
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
            let held = self.look(object.body, size);
            let full = held.len() == size;
            match outline(held) {
                Ok(close) => return self.body(object, close),
                Err((End::Wrong, at)) => return Err(object.body + at as u64),
                Err((End::Out, at)) if !full => return Err(object.body + at as u64),
                Err(_) if size == WINDOW => return self.large(object),
                Err(_) => size = (size * 8).min(WINDOW),
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
            self.scan.tables.push(object.at);
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

    /// Behind `endstream`, where it stands at `at` but for an end of line.
    fn closes_at(&mut self, at: u64) -> Option<u64> {
        let bytes = self.look(at, 16);
        let space = bytes.iter().take_while(|byte| is_space(**byte)).count();
        bytes[space..].starts_with(b"endstream").then(|| at + space as u64 + 9)
    }

    /// The end of a stream's bytes, and the place behind `endstream`.
    fn stream(&mut self, data: u64, facts: &Facts) -> Result<(u64, u64), u64> {
        let length = match facts.length {
            Length::Direct(length) => Some(length),
            Length::In(number) => self.numbers.get(&number).copied(),
            Length::Unknown => None,
        };
        let stop = length.map(|length| data.saturating_add(length));
        if let Some((stop, next)) = stop.and_then(|stop| Some((stop, self.closes_at(stop)?))) {
            if let Some(wrong) = self.check(data, stop, facts) {
                self.scan.damaged.get_or_insert(wrong);
            }
            return Ok((stop, next));
        }
        if facts.filters.first() == Some(&Filter::Flate) && self.verify && !self.scan.encrypted {
            return self.inflate_to_end(data, length, facts);
        }
        self.seek_end(data, data, length, facts)
    }

    /// The place of a known stream's first byte that cannot be right.
    fn check(&mut self, data: u64, stop: u64, facts: &Facts) -> Option<u64> {
        match facts.filters.first() {
            Some(Filter::Jpeg) => return self.picture_breaks(data, stop, facts),
            Some(Filter::Flate) if self.verify && !self.scan.encrypted => {}
            _ => return None,
        }
        self.budget = self.budget.saturating_add((stop - data).saturating_mul(16));
        let done = self.inflate(data, stop, facts);
        match done.stop {
            Stop::Done => {
                self.scan.verified += 1;
                None
            }
            Stop::Enough => None,
            // Some producers leave the checksum out, or cut it.
            Stop::Wrong | Stop::Short if done.used + 4 >= stop - data => None,
            Stop::Wrong | Stop::Short => Some(data + done.used),
        }
    }

    fn inflate(&mut self, data: u64, stop: u64, facts: &Facts) -> Inflated {
        let wanted = matches!(facts.role, Role::Packed | Role::Table) && facts.filters.len() == 1;
        let mut held = Vec::new();
        let mut take = |piece: &[u8]| {
            if wanted && held.len() < HELD {
                held.extend_from_slice(piece);
            }
        };
        let done =
            self.inflater.run(self.stretch, (data, stop), Wrap::Zlib, self.budget, &mut take);
        self.budget = self.budget.saturating_sub(done.made);
        match facts.role {
            Role::Table => {
                let left = MOST.saturating_sub(self.scan.recorded.len());
                self.scan.recorded.extend(places(&held, facts).into_iter().take(left));
            }
            Role::Packed => self.packed(&held, facts),
            _ => {}
        }
        done
    }

    fn packed(&mut self, held: &[u8], facts: &Facts) {
        let mut tokens = Tokens::new(held);
        tokens.at = usize::try_from(facts.first).unwrap_or(usize::MAX).min(held.len());
        while tokens.at < held.len() {
            let start = tokens.at;
            let Ok(first) = tokens.read() else { return };
            if tokens.skip_value(first).is_err() {
                return;
            }
            if first == Token::DictOpen {
                let dict = Dict::read(&held[start..tokens.at]);
                self.count(&Facts::of(&dict));
                if tells(&dict) {
                    self.scan.info = Some(held[start..tokens.at].to_vec());
                }
            }
        }
    }

    /// A stream whose length is wrong or unknown, but which tells its end itself.
    fn inflate_to_end(
        &mut self,
        data: u64,
        length: Option<u64>,
        facts: &Facts,
    ) -> Result<(u64, u64), u64> {
        let done = self.inflate(data, self.limit, facts);
        if done.convinces(0) {
            self.scan.inflated = self.scan.inflated.max(done.used);
        }
        let stop = data + done.used;
        match done.stop {
            Stop::Done => {
                self.scan.verified += 1;
                let end = self.stretch.find(
                    stop,
                    stop.saturating_add(1024).min(self.limit),
                    b"endstream",
                );
                end.map(|at| (at, at + 9)).ok_or(stop)
            }
            Stop::Enough => self.seek_end(data, stop, length, facts),
            Stop::Short => Err(stop),
            Stop::Wrong => {
                // Errors are noticed thousands of bytes too late: another file's beginning may lie before.
                let last = length.map_or(stop, |length| data.saturating_add(length).min(stop));
                let own = opaque::extent(self.stretch, data, last);
                if own < last {
                    return Err(own);
                }
                // With a known length it is looked for near where it should be; else only the next one counts.
                let reach = length.unwrap_or(1 << 20).saturating_add(8 << 20);
                let end = self.next_end(stop, data.saturating_add(reach)).ok_or(last)?;
                self.scan.damaged.get_or_insert(stop);
                Ok((end, end + 9))
            }
        }
    }

    /// An `endstream` that an `endobj` follows, with no other file's beginning before it.
    fn next_end(&mut self, from: u64, to: u64) -> Option<u64> {
        let end = self.stretch.find(from, to.min(self.limit), b"endstream")?;
        let after = self.skip(end + 9);
        let closes = self.look(after, 6) == b"endobj";
        (closes && self.stretch.find(from, end, b"%PDF-").is_none()).then_some(end)
    }

    /// Where a picture of JPEG is wrong or breaks off before its stream does.
    fn picture_breaks(&mut self, data: u64, stop: u64, facts: &Facts) -> Option<u64> {
        let alone = facts.filters.len() == 1 && facts.filters[0] == Filter::Jpeg;
        if !alone || !self.verify || self.scan.encrypted {
            return None;
        }
        let whole = self.stretch.whole();
        let part = Pieces::part(&whole, data, stop.min(self.limit).saturating_sub(data));
        let walked = (picture::jpeg::JPEG.walk)(&mut Stretch::new(&part))?;
        let sound = data + walked.sound();
        if walked.is_whole() {
            self.scan.verified += 1;
        }
        // Some leave the last marker out.
        (!walked.is_whole() && sound + 16 < stop).then_some(sound)
    }

    fn seek_end(
        &mut self,
        data: u64,
        from: u64,
        length: Option<u64>,
        facts: &Facts,
    ) -> Result<(u64, u64), u64> {
        let reach = length.map_or(FARTHEST, |length| length.saturating_add(8 << 20));
        let to = data.saturating_add(reach);
        let Some(end) = self.next_end(from, to) else {
            let to = data.saturating_add(length.unwrap_or(FARTHEST)).min(self.limit);
            let to = self.picture_breaks(data, to, facts).unwrap_or(to);
            return Err(opaque::extent(self.stretch, data, to));
        };
        let shift = length.map_or(0, |length| end.abs_diff(data.saturating_add(length)));
        // Bytes of whole sectors too many are those of another file.
        if shift >= 512 && (shift % 512 <= 2 || shift % 512 >= 510) {
            let wrong = self.picture_breaks(data, end, facts).unwrap_or(data);
            self.scan.damaged.get_or_insert(wrong);
        }
        Ok((end, end + 9))
    }

    fn table(&mut self, at: u64) -> Step {
        self.scan.tables.push(at);
        let mut at = at + 4;
        loop {
            at = self.skip(at);
            let bytes = self.look(at, 64);
            let mut tokens = Tokens::new(bytes);
            let (Ok(Token::Number(first)), Ok(Token::Number(count))) =
                (tokens.read(), tokens.read())
            else {
                break;
            };
            at += tokens.at as u64;
            for number in (first as u32..=u32::MAX).take(count as usize) {
                let Some((place, used)) = entry(self.look(at, 24)) else { break };
                at += used;
                if let Some(place) = place.filter(|_| self.scan.recorded.len() < MOST) {
                    self.scan.recorded.push((number, place));
                }
            }
        }
        let at = self.skip(at);
        if self.look(at, 7) == b"trailer" { Ok(at) } else { Err(at) }
    }

    fn trailer(&mut self, at: u64) -> Step {
        let bytes = self.look(at, 65536);
        let mut tokens = Tokens::new(bytes);
        let whole = tokens.read().and_then(|first| tokens.skip_value(first));
        let used = tokens.at as u64;
        if whole.is_err() {
            return Err(at + used);
        }
        let start = tokens_start(bytes);
        self.scan.encrypted |= Dict::read(&bytes[start..]).get(b"Encrypt").is_some();
        Ok(at + used)
    }

    fn close(&mut self, at: u64, start: u64) -> Step {
        let bytes = self.look(at, 128);
        let found = memchr::memmem::find(bytes, b"%%EOF");
        let end = found.ok_or(at + 9)? + 5;
        let spaces = bytes[end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let rest = &bytes[end + spaces..];
        // Of one kind: what else stands there may be another file's.
        let line = line_end(rest) as usize;
        let same = |one: &&[u8]| line > 0 && rest.starts_with(one);
        let lines = rest.chunks_exact(line.max(1)).take(4).take_while(same).count() * line;
        let trail = if lines > 0 { spaces + lines } else { 0 };
        self.scan.start = Some(start);
        let eof = at + (end + trail) as u64;
        self.scan.eof = Some(eof);
        Ok(eof)
    }
}

fn tokens_start(bytes: &[u8]) -> usize {
    memchr::memmem::find(bytes, b"<<").unwrap_or(0)
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

/// One line of a table: the place of an object that is in use, and how long the line is.
fn entry(bytes: &[u8]) -> Option<(Option<u64>, u64)> {
    let space = bytes.iter().take_while(|byte| is_space(**byte)).count();
    let line = bytes.get(space..)?;
    let digits = line.get(..10)?;
    if !digits.iter().all(u8::is_ascii_digit) || line.get(10) != Some(&b' ') {
        return None;
    }
    let place = digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    let used = line.get(17)? == &b'n';
    (used || line[17] == b'f').then_some((used.then_some(place), space as u64 + 18))
}
