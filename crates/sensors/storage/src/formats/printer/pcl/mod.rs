//! PCL 3 and 5, with HP-GL/2 inside: escape sequences with the data whose lengths they give, text, form feeds.
//!
//! The language has no end. A job ends with the reset `ESC E` behind a page that is not followed by more of the same
//! job, at a UEL, or behind the last byte that the grammar takes. This is exact for jobs that end with a reset, with a form feed or
//! with the end of a raster picture; where a job ends with text and other text follows, the border cannot be seen.

mod preview;
mod rows;
mod sequence;
mod walk;

pub use preview::picture_at;
pub use walk::walk;

use super::{
    PCL5, hpgl,
    text::{Unread, Until},
    trail::{BAIT, Body, Stop, Trail},
};
use crate::{
    Stretch,
    formats::{End, Format, Proof, Signature, Texts, Walked},
};

pub static FORMAT: Format = Format {
    kind: PCL5,
    signatures: &[
        Signature::new(b"\x1bE\x1b&"),
        Signature::new(b"\x1bE\x1b*"),
        Signature::new(b"\x1bE\x1b("),
        Signature::new(b"\x1bE\x1b%"),
        Signature::new(b"\x1bE\x1b9").aligned(),
        Signature::new(b"\x1bE").aligned(),
        Signature::new(b"\x1b*rbC\x1b"),
        Signature::new(b"\x1b*r").aligned(),
        Signature::new(b"\x1b*t").aligned(),
        Signature::new(b"\x1b&l").aligned(),
        Signature::new(b"\x1b%1B").aligned(),
        Signature::new(b"\x1b%0B").aligned(),
    ],
    looks,
    walk: walk_bare,
    texts: Some(texts),
    picture: Some(preview::picture),
};

/// At least three sequences that hold together, or one that is followed by the data of a picture.
fn looks(seen: &[u8]) -> bool {
    let mut at = 0;
    let mut held = 0;
    while seen.get(at) == Some(&0x1B) {
        let Some(here) = seen.get(at..) else { break };
        match sequence::opening(here) {
            // What is wrapped in PJL is another form.
            Some(sequence::Opening::Long { prefix: b'%', .. })
                if here.starts_with(super::trail::UEL) =>
            {
                return false;
            }
            Some(sequence::Opening::Short(_)) => at += 2,
            Some(sequence::Opening::Long { prefix, group, bytes }) => {
                let Some((end, values)) = whole(here, prefix, group, bytes) else { break };
                let plots = prefix == b'%';
                at += end;
                held += values;
                if plots && hpgl::begins(here.get(end..).unwrap_or(&[])) {
                    return true;
                }
                // Commands of a plotter run up to the next escape.
                if plots {
                    let text = here.get(end..).unwrap_or(&[]);
                    at += text
                        .iter()
                        .take(64)
                        .take_while(|byte| (0x20..0x7F).contains(*byte))
                        .count();
                }
            }
            None => break,
        }
        if held >= 3 {
            return true;
        }
    }
    false
}

/// Where a long sequence ends, and how many values it has.
fn whole(here: &[u8], prefix: u8, group: u8, opening: usize) -> Option<(usize, u32)> {
    let mut at = opening;
    let mut values = 0;
    loop {
        let value = sequence::value(here.get(at..)?)?;
        at += value.bytes + usize::try_from(sequence::data(prefix, group, value)).ok()?;
        values += 1;
        if value.last {
            return Some((at, values));
        }
    }
}

/// What a job must have for chance not to have made it.
const FEWEST: u64 = 4;

fn walk_bare(stretch: &mut Stretch) -> Option<Walked> {
    if !looks(stretch.peek(0, 512)) {
        return None;
    }
    let mut trail = Trail::new(stretch, 0);
    let body = walk(&mut trail, &mut Unread);
    finish(&mut trail, body)
}

fn finish(trail: &mut Trail, body: Body) -> Option<Walked> {
    let whole = match body.stop {
        Stop::Broken => false,
        Stop::Closed | Stop::Foreign => true,
        // The UEL is the next job's; one that closes this one would have opened it.
        Stop::Uel => true,
    };
    let length = if whole { trail.at } else { trail.broken() };
    // Only a reset says that a short job is whole.
    let sure = if whole { length } else { trail.sure.min(length) };
    if body.elements < FEWEST || (!matches!(body.stop, Stop::Closed | Stop::Uel) && sure < BAIT) {
        return None;
    }
    let proof = if body.decoded { Proof::Decoded } else { Proof::Structure };
    let mut walked = Walked::whole(length, proof);
    walked.end = if whole { End::Whole } else { End::Broken };
    walked.details.pages = Some(body.pages);
    Some(walked)
}

fn texts(stretch: &mut Stretch, walked: &Walked, texts: &mut dyn Texts) {
    texts.begin("pcl");
    let mut trail = Trail::new(stretch, 0);
    walk(&mut trail, &mut Until { texts, end: walked.length });
}
