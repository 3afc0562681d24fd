//! Spool files of EMF: a header with the document's and the port's name, then records with a type and a length; pages lie
//! in them as EMF pictures. There is no record that ends the file: it ends where no record follows, which is exact.

use super::{
    super::{SPL_FILE, trail::Trail},
    emf,
};
use crate::{
    Stretch,
    formats::{End, Format, Proof, Signature, Texts, Walked},
};

pub static FORMAT: Format = Format {
    kind: SPL_FILE,
    signatures: &[
        Signature::new(b"\0\0\x01\0").aligned(),
        // At any place: the header is below 64 KiB, and the document's name follows it.
        Signature::new(b"\0\0\x10\0\0\0").at(6),
    ],
    looks,
    walk,
    texts: Some(texts),
    picture: None,
};

const PAGE: [u32; 4] = [1, 0x0A, 0x0C, 0x09];
const LAST: u32 = 0x18;
/// What opens records: the version of the format.
const HEAD: usize = 16;

fn word(seen: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*seen.get(at..)?.first_chunk()?))
}

/// The header's length, and a record behind it.
fn looks(seen: &[u8]) -> bool {
    header(seen).is_some_and(|size| match seen.get(size..) {
        Some([kind, 0, 0, 0, _, _, _, 0 | 1, ..]) => (1..=LAST).contains(&u32::from(*kind)),
        _ => size + 8 > seen.len(),
    })
}

fn header(seen: &[u8]) -> Option<usize> {
    let (version, size) = (word(seen, 0)?, word(seen, 4)?);
    let (name, port) = (word(seen, 8)?, word(seen, 12)?);
    let inside = |at: u32| at == 0 || (at >= HEAD as u32 && at < size && at.is_multiple_of(2));
    let holds = version == 0x1_0000 && (16..=2048).contains(&size) && size.is_multiple_of(4);
    let named = name > 0 && inside(name) && inside(port);
    // Names begin with a character, not with a zero.
    let letter = seen.get(name as usize..name as usize + 2).is_none_or(|unit| unit != [0, 0]);
    (holds && named && letter).then_some(size as usize)
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let size = header(stretch.peek(0, HEAD))?;
    let name = word(stretch.peek(0, HEAD), 8)?;
    let title = super::wide(stretch, name.into())?;
    let mut trail = Trail::new(stretch, 0);
    trail.take(size as u64);
    let (pages, count, whole) = records(&mut trail, &mut |_, _| {});
    let length = if whole { trail.at } else { trail.broken() };
    if count < 2 || (!whole && pages == 0 && count < 3) {
        return None;
    }
    let proof = if trail.short && pages > 0 { Proof::Decoded } else { Proof::Structure };
    let mut walked = Walked::whole(length, proof);
    walked.end = if whole { End::Whole } else { End::Broken };
    walked.details.title = super::detail(&title.0);
    walked.details.pages = Some(pages);
    Some(walked)
}

/// Takes records up to what is none: pages, records, and whether the last one was whole.
fn records(trail: &mut Trail, text: &mut dyn FnMut(u64, &[u8])) -> (u32, u32, bool) {
    let (mut pages, mut count) = (0, 0);
    loop {
        trail.confirm();
        let seen = trail.peek(8);
        let (Some(kind), Some(size)) = (word(seen, 0), word(seen, 4)) else {
            return (pages, count, seen.is_empty() && count > 0);
        };
        if !(1..=LAST).contains(&kind) || size > 1 << 30 {
            return (pages, count, count > 0);
        }
        let end = trail.at + 8 + u64::from(size);
        trail.take(8);
        if PAGE.contains(&kind) && trail.peek(44).get(40..44) == Some(b" EMF") {
            match emf::records(trail, text) {
                Some((_, true)) if trail.at <= end => pages += 1,
                inner => return (pages, count + inner.map_or(0, |(inner, _)| inner), false),
            }
        }
        if trail.at > end || !trail.pass(end - trail.at) {
            return (pages, count, false);
        }
        count += 1;
    }
}

fn texts(stretch: &mut Stretch, walked: &Walked, texts: &mut dyn Texts) {
    let Some(size) = header(stretch.peek(0, HEAD)) else { return };
    texts.begin("emf");
    let mut trail = Trail::new(stretch, size as u64);
    records(&mut trail, &mut |at, bytes| {
        if at < walked.length {
            emf::push(texts, bytes);
        }
    });
}
