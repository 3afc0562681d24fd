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
    let gap = displaced(stretch, order, first, largest);
    gap.map(|gap| Joint { split: head..first.saturating_add(1), gap }).into_iter().collect()
}

/// How much farther than it should the first directory stands, in whole sectors.
pub fn displaced(stretch: &mut Stretch, order: Order, first: u64, largest: u64) -> Option<u64> {
    let left = stretch.len().saturating_sub(first);
    let mut gaps = (1..=largest.min(left) / SECTOR).map(|count| count * SECTOR);
    gaps.find(|gap| fits(stretch, order, first, *gap))
}

/// Whether a directory stands there whose strips fill the file before it.
fn fits(stretch: &mut Stretch, order: Order, first: u64, gap: u64) -> bool {
    let width = if order.wide { 8 } else { 2 };
    let count = order.number(stretch, first.saturating_add(gap), width);
    if !count.is_some_and(|count| ENTRIES.contains(&count)) {
        return false;
    }
    let moved = Order { base: gap, ..order };
    let Some(directory) = moved.directory(stretch, first) else { return false };
    let rising = directory.entries.array_windows().all(|[one, next]| one.tag < next.tag);
    let Some(page) = Page::read(stretch, moved, &directory).filter(|_| rising) else {
        return false;
    };
    let last = page.strips().saturating_sub(1);
    let strip = |stretch: &mut Stretch, index| page.strip(stretch, moved, index);
    let (Some((begins, _)), Some((at, bytes))) = (strip(stretch, 0), strip(stretch, last)) else {
        return false;
    };
    (8..first).contains(&begins) && bytes > 0 && at.saturating_add(bytes) <= first
}
