//! What the segments before the data say: tables, the frame, and each scan.

use super::huffman::Huffman;

/// The place of each coefficient of the zigzag order does not matter here: quantisers come in it too.
#[derive(Default)]
pub struct Tables {
    pub quantisers: [Option<Box<[u16; 64]>>; 4],
    pub dc: [Option<Huffman>; 4],
    pub ac: [Option<Huffman>; 4],
    pub restart: u32,
}

impl Tables {
    /// A segment of quantisers.
    pub fn quantisers(&mut self, mut body: &[u8]) -> Option<()> {
        while let [head, rest @ ..] = body {
            let wide = match head >> 4 {
                0 => 1,
                1 => 2,
                _ => return None,
            };
            let values = rest.get(..64 * wide)?;
            let mut table = Box::new([0; 64]);
            for (place, value) in table.iter_mut().zip(values.chunks(wide)) {
                *place = value.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte));
            }
            if table.contains(&0) {
                return None;
            }
            *self.quantisers.get_mut(usize::from(head & 15))? = Some(table);
            body = &rest[64 * wide..];
        }
        Some(())
    }

    /// A segment of Huffman tables.
    pub fn codes(&mut self, mut body: &[u8]) -> Option<()> {
        while let [head, rest @ ..] = body {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let total = counts.iter().map(|count| usize::from(*count)).sum::<usize>();
            let symbols = rest.get(..total).filter(|symbols| symbols.len() <= 256)?;
            let table = Huffman::new(counts, symbols)?;
            let tables = match head >> 4 {
                0 if symbols.iter().all(|symbol| *symbol <= 16) => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            *tables.get_mut(usize::from(head & 15))? = Some(table);
            body = &rest[total..];
        }
        Some(())
    }

    /// A segment that sets how many units stand between restart markers.
    pub fn restart(&mut self, body: &[u8]) -> Option<()> {
        let [high, low] = body else { return None };
        self.restart = u32::from(*high) << 8 | u32::from(*low);
        Some(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Sequential,
    Progressive,
    /// Arithmetic, lossless or hierarchical: data are not decoded.
    Other,
}

#[derive(Debug, Clone, Copy)]
pub struct Component {
    pub id: u8,
    /// Blocks of a unit, across and down.
    pub h: u32,
    pub v: u32,
    pub quantiser: usize,
    /// Blocks that hold something, across and down.
    pub blocks: (u32, u32),
    /// Blocks of all units, across and down.
    pub all: (u32, u32),
}

#[derive(Debug, Clone)]
pub struct Frame {
    pub coding: Coding,
    pub precision: u32,
    pub width: u32,
    /// 0 where only a segment behind the first scan says.
    pub height: u32,
    pub components: Vec<Component>,
    /// Units across and down where components are interleaved.
    pub units: (u32, u32),
    pub largest: (u32, u32),
}

impl Frame {
    pub fn new(marker: u8, body: &[u8]) -> Option<Self> {
        let [precision, h1, h0, w1, w0, count, rest @ ..] = body else { return None };
        let (coding, precisions) = match marker {
            0xC0 => (Coding::Sequential, 8..=8),
            0xC1 => (Coding::Sequential, 8..=12),
            0xC2 => (Coding::Progressive, 8..=12),
            _ => (Coding::Other, 2..=16),
        };
        let width = u32::from(*w1) << 8 | u32::from(*w0);
        let height = u32::from(*h1) << 8 | u32::from(*h0);
        let fits = precisions.contains(precision)
            && width > 0
            && (1..=4).contains(count)
            && rest.len() == usize::from(*count) * 3;
        fits.then_some(())?;
        let components: Option<Vec<_>> = rest.chunks_exact(3).map(component).collect();
        let mut components = components?;
        let most = |side: fn(&Component) -> u32| components.iter().map(side).max().unwrap_or(1);
        let largest = (most(|c| c.h), most(|c| c.v));
        let units = (width.div_ceil(8 * largest.0), height.div_ceil(8 * largest.1));
        for component in &mut components {
            let blocks = |side: u32, of: u32, largest: u32| (side * of).div_ceil(largest * 8);
            component.blocks =
                (blocks(width, component.h, largest.0), blocks(height, component.v, largest.1));
            component.all = (units.0 * component.h, units.1 * component.v);
        }
        let precision = u32::from(*precision);
        Some(Self { coding, precision, width, height, components, units, largest })
    }

    pub fn blocks(&self) -> u64 {
        let of = |c: &Component| u64::from(c.all.0) * u64::from(c.all.1);
        self.components.iter().map(of).sum()
    }
}

fn component(bytes: &[u8]) -> Option<Component> {
    let [id, sides, quantiser] = bytes else { return None };
    let (h, v) = (u32::from(sides >> 4), u32::from(sides & 15));
    let fits = (1..=4).contains(&h) && (1..=4).contains(&v) && *quantiser < 4;
    let quantiser = usize::from(*quantiser);
    fits.then_some(Component { id: *id, h, v, quantiser, blocks: (0, 0), all: (0, 0) })
}

/// The head of a scan.
#[derive(Debug, Clone)]
pub struct Scan {
    /// For each component its number, and its tables.
    pub components: Vec<(usize, usize, usize)>,
    pub first: u32,
    pub last: u32,
    pub high: u32,
    pub low: u32,
}

impl Scan {
    pub fn new(frame: &Frame, body: &[u8]) -> Option<Self> {
        let [count, rest @ ..] = body else { return None };
        let (named, [first, last, bits]) = rest.split_at_checked(usize::from(*count) * 2)? else {
            return None;
        };
        let find = |pair: &[u8]| {
            let index = frame.components.iter().position(|c| c.id == pair[0])?;
            let (dc, ac) = (usize::from(pair[1] >> 4), usize::from(pair[1] & 15));
            (dc < 4 && ac < 4).then_some((index, dc, ac))
        };
        let components: Option<Vec<_>> = named.chunks_exact(2).map(find).collect();
        let components = components.filter(|components| (1..=4).contains(&components.len()))?;
        let [first, last] = [first, last].map(|value| u32::from(*value));
        let (high, low) = (u32::from(bits >> 4), u32::from(bits & 15));
        let scan = Self { components, first, last, high, low };
        scan.fits(frame).then_some(scan)
    }

    fn fits(&self, frame: &Frame) -> bool {
        let blocks = |(index, ..): &(usize, usize, usize)| {
            frame.components.get(*index).map_or(0, |c| c.h * c.v)
        };
        let interleaved = self.components.len() > 1;
        let room = !interleaved || self.components.iter().map(blocks).sum::<u32>() <= 10;
        let band = match frame.coding {
            Coding::Sequential => self.first == 0 && self.last <= 63 && self.high + self.low == 0,
            Coding::Progressive if self.first == 0 => self.last == 0,
            Coding::Progressive => self.first <= self.last && self.last <= 63 && !interleaved,
            Coding::Other => true,
        };
        let refined = frame.coding != Coding::Progressive
            || (self.low <= 13 && (self.high == 0 || self.high == self.low + 1));
        room && band && refined
    }
}
