//! Follows one picture from its first marker to its last, and remembers what its segments say.

use super::{
    entropy::Entropy,
    frame::{Coding, Frame, Scan, Tables},
    huffman::Huffman,
    scan::{Data, MOST_BLOCKS, Maps, Means, NoMeans, Row},
};
use crate::Stretch;

/// The most scans of one picture; real ones have about ten.
const MOST_SCANS: u32 = 100;
/// The most blocks that all scans of a progressive picture may go over together.
const MOST_VISITS: u64 = 16 * MOST_BLOCKS;
/// The most before the first scan, and of filling before a marker.
const LONGEST_HEAD: u64 = 64 << 20;
const LONGEST_FILL: u64 = 4096;
/// So many zeros are no data that are not decoded; of lossless ones a sector of them, or more where they may say that nothing changes.
static ZEROS: [u8; 32 * 1024] = [0; 32 * 1024];
const FEW: usize = 64;
const SECTOR: usize = 512;

/// How far it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// Just behind the last marker.
    Whole(u64),
    /// Where something is wrong.
    Wrong(u64),
}

#[derive(Default)]
pub struct Decoder {
    pub tables: Tables,
    pub frame: Option<Frame>,
    pub scans: u32,
    /// Where the first scan's data begin.
    pub content: Option<u64>,
    /// Restart markers that came where they had to.
    pub restarts: u32,
    /// Whether tables may stand elsewhere; then data are followed by their markers.
    lenient: bool,
    /// Whether some data were not decoded.
    pub skipped: bool,
    pub density: (u64, u64),
    /// Where EXIF begins.
    pub exif: Option<u64>,
    pub comment: Option<(u64, u16)>,
    /// What Adobe's segment says of colours.
    pub transform: Option<u8>,
    maps: Maps,
    visits: u64,
    /// The components whose means were begun: nothing of a progressive picture comes before them.
    begun: u8,
}

impl Decoder {
    /// One for pictures whose tables may stand elsewhere.
    pub fn lenient() -> Self {
        Self { lenient: true, ..Self::default() }
    }

    pub fn read<M: Means>(
        &mut self,
        stretch: &mut Stretch,
        at: u64,
        end: u64,
        means: &mut M,
    ) -> Read {
        let end = end.min(stretch.len());
        if !stretch.starts(at, &[0xFF, 0xD8]) {
            return Read::Wrong(at);
        }
        let head = at.saturating_add(LONGEST_HEAD);
        let mut at = at + 2;
        loop {
            let place = at;
            if self.scans == 0 && at > head {
                return Read::Wrong(place);
            }
            while at < end.min(place + LONGEST_FILL) && stretch.starts(at, &[0xFF, 0xFF]) {
                at += 1;
            }
            let Some([0xFF, marker]) = stretch.array(at).filter(|_| at + 2 <= end) else {
                return Read::Wrong(place);
            };
            at += 2;
            if marker == 0xD9 && (self.scans > 0 || self.frame.is_none()) {
                return Read::Whole(at);
            }
            match self.segment(stretch, marker, at, end, means) {
                Ok(next) => at = next,
                // What a segment says is wrong from its marker on, data from where they are.
                Err(None) => return Read::Wrong(place),
                Err(Some(wrong)) => return Read::Wrong(wrong),
            }
        }
    }

    /// The frame, by the segments before any data.
    pub fn head(&mut self, stretch: &mut Stretch, at: u64, end: u64) -> Option<Frame> {
        let mut at = at.checked_add(2)?;
        while at < end && self.frame.is_none() {
            let Some([0xFF, marker]) = stretch.array(at) else { return None };
            at = match marker {
                0xFF => at + 1,
                0xDA => return None,
                _ => self.segment(stretch, marker, at + 2, end, &mut NoMeans).ok()?,
            };
        }
        self.frame.take()
    }

    /// Just behind the segment whose marker ends at `at`.
    fn segment<M: Means>(
        &mut self,
        stretch: &mut Stretch,
        marker: u8,
        at: u64,
        end: u64,
        means: &mut M,
    ) -> Result<u64, Option<u64>> {
        if !matches!(marker, 0xC0..=0xCF | 0xDA..=0xDF | 0xE0..=0xEF | 0xFE) {
            return Err(None);
        }
        let length = stretch.u16_be(at).filter(|length| *length >= 2).ok_or(None)?;
        let next = at + u64::from(length);
        let tables = matches!(marker, 0xC4 | 0xDA..=0xDD | 0xCC);
        if next > end || self.scans > 0 && !(tables && length < 2048) {
            return Err(None);
        }
        self.tell(stretch, marker, at + 2, length - 2);
        let body = stretch.peek(at + 2, usize::from(length) - 2);
        match marker {
            0xC4 => self.tables.codes(body).ok_or(None)?,
            0xDB => self.tables.quantisers(body).ok_or(None)?,
            0xDD => self.tables.restart(body).ok_or(None)?,
            0xC8 => return Err(None),
            0xCC | 0xDC | 0xDE | 0xDF | 0xE0..=0xEF | 0xFE => {}
            0xDA => {
                let frame = self.frame.take().ok_or(None)?;
                let scan = Scan::new(&frame, body).filter(|_| self.scans < MOST_SCANS);
                let read = match &scan {
                    Some(scan) => self.scan(stretch, &frame, scan, next, end, means),
                    None => Err(None),
                };
                self.frame = Some(frame);
                return read;
            }
            _ if self.frame.is_some() => return Err(None),
            _ => self.frame = Some(Frame::new(marker, body).ok_or(None)?),
        }
        Ok(next)
    }

    fn tell(&mut self, stretch: &mut Stretch, marker: u8, at: u64, length: u16) {
        match marker {
            0xE0 if stretch.starts(at, b"JFIF\0") => {
                let unit = stretch.u8(at + 7);
                let mut side = |at| u64::from(stretch.u16_be(at).unwrap_or(0));
                let sides = (side(at + 8), side(at + 10));
                self.density = match unit {
                    Some(1) => sides,
                    Some(2) => super::Origin::of_centimetres(sides.0, sides.1),
                    _ => (0, 0),
                };
            }
            0xE1 if self.exif.is_none() && stretch.starts(at, b"Exif\0") => {
                self.exif = Some(at + 6)
            }
            0xEE if stretch.starts(at, b"Adobe") => self.transform = stretch.u8(at + 11),
            0xFE if self.comment.is_none() => self.comment = Some((at, length)),
            _ => {}
        }
    }

    /// The place of the marker behind a scan's data.
    fn scan<M: Means>(
        &mut self,
        stretch: &mut Stretch,
        frame: &Frame,
        scan: &Scan,
        at: u64,
        end: u64,
        means: &mut M,
    ) -> Result<u64, Option<u64>> {
        self.content.get_or_insert(at);
        let progressive = frame.coding == Coding::Progressive;
        if progressive && !self.may_come(scan) {
            return Err(None);
        }
        let bounded = !progressive || self.make_room(frame, scan);
        let read = if frame.coding == Coding::Other || frame.height == 0 || !bounded {
            self.skipped = true;
            over(stretch, at, end, self.zeros(frame, scan))
        } else {
            match Data::new(frame, scan, &self.tables, &mut self.maps, means) {
                Some(mut data) => {
                    let zeros = data.zeros_are_plausible();
                    let row: Option<Row> = stretch.kept().filter(|_| data.can_go_on());
                    let row = row.filter(|row| row.scan == at);
                    let mut entropy = match &row {
                        Some(row) => Entropy::resumed(stretch, row.mark, end, zeros),
                        None => Entropy::new(stretch, at, end, zeros),
                    };
                    let read = data.read(&mut entropy, at, row);
                    self.restarts += data.restarts;
                    read
                }
                None if self.lenient => over(stretch, at, end, &ZEROS[..FEW]),
                None => return Err(None),
            }
        };
        self.scans += 1;
        read.map_err(Some)
    }

    /// Whether the means of all components were begun before, or are now.
    fn may_come(&mut self, scan: &Scan) -> bool {
        let all = scan.components.iter().fold(0, |all, (index, ..)| all | 1 << (index & 7));
        if scan.first == 0 && scan.high == 0 {
            self.begun |= all;
        }
        self.begun & all == all
    }

    /// The zeros that are no data of a scan that is not decoded.
    fn zeros(&self, frame: &Frame, scan: &Scan) -> &'static [u8] {
        let same = |(_, dc, _): &(usize, usize, usize)| {
            let table = self.tables.dc.get(*dc).and_then(Option::as_ref);
            table.and_then(Huffman::zeros) == Some(0)
        };
        match frame.coding {
            Coding::Other if scan.components.iter().all(same) => &ZEROS,
            Coding::Other => &ZEROS[..SECTOR],
            _ => &ZEROS[..FEW],
        }
    }

    /// Makes room for what refining scans need to know; whether there may be so much.
    fn make_room(&mut self, frame: &Frame, scan: &Scan) -> bool {
        self.visits += frame.blocks();
        if frame.blocks() > MOST_BLOCKS || self.visits > MOST_VISITS || self.skipped {
            return false;
        }
        let bands = scan.components.iter().filter(|_| scan.first > 0);
        for (index, ..) in bands {
            let component = frame.components.get(*index);
            let blocks = component.map_or(0, |c| c.all.0 as usize * c.all.1 as usize);
            if let Some(map) = self.maps.get_mut(*index).filter(|map| map.len() != blocks) {
                *map = vec![0; blocks];
            }
        }
        true
    }
}

/// Goes over data that are not decoded, to the next marker that is no restart.
fn over(stretch: &mut Stretch, from: u64, end: u64, zeros: &[u8]) -> Result<u64, u64> {
    const STEP: usize = 64 * 1024;
    let finder = memchr::memmem::Finder::new(zeros);
    let mut at = from;
    loop {
        let left = usize::try_from(end.saturating_sub(at)).unwrap_or(usize::MAX);
        let bytes = stretch.peek(at, STEP.min(left));
        if let Some(zeros) = finder.find(bytes) {
            let marker = marker(&bytes[..zeros]);
            return marker.map(|found| at + found as u64).ok_or(at + zeros as u64);
        }
        if let Some(found) = marker(bytes) {
            return Ok(at + found as u64);
        }
        if bytes.len() < STEP {
            return Err(at + bytes.len() as u64);
        }
        // Zeros may begin before the border and go on behind it.
        at += (STEP + 1 - zeros.len()) as u64;
    }
}

fn marker(bytes: &[u8]) -> Option<usize> {
    let next = |at: &usize| bytes.get(at + 1).is_some_and(|next| !matches!(next, 0 | 0xD0..=0xD7));
    memchr::memchr_iter(0xFF, bytes).find(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_on_a_border_are_seen() {
        for zeros in [FEW, SECTOR, ZEROS.len()] {
            let first = 64 * 1024 - zeros / 2;
            let bytes = [&vec![0x55; first][..], &vec![0; zeros], &[0x55; 100_000]].concat();
            let (end, mut stretch) = (bytes.len() as u64, Stretch::new(&bytes));
            assert_eq!(over(&mut stretch, 0, end, &ZEROS[..zeros]), Err(first as u64));
        }
    }
}
