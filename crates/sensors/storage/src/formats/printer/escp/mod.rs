//! ESC/P, ESC/P 2 and ESC/P-R of Epson, what IBM and Canon made of them (BJ), and the lines (`@EJL`) and remote commands
//! that open and close jobs. Sequences have lengths of their own or a length in their first bytes; pictures packed by
//! runs are decoded.
//!
//! The language has no end: a job ends behind its last reset, remote commands or form feed. Exact for jobs of pictures, as drivers make
//! them; text behind the last form feed is the job's only where nothing but zeros follow it.

mod table;
mod walk;

pub use walk::walk;

use super::{
    ESCP,
    trail::{BAIT, Stop, Trail},
};
use crate::{
    Stretch,
    formats::{End, Format, Proof, Signature, Walked},
};

pub static FORMAT: Format = Format {
    kind: ESCP,
    signatures: &[
        Signature::new(b"\x1b@\x1b"),
        Signature::new(b"\x1b[K\x02\x00"),
        Signature::new(b"\x00\x00\x00\x1b\x01@EJL"),
        Signature::new(b"\x1b\x01@EJL 1284.4"),
    ],
    looks: |seen| table::count(seen) >= 4,
    walk: walk_bare,
    texts: None,
    picture: None,
};

/// What a job must have for chance not to have made it.
const FEWEST: u64 = 6;

fn walk_bare(stretch: &mut Stretch) -> Option<Walked> {
    if table::count(stretch.peek(0, 512)) < 4 {
        return None;
    }
    let mut trail = Trail::new(stretch, 0);
    let body = walk(&mut trail);
    let whole = body.stop != Stop::Broken;
    let length = if whole { trail.at } else { trail.broken() };
    let sure = if whole { length } else { trail.sure.min(length) };
    if body.elements < FEWEST || sure < BAIT {
        return None;
    }
    let proof = if body.decoded { Proof::Decoded } else { Proof::Structure };
    let mut walked = Walked::whole(length, proof);
    walked.end = if whole { End::Whole } else { End::Broken };
    walked.details.pages = Some(body.pages);
    Some(walked)
}
