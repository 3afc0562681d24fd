//! PCL XL: a line that names the stream's byte order, then values, attributes and operators as tagged bytes, with data
//! whose length stands before it. A session that is closed ends the job; the end is exact.
//!
//! Walked in one pass without keeping anything but the last array. Values between two operators: at most 64.

pub mod operators;
mod picture;
mod walk;

pub use walk::walk;

use super::{
    PCL_XL,
    text::{Unread, Until},
    trail::{Stop, Trail},
};
use crate::{
    Stretch,
    formats::{End, Format, Proof, Signature, Texts, Walked},
};

pub static FORMAT: Format = Format {
    kind: PCL_XL,
    signatures: &[Signature::new(b") HP-PCL XL;"), Signature::new(b"( HP-PCL XL;")],
    looks,
    walk: walk_bare,
    texts: Some(texts),
    picture: None,
};

fn looks(seen: &[u8]) -> bool {
    let Some(line) = seen.iter().take(256).position(|byte| *byte == b'\n') else { return false };
    seen[..line].iter().all(|byte| matches!(byte, 0 | 0x20..=0x7E | b'\r' | b'\t'))
        && seen.get(line + 1).is_some_and(|tag| matches!(tag, 0xC0..=0xFB))
}

/// What a job must have for chance not to have made it.
const FEWEST: u64 = 3;

fn walk_bare(stretch: &mut Stretch) -> Option<Walked> {
    let mut trail = Trail::new(stretch, 0);
    let body = walk(&mut trail, &mut Unread)?;
    let whole = body.stop != Stop::Broken;
    let length = if whole { trail.at } else { trail.broken() };
    if body.elements < FEWEST {
        return None;
    }
    let proof = if body.decoded { Proof::Decoded } else { Proof::Structure };
    let mut walked = Walked::whole(length, proof);
    walked.end = if whole { End::Whole } else { End::Broken };
    walked.details.pages = Some(body.pages);
    Some(walked)
}

fn texts(stretch: &mut Stretch, walked: &Walked, texts: &mut dyn Texts) {
    texts.begin("pcl-xl");
    let mut trail = Trail::new(stretch, 0);
    walk(&mut trail, &mut Until { texts, end: walked.length });
}
