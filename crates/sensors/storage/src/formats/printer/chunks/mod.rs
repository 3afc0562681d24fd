//! Languages of printers that are driven by their host: chains of records with lengths around compressed pictures.
//! ZjStream and SLX, XQX, OAKT, HBPL 2, QPDL (SPL 2). Each has a record that ends the job, so the end is exact.
//! Pictures inside are not decoded.

mod records;
mod zjs;

pub use records::{hbpl, oakt, qpdl, xqx};
pub use zjs::{slx, zjs};

use super::{
    OAKT, SLX, ZJS,
    trail::{Body, Stop, Trail},
};
use crate::{
    Stretch,
    formats::{Details, End, Format, Proof, Signature, Walked},
};

/// Walks one language from the trail's place; none where it does not begin there.
pub type Walk = fn(&mut Trail, &mut Details) -> Option<Body>;

pub static ZJS_FORMAT: Format = Format {
    kind: ZJS,
    signatures: &[Signature::new(b"JZJZ\0\0")],
    looks: |seen| seen.get(18..20) == Some(b"ZZ"),
    walk: |stretch| bare(stretch, zjs),
    texts: None,
    picture: None,
};

pub static SLX_FORMAT: Format = Format {
    kind: SLX,
    signatures: &[Signature::new(b"\xa5SLX\0\0")],
    looks: |seen| seen.get(18..20) == Some(&[0xA5, 0xA5]),
    walk: |stretch| bare(stretch, slx),
    texts: None,
    picture: None,
};

pub static OAKT_FORMAT: Format = Format {
    kind: OAKT,
    signatures: &[Signature::new(b"OAKT")],
    looks: |seen| seen.get(80..84) == Some(b"OAKT") || seen.get(16..20) == Some(b"OAKT"),
    walk: |stretch| bare(stretch, oakt),
    texts: None,
    picture: None,
};

/// What a job must have for chance, or a bait with a real first record, not to have made it.
const FEWEST: u64 = 3;

fn bare(stretch: &mut Stretch, walk: Walk) -> Option<Walked> {
    let mut trail = Trail::new(stretch, 0);
    let mut details = Details::default();
    let body = walk(&mut trail, &mut details)?;
    let whole = body.stop != Stop::Broken;
    let length = if whole { trail.at } else { trail.broken() };
    if body.elements < FEWEST {
        return None;
    }
    let proof = if body.decoded { Proof::Decoded } else { Proof::Structure };
    let mut walked = Walked::whole(length, proof);
    walked.end = if whole { End::Whole } else { End::Broken };
    walked.details = Details { pages: Some(body.pages), ..details };
    Some(walked)
}
