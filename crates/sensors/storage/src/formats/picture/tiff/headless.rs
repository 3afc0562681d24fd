//! TIFF whose directory is not where the header says: the file was cut, or lies in pieces, before its end.

use super::{
    ENOUGH, SOME, joint,
    lines::{coding, mirrored},
    page::Page,
    strips::{Strips, unpack},
};
use crate::{
    Stretch,
    formats::{
        Details, End, Kind, Proof, Walked,
        document::opaque,
        picture::{
            SCAN,
            bits::{Bits, First},
            deflate::Inflate,
            fax::{Coding, Fax},
            jpeg,
            lzw::Lzw,
        },
        picture::{ifd::Order, noise::is_noise},
        resync,
    },
};

/// Widths that scanners and faxes make: 200, 300, 400 and 600 points of an inch over usual sheets.
const WIDTHS: [u32; 14] =
    [1728, 2550, 2480, 1700, 1654, 2432, 2560, 1656, 2544, 4960, 5100, 3400, 3307, 1240];
/// How far a strip is followed to tell where it breaks.
const FAR: u64 = 64 << 20;
/// How far both are followed first: most that is none breaks before.
const NEAR: u64 = 1 << 20;
/// What ends so near to that may go on: the border may lie in a segment of JPEG, or just behind the beginning of a strip.
const LAG: u64 = 64 << 10;

/// The farthest that a missing directory is believed to stand, and the largest gap before it.
const LARGEST: u64 = 256 << 20;
const GAP: u64 = 512 << 10;

/// By the strip that follows the header.
pub fn walk(stretch: &mut Stretch, head: u64) -> Option<Walked> {
    let (mut reached, fax, enough) = strip(stretch, head, head.saturating_add(NEAR))?;
    let mut other = resync::of_kind(stretch, head, reached);
    let from = reached;
    if other.is_none() && from + LAG >= head + NEAR {
        reached = strip(stretch, head, head.saturating_add(FAR))?.0;
        other = resync::of_kind(stretch, from, reached);
    }
    let reached = other.unwrap_or(reached);
    let cut = resync::cut(stretch, head, reached);
    let enough = if cut.clear { SOME } else { enough };
    (cut.at - head >= enough).then_some(())?;
    let kind = fax.then_some(Kind { name: "tiff", family: SCAN, extension: "tif" });
    let details = Details::default();
    Some(Walked { kind, length: cut.at, end: End::Broken, proof: Proof::Decoded, details })
}

/// By points that are packed little or not at all: they are no chance; or by the directory, where that stands behind a gap.
pub fn points(stretch: &mut Stretch, order: Order, head: u64, first: u64) -> Option<Walked> {
    (head + ENOUGH..=LARGEST).contains(&first).then_some(())?;
    let plain = is_plain(stretch, head);
    (plain || is_far(stretch, order, first)).then_some(())?;
    let to = first.min(stretch.len());
    let near = to.min(head + NEAR);
    let goes_on = plain && opaque::strange(stretch, head, near) == near;
    let at = match plain {
        true => opaque::strange(stretch, head, if goes_on { to } else { near }),
        false => opaque::extent(stretch, head, to),
    };
    (at >= head + SOME).then(|| Walked::broken(at, Proof::Structure))
}

/// Whether the directory stands behind a gap, and its first strip where it says: another file's is as far from some header as from its
/// own.
fn is_far(stretch: &mut Stretch, order: Order, first: u64) -> bool {
    let Some(far) = joint::displaced(stretch, order, first, GAP) else { return false };
    let (at, end) = far.strip;
    let read = unpack(stretch, &far.page, 0, far.strip);
    !read.is_some_and(|read| read.is_err_and(|wrong| wrong < end.min(at + SOME)))
}

/// Whether the first points are no chance, no text and not one value.
fn is_plain(stretch: &mut Stretch, head: u64) -> bool {
    let bytes = stretch.peek(head, 4096);
    let printable = bytes.iter().filter(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~'));
    let one = bytes.first().is_some_and(|first| bytes.iter().all(|byte| byte == first));
    bytes.len() == 4096
        && printable.count() * 10 < bytes.len() * 9
        && !one
        && bytes.chunks(1024).all(|part| !is_noise(part))
}

/// How far the strips at a place unpack before `end`, whether they are a fax, and how many bytes chance does not make.
fn strip(stretch: &mut Stretch, at: u64, end: u64) -> Option<(u64, bool, u64)> {
    match stretch.array::<3>(at)? {
        [0xFF, 0xD8, 0xFF] => follow(stretch, at, end, jpeg_end).map(|end| (end, false, ENOUGH)),
        [0x78, 0x01 | 0x5E | 0x9C | 0xDA, _] => {
            follow(stretch, at, end, deflate_end).map(|end| (end, false, ENOUGH * 8))
        }
        [0x80, second, _] if second < 0x80 => {
            follow(stretch, at, end, lzw_end).map(|end| (end, false, ENOUGH))
        }
        _ => {
            let marked = stretch.u16_be(at).is_some_and(|bits| bits < 0x20);
            let codings: &[Coding] =
                if marked { &[Coding::One, Coding::Two] } else { &[Coding::Four] };
            let all = codings.iter().flat_map(|coding| WIDTHS.map(|width| (*coding, width)));
            let reached = all.map(|(coding, width)| fax_end(stretch, at, end, width, coding)).max();
            reached.filter(|reached| *reached > at + SOME).map(|reached| (reached, true, ENOUGH))
        }
    }
}

/// Goes on as long as strips of one kind follow each other.
fn follow(
    stretch: &mut Stretch,
    from: u64,
    end: u64,
    one: fn(&mut Stretch, u64, u64) -> (u64, bool),
) -> Option<u64> {
    let mut at = from;
    loop {
        let (reached, whole) = one(stretch, at, end);
        if !whole {
            // One that does not even begin is none.
            return Some(if reached > at + SOME { reached } else { at }).filter(|at| *at > from);
        }
        at = reached;
    }
}

fn jpeg_end(stretch: &mut Stretch, at: u64, end: u64) -> (u64, bool) {
    let mut decoder = jpeg::Decoder::lenient();
    match decoder.read(stretch, at, end, &mut jpeg::NoMeans) {
        jpeg::Read::Whole(end) => (end, end > at),
        jpeg::Read::Wrong(at) => (at, false),
    }
}

fn deflate_end(stretch: &mut Stretch, at: u64, end: u64) -> (u64, bool) {
    let mut inflate = Inflate::new(stretch.reader(at, end - at));
    inflate.skip(u64::MAX);
    let whole = inflate.end == crate::formats::picture::deflate::Ending::Whole;
    (at + inflate.packed(), whole && inflate.packed() > 0)
}

fn lzw_end(stretch: &mut Stretch, at: u64, end: u64) -> (u64, bool) {
    let mut bits = Bits::new(stretch, at, end, First::Highest);
    let whole =
        bits.look(9) == 256 && Lzw::new(8, true).unpack(&mut bits, u64::MAX, None).is_some();
    bits.align();
    (bits.place(), whole)
}

fn fax_end(stretch: &mut Stretch, at: u64, end: u64, width: u32, coding: Coding) -> u64 {
    let Some(mut fax) = Fax::new(coding, width) else { return at };
    let mut bits = Bits::new(stretch, at, end, First::Highest);
    while fax.line(&mut bits).is_some() && !bits.is_empty() {}
    bits.place()
}

/// How far what follows the last known page unpacks as that page did; its end where it does not.
pub fn next(stretch: &mut Stretch, strips: &Strips, end: u64) -> u64 {
    let Some(page) = &strips.page else { return end };
    let begins = end + (end & 1);
    let far = end.saturating_add(FAR);
    let reached = match page.packing {
        5 => follow(stretch, begins, far, lzw_end),
        7 if page.tables.is_none() => follow(stretch, begins, far, jpeg_end),
        8 | 32946 => follow(stretch, begins, far, deflate_end),
        2..=4 => fax_next(stretch, page, begins, far),
        _ => None,
    };
    reached.filter(|reached| *reached > begins + SOME).unwrap_or(end)
}

fn fax_next(stretch: &mut Stretch, page: &Page, at: u64, end: u64) -> Option<u64> {
    let mut fax = Fax::new(coding(page), page.part.0)?;
    let mut bits = Bits::new(stretch, at, end, mirrored(page));
    for _ in 0..page.part.1 {
        if fax.line(&mut bits).is_none() || bits.is_empty() {
            break;
        }
    }
    Some(bits.place())
}
