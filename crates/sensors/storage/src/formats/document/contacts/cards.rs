//! vCard and iCalendar: `BEGIN` to `END`, one after the other.

use super::super::text::{
    ending,
    lines::{Lines, trimmed},
};
use crate::{
    Stretch,
    formats::{Details, End, Proof, Setting, Walked},
};

pub fn looks_vcard(head: &[u8]) -> bool {
    looks(head, b"BEGIN:VCARD")
}

pub fn looks_calendar(head: &[u8]) -> bool {
    looks(head, b"BEGIN:VCALENDAR")
}

/// Behind the first line stands another property.
fn looks(head: &[u8], begin: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(begin) else { return false };
    let Some(rest) = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")) else { return false };
    let name = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-');
    let name = name.count();
    name > 0 && matches!(rest.get(name), Some(b':' | b';') | None)
}

pub fn vcards(stretch: &mut Stretch) -> Option<Walked> {
    looks_vcard(stretch.peek(0, 64)).then_some(())?;
    let walked = blocks(stretch, b"VCARD")?;
    let entries = walked.details.pages;
    let book = Setting { kind: "address book", entries, at: Some(0), ..Setting::default() };
    Some(Walked { details: Details { settings: vec![book], ..walked.details }, ..walked })
}

pub fn calendars(stretch: &mut Stretch) -> Option<Walked> {
    looks_calendar(stretch.peek(0, 64)).then_some(())?;
    blocks(stretch, b"VCALENDAR")
}

fn is(line: &[u8], word: &[u8], name: &[u8]) -> bool {
    let rest = line.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word));
    rest.is_some() && line[word.len()..].trim_ascii().eq_ignore_ascii_case(name)
}

fn blocks(stretch: &mut Stretch, name: &[u8]) -> Option<Walked> {
    let end = stretch.len();
    let mut lines = Lines::new(stretch, 0, end);
    let (mut closed, mut count, mut open, mut lineno) = (0, 0_u32, false, 0_u64);
    let mut owner = None;
    loop {
        let place = lines.place();
        let Some((_, line)) = lines.take() else { break };
        let (text, length) = (trimmed(line), line.len() as u64);
        lineno += 1;
        let inside = open;
        if is(text, b"BEGIN:", name) && !open {
            open = true;
        } else if is(text, b"END:", name) && open {
            open = false;
            count = count.saturating_add(1);
            closed = place + length;
        } else if !open {
            if !text.is_empty() {
                break;
            }
            closed = place + length;
        } else if owner.is_none() && text.get(..3).is_some_and(|start| start == b"FN:") {
            owner = Details::bytes(&text[3..]);
        }
        if let Some(other) =
            ending::another(lines.stretch(), place, length).filter(|_| inside && open)
        {
            return finish(other, count, false, lineno, owner);
        }
    }
    let stop = lines.place();
    if open {
        let stop = ending::settle(lines.stretch(), stop);
        return finish(stop, count, false, lineno, owner);
    }
    finish(closed, count, true, lineno, owner)
}

fn finish(
    length: u64,
    count: u32,
    whole: bool,
    lines: u64,
    owner: Option<String>,
) -> Option<Walked> {
    // A header alone is chance or a bait.
    if !whole && count == 0 && (lines < 4 || length < 128) {
        return None;
    }
    let end = if whole { End::Whole } else { End::Broken };
    let title = owner.filter(|_| count == 1);
    let details = Details { pages: Some(count), title, ..Details::default() };
    Some(Walked { kind: None, length, end, proof: Proof::Structure, details })
}
