//! PNG and APNG: chunks, each with its checksum, up to the last. Only where a checksum is wrong are the points unpacked, to tell where
//! the first wrong byte is: codes that do not exist, and rows that begin with no known filter.
//!
//! A broken one is told where a chunk of points is right, or [`ENOUGH`] bytes and rows of them unpack, or fewer where what ends it is plain.
//! Bounds: points of one picture are at most what its size can need; one chunk at most 2 GiB by the format; 64 MiB before
//! the first points.

mod preview;
mod rows;

pub use preview::restore;

use std::io::Read;

use super::{PICTURE, exif, origin::Origin};
use crate::sums::agree;
use crate::{
    Stretch,
    formats::{Details, End, Format, Kind, Proof, Signature, Walked, resync},
};
use rows::Head;

pub static PNG: Format = Format {
    kind: Kind { name: "png", family: PICTURE, extension: "png" },
    signatures: &[Signature::new(b"\x89PNG\r\n\x1a\n")],
    looks,
    walk,
    texts: None,
    picture: Some(preview::picture),
};

/// So many bytes with so many rows that begin with a filter.
const ENOUGH: [(u64, u64); 2] = [(1024, 8), (4096, 3)];
const SOME: u64 = 128;
/// Where the first chunk ends.
const FIRST: u64 = 33;
/// The most before the first points.
const LONGEST_HEAD: u64 = 64 << 20;

fn looks(bytes: &[u8]) -> bool {
    bytes.get(8..16) == Some(b"\0\0\0\rIHDR")
        && bytes
            .get(29..)
            .and_then(<[u8]>::first_chunk)
            .is_none_or(|told| agree(crc32fast::hash(&bytes[12..29]), u32::from_be_bytes(*told)))
}

/// A chunk's head.
struct Chunk {
    at: u64,
    length: u64,
    name: [u8; 4],
}

impl Chunk {
    fn read(stretch: &mut Stretch, at: u64) -> Option<Self> {
        let length = u64::from(stretch.u32_be(at)?);
        let name: [u8; 4] = stretch.array(at + 4)?;
        let named = name.iter().all(u8::is_ascii_alphabetic) && name[2].is_ascii_uppercase();
        (named && length < 1 << 31).then_some(Self { at, length, name })
    }

    fn end(&self) -> u64 {
        self.at + 12 + self.length
    }

    /// Whether its checksum is right.
    fn is_right(&self, stretch: &mut Stretch) -> bool {
        let mut sum = crc32fast::Hasher::new();
        let (mut at, end) = (self.at + 4, self.at + 8 + self.length);
        if stretch.is_proven(self.end()) {
            return true;
        }
        while at < end {
            let bytes =
                stretch.peek(at, usize::try_from(end - at).unwrap_or(usize::MAX).min(32 * 1024));
            if bytes.is_empty() {
                return false;
            }
            sum.update(bytes);
            at += bytes.len() as u64;
        }
        stretch.u32_be(end).is_some_and(|told| agree(sum.finalize(), told))
    }

    fn is_points(&self) -> bool {
        matches!(&self.name, b"IDAT" | b"fdAT")
    }
}

/// What was seen so far.
struct Seen {
    head: Head,
    /// Where the points of the main picture begin, and how many bytes of them there were.
    points: Option<u64>,
    packed: u64,
    /// Whether a chunk of points was right.
    right: bool,
    wrong: Option<u64>,
    /// How many rows came out before the first wrong byte, once that was looked for.
    rows: Option<u64>,
    details: Details,
    origin: Origin,
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let head = Head::read(stretch)?;
    let size = (u64::from(head.width), u64::from(head.height));
    let mut seen = Seen {
        head,
        points: None,
        packed: 0,
        right: false,
        wrong: None,
        rows: None,
        details: Details { pages: Some(1), ..Details::default() },
        origin: Origin { size, ..Origin::default() },
    };
    let mut at = FIRST;
    let end = loop {
        let Some(chunk) = Chunk::read(stretch, at) else { break Err(at) };
        match seen.chunk(stretch, &chunk) {
            Ok(()) if chunk.name == *b"IEND" && seen.points.is_some() => break Ok(chunk.end()),
            Ok(()) => at = chunk.end(),
            Err(wrong) => break Err(wrong),
        }
    };
    seen.finish(stretch, end)
}

impl Seen {
    fn chunk(&mut self, stretch: &mut Stretch, chunk: &Chunk) -> Result<(), u64> {
        if chunk.is_points() {
            let first = chunk.name == *b"IDAT" && self.points.is_none();
            if first {
                self.points = Some(chunk.at);
            }
            self.packed += chunk.length;
            if chunk.name == *b"IDAT" && self.packed > self.head.most_packed() {
                return Err(chunk.at);
            }
        }
        if self.points.is_none() && chunk.end() > LONGEST_HEAD {
            return Err(chunk.at);
        }
        if chunk.end() > stretch.len() || !chunk.is_right(stretch) {
            // The damage may lie inside, so that the next chunk stands where it has to.
            let goes_on = self.points.is_some() && Chunk::read(stretch, chunk.end()).is_some();
            let wrong = self.wrong_place(stretch, chunk);
            if !goes_on {
                return Err(wrong);
            }
            self.wrong.get_or_insert(wrong);
            return Ok(());
        }
        self.right |= chunk.is_points() && chunk.length > 0;
        self.tell(stretch, chunk);
        Ok(())
    }

    /// The first byte that is seen to be wrong of a chunk that is.
    fn wrong_place(&mut self, stretch: &mut Stretch, chunk: &Chunk) -> u64 {
        let begins = chunk.at;
        match self.points {
            Some(points) if chunk.name == *b"IDAT" && self.wrong.is_none() => {
                let mut packed = Packed::new(stretch, points);
                self.rows = Some(rows::check(&self.head, &mut packed));
                packed.place().max(begins)
            }
            _ => begins,
        }
    }

    fn tell(&mut self, stretch: &mut Stretch, chunk: &Chunk) {
        let body = chunk.at + 8;
        let count = chunk.length.min(1024) as usize;
        match &chunk.name {
            b"tEXt" | b"iTXt" => {
                let bytes = stretch.peek(body, count);
                let mut parts = bytes.splitn(2, |byte| *byte == 0);
                let (Some(key), Some(text)) = (parts.next(), parts.next()) else { return };
                // In the other form flags, a language and a translation stand before an unpacked text.
                let text = match (&chunk.name, text) {
                    (b"tEXt", text) => Some(text),
                    (_, [0, _, rest @ ..]) => rest.splitn(3, |byte| *byte == 0).nth(2),
                    _ => None,
                };
                self.text(key, text.unwrap_or_default());
            }
            b"tIME" => {
                let Some([y1, y0, rest @ ..]) = stretch.array::<7>(body) else { return };
                let year = i64::from(y1) << 8 | i64::from(y0);
                let [month, day, hour, minute, second] = rest.map(i64::from);
                self.details.modified = exif::moment([year, month, day, hour, minute, second]);
            }
            b"pHYs" if stretch.u8(body + 8) == Some(1) => {
                let mut side = |at| u64::from(stretch.u32_be(at).unwrap_or(0)) / 100;
                self.origin.density = Origin::of_centimetres(side(body), side(body + 4));
            }
            b"acTL" => self.details.pages = stretch.u32_be(body),
            b"eXIf" => exif::read(stretch, body, &mut self.details, &mut self.origin),
            _ => {}
        }
    }

    fn text(&mut self, key: &[u8], text: &[u8]) {
        let text = Details::bytes(text);
        let into = match key {
            b"Title" => &mut self.details.title,
            b"Author" => &mut self.details.author,
            b"Software" => &mut self.details.application,
            b"Source" => &mut self.details.host,
            b"Creation Time" | b"date:create" => {
                let time = text.and_then(|text| exif::seconds(text.as_bytes()));
                self.details.created = self.details.created.or(time);
                return;
            }
            _ => return,
        };
        self.origin.says(text.as_deref());
        if into.is_none() {
            *into = text;
        }
    }

    /// Whether chance did not make the points before the cut: it may unpack to the next row's filter.
    fn came_out(&self, stretch: &mut Stretch, points: u64, cut: resync::Cut) -> bool {
        let bytes = cut.at - points;
        if cut.clear || bytes < SOME {
            return bytes >= SOME;
        }
        let check = || rows::check(&self.head, &mut Packed::new(stretch, points));
        let rows = self.rows.unwrap_or_else(check);
        ENOUGH.iter().any(|(least, many)| bytes >= *least && rows >= *many)
    }

    fn finish(self, stretch: &mut Stretch, end: Result<u64, u64>) -> Option<Walked> {
        let (length, end) = match (end, self.wrong) {
            (Ok(end), None) => (end, End::Whole),
            (Ok(end), Some(at)) => (end, End::Damaged { at }),
            (Err(wrong), earlier) => {
                let points = self.points?;
                let cut = resync::cut(stretch, points, earlier.unwrap_or(wrong));
                (self.right || self.came_out(stretch, points, cut)).then_some(())?;
                (cut.at, End::Broken)
            }
        };
        let proof = if self.right { Proof::Checksum } else { Proof::Decoded };
        let kind = self.origin.kind("png", "png");
        Some(Walked { kind, length, end, proof, details: self.details })
    }
}

/// The packed points of all chunks as one stream.
struct Packed<'s, 'a> {
    stretch: &'s mut Stretch<'a>,
    at: u64,
    left: u64,
}

impl<'s, 'a> Packed<'s, 'a> {
    /// From the first chunk of points on.
    fn new(stretch: &'s mut Stretch<'a>, chunk: u64) -> Self {
        let left = stretch.u32_be(chunk).map_or(0, u64::from);
        Self { stretch, at: chunk + 8, left }
    }

    fn place(&self) -> u64 {
        self.at
    }
}

impl Read for Packed<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.left == 0 {
            let next = Chunk::read(self.stretch, self.at + 4);
            let Some(next) = next.filter(|next| next.name == *b"IDAT") else { return Ok(0) };
            (self.at, self.left) = (next.at + 8, next.length);
        }
        let count = usize::try_from(self.left).unwrap_or(usize::MAX).min(into.len());
        let bytes = self.stretch.peek(self.at, count);
        into[..bytes.len()].copy_from_slice(bytes);
        self.at += bytes.len() as u64;
        self.left -= bytes.len() as u64;
        Ok(bytes.len())
    }
}
