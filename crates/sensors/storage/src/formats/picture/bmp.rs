//! BMP: the header says all of it. Points are not packed, so every length is checked against every other; chance in their place is told,
//! and so is another file that begins among them.

use super::{PICTURE, noise, origin::Origin};
use crate::{
    Stretch,
    formats::{Details, End, Format, Kind, Picture, Proof, Shrink, Signature, Walked, resync},
};

pub static BMP: Format = Format {
    kind: Kind { name: "bmp", family: PICTURE, extension: "bmp" },
    signatures: &[
        Signature::new(b"BM").aligned(),
        // Nothing reserved, where points begin, and the size of the second header.
        Signature::new(b"\0\0\0\0\x36\0\0\0\x28\0\0\0").at(6),
        Signature::new(b"\0\0\0\0\x3E\0\0\0\x28\0\0\0").at(6),
        Signature::new(b"\0\0\0\0\x76\0\0\0\x28\0\0\0").at(6),
        Signature::new(b"\0\0\0\0\x36\x04\0\0\x28\0\0\0").at(6),
        Signature::new(b"\0\0\0\0\x7A\0\0\0\x6C\0\0\0").at(6),
        Signature::new(b"\0\0\0\0\x8A\0\0\0\x7C\0\0\0").at(6),
        Signature::new(b"\0\0\0\0\x8A\x04\0\0\x7C\0\0\0").at(6),
    ],
    looks: |bytes| Head::read(bytes).is_some(),
    walk,
    texts: None,
    picture: Some(picture),
};

struct Head {
    length: u64,
    points: u64,
    width: u32,
    height: u32,
    /// Whether the first row is the highest.
    down: bool,
    depth: u16,
    packing: u32,
    palette: usize,
    density: (u64, u64),
}

impl Head {
    fn read(bytes: &[u8]) -> Option<Self> {
        let long = |at: usize| {
            let bytes: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
            Some(u32::from_le_bytes(bytes))
        };
        let short = |at: usize| long(at).map(|value| value as u16);
        let (length, points, second) = (u64::from(long(2)?), u64::from(long(10)?), long(14)?);
        let (width, height) = (long(18)?.cast_signed(), long(22)?.cast_signed());
        let (planes, depth, packing) = (short(26)?, short(28)?, long(30)?);
        let stored = u64::from(long(34)?);
        let density =
            Origin::of_centimetres(u64::from(long(38)?) / 100, u64::from(long(42)?) / 100);
        let known = bytes.starts_with(b"BM")
            && long(6)? == 0
            && matches!(second, 40 | 52 | 56 | 64 | 108 | 124)
            && planes == 1
            && matches!(depth, 1 | 4 | 8 | 16 | 24 | 32)
            && matches!((packing, depth), (0, _) | (1, 8) | (2, 4) | (3 | 6, 16 | 32));
        let sized =
            (1..=1 << 20).contains(&width) && (1..=1 << 20).contains(&height.unsigned_abs());
        (known && sized).then_some(())?;
        let (width, height, down) = (width.unsigned_abs(), height.unsigned_abs(), height < 0);
        let size = row(width, depth) * u64::from(height);
        // Some programs leave the size out, or pad it to four bytes.
        let size = if matches!(packing, 1 | 2) { stored } else { size };
        let head = 14 + u64::from(second);
        let room = points >= head && points <= head + 16 + 1024;
        let fits = length >= points + size && length <= points + size + 4;
        let plain = matches!(packing, 1 | 2) || stored == 0 || stored.abs_diff(size) <= 4;
        let palette = head as usize;
        (room && fits && plain && size > 0).then_some(Self {
            length,
            points,
            width,
            height,
            down,
            depth,
            packing,
            palette,
            density,
        })
    }
}

fn row(width: u32, depth: u16) -> u64 {
    (u64::from(width) * u64::from(depth)).div_ceil(32) * 4
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let head = Head::read(stretch.peek(0, 512))?;
    let (begins, end) = (head.points, head.length.min(stretch.len()));
    (end > begins).then_some(())?;
    let first = stretch.peek(begins, (end - begins).min(16 * 1024) as usize);
    let even = first.iter().all(|byte| *byte == first[0]);
    // Chance at once may be all that is there.
    let early = noise::find(stretch, begins, end.min(begins + 4096));
    early.is_none().then_some(())?;
    let foreign = noise::or_another(stretch, begins, end);
    let (length, end) = match foreign {
        None if end == head.length => (end, End::Whole),
        foreign => (resync::cut(stretch, begins, foreign.unwrap_or(end)).at, End::Broken),
    };
    // A header before nothing but filler.
    (!(even && end == End::Broken) && length > begins + 64 || end == End::Whole).then_some(())?;
    let size = (u64::from(head.width), u64::from(head.height));
    let origin = Origin { size, density: head.density, ..Origin::default() };
    let details = Details { pages: Some(1), ..Details::default() };
    let kind = origin.kind("bmp", "bmp");
    Some(Walked { kind, length, end, proof: Proof::Structure, details })
}

fn picture(stretch: &mut Stretch, walked: &Walked) -> Option<Picture> {
    let bytes = stretch.peek(0, 2048).to_vec();
    let head = Head::read(&bytes)?;
    let row = row(head.width, head.depth);
    (matches!(head.packing, 0 | 3) && row <= 1 << 20).then_some(())?;
    let mut shrink = Shrink::new(head.width, head.height)?;
    for y in 0..head.height {
        let stored = if head.down { y } else { head.height - 1 - y };
        let at = head.points + u64::from(stored) * row;
        // Rows that lie beyond the break are not its own.
        if !shrink.wants(y) || at + row > walked.length {
            continue;
        }
        let line = stretch.peek(at, row as usize);
        shrink.take(y, |x| colour(&head, &bytes, line, x as usize));
    }
    shrink.picture()
}

fn colour(head: &Head, bytes: &[u8], line: &[u8], x: usize) -> [u8; 3] {
    let byte = |at: usize| line.get(at).copied().unwrap_or(0);
    let of = |index: u8| {
        let at = head.palette + usize::from(index) * 4;
        bytes.get(at..at + 3).map_or([0; 3], |c| [c[2], c[1], c[0]])
    };
    let depth = usize::from(head.depth);
    match depth {
        1 | 4 => {
            let bit = x * depth;
            of(byte(bit / 8) >> (8 - depth - bit % 8) & ((1 << depth) - 1))
        }
        8 => of(byte(x)),
        16 => {
            let value = u16::from_le_bytes([byte(x * 2), byte(x * 2 + 1)]);
            [10, 5, 0].map(|shift| ((value >> shift & 31) * 255 / 31) as u8)
        }
        _ => {
            let at = x * depth / 8;
            [byte(at + 2), byte(at + 1), byte(at)]
        }
    }
}
