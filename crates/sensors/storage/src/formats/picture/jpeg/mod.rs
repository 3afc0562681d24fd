//! JPEG: baseline, extended and progressive pictures are decoded as far as their Huffman codes go, without making points of them:
//! each unit of each scan, each restart marker, and the end exactly behind the last unit. Codes that no table has, coefficients
//! behind the last, and values that no picture can have tell foreign bytes soon. Arithmetic, lossless and hierarchical ones are
//! followed by their markers alone.
//!
//! EXIF (with its thumbnail), colour profiles and the like are segments, and part of their picture. What follows the last marker is
//! not: a second picture (MPF) or a film there is a file of its own.
//!
//! A broken one is told where at least [`ENOUGH`] bytes of data hold, half of it where restart markers stand right, or fewer where what
//! ends it is plain. Bounds: 64 MiB before the first scan, 100 scans, 4 million blocks of a progressive picture (32 MiB); larger ones by markers alone.

mod decoder;
mod entropy;
mod frame;
mod huffman;
mod preview;
mod scan;
#[cfg(test)]
mod tests;

pub use decoder::{Decoder, Read};
pub use preview::embedded;
pub use scan::NoMeans;

use super::{PICTURE, exif, origin::Origin};
use crate::{
    Stretch,
    formats::{Details, End, Format, Kind, Proof, Signature, Walked, resync},
};

pub static JPEG: Format = Format {
    kind: Kind { name: "jpeg", family: PICTURE, extension: "jpg" },
    signatures: &[Signature::new(&[0xFF, 0xD8, 0xFF])],
    looks,
    walk,
    texts: None,
    picture: Some(preview::picture),
};

/// So many bytes of data chance does not make.
const ENOUGH: u64 = 2048;
/// So many where it is plain what follows.
const SOME: u64 = 96;

/// Goes from segment to segment as far as it sees.
fn looks(bytes: &[u8]) -> bool {
    let mut at = 2;
    let mut segments = 0;
    while let Some([0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        let length = usize::from(*high) << 8 | usize::from(*low);
        let body = &bytes[at + 4..];
        let fits = match marker {
            0xE0 => length >= 8,
            0xDB => length >= 67,
            0xC4 => length >= 20 && body.first().is_none_or(|head| head & 0xEC == 0),
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => (11..=20).contains(&length),
            0xDA => return segments > 1 && (8..=14).contains(&length),
            0xDD => length == 4,
            0xE1..=0xEF | 0xFE if segments > 0 => length >= 3,
            // Such segments begin with the name of what they hold.
            0xE1..=0xEF | 0xFE => length >= 8 && body.iter().take(4).all(u8::is_ascii_graphic),
            0xCC => length >= 4,
            _ => false,
        };
        if !fits {
            return false;
        }
        at += 2 + length;
        segments += 1;
    }
    segments > 0 && at + 4 > bytes.len()
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let mut decoder = Decoder::default();
    let read = decoder.read(stretch, 0, u64::MAX, &mut NoMeans);
    let frame = decoder.frame.as_ref()?;
    let content = decoder.content?;
    let (length, end) = match read {
        Read::Whole(end) => (end, End::Whole),
        Read::Wrong(at) => {
            let cut = resync::cut(stretch, content, at);
            let enough = match decoder.restarts {
                _ if cut.clear && !decoder.skipped => SOME,
                0 | 1 => ENOUGH,
                _ => ENOUGH / 2,
            };
            (cut.at - content >= enough).then_some(())?;
            (cut.at, End::Broken)
        }
    };
    let size = (u64::from(frame.width), u64::from(frame.height));
    let mut origin = Origin { size, density: decoder.density, ..Origin::default() };
    let mut details = Details { pages: Some(1), ..Details::default() };
    if let Some(base) = decoder.exif {
        exif::read(stretch, base, &mut details, &mut origin);
    }
    if let Some((at, length)) = decoder.comment {
        origin.says(Details::bytes(stretch.peek(at, usize::from(length))).as_deref());
    }
    let proof = if decoder.skipped { Proof::Structure } else { Proof::Decoded };
    Some(Walked { kind: origin.kind("jpeg", "jpg"), length, end, proof, details })
}
