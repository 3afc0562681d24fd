//! Strips and tiles: where they lie, and whether they unpack to what their page says.

use super::{lines::lines, page::Page};
use crate::{
    Stretch,
    formats::{
        picture::{
            bits::{Bits, First},
            deflate::{Ending, Inflate},
            extent::{Extent, GAP},
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
    /// What was looked at, of directories too.
    pub extent: Extent,
    /// The strip that was right last, and where it ended: writers may have one for many parts that are alike.
    right: Option<((u64, u64, u64), u64)>,
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
            extent: Extent::default(),
            right: None,
        }
    }
}

impl Strips {
    /// Takes all strips of a page; none where a place is missing, or strips overlap so that all would be read again and again.
    pub fn take(&mut self, stretch: &mut Stretch, order: Order, page: &Page) -> Option<()> {
        self.right = None;
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
            let read = if offset >= stretch.len() {
                Err(stretch.len())
            } else {
                self.check(stretch, page, index, (offset, end))
            };
            match read {
                Ok(_) => {
                    self.good += 1;
                    self.last = self.last.max(offset);
                }
                Err(at) => self.wrong = Some(self.wrong.unwrap_or(at).min(at)),
            }
            self.end = self.end.max(read.unwrap_or(end).min(stretch.len()));
            self.extent.saw(offset, read.unwrap_or_else(|wrong| wrong.min(end)));
            if self.good == 0 && self.count > 16 || !self.extent.works(0) {
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

    /// Where it ends, or the first byte that is seen to be wrong.
    fn check(
        &mut self,
        stretch: &mut Stretch,
        page: &Page,
        index: u64,
        place: (u64, u64),
    ) -> Result<u64, u64> {
        let (at, end) = place;
        if self.known && stretch.is_proven(end) {
            self.decoded += u64::from(is_decoded(page));
            self.guessed |= !is_decoded(page);
            return Ok(end);
        }
        let same = (at, end, size(page, index));
        if let Some((_, stream)) = self.right.filter(|(of, _)| *of == same) {
            self.decoded += u64::from(is_decoded(page));
            return Ok(stream);
        }
        let read = match unpack(stretch, page, index, place) {
            None => {
                self.guessed = true;
                let size = size(page, index);
                let end = if page.packing == 1 { counted(page, size, at, end) } else { end };
                let wrong = plain(stretch, page, size, at, end);
                wrong.map_or(Ok(end), Err)
            }
            Some(read) => {
                self.decoded += u64::from(read.is_ok());
                read.and_then(|stream| own_end(stretch, stream, end))
            }
        };
        self.extent.works(read.unwrap_or_else(|wrong| wrong).saturating_sub(at));
        self.right = read.ok().map(|stream| (same, stream));
        read
    }
}

/// Where a strip ends whose stream ends at `stream`: what is more than writers pad strips with is not its own.
fn own_end(stretch: &Stretch, stream: u64, end: u64) -> Result<u64, u64> {
    match stream.saturating_add(GAP) < end {
        true => Ok(stream),
        false if end > stretch.len() => Err(stretch.len()),
        false => Ok(end),
    }
}

/// Where points end that are not packed: of a strip that is told to be longer than any only they are its own. Points of 12 or 14 bits
/// may stand in 16, and a last strip may have the rows of a full one.
fn counted(page: &Page, size: u64, at: u64, end: u64) -> u64 {
    let room = most(page).saturating_mul(2);
    let longer = size > 0 && at.saturating_add(room) < end;
    if longer { at.saturating_add(size) } else { end }
}

/// Bytes that should come out; 0 where that cannot be told.
fn size(page: &Page, index: u64) -> u64 {
    let size = page.row().saturating_mul(u64::from(page.rows(index)));
    if page.is_thinned() { 0 } else { size }
}

/// The most that may come out of a strip: the last may have rows that the page has not.
fn most(page: &Page) -> u64 {
    page.row().saturating_mul(u64::from(page.part.1)).saturating_add(GAP)
}

/// Where a strip's stream ends, or its first wrong byte; none where its packing is not known.
pub fn unpack(
    stretch: &mut Stretch,
    page: &Page,
    index: u64,
    place: (u64, u64),
) -> Option<Result<u64, u64>> {
    let size = size(page, index);
    let (_, end) = place;
    let all = |wrong: Option<u64>| wrong.map_or(Ok(end), Err);
    Some(match page.packing {
        2..=4 => all(lines(stretch, page, page.rows(index), place)),
        5 => lzw(stretch, size, most(page), place),
        8 | 32946 => deflated(stretch, size, most(page), place),
        7 => jpeg(stretch, page, place),
        RUNS => all(packed(stretch, size, place)),
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
    if !unpacked || page.depth > 16 {
        return resync::another(stretch, at + 1, end);
    }
    // Chance behind the first bytes may be all that is there.
    match noise::find(stretch, at, end.min(at + 4096)) {
        Some(_) => Some(at),
        None => noise::or_another(stretch, at + 1, end),
    }
}

fn lzw(stretch: &mut Stretch, size: u64, most: u64, (at, end): (u64, u64)) -> Result<u64, u64> {
    let mut bits = Bits::new(stretch, at, end, First::Highest);
    let wanted = if size == 0 { most } else { size };
    let total = Lzw::new(8, true).unpack(&mut bits, wanted, None);
    let right = total.is_some_and(|total| size == 0 || total >= size);
    if right { Ok(bits.place()) } else { Err(bits.place()) }
}

fn deflated(
    stretch: &mut Stretch,
    size: u64,
    most: u64,
    (at, end): (u64, u64),
) -> Result<u64, u64> {
    let mut inflate = Inflate::new(stretch.reader(at, end - at));
    let enough = size == 0 || inflate.skip(size);
    // Only the checksum at the end shows that no foreign bytes stand inside.
    inflate.skip(most.saturating_sub(size));
    let right = enough && inflate.end == Ending::Whole;
    let stream = at + inflate.packed();
    if right { Ok(stream) } else { Err(stream) }
}

fn jpeg(stretch: &mut Stretch, page: &Page, (at, end): (u64, u64)) -> Result<u64, u64> {
    let mut decoder = jpeg::Decoder::default();
    if let Some(tables) = page.tables {
        decoder.read(stretch, tables.place, tables.end(), &mut jpeg::NoMeans);
    }
    match decoder.read(stretch, at, end, &mut jpeg::NoMeans) {
        jpeg::Read::Whole(stream) => Ok(stream),
        jpeg::Read::Wrong(at) => Err(at),
    }
}

/// Runs of bytes: those that repeat, and those that do not.
fn packed(stretch: &mut Stretch, size: u64, (at, end): (u64, u64)) -> Option<u64> {
    let (mut place, mut made) = (at, 0);
    while place < end && (made < size || size == 0) {
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
    let right = if size == 0 { place == end } else { made == size };
    (!right || place + 2 < end).then_some(place.min(end))
}
