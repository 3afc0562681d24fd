//! EMF: records with a type and a length; the first says how many bytes and records there are, the last is the end.

use super::super::{EMF_FILE, trail::Trail};
use crate::{
    Stretch,
    formats::{Details, End, Format, Proof, Signature, Texts, Walked},
};

pub static FORMAT: Format = Format {
    kind: EMF_FILE,
    signatures: &[Signature::new(b" EMF\0\0\x01\0").at(40)],
    looks: |seen| seen.get(..4) == Some(&[1, 0, 0, 0]) && seen.get(6..8) == Some(&[0; 2]),
    walk,
    texts: Some(texts),
    picture: None,
};

const END: u32 = 14;
const LAST_TYPE: u32 = 122;
/// Text in UTF-16, of one run or a small one.
const TEXT: u32 = 84;

/// Walks the picture at the trail's place: how many records, and whether it is whole.
pub fn records(trail: &mut Trail, text: &mut dyn FnMut(u64, &[u8])) -> Option<(u32, bool)> {
    let begin = trail.at;
    let head = trail.peek(88);
    let word = |at: usize| Some(u32::from_le_bytes(*head.get(at..)?.first_chunk()?));
    let (kind, bytes, count) = (word(0)?, word(48)?, word(52)?);
    (kind == 1 && head.get(40..44) == Some(b" EMF") && bytes >= 108).then_some(())?;
    let end = begin.saturating_add(bytes.into());
    let mut seen = 0;
    while trail.at < end {
        trail.confirm();
        let at = trail.at;
        // The medium may end here.
        let mut word = |at| trail.stretch.u32_le(at).unwrap_or(0);
        let (kind, size) = (word(at), word(at + 4));
        let fits = size >= 8 && size.is_multiple_of(4) && at + u64::from(size) <= end;
        if !fits || !(1..=LAST_TYPE).contains(&kind) {
            return Some((seen, false));
        }
        seen += 1;
        if kind == TEXT {
            let count = trail.stretch.u32_le(at + 44).unwrap_or(0);
            let from = trail.stretch.u32_le(at + 48).unwrap_or(0);
            let inside = u64::from(from) + u64::from(count) * 2 <= size.into();
            if inside {
                text(at, trail.stretch.peek(at + u64::from(from), count as usize * 2));
            }
        }
        // The head is short, but what follows it may be a large picture.
        let taken = if seen == 1 { trail.data(size.into()) } else { trail.pass(size.into()) };
        if !taken {
            return Some((seen, false));
        }
        if kind == END {
            trail.confirm();
            // Some programs do not count the last.
            return Some((seen, trail.at == end && seen.abs_diff(count) <= 1));
        }
    }
    Some((seen, false))
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let mut trail = Trail::new(stretch, 0);
    let (count, whole) = records(&mut trail, &mut |_, _| {})?;
    let length = if whole { trail.at } else { trail.broken() };
    if count < if whole { 2 } else { 3 } {
        return None;
    }
    // The records are just as many as the first says, and none leaves room for other places to be torn at.
    let proof = if trail.short { Proof::Decoded } else { Proof::Structure };
    let mut walked = Walked::whole(length, proof);
    walked.end = if whole { End::Whole } else { End::Broken };
    walked.details.pages = Some(1);
    describe(stretch, &mut walked.details);
    Some(walked)
}

/// The program and the title: two strings that the first record points to.
fn describe(stretch: &mut Stretch, details: &mut Details) {
    let (Some(count), Some(at)) = (stretch.u32_le(60), stretch.u32_le(64)) else { return };
    if count == 0 || !(88..=4096).contains(&at) {
        return;
    }
    if let Some((program, next)) = super::wide(stretch, at.into()) {
        details.application = super::detail(&program);
        details.title = super::wide(stretch, next).and_then(|(title, _)| super::detail(&title));
    }
}

/// Hands on text of UTF-16 as UTF-8.
pub fn push(texts: &mut dyn Texts, bytes: &[u8]) {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
    let text: String = char::decode_utf16(units).flatten().collect();
    texts.push(text.as_bytes());
    texts.push(b"\n");
}

fn texts(stretch: &mut Stretch, walked: &Walked, texts: &mut dyn Texts) {
    texts.begin("emf");
    let mut trail = Trail::new(stretch, 0);
    records(&mut trail, &mut |at, bytes| {
        if at < walked.length {
            push(texts, bytes);
        }
    });
}
