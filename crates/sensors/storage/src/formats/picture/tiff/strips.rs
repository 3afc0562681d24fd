//! Strips and tiles: where they lie, and whether they unpack to what their page says.

use super::{lines::lines, page::Page};
use crate::{
    Stretch,
    formats::{
        picture::{
            bits::{Bits, First},
            deflate::{Ending, Inflate},
            ifd::Order,
            jpeg,
            lzw::Lzw,
            noise,
        },
        resync,
    },
};

/// Runs of bytes, which anything unpacks as.
const RUNS: u16 = 32773;

/// What all strips of a file amount to.
#[derive(Debug)]
pub struct Strips {
    pub count: u64,
    /// How many are right, and how many of them were unpacked.
    pub good: u64,
    pub decoded: u64,
    /// Whether some could only be counted.
    pub guessed: bool,
    /// Where the first begins, and the farthest ends.
    pub first: u64,
    pub end: u64,
    /// The first wrong byte, and where the last right strip begins.
    pub wrong: Option<u64>,
    pub last: u64,
    /// Whether a strip begins at an odd place, and whether one that ends there is padded.
    tight: bool,
    padded: bool,
    before: u64,
    /// Whether the page's directory was followed before, and so its strips as far as they are proven.
    pub known: bool,
    /// The page that was read last.
    pub page: Option<Page>,
}

impl Default for Strips {
    fn default() -> Self {
        Self {
            count: 0,
            good: 0,
            decoded: 0,
            guessed: false,
            first: u64::MAX,
            end: 0,
            wrong: None,
            last: 0,
            tight: false,
            padded: false,
            before: 0,
            known: false,
            page: None,
        }
    }
}

impl Strips {
    /// Takes all strips of a page; none where a place is missing.
    pub fn take(&mut self, stretch: &mut Stretch, order: Order, page: &Page) -> Option<()> {
        for index in 0..page.strips() {
            let (offset, bytes) = page.strip(stretch, order, index)?;
            if bytes == 0 {
                continue;
            }
            let end = offset.checked_add(bytes)?;
            (offset >= 8).then_some(())?;
            self.count += 1;
            self.tight |= offset & 1 == 1;
            self.padded |= self.before & 1 == 1 && offset == self.before + 1;
            self.before = end;
            self.first = self.first.min(offset);
            self.end = self.end.max(end.min(stretch.len()));
            let wrong = if offset >= stretch.len() {
                Some(stretch.len())
            } else {
                self.check(stretch, page, index, (offset, end))
            };
            match wrong {
                None => {
                    self.good += 1;
                    self.last = self.last.max(offset);
                }
                Some(at) => self.wrong = Some(self.wrong.unwrap_or(at).min(at)),
            }
            if self.good == 0 && self.count > 16 {
                return None;
            }
        }
        self.page = Some(page.clone());
        Some(())
    }

    /// Whether every strip is made to end at an even place.
    pub fn is_padded(&self) -> bool {
        self.padded && !self.tight
    }

    /// Whether so much came out before the first wrong byte that chance did not make it: a page may be one strip.
    pub fn came_out(&self, least: u64) -> bool {
        let proves = |page: &Page| is_decoded(page) && page.packing != RUNS;
        self.page.as_ref().is_some_and(proves)
            && self.wrong.is_some_and(|at| at >= self.first.saturating_add(least))
    }

    /// The first byte that is seen to be wrong, if any is.
    fn check(
        &mut self,
        stretch: &mut Stretch,
        page: &Page,
        index: u64,
        place: (u64, u64),
    ) -> Option<u64> {
        let (at, end) = place;
        if self.known && stretch.is_proven(end) {
            self.decoded += u64::from(is_decoded(page));
            self.guessed |= !is_decoded(page);
            return None;
        }
        let Some(wrong) = unpack(stretch, page, index, place) else {
            self.guessed = true;
            return plain(stretch, page, size(page, index), at, end);
        };
        self.decoded += u64::from(wrong.is_none());
        wrong.or((end > stretch.len()).then_some(stretch.len()))
    }
}

/// Bytes that should come out; 0 where that cannot be told.
fn size(page: &Page, index: u64) -> u64 {
    let size = page.row().saturating_mul(u64::from(page.rows(index)));
    if page.is_thinned() { 0 } else { size }
}

/// The first wrong byte of a strip, if any is; none of all where its packing is not known.
pub fn unpack(
    stretch: &mut Stretch,
    page: &Page,
    index: u64,
    place: (u64, u64),
) -> Option<Option<u64>> {
    let size = size(page, index);
    Some(match page.packing {
        2..=4 => lines(stretch, page, page.rows(index), place),
        5 => lzw(stretch, size, place),
        8 | 32946 => deflated(stretch, size, place),
        7 => jpeg(stretch, page, place),
        RUNS => packed(stretch, size, place),
        _ => return None,
    })
}

/// Whether strips of this packing are unpacked, and not only counted.
fn is_decoded(page: &Page) -> bool {
    matches!(page.packing, 2..=5 | 7 | 8 | 32946 | RUNS)
}

/// Points that are not packed: of the right length, in some order, without another file among them.
fn plain(stretch: &mut Stretch, page: &Page, size: u64, at: u64, end: u64) -> Option<u64> {
    let unpacked = page.packing == 1;
    if unpacked && size > 0 && end - at < size {
        return Some(at);
    }
    if end > stretch.len() {
        return Some(stretch.len());
    }
    let noise = if unpacked && page.depth <= 16 { noise::find(stretch, at, end) } else { None };
    // Chance behind the first bytes may be all that is there.
    let noise = noise.map(|noise| if noise <= at + 1024 { at } else { noise });
    resync::another(stretch, at + 1, noise.unwrap_or(end)).or(noise)
}

fn lzw(stretch: &mut Stretch, size: u64, (at, end): (u64, u64)) -> Option<u64> {
    let mut bits = Bits::new(stretch, at, end, First::Highest);
    let most = if size == 0 { u64::MAX } else { size };
    let total = Lzw::new(8, true).unpack(&mut bits, most, None);
    let right = total.is_some_and(|total| size == 0 || total >= size);
    (!right).then_some(bits.place())
}

fn deflated(stretch: &mut Stretch, size: u64, (at, end): (u64, u64)) -> Option<u64> {
    let mut inflate = Inflate::new(stretch.reader(at, end - at));
    let enough = size == 0 || inflate.skip(size);
    // Only the checksum at the end shows that no foreign bytes stand inside.
    inflate.skip(u64::MAX);
    let right = enough && inflate.end == Ending::Whole;
    (!right).then_some(at + inflate.packed())
}

fn jpeg(stretch: &mut Stretch, page: &Page, (at, end): (u64, u64)) -> Option<u64> {
    let mut decoder = jpeg::Decoder::default();
    if let Some(tables) = page.tables {
        decoder.read(stretch, tables.place, tables.end(), &mut jpeg::NoMeans);
    }
    match decoder.read(stretch, at, end, &mut jpeg::NoMeans) {
        jpeg::Read::Whole(_) => None,
        jpeg::Read::Wrong(at) => Some(at),
    }
}

/// Runs of bytes: those that repeat, and those that do not.
fn packed(stretch: &mut Stretch, size: u64, (at, end): (u64, u64)) -> Option<u64> {
    let (mut place, mut made) = (at, 0);
    while place < end && made < size {
        let Some(count) = stretch.u8(place) else { return Some(place) };
        let (step, points) = match count {
            0..=127 => (u64::from(count) + 2, u64::from(count) + 1),
            128 => (1, 0),
            _ => (2, 257 - u64::from(count)),
        };
        place += step;
        made += points;
    }
    // Runs end with rows, and so with the strip.
    (made != size && size > 0 || place + 2 < end).then_some(place.min(end))
}
