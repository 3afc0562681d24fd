//! Rows of points, packed as TIFF and PDF pack them, unpacked and made small. JPEG is not among them.
//! Rows of more than 1 MiB, and pictures of more than 1 GiB, have no preview.

use super::{
    bits::{Bits, First},
    deflate::Inflate,
    fax::{Coding, Fax},
    lzw::Lzw,
    png::restore,
};
use crate::{
    Stretch,
    formats::{Picture, Shrink},
};

const LONGEST_ROW: u64 = 1 << 20;
const MOST_UNPACKED: u64 = 1 << 30;

/// What stands for a value in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Differences {
    None,
    /// To the left neighbour.
    Left,
    /// As the row's first byte says, as in PNG.
    Chosen,
}

/// What is known of the points, by the numbers of TIFF.
pub struct Points {
    pub width: u32,
    pub height: u32,
    /// Points of a row of a strip.
    pub across: u32,
    pub depth: u32,
    pub samples: u32,
    pub packing: u16,
    pub photometric: u16,
    pub differences: Differences,
    pub palette: Vec<[u8; 3]>,
    /// Of values of two bytes.
    pub little: bool,
    /// Of a fax.
    pub coding: Coding,
    pub first: First,
}

impl Points {
    fn row(&self) -> u64 {
        (u64::from(self.across) * u64::from(self.samples) * u64::from(self.depth)).div_ceil(8)
    }

    fn packed_row(&self) -> u64 {
        self.row() + u64::from(self.differences == Differences::Chosen)
    }

    /// Bytes of a point.
    fn step(&self) -> usize {
        (self.samples as usize * self.depth as usize).div_ceil(8)
    }

    fn colour(&self, line: &[u8], x: usize) -> [u8; 3] {
        let (depth, samples) = (self.depth as usize, self.samples as usize);
        let value = |sample: usize| {
            let bit = (x * samples + sample) * depth;
            let byte = |at: usize| line.get(at).copied().unwrap_or(0);
            match depth {
                16 => byte(bit / 8 + usize::from(self.little)),
                8 => byte(bit / 8),
                1 | 2 | 4 => byte(bit / 8) >> (8 - depth - bit % 8) & ((1 << depth) - 1),
                _ => 128,
            }
        };
        // Other depths have no value that could be stretched.
        let full = match depth {
            1 | 2 | 4 => 255 / ((1 << depth) - 1),
            _ => 1,
        };
        match self.photometric {
            0 => [255 - value(0) * full; 3],
            3 => self.palette.get(usize::from(value(0))).copied().unwrap_or([128; 3]),
            2 if samples >= 3 => [value(0), value(1), value(2)].map(|value| value * full),
            5 if samples >= 4 => {
                let black = 255 - u32::from(value(3));
                [0, 1, 2].map(|ink| ((255 - u32::from(value(ink))) * black / 255) as u8)
            }
            _ => [value(0) * full; 3],
        }
    }
}

/// Takes a picture strip by strip, and makes it small.
pub struct Rows<'p> {
    points: &'p Points,
    shrink: Shrink,
    row: u32,
    line: Vec<u8>,
    above: Vec<u8>,
}

impl<'p> Rows<'p> {
    /// None where there is too much to unpack.
    pub fn new(points: &'p Points) -> Option<Self> {
        let size = points.row().saturating_mul(u64::from(points.height));
        let known = points.row() <= LONGEST_ROW && size <= MOST_UNPACKED && points.depth <= 16;
        let shrink = Shrink::new(points.width, points.height).filter(|_| known)?;
        Some(Self { points, shrink, row: 0, line: Vec::new(), above: Vec::new() })
    }

    pub fn picture(self) -> Option<Picture> {
        self.shrink.picture()
    }

    /// Takes the strip that begins with a row.
    pub fn strip(&mut self, stretch: &mut Stretch, first: u32, rows: u32, at: u64, bytes: u64) {
        let end = at.saturating_add(bytes.min(stretch.len()));
        self.row = first;
        self.line.clear();
        self.above.clear();
        let most = self.points.packed_row() * u64::from(rows);
        match self.points.packing {
            1 => self.plain(stretch, at, end.min(at.saturating_add(most))),
            2..=4 => self.fax(stretch, rows, at, end),
            5 => {
                let mut bits = Bits::new(stretch, at, end, First::Highest);
                Lzw::new(8, true).unpack(
                    &mut bits,
                    most,
                    Some(&mut |bytes| {
                        self.push(bytes);
                        true
                    }),
                );
            }
            8 | 32946 => {
                let mut inflate = Inflate::new(stretch.reader(at, bytes));
                let mut left = most;
                while left > 0 {
                    let ready = inflate.ready();
                    let count = ready.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    if count == 0 {
                        break;
                    }
                    self.push(&ready[..count]);
                    inflate.take(count);
                    left -= count as u64;
                }
            }
            // At most twice as long as what it packs.
            32773 => self.packed(stretch, at, end.min(at.saturating_add(most * 2))),
            _ => {}
        }
    }

    fn plain(&mut self, stretch: &mut Stretch, mut at: u64, end: u64) {
        while at < end {
            let bytes = stretch.peek(at, (end - at).min(64 * 1024) as usize);
            if bytes.is_empty() {
                break;
            }
            at += bytes.len() as u64;
            self.push(bytes);
        }
    }

    fn packed(&mut self, stretch: &mut Stretch, mut at: u64, end: u64) {
        let mut run = [0; 128];
        while at < end {
            let bytes = stretch.peek(at, 129);
            let Some((count, rest)) = bytes.split_first() else { break };
            let length = match count {
                0..=127 => {
                    let length = (usize::from(*count) + 1).min(rest.len());
                    run[..length].copy_from_slice(&rest[..length]);
                    at += 1 + u64::from(*count);
                    length
                }
                128 => 0,
                _ => {
                    run.fill(rest.first().copied().unwrap_or(0));
                    at += 1;
                    257 - usize::from(*count)
                }
            };
            at += 1;
            self.push(&run[..length]);
        }
    }

    fn fax(&mut self, stretch: &mut Stretch, rows: u32, at: u64, end: u64) {
        let Some(mut fax) = Fax::new(self.points.coding, self.points.across) else { return };
        let mut bits = Bits::new(stretch, at, end, self.points.first);
        let ink = if self.points.photometric == 1 { [255, 0] } else { [0, 255] };
        for _ in 0..rows {
            let Some(changes) = fax.line(&mut bits) else { break };
            if self.shrink.wants(self.row) {
                let mut next = changes.iter().copied().peekable();
                let mut black = false;
                let points = |x| {
                    while next.peek().is_some_and(|change| *change <= x) {
                        next.next();
                        black = !black;
                    }
                    [ink[usize::from(!black)]; 3]
                };
                self.shrink.take(self.row, points);
            }
            self.row += 1;
        }
    }

    /// Takes bytes of rows, in whatever pieces they come.
    fn push(&mut self, mut bytes: &[u8]) {
        let row = self.points.packed_row() as usize;
        while !bytes.is_empty() && row > 0 {
            let count = (row - self.line.len().min(row)).min(bytes.len());
            self.line.extend_from_slice(&bytes[..count]);
            bytes = &bytes[count..];
            if self.line.len() == row {
                self.whole();
                self.line.clear();
            }
        }
    }

    fn whole(&mut self) {
        let points = self.points;
        let mut line = &mut self.line[..];
        match points.differences {
            Differences::None => {}
            Differences::Left => {
                let samples = points.samples as usize;
                for at in samples..line.len() {
                    line[at] = line[at].wrapping_add(line[at - samples]);
                }
            }
            Differences::Chosen => {
                let Some((filter, values)) = line.split_first_mut() else { return };
                self.above.resize(values.len(), 0);
                restore(*filter, points.step(), &self.above, values);
                self.above.copy_from_slice(values);
                line = values;
            }
        }
        if self.shrink.wants(self.row) {
            self.shrink.take(self.row, |x| points.colour(line, x as usize));
        }
        self.row += 1;
    }
}
