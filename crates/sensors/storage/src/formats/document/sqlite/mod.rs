//! SQLite: as many pages as the header says, each held against the forms that a page can have; and its write-ahead logs.
//!
//! Tables are told by their names, and rows counted, in at most 50,000 pages. Free pages and those that overflow hold what they hold.

mod log;
mod page;
mod schema;
#[cfg(test)]
mod tests;

pub use log::LOG;

use std::ops::Range;

use page::Form;

use super::opaque;
use crate::Stretch;
use crate::formats::{End, Family, Format, Joint, Kind, Proof, Signature, Walked};

pub static SQLITE: Format = Format {
    kind: Kind { name: "sqlite", family: Family::Database, extension: "sqlite" },
    signatures: &[Signature::new(b"SQLite format 3\0")],
    looks,
    walk,
    texts: None,
    picture: None,
};

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..100) else { return false };
    let u32_at =
        |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    head.starts_with(b"SQLite format 3\0")
        && page_size(head).is_some()
        && matches!((head[18], head[19]), (1..=2, 1..=2))
        && head[21..24] == [64, 32, 32]
        && u32_at(44) <= 4
        && u32_at(56) <= 3
        && head[72..92] == [0; 20]
}

fn page_size(head: &[u8]) -> Option<u64> {
    let size = match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    (size.is_power_of_two() && size >= 512).then_some(size)
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let head: [u8; 100] = stretch.array(0)?;
    let size = page_size(&head).filter(|_| looks(&head))?;
    let told = u64::from(stretch.u32_be(28)?);
    let current = head[24..28] == head[92..96] && told > 0;
    let there = stretch.len() / size;
    let pages = if current { told } else { there.min(u64::from(u32::MAX)) };
    let free = stretch.u32_be(36).map_or(0, u64::from);
    let first = stretch.peek(0, size as usize);
    if !matches!(page::form(first, true, pages), Form::Tree) {
        return None;
    }
    // Without a table there are free pages alone, and maps of pointers to them: anything else is no proof.
    let empty = page::tree(first, 100).is_some_and(|(_, cells)| cells == 0) && first[100] == 13;
    let most = if empty { 2 + 2 * free } else { u64::MAX };
    if current && pages > most {
        return None;
    }
    let pages = pages.min(most);
    let seen = look_through(stretch, size, pages.min(there), current);
    let end = pages.saturating_mul(size);
    let mut walked = match seen.wrong {
        None if current && pages <= there => Walked::whole(end, Proof::Structure),
        None => Walked::broken(seen.pages * size, Proof::Structure),
        Some(at) if !current => Walked::whole(at, Proof::Structure),
        Some(at) if seen.lost(pages.min(there), at / size) => Walked::broken(
            opaque::begun(stretch, at.saturating_sub(size).max(512), at),
            Proof::Structure,
        ),
        Some(at) if pages > there => Walked::broken(at, Proof::Structure),
        Some(at) => Walked { end: End::Damaged { at }, ..Walked::whole(end, Proof::Structure) },
    };
    schema::tell(stretch, size, pages.min(there), &mut walked);
    Some(walked)
}

/// Its header tells how long it is; what stands between two pieces is to be found.
pub fn joints(stretch: &mut Stretch, _walked: &Walked, _largest: u64) -> Vec<Joint> {
    let Some(head) = stretch.array::<100>(0).filter(|head| looks(head)) else { return Vec::new() };
    let pages = u64::from(stretch.u32_be(28).unwrap_or(0));
    let length = pages.saturating_mul(page_size(&head).unwrap_or(0));
    (length > 512).then_some(Joint { split: 512..length, gap: 0 }).into_iter().collect()
}

/// Where the page lies that SQLite never uses: locks are held on its bytes.
const LOCKED: u64 = 0x4000_0000;

/// So many wrong pages, and few right ones among them, are reason to look at pages far behind them: a hole may be large.
const HOPELESS: u64 = 16_384;
/// How many of those are looked at.
const SAMPLES: u64 = 64;

struct Seen {
    /// Up to the last page that is not zeros.
    pages: u64,
    wrong: Option<u64>,
    bad: u64,
    /// So many wrong pages are borne.
    borne: u64,
    hopeless: bool,
}

impl Seen {
    /// Whether what follows the first wrong page is mostly wrong, too.
    fn lost(&self, pages: u64, first: u64) -> bool {
        self.hopeless || self.bad.saturating_mul(4) >= pages.saturating_sub(first)
    }

    /// Whether so many pages are wrong, and so few right since the first wrong one and in what follows, that no more need to be read.
    fn gives_up(&mut self, stretch: &mut Stretch, size: u64, rest: Range<u64>) -> bool {
        let since = |wrong: u64| rest.start.saturating_sub(wrong / size);
        if self.bad < self.borne || self.wrong.is_none_or(|wrong| self.bad * 4 < since(wrong) * 3) {
            return false;
        }
        self.borne = self.bad * 2;
        self.hopeless = !goes_on(stretch, size, rest);
        self.hopeless
    }
}

/// Whether at least a quarter of pages, looked at here and there, is right.
fn goes_on(stretch: &mut Stretch, size: u64, rest: Range<u64>) -> bool {
    let step = (rest.end - rest.start).div_ceil(SAMPLES).max(1);
    let mut right = |number: &u64| {
        let bytes = stretch.peek(number * size, size as usize);
        matches!(page::form(bytes, false, rest.end), Form::Tree | Form::Held)
    };
    let places = rest.clone().step_by(step as usize);
    places.clone().filter(|number| right(number)).count() * 4 >= places.count()
}

/// Whether zeros go on behind a page of them: no table is so, but a medium that was not written.
fn is_hole(stretch: &mut Stretch, size: u64, rest: Range<u64>) -> bool {
    let bytes = stretch.peek(rest.start * size, size as usize);
    !rest.is_empty() && page::form(bytes, false, rest.end) == Form::Zeros
}

fn look_through(stretch: &mut Stretch, size: u64, pages: u64, current: bool) -> Seen {
    let free = stretch.u32_be(36).map_or(0, u64::from);
    let mut seen = Seen { pages: 0, wrong: None, bad: 0, borne: HOPELESS, hopeless: false };
    let (mut last, mut zeros, mut named) = (0, 0, None);
    for number in (0..pages).filter(|number| *number != LOCKED / size) {
        if seen.gives_up(stretch, size, number..pages) {
            break;
        }
        let bytes = stretch.peek(number * size, size as usize);
        let form = page::form(bytes, number == 0, pages);
        let next = page::u32_at(bytes, 0).filter(|_| form == Form::Held).map(u64::from);
        let follows = std::mem::replace(&mut named, next) == Some(number + 1);
        match form {
            // The last bytes of what the page before it holds.
            Form::Zeros if follows && !is_hole(stretch, size, number + 1..pages) => {}
            // More of them than pages are free are a part of another medium.
            Form::Zeros => {
                zeros += 1;
                if zeros > free && seen.wrong.is_none() && current {
                    seen.wrong = Some(number * size);
                }
                seen.bad += u64::from(zeros > free);
                continue;
            }
            Form::Other => {
                seen.wrong = seen.wrong.or(Some(number * size));
                seen.bad += 1;
                if !current {
                    return seen;
                }
            }
            Form::Tree | Form::Held => {}
        }
        last = number + 1;
    }
    // Zeros to the very end are a medium that was not written, or as many free pages that were wiped.
    if last < pages && pages - last > free {
        let end = last * size;
        seen.wrong = Some(seen.wrong.map_or(end, |wrong| wrong.min(end)));
    }
    seen.pages = last;
    seen
}
