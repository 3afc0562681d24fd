//! Where a PDF in two pieces was torn: its table says where each object should stand.

use super::scan::Scanner;
use super::tokens::{Dict, Token, Tokens};
use crate::Stretch;
use crate::formats::document::inflate::Inflater;
use crate::formats::{Joint, Walked};

/// How far behind the gap the end of the file is looked for.
const FARTHEST: u64 = 64 << 20;
/// The most `startxref` that are tried.
const MOST: usize = 8;

pub fn joints(stretch: &mut Stretch, walked: &Walked, largest: u64) -> Vec<Joint> {
    let sound = walked.sound();
    let to = sound.saturating_add(largest).saturating_add(FARTHEST).min(stretch.len());
    let (mut found, mut at) = (Vec::new(), sound.saturating_sub(512));
    for _ in 0..MOST {
        let Some(place) = stretch.find_far(at, to, b"startxref") else { break };
        at = place + 9;
        found.extend(joint(stretch, sound, place, largest).filter(|joint| !found.contains(joint)));
    }
    found
}

fn joint(stretch: &mut Stretch, sound: u64, place: u64, largest: u64) -> Option<Joint> {
    let start = match Tokens::new(stretch.peek(place + 9, 32)).read() {
        Ok(Token::Number(number)) => number as u64,
        _ => return None,
    };
    let (start, found) = match linear(stretch) {
        // A linearized file tells its length; its last word points to a table in the first piece.
        Some(length) if start < length / 2 => (length, end(stretch, place)?),
        _ => (start, table_before(stretch, place, start)?),
    };
    let table = table_before(stretch, place, start.min(place)).unwrap_or(place);
    let fits = |gap: &u64| (1..=largest).contains(gap) && gap.is_multiple_of(512);
    let gap = found.checked_sub(start).filter(fits)?;
    let mut inflater = Inflater::default();
    let mut recorded = Vec::new();
    for first in [table, 0] {
        // The first piece tells, too, as far as it can be walked.
        let to = if first == 0 { sound.max(512) } else { place };
        recorded.extend(Scanner::new(stretch, &mut inflater, to, true).run(first.max(8)).recorded);
    }
    let mut split = 0..start.saturating_add(1);
    for (number, recorded) in recorded {
        if is_object(stretch, recorded, number) {
            split.start = split.start.max(recorded);
        } else if is_object(stretch, recorded.saturating_add(gap), number) {
            split.end = split.end.min(recorded.saturating_add(1));
        }
    }
    (split.start < split.end).then_some(Joint { split, gap })
}

/// The length that a linearized file tells in its first object.
fn linear(stretch: &mut Stretch) -> Option<u64> {
    let head = stretch.peek(0, 1024);
    let at = memchr::memmem::find(head, b"/Linearized")?;
    let dict = memchr::memmem::rfind(&head[..at], b"<<")?;
    Dict::read(&head[dict..]).int(b"L")
}

/// Behind the end of a file whose `startxref` stands at `place`.
fn end(stretch: &mut Stretch, place: u64) -> Option<u64> {
    let eof = stretch.find(place, place + 128, b"%%EOF")? + 5;
    let rest = stretch.peek(eof, 2);
    Some(eof + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count() as u64)
}

/// The table that a `startxref` at `place` belongs to: the nearest one before it.
fn table_before(stretch: &mut Stretch, place: u64, start: u64) -> Option<u64> {
    // Tables have twenty bytes for each object; longer ones are not looked for.
    let from = place.saturating_sub(4 << 20).max(start);
    let mut last = None;
    let mut at = from;
    while let Some(found) = stretch.find(at, place, b"xref") {
        let line = found.checked_sub(1).and_then(|before| stretch.u8(before));
        if matches!(line, Some(b'\n' | b'\r' | b' ')) {
            last = Some(found);
        }
        at = found + 4;
    }
    let mut at = from.max(place.saturating_sub(1 << 20));
    while let Some(found) = stretch.find(at, place, b"/XRef") {
        let head = found.saturating_sub(2048).max(from);
        let body = memchr::memmem::rfind(stretch.peek(head, (found - head) as usize), b" obj");
        last = last.max(body.and_then(|body| begins(stretch, head + body as u64)));
        at = found + 5;
    }
    last
}

/// Where the number of an object begins whose word `obj` stands behind `at`.
fn begins(stretch: &mut Stretch, at: u64) -> Option<u64> {
    let from = at.saturating_sub(16);
    let head = stretch.peek(from, (at - from) as usize);
    let digits = |bytes: &[u8]| bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let generation = head.len().checked_sub(digits(head) + 1)?;
    let number = digits(&head[..generation]);
    (head[generation] == b' ' && number > 0).then(|| from + (generation - number) as u64)
}

fn is_object(stretch: &mut Stretch, at: u64, number: u32) -> bool {
    let mut tokens = Tokens::new(stretch.peek(at, 40));
    tokens.read() == Ok(Token::Number(f64::from(number)))
        && matches!(tokens.read(), Ok(Token::Number(_)))
        && matches!(tokens.complete(), Some(Token::Word(word)) if word.starts_with(b"obj"))
}
