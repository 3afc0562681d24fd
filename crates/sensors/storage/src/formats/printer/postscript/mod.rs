//! PostScript: lines of text with the structuring comments (DSC) that say where a document, a nested one or binary data
//! begins and ends; EPS behind the header that DOS gave it.
//!
//! A document ends with its own `%%EOF` and a Ctrl-D behind it. One without ends where a line cannot be PostScript any more, or where another
//! document begins that is not announced as nested: exact where zeros, ones or binary data follow, not where other text does. Binary data without a count (behind
//! `image`, `readstring` and the like) is skipped up to the next structuring comment, at most 64 MiB of it.

mod comments;
mod eps;
mod packed;
mod strings;
mod walk;

pub use strings::texts_of;
pub use walk::{Found, walk};

use super::{
    POSTSCRIPT,
    trail::{Stop, Trail},
};
use crate::{
    Stretch,
    formats::{End, Format, Proof, Signature, Texts, Walked},
};

pub use eps::FORMAT as EPS;

pub static FORMAT: Format = Format {
    kind: POSTSCRIPT,
    signatures: &[
        Signature::new(b"%!PS"),
        Signature::new(b"\x04%!PS"),
        Signature::new(b"%!\n").aligned(),
        Signature::new(b"%!\r\n").aligned(),
    ],
    looks,
    walk: walk_bare,
    texts: Some(texts),
    picture: None,
};

/// The fewest bytes of text that are a document: a real beginning of 64 bytes with chance behind it is none.
const FEWEST: u64 = 96;

fn looks(seen: &[u8]) -> bool {
    let text = seen.strip_prefix(&[4]).unwrap_or(seen);
    let Some(head) = text.get(..FEWEST as usize) else { return false };
    // Behind the long mark names may have letters of any code page.
    let structured = head.starts_with(b"%!PS-Adobe-");
    head.starts_with(b"%!")
        && head.iter().all(|byte| walk::is_text(*byte) && (structured || *byte < 0x80))
        && head.iter().any(|byte| matches!(byte, b'\n' | b'\r'))
}

fn walk_bare(stretch: &mut Stretch) -> Option<Walked> {
    let mut trail = Trail::new(stretch, 0);
    if trail.byte() == Some(4) {
        trail.take(1);
    }
    let found = walk(&mut trail)?;
    finish(&mut trail, found)
}

pub fn finish(trail: &mut Trail, found: Found) -> Option<Walked> {
    let whole = found.stop != Stop::Broken;
    let length = if whole { trail.at } else { trail.broken() };
    if length < FEWEST {
        return None;
    }
    let mut walked = Walked::whole(length, Proof::Structure);
    walked.end = if whole { End::Whole } else { End::Broken };
    walked.details = found.details;
    walked.details.pages = Some(found.pages);
    walked.kind = found.encapsulated.then_some(super::EPS_FILE);
    Some(walked)
}

fn texts(stretch: &mut Stretch, walked: &Walked, texts: &mut dyn Texts) {
    texts_of(stretch, 0, walked.length, texts);
}
