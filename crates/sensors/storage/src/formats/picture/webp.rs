//! WebP: the chunks of its container, and the heads of what they hold. Points are not decoded.

use super::{PICTURE, exif, origin::Origin};
use crate::{
    Stretch,
    formats::{Details, Format, Kind, Proof, Signature, Walked, resync},
};

pub static WEBP: Format = Format {
    kind: Kind { name: "webp", family: PICTURE, extension: "webp" },
    signatures: &[Signature::new(b"WEBPVP8").at(8)],
    looks,
    walk,
    texts: None,
    picture: None,
};

const SOME: u64 = 512;
/// The most chunks that are no frames: each is there once.
const MOST_OTHERS: u32 = 64;

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..20) else { return false };
    let long = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let (all, first) = (long(4), long(16));
    let inside = first <= all.saturating_sub(12) && all.is_multiple_of(2);
    let known = match &head[12..16] {
        b"VP8X" => first == 10 && bytes.get(21..24).is_none_or(|reserved| reserved == [0; 3]),
        b"VP8 " => bytes.get(20..30).is_none_or(|head| lossy(head, first)),
        b"VP8L" => bytes.get(20..25).is_none_or(lossless),
        _ => false,
    };
    head.starts_with(b"RIFF") && inside && known
}

/// A key frame that is shown, its mark, and a first part that fits.
fn lossy(head: &[u8], length: u32) -> bool {
    let tag = u32::from(head[0]) | u32::from(head[1]) << 8 | u32::from(head[2]) << 16;
    let fits = tag & 1 == 0 && tag >> 1 & 7 <= 3 && tag >> 4 & 1 == 1 && tag >> 5 < length;
    fits && head[3..6] == [0x9D, 0x01, 0x2A] && head[6..8] != [0, 0] && head[8..10] != [0, 0]
}

fn lossless(head: &[u8]) -> bool {
    head[0] == 0x2F && head[4] >> 5 == 0
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let end = u64::from(stretch.u32_le(4)?) + 8;
    let (mut at, mut frames, mut others) = (12, 0, 0);
    let mut details = Details::default();
    let mut origin = Origin::default();
    while at < end {
        let Some(name) = stretch.array::<4>(at) else { break };
        let Some(length) = stretch.u32_le(at + 4).map(u64::from) else { break };
        let known = match &name {
            b"VP8 " => lossy(&stretch.array::<10>(at + 8)?, length as u32),
            b"VP8L" => lossless(&stretch.array::<5>(at + 8)?),
            b"VP8X" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP" | b"EXIF" | b"XMP " => true,
            _ => false,
        };
        let next = at + 8 + length + (length & 1);
        let is_frame = matches!(&name, b"VP8 " | b"VP8L" | b"ANMF");
        others += u32::from(!is_frame);
        if !known || next > end || others > MOST_OTHERS {
            break;
        }
        frames += u32::from(is_frame);
        if name == *b"EXIF" {
            let skip = if stretch.starts(at + 8, b"Exif\0\0") { 6 } else { 0 };
            exif::read(stretch, at + 8 + skip, &mut details, &mut origin);
        }
        at = next;
    }
    details.pages = Some(frames);
    (frames > 0).then_some(())?;
    let other = resync::another(stretch, 30, at.min(stretch.len()));
    let walked = if at == end && end <= stretch.len() && other.is_none() {
        Walked::whole(end, Proof::Structure)
    } else {
        let cut = resync::cut(stretch, 12, other.unwrap_or(at.min(stretch.len())));
        (cut.at >= SOME).then_some(())?;
        Walked::broken(cut.at, Proof::Structure)
    };
    Some(Walked { details, ..walked })
}
