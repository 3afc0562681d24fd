//! What one directory says of the points of its page.

use crate::{
    Stretch,
    formats::picture::ifd::{Directory, Entry, Order},
};

const MOST_STRIPS: u64 = 1 << 18;

#[derive(Debug, Clone)]
pub struct Page {
    pub width: u32,
    pub height: u32,
    /// Points of a strip or tile, across and down.
    pub part: (u32, u32),
    pub tiled: bool,
    pub depth: u32,
    pub samples: u32,
    /// Whether each sample has strips of its own.
    pub apart: bool,
    pub packing: u16,
    pub photometric: u16,
    pub fill: u16,
    /// How Group 3 is coded.
    pub options: u32,
    /// Differences to the left neighbour.
    pub predictor: u16,
    /// Whether it is a smaller copy of another.
    pub reduced: bool,
    offsets: Entry,
    counts: Option<Entry>,
    /// Tables that all strips of JPEG share.
    pub tables: Option<Entry>,
    pub palette: Option<Entry>,
}

impl Page {
    /// None where a directory names no points, or such that cannot be.
    pub fn read(stretch: &mut Stretch, order: Order, directory: &Directory) -> Option<Self> {
        let mut first = |tag| order.first(stretch, directory, tag);
        let mut small = |tag, or: u64| first(tag).unwrap_or(or).min(u64::from(u32::MAX)) as u32;
        let (width, height) = (small(256, 0), small(257, 0));
        let tiled = directory.entry(324).is_some();
        let part = if tiled {
            (small(322, 0), small(323, 0))
        } else {
            (width, small(278, u64::from(height)).min(height))
        };
        let depth = small(258, 1);
        let [packing, photometric, fill, predictor] =
            [(259, 1), (262, 0), (266, 1), (317, 1)].map(|(tag, or)| small(tag, or) as u16);
        let samples = small(277, 1);
        let apart = small(284, 1) == 2;
        let options = small(292, 0);
        let reduced = small(254, 0) & 1 != 0;
        let sized = [width, height, part.0, part.1].iter().all(|side| (1..=1 << 24).contains(side));
        (sized && (1..=64).contains(&depth) && (1..=64).contains(&samples)).then_some(())?;
        let offsets = directory.entry(if tiled { 324 } else { 273 })?;
        let counts = directory.entry(if tiled { 325 } else { 279 });
        let (tables, palette) = (directory.entry(347), directory.entry(320));
        let page = Self {
            width,
            height,
            part,
            tiled,
            depth,
            samples,
            apart,
            packing,
            photometric,
            fill,
            options,
            predictor,
            reduced,
            offsets,
            counts,
            tables,
            palette,
        };
        (page.strips() <= MOST_STRIPS && offsets.count == page.strips()).then_some(page)
    }

    /// How many strips or tiles there are.
    pub fn strips(&self) -> u64 {
        let across = u64::from(self.width.div_ceil(self.part.0));
        let down = u64::from(self.height.div_ceil(self.part.1));
        let planes = if self.apart { u64::from(self.samples) } else { 1 };
        across * down * planes
    }

    /// Offset and length of a strip.
    pub fn strip(&self, stretch: &mut Stretch, order: Order, index: u64) -> Option<(u64, u64)> {
        let offset = order.value(stretch, self.offsets, index)?;
        let count = match self.counts {
            Some(counts) => order.value(stretch, counts, index)?,
            // Old files of one strip leave it out.
            None if self.packing == 1 => self.row().saturating_mul(u64::from(self.rows(index))),
            None => return None,
        };
        Some((offset, count))
    }

    /// Rows of a strip; of a tile all.
    pub fn rows(&self, index: u64) -> u32 {
        if self.tiled {
            return self.part.1;
        }
        let down = u64::from(self.height.div_ceil(self.part.1));
        let above = (index % down) as u32 * self.part.1;
        self.part.1.min(self.height.saturating_sub(above))
    }

    /// Bytes of a row of a strip.
    pub fn row(&self) -> u64 {
        let samples = if self.apart { 1 } else { self.samples };
        (u64::from(self.part.0) * u64::from(samples) * u64::from(self.depth)).div_ceil(8)
    }

    /// Whether rows have other lengths, because colours have fewer points than brightness.
    pub fn is_thinned(&self) -> bool {
        self.photometric == 6 && self.packing != 7
    }

    pub fn is_fax(&self) -> bool {
        matches!(self.packing, 2..=4)
    }

    pub fn is_bilevel(&self) -> bool {
        self.is_fax() || (self.depth == 1 && self.samples == 1 && self.photometric < 2)
    }
}
