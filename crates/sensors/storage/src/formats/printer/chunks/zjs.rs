//! ZjStream: `JZJZ`, then records of 16 bytes (length, type, how many items, `ZZ`), their items and data. SLX is the same
//! with other marks.

use super::super::trail::{Body, Stop, Trail};
use crate::formats::Details;

const HEAD: u64 = 16;
const END_DOCUMENT: u32 = 1;
const START_DOCUMENT: u32 = 0;
const START_PAGE: u32 = 2;
/// The most bytes of the first record's items that are read.
const ITEMS: usize = 4096;
/// Items that hold a text: the job's user and its name.
const USER: u16 = 0x810E;
const NAME: u16 = 0x8115;

pub fn zjs(trail: &mut Trail, details: &mut Details) -> Option<Body> {
    records(trail, b"JZJZ", *b"ZZ", details)
}

pub fn slx(trail: &mut Trail, details: &mut Details) -> Option<Body> {
    records(trail, b"\xa5SLX", [0xA5, 0xA5], details)
}

fn records(trail: &mut Trail, magic: &[u8], mark: [u8; 2], details: &mut Details) -> Option<Body> {
    if !trail.starts(magic) {
        return None;
    }
    trail.take(4);
    let (mut pages, mut count) = (0_u32, 0_u64);
    loop {
        let Some([size, kind, items]) = head(trail, mark) else {
            return Some(Body::new(Stop::Broken, pages, count));
        };
        trail.confirm();
        // The first record opens the document, and no other does.
        if (count == 0) != (kind == START_DOCUMENT) || items > 1000 {
            return Some(Body::new(Stop::Broken, pages, count));
        }
        if count == 0 {
            note(trail.peek(ITEMS.min(size as usize)), details);
        }
        count += 1;
        pages += u32::from(kind == START_PAGE);
        if !trail.take(HEAD) || !trail.data(u64::from(size) - HEAD) {
            return Some(Body::new(Stop::Broken, pages, count));
        }
        if kind == END_DOCUMENT {
            trail.confirm();
            return Some(Body { decoded: trail.short, ..Body::new(Stop::Closed, pages, count) });
        }
    }
}

fn head(trail: &mut Trail, mark: [u8; 2]) -> Option<[u32; 3]> {
    let seen = *trail.peek(HEAD as usize).first_chunk::<16>()?;
    let word = |at: usize| u32::from_be_bytes([seen[at], seen[at + 1], seen[at + 2], seen[at + 3]]);
    let [size, kind, items] = [word(0), word(4), word(8)];
    let holds = seen[14..] == mark && u64::from(size) >= HEAD && kind < 64;
    holds.then_some([size, kind, items])
}

/// Items: length, number, kind, a byte, and the value.
fn note(record: &[u8], details: &mut Details) {
    let mut rest = record.get(HEAD as usize..).unwrap_or(&[]);
    while let Some([a, b, c, d, high, low, 3 | 1 | 4, _, ..]) = rest.first_chunk::<8>() {
        let size = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let Some(value) = rest.get(8..size) else { break };
        let text = value.split(|byte| *byte == 0).next().unwrap_or(&[]);
        match u16::from_be_bytes([*high, *low]) {
            USER => details.user = Details::bytes(text),
            NAME => details.title = Details::bytes(text),
            _ => {}
        }
        rest = &rest[size..];
    }
}
