//! TIFF and BigTIFF in both byte orders: all directories with those below them, strips and tiles. The end is the farthest byte that any of them
//! names; of a strip that is told to be far longer than what stands in it, where that ends. What is packed is unpacked: fax coding (Groups 3
//! and 4), LZW, Deflate, PackBits, JPEG; other packings count by their lengths.
//!
//! One whose directory is missing, because it stands at the end, is told by its first strip where that unpacks as far as [`ENOUGH`].
//! What is only named, as values of a maker, is looked through for another file's beginning where it is long.
//! Bounds: 4096 directories, 262,144 strips of each, no directory deeper than four below its page.

mod headless;
pub mod joint;
mod lines;
mod page;
mod preview;
mod strips;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use super::{
    PICTURE, exif,
    extent::Unseen,
    ifd::{Directory, Order},
    origin::Origin,
};
use crate::{
    Stretch,
    formats::{Details, End, Format, Kind, Proof, Signature, Walked, resync},
};
use page::Page;
use strips::Strips;

pub static TIFF: Format = Format {
    kind: Kind { name: "tiff", family: PICTURE, extension: "tif" },
    signatures: &[
        Signature::new(b"II*\0"),
        Signature::new(b"MM\0*"),
        Signature::new(b"II+\0\x08\0\0\0"),
        Signature::new(b"MM\0+\0\x08\0\0"),
    ],
    looks,
    walk,
    texts: None,
    picture: Some(preview::picture),
};

const ENOUGH: u64 = 2048;
const SOME: u64 = 128;
const MOST_DIRECTORIES: usize = 4096;
const DEEPEST: u8 = 4;
/// Place and length of a picture of old JPEG, as a thumbnail is kept.
const OLD_JPEG: [u16; 2] = [513, 514];
/// The same of points whose size nothing says: the raw data of some cameras.
const BARE_STRIP: [u16; 2] = [273, 279];
/// Directories below others, EXIF, positions, interoperability.
const BELOW: [u16; 4] = [330, 34665, 34853, 40965];

fn looks(bytes: &[u8]) -> bool {
    match bytes {
        [b'I', b'I', b'*', 0, a, b, c, d, ..] => offset_fits(u32::from_le_bytes([*a, *b, *c, *d])),
        [b'M', b'M', 0, b'*', a, b, c, d, ..] => offset_fits(u32::from_be_bytes([*a, *b, *c, *d])),
        [b'I', b'I', b'+', 0, 8, 0, 0, 0, ..] | [b'M', b'M', 0, b'+', 0, 8, 0, 0, ..] => true,
        _ => false,
    }
}

fn offset_fits(offset: u32) -> bool {
    offset >= 8
}

/// Whether a directory without a page names anything that belongs to the file.
fn names_parts(directory: &Directory) -> bool {
    let has = |tag: &u16| directory.entry(*tag).is_some();
    directory.is_rising()
        && (OLD_JPEG.iter().all(has) || BARE_STRIP.iter().all(has) || BELOW.iter().any(has))
}

/// What the directories name together.
struct Sum {
    order: Order,
    /// The farthest byte.
    end: u64,
    seen: HashSet<u64>,
    strips: Strips,
    /// Where the second page's first strip begins.
    second: Option<u64>,
    /// Whether the first directory follows the header, and has EXIF.
    early: bool,
    pages: u32,
    details: Details,
    origin: Origin,
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let (order, first) = Order::read(stretch, 0)?;
    let head = if order.wide { 16 } else { 8 };
    (first >= head).then_some(())?;
    let mut sum = Sum {
        order,
        end: head,
        seen: HashSet::new(),
        strips: Strips::default(),
        second: None,
        early: false,
        pages: 0,
        details: Details::default(),
        origin: Origin::default(),
    };
    sum.strips.extent.saw(0, head);
    let mut next = first;
    while next != 0 {
        let Some(directory) = sum.directory(stretch, next, 0) else { break };
        next = directory.next;
        sum.early |= directory.entry(34665).is_some() && sum.seen.contains(&8);
    }
    if sum.strips.count == 0 {
        return headless::walk(stretch, head)
            .or_else(|| headless::points(stretch, order, head, first));
    }
    sum.finish(stretch, next)
}

impl Sum {
    /// Takes a directory, and those below it.
    fn directory(&mut self, stretch: &mut Stretch, offset: u64, depth: u8) -> Option<Directory> {
        if self.seen.len() >= MOST_DIRECTORIES || !self.seen.insert(offset) {
            return None;
        }
        let directory = self.order.directory(stretch, offset)?;
        let page = Page::read(stretch, self.order, &directory);
        if depth == 0 && page.is_none() && !names_parts(&directory) {
            return None;
        }
        let end = directory.end.min(stretch.len());
        self.strips.extent.saw(offset, end);
        self.end = self.end.max(end);
        for entry in &directory.entries {
            self.end = self.end.max(entry.end());
        }
        let ends = directory.entries.iter().map(|entry| entry.end());
        self.strips.known = ends.chain([directory.end]).all(|end| stretch.is_proven(end));
        match page {
            Some(page) => self.page(stretch, &directory, &page, depth)?,
            None => self.part(stretch, &directory, BARE_STRIP),
        }
        self.part(stretch, &directory, OLD_JPEG);
        if depth < DEEPEST {
            self.below(stretch, &directory, depth);
        }
        Some(directory)
    }

    fn page(
        &mut self,
        stretch: &mut Stretch,
        directory: &Directory,
        page: &Page,
        depth: u8,
    ) -> Option<()> {
        self.strips.take(stretch, self.order, page)?;
        if depth == 0 && !page.reduced {
            self.pages += 1;
        }
        if self.pages == 2 && self.second.is_none() {
            self.second = page.strip(stretch, self.order, 0).map(|(at, _)| at);
        }
        if self.pages <= 1 && depth == 0 {
            self.origin.size = (u64::from(page.width), u64::from(page.height));
            self.origin.bilevel |= page.is_bilevel();
            let (order, details) = (self.order, &mut self.details);
            exif::tell(stretch, order, directory, details, &mut self.origin);
        }
        Some(())
    }

    fn below(&mut self, stretch: &mut Stretch, directory: &Directory, depth: u8) {
        for entry in directory.entries.iter().filter(|entry| BELOW.contains(&entry.tag)) {
            for index in 0..entry.count.min(64) {
                if let Some(offset) = self.order.value(stretch, *entry, index) {
                    self.directory(stretch, offset, depth + 1);
                }
            }
        }
    }

    /// Takes what a directory only names, by the tags of its place and its length.
    fn part(&mut self, stretch: &mut Stretch, directory: &Directory, tags: [u16; 2]) {
        let part = tags.map(|tag| self.order.first(stretch, directory, tag));
        if let [Some(offset), Some(bytes)] = part {
            let end = offset.saturating_add(bytes);
            if end <= stretch.len() {
                self.end = self.end.max(end);
            }
        }
    }

    /// The end with the padding that some programs put there: to an even place where they do so with every strip, or begin with a
    /// directory that has EXIF; or to 16 bytes where they put one whole file behind the other.
    fn padded(&self, stretch: &mut Stretch, end: u64) -> u64 {
        let joined = self.second.is_some_and(|second| {
            let begins = second.wrapping_sub(8);
            let head: &[u8] = if self.order.little { b"II*\0" } else { b"MM\0*" };
            begins % 16 == 0 && stretch.starts(begins, head)
        });
        let step = match joined {
            true => 16,
            false if (self.strips.is_padded() || self.early) && end == self.strips.end => 2,
            false => return end,
        };
        let padded = end.next_multiple_of(step);
        let padding = stretch.peek(end, (padded - end) as usize);
        let there = padding.len() as u64 == padded - end && padding.iter().all(|byte| *byte == 0);
        if there { padded } else { end }
    }

    fn finish(mut self, stretch: &mut Stretch, missing: u64) -> Option<Walked> {
        let strips = &self.strips;
        (strips.good > 0 || strips.came_out(ENOUGH)).then_some(())?;
        let whole = self.padded(stretch, self.end.max(strips.end));
        let unseen = strips.extent.unseen(stretch, strips.wrong.unwrap_or(whole).min(whole));
        let wrong = match unseen {
            Unseen::Foreign(at) => Some(at),
            _ => strips.wrong,
        };
        let (length, end) = match wrong {
            None if missing == 0 => (whole, End::Whole),
            Some(at) if strips.last > at && missing == 0 && whole <= stretch.len() => {
                (whole, End::Damaged { at })
            }
            wrong => {
                // The next page's strips may follow those that are known.
                let noticed = match wrong {
                    Some(at) => at,
                    None => headless::next(stretch, &self.strips, whole),
                };
                let cut = resync::cut(stretch, strips.first.min(noticed), noticed);
                let enough = if cut.clear { SOME } else { ENOUGH };
                let content = cut.at.saturating_sub(strips.first);
                (content >= enough || strips.decoded > 0).then_some(())?;
                (cut.at, End::Broken)
            }
        };
        self.details.pages = Some(self.pages);
        let guessed = strips.guessed || matches!(unseen, Unseen::Doubtful);
        let proof = if guessed { Proof::Structure } else { Proof::Decoded };
        let kind = self.origin.kind("tiff", "tif");
        Some(Walked { kind, length, end, proof, details: self.details })
    }
}
