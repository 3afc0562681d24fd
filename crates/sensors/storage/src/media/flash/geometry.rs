//! How large pages and spare areas are, by what a dump holds.
//!
//! Two signs, of which one is enough. Columns: in nearly every page that holds something, the first byte of the spare area
//! (of small pages the sixth) is FF, the mark of a good block, while no column of the data is. Magics: what flash file systems
//! and images begin with stands on whole pages once the spare areas are left out, and does not before. At most
//! 1024 pages and 32 MiB are looked at.

use std::fmt;

use super::super::layer::Layer;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    pub page: u64,
    pub spare: u64,
}

impl Geometry {
    pub const fn new(page: u64, spare: u64) -> Self {
        Self { page, spare }
    }

    /// From `2048+64`.
    pub fn parse(text: &str) -> Option<Self> {
        let (page, spare) = text.split_once('+')?;
        let (page, spare) = (page.trim().parse().ok()?, spare.trim().parse().ok()?);
        let possible = (256..=65_536).contains(&page) && (1..=page).contains(&spare);
        possible.then_some(Self { page, spare })
    }

    /// A page with its spare area.
    pub const fn row(self) -> u64 {
        self.page + self.spare
    }
}

impl fmt::Display for Geometry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}", self.page, self.spare)
    }
}

/// What chips have.
pub const KNOWN: [Geometry; 14] = [
    Geometry::new(512, 16),
    Geometry::new(2048, 64),
    Geometry::new(2048, 112),
    Geometry::new(2048, 128),
    Geometry::new(4096, 128),
    Geometry::new(4096, 218),
    Geometry::new(4096, 224),
    Geometry::new(4096, 256),
    Geometry::new(8192, 376),
    Geometry::new(8192, 436),
    Geometry::new(8192, 448),
    Geometry::new(8192, 640),
    Geometry::new(8192, 744),
    Geometry::new(16384, 1280),
];

const MOST_PAGES: usize = 1024;
/// Fewer pages with content prove nothing.
const FEWEST_PAGES: usize = 32;
const MOST_MAGICS: usize = 256;
const LOOKED_AT: u64 = 32 << 20;

/// The geometry of a dump with spare areas; none where it has none, or none that is known.
pub fn recognise(dump: &dyn Layer) -> Option<Geometry> {
    // Chips have whole blocks, of at least 32 pages.
    let fits = |geometry: &&Geometry| {
        dump.len() >= geometry.row() * 64 && dump.len().is_multiple_of(geometry.row() * 32)
    };
    let fitting: Vec<Geometry> = KNOWN.iter().filter(fits).copied().collect();
    if fitting.is_empty() {
        return None;
    }
    let by_magics = magics(dump);
    // Places of a larger page are places of its parts too.
    let aligned = fitting.iter().rev().find(|geometry| becomes_aligned(&by_magics, **geometry));
    aligned.or_else(|| fitting.iter().find(|geometry| has_columns(dump, **geometry))).copied()
}

fn blank(data: &[u8]) -> bool {
    let first = data.first().copied().unwrap_or(0xFF);
    data.iter().filter(|byte| **byte == first || **byte == 0xFF).count() * 10 > data.len() * 9
}

/// How often each column is FF in pages that hold something.
fn has_columns(dump: &dyn Layer, geometry: Geometry) -> bool {
    let (page, row) = (geometry.page as usize, geometry.row());
    let pages = dump.len() / row;
    let step = (pages / MOST_PAGES as u64).max(1);
    let mut ones = vec![0_usize; row as usize];
    let mut bytes = vec![0; row as usize];
    let mut seen = 0;
    for number in (0..pages).step_by(step as usize).take(MOST_PAGES) {
        let at = number * row;
        if dump.gap(at, at + 1).is_some() {
            continue;
        }
        dump.read(at, &mut bytes, &mut |_| {});
        if blank(&bytes[..page]) {
            continue;
        }
        seen += 1;
        for (count, byte) in ones.iter_mut().zip(&bytes) {
            *count += usize::from(*byte == 0xFF);
        }
    }
    let mark = page + if page == 512 { 5 } else { 0 };
    let most_in_data = ones[..page].iter().max().copied().unwrap_or(0);
    seen >= FEWEST_PAGES && ones[mark] * 50 >= seen * 49 && most_in_data * 10 < seen * 9
}

/// Places of what flash file systems begin with, and on what places they stand.
fn magics(dump: &dyn Layer) -> Vec<u64> {
    let needles: [&[u8]; 4] = [b"UBI#\x01\0\0\0", b"UBI!\x01", b"hsqs", b"\x31\x18\x10\x06"];
    let finder = aho_corasick::AhoCorasick::new(needles);
    let Ok(finder) = finder else { return Vec::new() };
    let mut found = Vec::new();
    let mut block = vec![0; 256 * 1024];
    let mut at = 0;
    let end = dump.len().min(LOOKED_AT);
    while at < end && found.len() < MOST_MAGICS {
        if let Some(gap) = dump.gap(at, end) {
            at = gap.end;
            continue;
        }
        let bytes = (end - at).min(block.len() as u64) as usize;
        dump.read(at, &mut block[..bytes], &mut |_| {});
        found.extend(finder.find_iter(&block[..bytes]).map(|hit| at + hit.start() as u64));
        // What stands across two blocks may be missed: enough others do not.
        at += bytes as u64;
    }
    found
}

fn becomes_aligned(magics: &[u64], geometry: Geometry) -> bool {
    let on_pages = magics.iter().filter(|at| (**at).is_multiple_of(geometry.row())).count();
    let before = magics.iter().filter(|at| (**at).is_multiple_of(geometry.page)).count();
    magics.len() >= 4 && on_pages * 10 >= magics.len() * 9 && before * 10 <= magics.len() * 7
}
