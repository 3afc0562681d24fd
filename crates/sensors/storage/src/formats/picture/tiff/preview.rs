//! The first page, small. Strips are unpacked row by row; tiles and packings that are not known have no preview, and JPEG gives the first strip.

use super::{
    page::Page,
    strips::{coding, mirrored},
};
use crate::{
    Stretch,
    formats::{
        Picture, Shrink, Walked,
        picture::{
            bits::{Bits, First},
            deflate::Inflate,
            fax::Fax,
            ifd::Order,
            jpeg::{self, embedded},
            lzw::Lzw,
        },
    },
};

const LONGEST_ROW: u64 = 1 << 20;
const MOST_UNPACKED: u64 = 1 << 30;

pub fn picture(stretch: &mut Stretch, _: &Walked) -> Option<Picture> {
    let (order, first) = Order::read(stretch, 0)?;
    let directory = order.directory(stretch, first)?;
    let page = Page::read(stretch, order, &directory)?;
    if page.packing == 7 {
        return photograph(stretch, order, &page);
    }
    let size = page.row().saturating_mul(u64::from(page.height));
    let known = !page.tiled && !page.apart && !page.is_thinned() && page.depth <= 16;
    (known && page.row() <= LONGEST_ROW && size <= MOST_UNPACKED).then_some(())?;
    let mut rows = Rows {
        shrink: Shrink::new(page.width, page.height)?,
        palette: palette(stretch, order, &page),
        little: order.little,
        row: 0,
        line: Vec::with_capacity(page.row() as usize),
        page: &page,
    };
    for index in 0..page.strips() {
        let Some((at, bytes)) = page.strip(stretch, order, index) else { break };
        rows.row = (index * u64::from(page.part.1)).min(u64::from(u32::MAX)) as u32;
        rows.line.clear();
        rows.strip(stretch, page.rows(index), at, bytes.min(stretch.len()));
    }
    rows.shrink.picture()
}

fn photograph(stretch: &mut Stretch, order: Order, page: &Page) -> Option<Picture> {
    let (at, bytes) = page.strip(stretch, order, 0)?;
    let mut decoder = jpeg::Decoder::default();
    if let Some(tables) = page.tables {
        decoder.read(stretch, tables.place, tables.end(), &mut jpeg::NoMeans);
    }
    if page.photometric == 2 {
        decoder.transform = Some(0);
    }
    embedded(stretch, &mut decoder, at, at.checked_add(bytes)?)
}

fn palette(stretch: &mut Stretch, order: Order, page: &Page) -> Vec<[u8; 3]> {
    let Some(entry) = page.palette.filter(|_| page.depth <= 8) else { return Vec::new() };
    let count = 1_u64 << page.depth;
    let mut shade = |at| order.value(stretch, entry, at).map_or(0, |value| (value >> 8) as u8);
    (0..count).map(|at| [shade(at), shade(at + count), shade(at + 2 * count)]).collect()
}

struct Rows<'p> {
    page: &'p Page,
    shrink: Shrink,
    palette: Vec<[u8; 3]>,
    little: bool,
    row: u32,
    line: Vec<u8>,
}

impl Rows<'_> {
    fn strip(&mut self, stretch: &mut Stretch, rows: u32, at: u64, bytes: u64) {
        let end = at.saturating_add(bytes);
        match self.page.packing {
            1 => self.plain(stretch, at, end),
            2..=4 => self.fax(stretch, rows, at, end),
            5 => {
                let mut bits = Bits::new(stretch, at, end, First::Highest);
                let most = self.page.row() * u64::from(rows);
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
                let mut left = self.page.row() * u64::from(rows);
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
            32773 => self.packed(stretch, at, end),
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
        let Some(mut fax) = Fax::new(coding(self.page), self.page.part.0) else { return };
        let mut bits = Bits::new(stretch, at, end, mirrored(self.page));
        let ink = if self.page.photometric == 1 { [255, 0] } else { [0, 255] };
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
        let row = self.page.row() as usize;
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
        let page = self.page;
        let samples = page.samples as usize;
        if page.predictor == 2 && page.depth == 8 {
            for at in samples..self.line.len() {
                self.line[at] = self.line[at].wrapping_add(self.line[at - samples]);
            }
        }
        if self.shrink.wants(self.row) {
            let (line, palette, little) = (&self.line, &self.palette, self.little);
            let points = |x| colour(page, palette, little, line, x as usize);
            self.shrink.take(self.row, points);
        }
        self.row += 1;
    }
}

fn colour(page: &Page, palette: &[[u8; 3]], little: bool, line: &[u8], x: usize) -> [u8; 3] {
    let (depth, samples) = (page.depth as usize, page.samples as usize);
    let value = |sample: usize| {
        let bit = (x * samples + sample) * depth;
        let byte = |at: usize| line.get(at).copied().unwrap_or(0);
        match depth {
            16 => byte(bit / 8 + usize::from(little)),
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
    match page.photometric {
        0 => [255 - value(0) * full; 3],
        3 => palette.get(usize::from(value(0))).copied().unwrap_or([128; 3]),
        2 if samples >= 3 => [value(0), value(1), value(2)].map(|value| value * full),
        5 if samples >= 4 => {
            let black = 255 - u32::from(value(3));
            [0, 1, 2].map(|ink| ((255 - u32::from(value(ink))) * black / 255) as u8)
        }
        _ => [value(0) * full; 3],
    }
}
