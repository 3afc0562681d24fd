//! Where a TIFF in two pieces was torn: its header says where the directory should stand, and that says how long strips are.

use super::{Order, page::Page};
use crate::{
    Stretch,
    formats::{Joint, Walked},
};

const SECTOR: u64 = 512;
/// A directory has as many entries.
const ENTRIES: std::ops::RangeInclusive<u64> = 6..=64;

pub fn joints(stretch: &mut Stretch, _walked: &Walked, largest: u64) -> Vec<Joint> {
    let Some((order, first)) = Order::read(stretch, 0) else { return Vec::new() };
    let head = if order.wide { 16 } else { 8 };
    let found = displaced(stretch, order, first, largest);
    let joint = |it: Displaced| Joint { split: head..first.saturating_add(1), gap: it.gap };
    found.map(joint).into_iter().collect()
}

/// The first directory, so many bytes farther than it should stand.
pub struct Displaced {
    gap: u64,
    pub page: Page,
    /// Where its first strip begins, and ends.
    pub strip: (u64, u64),
}

/// Looks for it behind gaps of whole sectors.
pub fn displaced(
    stretch: &mut Stretch,
    order: Order,
    first: u64,
    largest: u64,
) -> Option<Displaced> {
    let left = stretch.len().saturating_sub(first);
    let mut gaps = (1..=largest.min(left) / SECTOR).map(|count| count * SECTOR);
    gaps.find_map(|gap| behind(stretch, order, first, gap))
}

/// The directory that stands there, if its strips fill the file before it.
fn behind(stretch: &mut Stretch, order: Order, first: u64, gap: u64) -> Option<Displaced> {
    let width = if order.wide { 8 } else { 2 };
    let count = order.number(stretch, first.saturating_add(gap), width);
    if !count.is_some_and(|count| ENTRIES.contains(&count)) {
        return None;
    }
    let moved = Order { base: gap, ..order };
    let directory = moved.directory(stretch, first)?;
    let page = Page::read(stretch, moved, &directory).filter(|_| directory.is_rising())?;
    let (begins, length) = page.strip(stretch, moved, 0)?;
    let (at, bytes) = page.strip(stretch, moved, page.strips().saturating_sub(1))?;
    let fits = (8..first).contains(&begins) && bytes > 0 && at.saturating_add(bytes) <= first;
    let strip = (begins, begins.saturating_add(length));
    fits.then_some(Displaced { gap, page, strip })
}
