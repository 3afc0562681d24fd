//! HTML, to its `</html>`.

use super::super::text::{
    ending,
    lines::{Lines, is_foreign, trimmed},
    scan,
};
use crate::{
    Stretch,
    formats::{Details, End, Proof, Walked},
};

/// One whose end is missing is one from so many bytes on.
const LEAST: u64 = 256;
/// How far one is followed whose first bytes are hardly text: it must be whole.
const NEAR: u64 = 16 << 20;

pub fn looks(head: &[u8]) -> bool {
    let lower: Vec<u8> = head.iter().take(15).map(u8::to_ascii_lowercase).collect();
    let begins = lower.starts_with(b"<!doctype html")
        || lower.starts_with(b"<html>")
        || lower.starts_with(b"<html ");
    let text = !head.iter().take(64).any(|byte| is_foreign(*byte));
    begins && text && memchr::memchr(b'>', head).is_some()
}

pub fn walk(stretch: &mut Stretch) -> Option<Walked> {
    looks(stretch.peek(0, 512)).then_some(())?;
    let text = scan::is_text(stretch.peek(0, LEAST as usize));
    let end = stretch.len().min(if text { u64::MAX } else { NEAR });
    let mut lines = Lines::new(stretch, 0, end);
    let (mut closed, mut title) = (None, None);
    let broken = loop {
        let place = lines.place();
        let Some((_, line)) = lines.take() else {
            break ending::settle(lines.stretch(), place);
        };
        let length = line.len() as u64;
        if closed.is_some() {
            if !trimmed(line).trim_ascii().is_empty() {
                break 0;
            }
            closed = Some(place + length);
            continue;
        }
        if title.is_none() {
            title = between(line, b"<title>", b"</title>");
        }
        if let Some(at) = last(line, b"</html>") {
            let rest = &line[at..];
            if !rest.trim_ascii().is_empty() {
                closed = Some(place + at as u64);
                break 0;
            }
            closed = Some(place + length);
        } else if let Some(other) =
            ending::another(lines.stretch(), place, length).filter(|_| place > 0)
        {
            break other;
        }
    };
    let (length, end) = match closed {
        Some(length) => (length, End::Whole),
        None => (broken, End::Broken),
    };
    if end == End::Broken && !(text && length >= LEAST) {
        return None;
    }
    let details = Details { title, ..Details::default() };
    Some(Walked { kind: None, length, end, proof: Proof::Structure, details })
}

fn position(line: &[u8], name: &[u8]) -> Option<usize> {
    line.windows(name.len()).position(|here| here.eq_ignore_ascii_case(name))
}

/// Behind the last such end.
fn last(line: &[u8], name: &[u8]) -> Option<usize> {
    memchr::memmem::find(line, b"</")?;
    let at = line.windows(name.len()).rposition(|here| here.eq_ignore_ascii_case(name))?;
    Some(at + name.len())
}

fn between(line: &[u8], from: &[u8], to: &[u8]) -> Option<String> {
    let rest = &line[position(line, from)? + from.len()..];
    Details::bytes(&rest[..position(rest, to).unwrap_or(rest.len())])
}
