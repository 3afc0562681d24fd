//! HEIF: HEIC and AVIF. Boxes are followed, and the places that the picture's parts are said to have must lie inside; what is coded in them
//! is not decoded. Bounds: 64 boxes, and 64 in one of them; 4096 parts, 65,536 places.

use super::{PICTURE, boxes::Box};
use crate::{
    Stretch,
    formats::{Details, Format, Kind, Proof, Signature, Walked, resync},
};

pub static HEIF: Format = Format {
    kind: Kind { name: "heic", family: PICTURE, extension: "heic" },
    signatures: &[
        Signature::new(b"ftypheic").at(4),
        Signature::new(b"ftypheix").at(4),
        Signature::new(b"ftypmif1").at(4),
        Signature::new(b"ftypmsf1").at(4),
        Signature::new(b"ftyphevc").at(4),
        Signature::new(b"ftypavif").at(4),
        Signature::new(b"ftypavis").at(4),
    ],
    looks,
    walk,
    texts: None,
    picture: None,
};

const AVIF: Kind = Kind { name: "avif", family: PICTURE, extension: "avif" };
const MOST_BOXES: usize = 64;
const MOST_PLACES: u32 = 1 << 16;
const SOME: u64 = 512;

fn looks(bytes: &[u8]) -> bool {
    let Some([a, b, c, d]) = bytes.first_chunk::<4>() else { return false };
    let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
    let next = bytes.get(length + 4..length + 8);
    let known =
        |name: &[u8]| matches!(name, b"meta" | b"moov" | b"mdat" | b"free" | b"skip" | b"uuid");
    (16..=512).contains(&length) && length.is_multiple_of(4) && next.is_none_or(known)
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let first = Box::read(stretch, 0)?;
    let brands = stretch.peek(8, first.end.saturating_sub(8).min(504) as usize);
    let kind = brands.chunks(4).any(|brand| brand == b"avif" || brand == b"avis").then_some(AVIF);
    let (mut at, mut data, mut farthest, mut told) = (first.end, None, 0, false);
    for _ in 0..MOST_BOXES {
        let Some(next) = Box::read(stretch, at).filter(|next| !next.open) else { break };
        match &next.name {
            b"meta" => {
                told = stretch.starts(next.body + 8, b"hdlr")
                    && stretch.starts(next.body + 20, b"pict");
                farthest = farthest.max(parts(stretch, next));
            }
            b"moov" => told |= stretch.starts(next.body + 4, b"mvhd"),
            b"mdat" => data = data.or(Some(next.body)),
            b"free" | b"skip" | b"uuid" | b"idat" => {}
            _ => break,
        }
        at = next.end;
    }
    let data = data.filter(|_| told)?;
    let details = Details { pages: Some(1), ..Details::default() };
    let walked = if at <= stretch.len() && farthest <= at {
        match resync::another(stretch, first.end, at) {
            None => Walked::whole(at, Proof::Structure),
            // Before the data stands what tells of them.
            Some(other) => broken(stretch, if other < data { first.end } else { data }, other)?,
        }
    } else {
        broken(stretch, data, stretch.len())?
    };
    Some(Walked { kind, details, ..walked })
}

fn broken(stretch: &mut Stretch, data: u64, noticed: u64) -> Option<Walked> {
    let cut = resync::cut(stretch, data, noticed);
    (cut.at - data >= SOME).then(|| Walked::broken(cut.at, Proof::Structure))
}

/// The farthest byte of all parts whose places are said.
fn parts(stretch: &mut Stretch, meta: Box) -> u64 {
    let mut at = meta.body + 4;
    for _ in 0..MOST_BOXES {
        let inner = Box::read(stretch, at).filter(|it| it.end <= meta.end && it.end > at);
        let Some(inner) = inner else { break };
        if inner.name == *b"iloc" {
            return places(stretch, inner).unwrap_or(0);
        }
        at = inner.end;
    }
    0
}

/// Reads a table of places with numbers of the sizes that it says.
fn places(stretch: &mut Stretch, table: Box) -> Option<u64> {
    let version = stretch.u8(table.body)?;
    let sizes = stretch.u16_be(table.body + 4)?;
    let [offset, length, base, index] = [12, 8, 4, 0].map(|shift| u64::from(sizes >> shift & 15));
    let mut at = table.body + 6;
    let mut number = |at: &mut u64, size: u64| {
        let value = match size {
            0 => 0,
            2 => u64::from(stretch.u16_be(*at)?),
            4 => u64::from(stretch.u32_be(*at)?),
            8 => stretch.u64_be(*at)?,
            _ => return None,
        };
        *at += size;
        (*at <= table.end).then_some(value)
    };
    let wide = if version < 2 { 2 } else { 4 };
    let items = number(&mut at, wide)?;
    let (mut farthest, mut left) = (0_u64, MOST_PLACES);
    for _ in 0..items.min(4096) {
        number(&mut at, wide)?;
        let method = if version > 0 { number(&mut at, 2)? & 15 } else { 0 };
        number(&mut at, 2)?;
        let begins = number(&mut at, base)?;
        for _ in 0..number(&mut at, 2)?.min(4096) {
            if left == 0 {
                return Some(farthest);
            }
            left -= 1;
            let before = at;
            if version > 0 {
                number(&mut at, index)?;
            }
            let offset = number(&mut at, offset)?;
            let end = begins.saturating_add(offset).saturating_add(number(&mut at, length)?);
            // Others lie in a box of the table's own, or in another part.
            if method == 0 {
                farthest = farthest.max(end);
            }
            // One that takes no bytes says all that others would.
            if at == before {
                break;
            }
        }
    }
    Some(farthest)
}
