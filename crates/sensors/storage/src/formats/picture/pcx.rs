//! PCX, and DCX of many: as fax programs kept pages. Runs are counted, row by row.
//! Bounds: 1024 pages by the format, of which 16 may be wrong; rows of at most 65,535 bytes.

use super::{
    PICTURE, SCAN,
    extent::{Extent, Unseen},
    noise,
};
use crate::{
    Stretch,
    formats::{Details, End, Format, Kind, Proof, Signature, Walked, resync},
};

pub static PCX: Format = Format {
    kind: Kind { name: "pcx", family: PICTURE, extension: "pcx" },
    signatures: &[
        Signature::new(&[10, 5, 1, 1, 0, 0, 0, 0]),
        Signature::new(&[10, 5, 1, 4, 0, 0, 0, 0]),
        Signature::new(&[10, 5, 1, 8, 0, 0, 0, 0]),
        Signature::new(&[10, 3, 1, 1, 0, 0, 0, 0]),
    ],
    looks: |bytes| Head::read(bytes).is_some(),
    walk,
    texts: None,
    picture: None,
};

pub static DCX: Format = Format {
    kind: Kind { name: "dcx", family: SCAN, extension: "dcx" },
    signatures: &[Signature::new(&[0xB1, 0x68, 0xDE, 0x3A])],
    looks: |bytes| bytes.get(4..8).is_some_and(|first| first[2..] == [0, 0] && first[1] < 32),
    walk: walk_pages,
    texts: None,
    picture: None,
};

const HEAD: u64 = 128;
const COLOURS: u64 = 769;
/// So many bytes that are alike are written as a run by every program that writes any.
const ALIKE: u32 = 32;
/// So many letters without a run are text, where every bit is a point.
const LETTERS: u32 = 512;
const MOST_WRONG: u32 = 16;

struct Head {
    rows: u64,
    /// Bytes of a row, of all planes.
    row: u64,
    depth: u8,
    planes: u8,
    /// Whether it says that its points are shades of grey.
    grey: bool,
}

impl Head {
    fn read(bytes: &[u8]) -> Option<Self> {
        let short =
            |at: usize| Some(u64::from(*bytes.get(at)?) | u64::from(*bytes.get(at + 1)?) << 8);
        let (x0, y0, x1, y1) = (short(4)?, short(6)?, short(8)?, short(10)?);
        let (depth, planes, row) = (*bytes.get(3)?, *bytes.get(65)?, short(66)?);
        let free = bytes.get(74..128)?;
        let known = bytes[0] == 10 && bytes[2] == 1 && bytes[64] == 0;
        let sized =
            x1 >= x0 && y1 >= y0 && matches!(planes, 1..=4) && matches!(depth, 1 | 2 | 4 | 8);
        (known && sized).then_some(())?;
        let least = ((x1 - x0 + 1) * u64::from(depth)).div_ceil(8);
        let fits = row >= least && row <= least + 8 && free.iter().all(|byte| *byte == 0);
        let (rows, row) = (y1 - y0 + 1, row * u64::from(planes));
        fits.then_some(Self { rows, row, depth, planes, grey: bytes[68] == 2 })
    }
}

/// Just behind a picture, or the first wrong byte.
fn one(stretch: &mut Stretch, begins: u64) -> Option<Result<u64, u64>> {
    let head = Head::read(stretch.peek(begins, 128))?;
    let mut at = begins + HEAD;
    if noise::is_noise(stretch.peek(at, 4096)) {
        return Some(Err(at));
    }
    let mut literals = Literals::default();
    for _ in 0..head.rows {
        at = match row(stretch, &head, &mut literals, at) {
            Ok(next) => next,
            Err(wrong) => return Some(Err(wrong)),
        };
    }
    let deep = head.depth == 8 && head.planes == 1;
    let follow = stretch.u8(at) == Some(12);
    if deep && !head.grey && !follow {
        return Some(Err(at));
    }
    // Some programs add colours to a picture that needs none.
    let colours = deep && follow || stretch.starts(at, &[12, 0, 0, 0, 0xFF, 0xFF, 0xFF]);
    let end = if colours { at + COLOURS } else { at };
    Some(if end > stretch.len() { Err(stretch.len()) } else { Ok(end) })
}

/// Bytes that stand for themselves, one behind the other.
#[derive(Default)]
struct Literals {
    last: Option<u8>,
    alike: u32,
    letters: u32,
    /// Whether a run of more than one byte came before.
    runs: bool,
}

impl Literals {
    /// How many of the last ones are no points, if they are not.
    fn push(&mut self, byte: u8, bilevel: bool) -> Option<u32> {
        self.alike = if self.last == Some(byte) { self.alike + 1 } else { 1 };
        self.last = Some(byte);
        let letter = matches!(byte, b' '..=b'~' | b'\r' | b'\n' | b'\t');
        self.letters = if bilevel && letter { self.letters + 1 } else { 0 };
        let letters = (self.letters >= LETTERS).then_some(self.letters);
        letters.or((self.runs && self.alike >= ALIKE).then_some(self.alike))
    }
}

/// Just behind a row, or the first wrong byte.
fn row(
    stretch: &mut Stretch,
    head: &Head,
    literals: &mut Literals,
    begins: u64,
) -> Result<u64, u64> {
    let bilevel = head.depth == 1 && head.planes == 1;
    let (mut at, mut made) = (begins, 0);
    // Runs end with rows, so that rows of one byte are no run.
    literals.last = None;
    while made < head.row {
        let byte = stretch.u8(at).ok_or(stretch.len())?;
        at += 1;
        if byte < 0xC0 {
            made += 1;
            if let Some(count) = literals.push(byte, bilevel) {
                return Err(at - u64::from(count));
            }
            continue;
        }
        let run = u64::from(byte & 63);
        *literals = Literals { runs: literals.runs || run > 1, ..Literals::default() };
        if run == 0 {
            return Err(at - 1);
        }
        (at, made) = (at + 1, made + run);
    }
    // Runs end with rows, or at least with planes' pairs.
    if made == head.row { Ok(at) } else { Err(at) }
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let (length, end) = match one(stretch, 0)? {
        Ok(end) => (end, End::Whole),
        Err(noticed) => {
            let cut = resync::cut(stretch, HEAD, noticed);
            (cut.at >= HEAD + 2048 || cut.clear && cut.at >= HEAD + 128).then_some(())?;
            (cut.at, End::Broken)
        }
    };
    let details = Details { pages: Some(1), ..Details::default() };
    Some(Walked { kind: None, length, end, proof: Proof::Decoded, details })
}

fn walk_pages(stretch: &mut Stretch) -> Option<Walked> {
    let (mut pages, mut length) = (Vec::new(), 0);
    let (mut wrong, mut wrongs) = (None, 0);
    let mut extent = Extent::default();
    for index in 0..1024 {
        let place = u64::from(stretch.u32_le(4 + index * 4)?);
        if place == 0 {
            break;
        }
        let read = one(stretch, place).unwrap_or(Err(place.min(stretch.len())));
        match read {
            Ok(end) => {
                pages.push(end);
                length = length.max(end);
            }
            Err(at) => {
                wrong = wrong.or(Some(at));
                wrongs += 1;
            }
        }
        let end = read.unwrap_or_else(|wrong| wrong);
        extent.saw(place, end);
        // Pages that lie in each other would be read again and again.
        let overlaps = !extent.works(end.saturating_sub(place));
        if pages.is_empty() || wrongs > MOST_WRONG || overlaps {
            wrong = wrong.or(overlaps.then_some(place));
            break;
        }
    }
    (!pages.is_empty()).then_some(())?;
    if let Unseen::Foreign(at) = extent.unseen(stretch, wrong.unwrap_or(length).min(length)) {
        wrong = Some(at);
        length = at;
    }
    let (length, end) = match wrong {
        None => (length, End::Whole),
        Some(at) => (resync::cut(stretch, length, at).at.max(length), End::Broken),
    };
    let pages = pages.iter().filter(|end| **end <= length).count() as u32;
    let details = Details { pages: Some(pages), ..Details::default() };
    Some(Walked { kind: None, length, end, proof: Proof::Decoded, details })
}
