//! Rows of points: their sizes, and whether they unpack.

use std::io::Read;

use crate::{Stretch, formats::picture::deflate::Inflate, sums::agree};

/// First column and row, and steps, of the seven passes of an interlaced picture.
pub const PASSES: [(u32, u32, u32, u32); 7] = [
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub width: u32,
    pub height: u32,
    pub depth: u8,
    pub colour: u8,
    pub interlaced: bool,
}

impl Head {
    /// The first chunk, with its checksum.
    pub fn read(stretch: &mut Stretch) -> Option<Self> {
        let bytes: [u8; 33] = stretch.array(0)?;
        let (head, told) =
            (&bytes[12..29], u32::from_be_bytes([bytes[29], bytes[30], bytes[31], bytes[32]]));
        let named = bytes[8..16] == *b"\0\0\0\rIHDR";
        (named && agree(crc32fast::hash(head), told)).then_some(())?;
        let [width, height] = [16, 20]
            .map(|at| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]));
        let [depth, colour, packing, filters, interlace] =
            [bytes[24], bytes[25], bytes[26], bytes[27], bytes[28]];
        let depths: &[u8] = match colour {
            0 => &[1, 2, 4, 8, 16],
            3 => &[1, 2, 4, 8],
            2 | 4 | 6 => &[8, 16],
            _ => &[],
        };
        let sized = (1..1 << 31).contains(&width) && (1..1 << 31).contains(&height);
        let known = depths.contains(&depth) && packing == 0 && filters == 0 && interlace < 2;
        let interlaced = interlace == 1;
        (sized && known).then_some(Self { width, height, depth, colour, interlaced })
    }

    pub fn channels(&self) -> u32 {
        match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }

    /// Bytes of a row of so many points, without its filter.
    pub fn row(&self, width: u32) -> u64 {
        (u64::from(width) * u64::from(self.channels()) * u64::from(self.depth)).div_ceil(8)
    }

    /// Columns and rows of each pass that has any.
    pub fn passes(&self) -> impl Iterator<Item = (u32, u32)> {
        let all = (self.width, self.height);
        let count = |side: u32, first: u32, step: u32| side.saturating_sub(first).div_ceil(step);
        let pass = move |(x, y, across, down)| (count(all.0, x, across), count(all.1, y, down));
        let parts = PASSES.into_iter().map(pass).filter(|(w, h)| *w > 0 && *h > 0);
        let interlaced = self.interlaced;
        parts.filter(move |_| interlaced).chain((!interlaced).then_some(all))
    }

    /// More than the points can be packed in, badly.
    pub fn most_packed(&self) -> u64 {
        let rows = |(width, height)| (self.row(width) + 1).saturating_mul(u64::from(height));
        let all = self.passes().map(rows).fold(0, u64::saturating_add);
        all.saturating_add(all / 8).saturating_add(64 * 1024)
    }
}

/// Unpacks all rows, as far as they make sense, and says how many did.
pub fn check(head: &Head, packed: &mut impl Read) -> u64 {
    let mut inflate = Inflate::new(packed);
    let mut good = 0;
    for (width, height) in head.passes() {
        let row = head.row(width);
        for _ in 0..height {
            let filter = inflate.byte();
            if filter.is_none_or(|filter| filter > 4) || !inflate.skip(row) {
                return good;
            }
            good += 1;
        }
    }
    good
}
