//! One way through a document, line by line.

use memchr::{memchr2, memmem};

use super::{
    super::trail::{Stop, Trail, UEL},
    comments::{self, Comment},
};
use crate::formats::Details;

/// What of a line is looked at; a longer one is taken in parts.
const LINE: usize = 4096;
/// The most comments of the header that are read.
const HEADER: u32 = 200;
/// The most binary data without a count.
const BINARY: u64 = 64 * 1024 * 1024;
/// So much text must follow a line before it is sure.
const LAG: u64 = 64;
const DEPTH: u32 = 64;
/// How far back operators are looked for that take what follows as data.
const TAIL: usize = 400;

/// What a document is.
pub struct Found {
    pub stop: Stop,
    pub pages: u32,
    pub details: Details,
    pub encapsulated: bool,
}

struct Document {
    pages: u32,
    depth: u32,
    lines: u64,
    details: Details,
    /// It follows the structuring conventions, so an end must come.
    structured: bool,
    encapsulated: bool,
    /// A line's beginning that is sure as soon as enough text has followed.
    next: u64,
    /// The last line ended with its mark.
    complete: bool,
    /// The end of the lines so far: to look back at the medium would read everything behind it again.
    tail: Vec<u8>,
}

pub fn is_text(byte: u8) -> bool {
    matches!(byte, 0x20..=0x7E | b'\n' | b'\r' | b'\t' | 0x0C | 0x08 | 0x80..=0xFE)
}

/// Walks on from the trail's place, where `%!` stands.
pub fn walk(trail: &mut Trail) -> Option<Found> {
    let head = trail.peek(128);
    head.starts_with(b"%!").then_some(())?;
    let line = &head[..memchr2(b'\n', b'\r', head).unwrap_or(head.len())];
    let mut document = Document {
        pages: 0,
        depth: 0,
        lines: 0,
        details: Details::default(),
        structured: line.starts_with(b"%!PS-Adobe-"),
        encapsulated: memmem::find(line, b"EPSF").is_some(),
        next: trail.at,
        complete: false,
        tail: Vec::new(),
    };
    let stop = loop {
        if let Some(stop) = document.line(trail) {
            break stop;
        }
    };
    Some(Found {
        stop,
        pages: document.pages,
        details: document.details,
        encapsulated: document.encapsulated,
    })
}

impl Document {
    fn line(&mut self, trail: &mut Trail) -> Option<Stop> {
        if trail.at >= self.next + LAG && self.complete {
            trail.sure = self.next;
            self.next = trail.at;
        }
        let at = trail.at;
        let seen = trail.peek(LINE);
        let end = memchr2(b'\n', b'\r', seen);
        let line = &seen[..end.unwrap_or(seen.len())];
        if let Some(odd) = line.iter().position(|byte| !is_text(*byte)) {
            return self.odd(trail, odd);
        }
        if line.is_empty() && end.is_none() {
            return Some(self.ended());
        }
        let starts = self.complete || self.lines == 0;
        if starts && self.lines > 0 && self.depth == 0 && is_another(line) {
            trail.foreign = Some(at);
            return Some(Stop::Broken);
        }
        let comment = match line.starts_with(b"%%") && starts {
            true => {
                if self.lines < u64::from(HEADER) && self.depth == 0 {
                    comments::note(line, &mut self.details);
                }
                comments::read(line)
            }
            false => Comment::Other,
        };
        let two = end.is_some_and(|end| seen[end..].starts_with(b"\r\n"));
        let count = line.len() + usize::from(end.is_some()) + usize::from(two);
        self.tail.extend(&line[line.len().saturating_sub(TAIL)..]);
        if end.is_some() {
            self.tail.push(b'\n');
        }
        self.tail.drain(..self.tail.len().saturating_sub(TAIL));
        self.complete = end.is_some();
        self.lines += 1;
        if !trail.take(count as u64) {
            return Some(Stop::Broken);
        }
        self.comment(trail, comment)
    }

    fn comment(&mut self, trail: &mut Trail, comment: Comment) -> Option<Stop> {
        match comment {
            Comment::End if self.depth == 0 => return Some(self.close(trail)),
            Comment::Begin => self.depth = (self.depth + 1).min(DEPTH),
            Comment::Close => self.depth = self.depth.saturating_sub(1),
            Comment::Page if self.depth == 0 => self.pages = self.pages.saturating_add(1),
            Comment::Bytes(count) => return self.data(trail, count),
            _ => {}
        }
        None
    }

    fn data(&mut self, trail: &mut Trail, count: u64) -> Option<Stop> {
        trail.settle();
        self.tail.clear();
        self.next = trail.at;
        if !trail.data(count) {
            return Some(Stop::Broken);
        }
        // Some writers count without the end of the last line.
        let seen = trail.peek(64);
        let goes_on = memmem::find(seen, b"%%End").is_some_and(|place| place <= 4);
        self.complete = true;
        let blank = seen.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if goes_on && !trail.take(blank as u64) {
            return Some(Stop::Broken);
        }
        None
    }

    fn close(&mut self, trail: &mut Trail) -> Stop {
        if trail.byte() == Some(4) {
            trail.take(1);
            if trail.starts(b"\r\n") {
                trail.take(2);
            }
        }
        trail.settle();
        Stop::Closed
    }

    /// A byte that is no text's stands at `odd` of the line that begins here.
    fn odd(&mut self, trail: &mut Trail, odd: usize) -> Option<Stop> {
        let from = trail.peek(odd + UEL.len()).get(odd..).unwrap_or(&[]).to_vec();
        if from.starts_with(UEL) {
            trail.take(odd as u64);
            trail.settle();
            return Some(Stop::Uel);
        }
        if from.first() == Some(&4) && odd <= 2 {
            trail.take(odd as u64 + 1);
            trail.settle();
            return Some(if self.structured { Stop::Closed } else { Stop::Foreign });
        }
        if self.reads_binary(trail.peek(odd)) && self.skip_binary(trail) {
            return None;
        }
        if trail.foreign.is_some() {
            return Some(Stop::Broken);
        }
        // Nothing follows but zeros: the last line may be whole, and belongs to it.
        let same = from.windows(2).all(|pair| pair[0] == pair[1]);
        trail.take(odd as u64);
        if same && from.len() >= 4 && trail.before_nothing() {
            trail.settle();
            return Some(self.ended());
        }
        Some(Stop::Broken)
    }

    fn ended(&self) -> Stop {
        if self.structured || self.lines < 3 { Stop::Broken } else { Stop::Foreign }
    }

    /// Whether operators that take what follows as data stand shortly before a byte, in its line or in those before.
    fn reads_binary(&self, line: &[u8]) -> bool {
        let tail = [&self.tail, line].concat();
        let tail = &tail[tail.len().saturating_sub(TAIL)..];
        [&b"image"[..], b"exec", b"readstring", b"Image", b" ID", b"doNimage", b">>"]
            .iter()
            .any(|word| memmem::find(tail, word).is_some())
    }

    /// Goes to the next structuring comment, behind which text must follow.
    fn skip_binary(&mut self, trail: &mut Trail) -> bool {
        let begin = trail.at;
        while trail.at - begin < BINARY {
            let seen = trail.peek(64 * 1024);
            if let Some(place) = memmem::find(seen, b"\n%%") {
                let ahead = &seen[place + 1..];
                let text = ahead.iter().take(32).all(|byte| is_text(*byte) && *byte < 0x80);
                if !trail.data(place as u64 + 1) {
                    return false;
                }
                if text {
                    (self.complete, self.next) = (true, trail.at);
                    self.tail.clear();
                    return true;
                }
                continue;
            }
            let step = (seen.len() as u64).saturating_sub(2);
            if step == 0 || !trail.data(step) {
                break;
            }
        }
        if trail.foreign.is_none() {
            trail.at = begin;
        }
        false
    }
}

/// Whether a line is the first of another document. Fonts and resources are parts of this one.
fn is_another(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"%!PS-Adobe-") else { return false };
    let has = |word: &[u8]| memmem::find(rest, word).is_some();
    !(has(b"Resource") || has(b"Font") || has(b"EPSF") || has(b"ExitServer"))
}
