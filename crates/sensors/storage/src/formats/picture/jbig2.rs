//! JBIG2 files, in sequence or with all heads first. Segments are followed by their heads, which must be numbered in order and refer to
//! earlier ones; regions must lie on their page. Data are not decoded. Bounds: 65,536 segments,
//! 16 MiB of one whose length only its data tell.

use super::{
    SCAN,
    bits::{Bits, First},
    extent::Room,
    fax::{Coding, Fax},
};
use crate::{
    Stretch,
    formats::{Details, Format, Kind, Proof, Signature, Walked, resync},
};

pub static JBIG2: Format = Format {
    kind: Kind { name: "jbig2", family: SCAN, extension: "jb2" },
    signatures: &[Signature::new(b"\x97JB2\r\n\x1a\n")],
    looks: |bytes| bytes.len() >= 13 && bytes[8] & 0xF0 == 0,
    walk,
    texts: None,
    picture: None,
};

const MOST: usize = 1 << 16;
const ENOUGH: u64 = 1024;
/// The most of a region whose length nothing says.
const LONGEST: u64 = 16 << 20;
const PAGE: u8 = 48;
const END_OF_PAGE: u8 = 49;
const END_OF_FILE: u8 = 51;
/// A length that only the data tell.
const OPEN: u64 = 0xFFFF_FFFF;

#[derive(Debug, Clone, Copy)]
struct Segment {
    number: u32,
    kind: u8,
    /// Just behind its head.
    body: u64,
    length: u64,
}

impl Segment {
    fn read(stretch: &mut Stretch, at: u64, before: Option<u32>) -> Option<Self> {
        let number = stretch.u32_be(at)?;
        let flags = stretch.u8(at + 4)?;
        let kind = flags & 63;
        let known = matches!(kind, 0 | 4 | 6 | 7 | 16 | 20 | 22 | 23 | 36 | 38..=40 | 42 | 43 | 48..=53 | 62);
        (known && before.is_none_or(|before| number > before)).then_some(())?;
        let short = stretch.u8(at + 5)? >> 5;
        let (count, mut at) = match short {
            0..=4 => (u64::from(short), at + 6),
            7 => {
                let count = u64::from(stretch.u32_be(at + 5)? & 0x1FFF_FFFF);
                (count, at + 9 + (count + 8) / 8)
            }
            _ => return None,
        };
        (count <= MOST as u64).then_some(())?;
        let wide = match number {
            0..=256 => 1,
            257..=65536 => 2,
            _ => 4,
        };
        for index in 0..count {
            let bytes = stretch.peek(at + index * wide, wide as usize);
            let other = bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
            (other < number).then_some(())?;
        }
        at += count * wide + if flags & 0x40 == 0 { 1 } else { 4 };
        let length = u64::from(stretch.u32_be(at)?);
        Some(Self { number, kind, body: at + 4, length })
    }

    /// Whether data of the right form begin at a place.
    fn fits(&self, stretch: &mut Stretch, at: u64, page: Option<(u32, u32)>) -> bool {
        match self.kind {
            PAGE => self.length == 19 && stretch.u32_be(at).is_some_and(|width| width > 0),
            END_OF_PAGE | END_OF_FILE => self.length == 0,
            4..=43 if self.kind != 16 => {
                let Some((width, height)) = page else { return false };
                let mut side = |step| stretch.u32_be(at + step).unwrap_or(u32::MAX);
                let sides = [side(0), side(4), side(8), side(12)];
                // Stripes make a page as high as it needs.
                let across = u64::from(sides[0]) + u64::from(sides[2]) <= u64::from(width) + 1024;
                let down = height == u32::MAX
                    || u64::from(sides[1]) + u64::from(sides[3]) <= u64::from(height) + 1024;
                self.length >= 17 && sides[0] > 0 && across && down
            }
            _ => true,
        }
    }

    /// Just behind its data.
    fn end(&self, stretch: &mut Stretch, at: u64) -> Option<u64> {
        if self.length != OPEN {
            return at.checked_add(self.length);
        }
        // A generic region: its last two bytes, and how many rows it has.
        (self.kind == 38).then_some(())?;
        let packed = stretch.u8(at + 17)? & 1 == 1;
        let mark: &[u8] = if packed { &[0, 0] } else { &[0xFF, 0xAC] };
        stretch.find(at + 18, self.far(at), mark).map(|found| found + 6)
    }

    /// How far its data can go.
    fn far(&self, at: u64) -> u64 {
        at.saturating_add(if self.length == OPEN { LONGEST } else { self.length })
    }
}

#[derive(Default)]
struct Seen {
    before: Option<u32>,
    page: Option<(u32, u32)>,
    pages: u32,
    /// Whether a region or dictionary was whole: another head follows it.
    content: bool,
    /// The last one, with its place.
    last: Option<(Segment, u64)>,
    /// For data that are not decoded.
    room: Room,
}

impl Seen {
    /// The end of a segment's data, if it fits what came before.
    fn take(&mut self, stretch: &mut Stretch, segment: Segment, at: u64) -> Option<u64> {
        segment.fits(stretch, at, self.page).then_some(())?;
        let end = segment.end(stretch, at).filter(|end| *end <= stretch.len())?;
        let coded = fax_end(stretch, segment, at, end);
        coded.is_none_or(|coded| coded + 8 >= end).then_some(())?;
        // Of other codes nothing is decoded.
        (coded.is_some() || self.room.foreign(stretch, at, end).is_none()).then_some(())?;
        self.content |= self.last.take().is_some();
        match segment.kind {
            PAGE => self.page = stretch.u32_be(at).zip(stretch.u32_be(at + 4)),
            END_OF_PAGE => self.pages += 1,
            END_OF_FILE => {}
            _ => self.last = Some((segment, at)),
        }
        self.before = Some(segment.number);
        Some(end)
    }
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let flags = stretch.u8(8)?;
    let expected = if flags & 2 == 0 { Some(stretch.u32_be(9)?) } else { None };
    let begins = if expected.is_some() { 13 } else { 9 };
    let mut seen = Seen::default();
    let end = if flags & 1 == 1 {
        in_sequence(stretch, begins, expected, &mut seen)
    } else {
        heads_first(stretch, begins, &mut seen)
    };
    let details = Details { pages: Some(seen.pages), ..Details::default() };
    let walked = match end {
        Ok(end) if seen.content || seen.pages > 0 => Walked::whole(end, Proof::Structure),
        Ok(_) => return None,
        Err(noticed) => {
            seen.page?;
            let cut = resync::cut(stretch, begins, noticed);
            let enough = cut.clear && cut.at - begins >= 64 || cut.at - begins >= ENOUGH;
            (enough
                && (seen.content || cut.clear || cut.at >= noticed && noticed - begins >= ENOUGH))
                .then_some(())?;
            Walked::broken(cut.at, Proof::Structure)
        }
    };
    Some(Walked { details, ..walked })
}

/// The first byte that is not of a region's data: by its codes where they are those of faxes, else by what ends a broken file.
fn foreign(stretch: &mut Stretch, segment: Segment, at: u64, to: u64) -> Option<u64> {
    let coded = fax_end(stretch, segment, at, to);
    if coded.is_some() {
        return coded;
    }
    let zeros = stretch.find(at, to, &[0; 64]);
    resync::another(stretch, at, zeros.unwrap_or(to)).or(zeros)
}

/// How far a region's data decode, where they are coded as faxes are.
fn fax_end(stretch: &mut Stretch, segment: Segment, at: u64, to: u64) -> Option<u64> {
    let (width, rows) = (stretch.u32_be(at)?, stretch.u32_be(at + 4)?);
    let coded = matches!(segment.kind, 36..=39) && stretch.u8(at + 17)? & 1 == 1;
    let mut fax = Fax::new(Coding::Four, width).filter(|_| coded)?;
    let mut bits = Bits::new(stretch, at + 18, to, First::Highest);
    for _ in 0..rows {
        if fax.line(&mut bits).is_none() || bits.is_empty() {
            return Some(bits.place());
        }
    }
    fax.ends(&mut bits, to, 0);
    Some(bits.place())
}

fn in_sequence(
    stretch: &mut Stretch,
    begins: u64,
    expected: Option<u32>,
    seen: &mut Seen,
) -> Result<u64, u64> {
    let mut at = begins;
    for _ in 0..MOST {
        let segment = Segment::read(stretch, at, seen.before);
        let done = expected.is_some_and(|expected| expected > 0 && expected == seen.pages);
        let Some(segment) = segment else {
            let wrong = seen.last.take().and_then(|(last, body)| foreign(stretch, last, body, at));
            return if done { Ok(at) } else { Err(wrong.unwrap_or(at)) };
        };
        match seen.take(stretch, segment, segment.body) {
            Some(end) if segment.kind == END_OF_FILE => return Ok(end),
            Some(end) => at = end,
            None if segment.fits(stretch, segment.body, seen.page) => {
                let far = segment.far(segment.body).min(stretch.len());
                return Err(foreign(stretch, segment, segment.body, far).unwrap_or(at));
            }
            None => return Err(at),
        }
    }
    Err(at)
}

fn heads_first(stretch: &mut Stretch, begins: u64, seen: &mut Seen) -> Result<u64, u64> {
    let mut at = begins;
    let mut segments = Vec::new();
    let mut before = None;
    loop {
        let Some(segment) = Segment::read(stretch, at, before).filter(|_| segments.len() < MOST)
        else {
            return Err(at);
        };
        before = Some(segment.number);
        at = segment.body;
        segments.push(segment);
        if segment.kind == END_OF_FILE {
            break;
        }
    }
    for segment in segments {
        at = match seen.take(stretch, segment, at) {
            Some(end) => end,
            None => {
                let far = segment.far(at).min(stretch.len());
                return Err(foreign(stretch, segment, at, far).unwrap_or(at));
            }
        };
    }
    Ok(at)
}
