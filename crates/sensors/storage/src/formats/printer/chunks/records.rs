//! XQX, OAKT, HBPL 2 and QPDL.

use super::super::{
    dates,
    trail::{Body, Stop, Trail},
};
use crate::formats::Details;

/// What one record led to.
enum Step {
    More,
    Page,
    Closed,
    Broken,
}

fn chain(trail: &mut Trail, mut record: impl FnMut(&mut Trail, u64) -> Step) -> Body {
    let (mut pages, mut count) = (0_u32, 0_u64);
    let stop = loop {
        trail.confirm();
        match record(trail, count) {
            Step::More => {}
            Step::Page => pages = pages.saturating_add(1),
            Step::Closed => break Stop::Closed,
            Step::Broken => break Stop::Broken,
        }
        count += 1;
    };
    if stop == Stop::Closed {
        trail.confirm();
    }
    Body { decoded: trail.short, ..Body::new(stop, pages, count) }
}

fn step(taken: bool, step: Step) -> Step {
    if taken { step } else { Step::Broken }
}

/// `,XQX`, then records: type, and how many items or bytes follow.
pub fn xqx(trail: &mut Trail, _: &mut Details) -> Option<Body> {
    if !trail.starts(b",XQX") {
        return None;
    }
    trail.take(4);
    Some(chain(trail, |trail, count| {
        let Some(&[0, 0, 0, kind, a, b, c, d]) = trail.peek(8).first_chunk::<8>() else {
            return Step::Broken;
        };
        let number = u32::from_be_bytes([a, b, c, d]);
        if (count == 0) != (kind == 1) || !(1..=8).contains(&kind) {
            return Step::Broken;
        }
        match kind {
            7 => step(trail.take(8) && trail.data(number.into()), Step::More),
            _ if number > 64 => Step::Broken,
            2 => step(trail.take(8) && items(trail, number), Step::Closed),
            3 => step(trail.take(8) && items(trail, number), Step::Page),
            _ => step(trail.take(8) && items(trail, number), Step::More),
        }
    }))
}

/// Items: a number whose high half names its group, a length, and a value.
fn items(trail: &mut Trail, count: u32) -> bool {
    for _ in 0..count {
        let Some(&[group, 0, _, _, 0, 0, high, low]) = trail.peek(8).first_chunk::<8>() else {
            return false;
        };
        let known = matches!(group & 0xF0, 0x10..=0x80);
        let length = u64::from(u16::from_be_bytes([high, low]));
        if !known || length > 4096 || !trail.take(8 + length) {
            return false;
        }
    }
    true
}

/// Records of `OAKT`, their length, and their type; a band's record is followed by its data.
pub fn oakt(trail: &mut Trail, details: &mut Details) -> Option<Body> {
    if !trail.starts(b"OAKT") {
        return None;
    }
    Some(chain(trail, |trail, _| {
        let Some(seen) = trail.peek(80).first_chunk::<16>().copied() else { return Step::Broken };
        let word =
            |at: usize| u32::from_le_bytes([seen[at], seen[at + 1], seen[at + 2], seen[at + 3]]);
        let (size, kind) = (word(4), word(8));
        if !seen.starts_with(b"OAKT")
            || !(16..=4096).contains(&size)
            || size % 16 != 0
            || kind > 255
        {
            return Step::Broken;
        }
        let record = trail.peek(size as usize);
        let text = record.get(12..).unwrap_or(&[]).split(|byte| *byte == 0).next().unwrap_or(&[]);
        match kind {
            10 => details.title = Details::bytes(text),
            12 => details.created = dates::read(text),
            _ => {}
        }
        let data =
            record.get(36..40).and_then(|four| four.first_chunk()).map(|b| u32::from_le_bytes(*b));
        match kind {
            11 => step(trail.take(size.into()), Step::Closed),
            40 => step(trail.take(size.into()), Step::Page),
            60 => step(trail.take(size.into()) && trail.data(data.unwrap_or(0).into()), Step::More),
            _ => step(trail.take(size.into()), Step::More),
        }
    }))
}

/// Records of 64 bytes, `ESC`, two letters and `<`; a page's is followed by its picture. It ends where a UEL stands.
pub fn hbpl(trail: &mut Trail, _: &mut Details) -> Option<Body> {
    if !trail.starts(b"\x1bJP<") {
        return None;
    }
    let mut body = chain(trail, |trail, _| {
        let Some(seen) = trail.peek(64).first_chunk::<64>().copied() else { return Step::Broken };
        let length = u32::from_le_bytes([seen[16], seen[17], seen[18], seen[19]]);
        match &seen[..4] {
            b"\x1bJP<" | b"\x1bPE<" => step(trail.take(64), Step::More),
            b"\x1bPS<" => step(trail.take(64) && trail.data(length.into()), Step::Page),
            _ if seen.starts_with(super::super::trail::UEL) => Step::Closed,
            _ => Step::Broken,
        }
    });
    if body.stop == Stop::Broken && trail.starts(super::super::trail::UEL) {
        body.stop = Stop::Uel;
    }
    Some(body)
}

/// QPDL: a page's beginning (0), its tables (13), bands with their data (0C), its end (1), the document's (9).
pub fn qpdl(trail: &mut Trail, _: &mut Details) -> Option<Body> {
    if trail.byte() != Some(0) {
        return None;
    }
    Some(chain(trail, |trail, count| {
        let seen = trail.peek(20);
        let word = |at: usize| seen.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four));
        match seen.first() {
            // A page has a size.
            Some(0) if word(5).is_some_and(|size| size >> 16 > 0 && size & 0xFFFF > 0) => {
                step(trail.take(17), Step::Page)
            }
            _ if count == 0 => Step::Broken,
            Some(1) => step(trail.take(3), Step::More),
            Some(9) => step(trail.take(1), Step::Closed),
            Some(0x13) => {
                let length = word(1).filter(|length| *length <= 65_536);
                length.map_or(Step::Broken, |length| {
                    step(trail.take(5) && trail.data(length.into()), Step::More)
                })
            }
            Some(0x0C) => {
                // A band of a colour says which before how it is packed.
                let head = if matches!(seen.get(6), Some(1..=4)) { 12 } else { 11 };
                let packed = matches!(seen.get(head - 5), Some(0x0A..=0x1F));
                match word(head - 4).filter(|_| packed) {
                    Some(length) => {
                        step(trail.take(head as u64) && trail.data(length.into()), Step::More)
                    }
                    None => Step::Broken,
                }
            }
            _ => Step::Broken,
        }
    }))
}
