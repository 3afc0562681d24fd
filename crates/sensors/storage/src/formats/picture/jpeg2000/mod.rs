//! JPEG 2000: the boxes of JP2 and the codestream in them, or a codestream alone. Markers and the lengths of tile parts are followed;
//! data are not decoded, but no byte above 8F may follow an FF in them.
//! Bounds: 64 MiB before the data, 1024 boxes.

pub mod joints;

use super::{PICTURE, boxes, extent::Room};
use crate::{
    Stretch,
    formats::{Details, End, Format, Kind, Proof, Signature, Walked, resync},
};

pub static JP2: Format = Format {
    kind: Kind { name: "jp2", family: PICTURE, extension: "jp2" },
    signatures: &[Signature::new(b"\0\0\0\x0CjP  \r\n\x87\n")],
    looks: |bytes| bytes.get(16..20).is_none_or(|name| name == b"ftyp") && bytes.len() >= 12,
    walk: walk_boxes,
    texts: None,
    picture: None,
};

pub static CODESTREAM: Format = Format {
    kind: Kind { name: "j2k", family: PICTURE, extension: "j2k" },
    signatures: &[Signature::new(&[0xFF, 0x4F, 0xFF, 0x51])],
    looks: |bytes| Size::read(bytes).is_some(),
    walk: walk_stream,
    texts: None,
    picture: None,
};

const ENOUGH: u64 = 4096;
const SOME: u64 = 128;
const MOST_MARKERS: u32 = 1 << 20;
/// The most before the first tile part, and of boxes before the codestream.
const LONGEST_HEAD: u64 = 64 << 20;
const MOST_BOXES: u32 = 1024;
/// So many zeros are no data; where a marker stands behind them as told they may be empty packets, of which a blank page has thousands.
static ZEROS: [u8; 32 * 1024] = [0; 32 * 1024];
const FEW: usize = 64;
/// Looked through at once.
const STEP: u64 = 64 * 1024;

/// What the first segment says.
struct Size {
    tiles: u64,
}

impl Size {
    fn read(bytes: &[u8]) -> Option<Self> {
        let long = |at: usize| {
            let bytes: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
            Some(u64::from(u32::from_be_bytes(bytes)))
        };
        let short =
            |at: usize| Some(u64::from(*bytes.get(at)?) << 8 | u64::from(*bytes.get(at + 1)?));
        let (length, components) = (short(4)?, short(40)?);
        let [x1, y1, x0, y0, width, height, left, top] =
            [8, 12, 16, 20, 24, 28, 32, 36].map(|at| long(at).unwrap_or(0));
        let fits = (1..=16384).contains(&components)
            && length == 38 + 3 * components
            && x1 > x0
            && y1 > y0
            && width > 0
            && height > 0
            && left <= x0
            && top <= y0
            && left + width > x0
            && top + height > y0;
        let tiles =
            (x1 - left.min(x1)).div_ceil(width.max(1)) * (y1 - top.min(y1)).div_ceil(height.max(1));
        (fits && (1..=65535).contains(&tiles)).then_some(Self { tiles })
    }
}

/// The place behind the stream's last marker, or the first wrong byte; and where data begin.
struct Stream {
    end: Result<u64, u64>,
    data: Option<u64>,
}

fn stream(stretch: &mut Stretch, begins: u64, end: u64) -> Option<Stream> {
    let size = Size::read(stretch.peek(begins, 64))?;
    let mut found = Stream { end: Err(begins), data: None };
    let (mut at, mut parts) = (begins + 2, 0_u64);
    for _ in 0..MOST_MARKERS {
        found.end = Err(at);
        match stretch.u16_be(at).filter(|_| at + 2 <= end) {
            Some(0xFFD9) if parts > 0 => {
                found.end = Ok(at + 2);
                break;
            }
            Some(0xFF90) => {
                let Some(part) = Part::read(stretch, at, &size) else { break };
                parts += 1;
                let last = if part.length == 0 { end } else { (at + part.length).min(end) };
                let Some(data) = part.data(stretch, last) else { break };
                found.data.get_or_insert(data);
                let few = !part.is_closed(stretch, last);
                match over(stretch, data, last, if few { &ZEROS[..FEW] } else { &ZEROS }) {
                    // A part of unknown length ends before the last marker.
                    Ok(stop) if part.length == 0 => at = stop,
                    Ok(stop) if stop == at + part.length => at = stop,
                    Ok(stop) | Err(stop) => {
                        found.end = Err(stop);
                        break;
                    }
                }
            }
            Some(0xFF50..=0xFF6F) if parts == 0 && at - begins < LONGEST_HEAD => {
                let Some(length) = stretch.u16_be(at + 2).filter(|length| *length >= 2) else {
                    break;
                };
                at += 2 + u64::from(length);
            }
            _ => break,
        }
    }
    Some(found)
}

struct Part {
    at: u64,
    length: u64,
}

impl Part {
    fn read(stretch: &mut Stretch, at: u64, size: &Size) -> Option<Self> {
        let tile = u64::from(stretch.u16_be(at + 4)?);
        let length = u64::from(stretch.u32_be(at + 6)?);
        let fits = stretch.u16_be(at + 2) == Some(10) && tile < size.tiles;
        (fits && (length == 0 || length >= 14)).then_some(Self { at, length })
    }

    /// Whether a marker stands where its data should end.
    fn is_closed(&self, stretch: &mut Stretch, end: u64) -> bool {
        match self.length {
            0 => stretch.u16_be(end.saturating_sub(2)) == Some(0xFFD9),
            length => matches!(stretch.u16_be(self.at + length), Some(0xFF90 | 0xFFD9)),
        }
    }

    /// Where its data begin.
    fn data(&self, stretch: &mut Stretch, end: u64) -> Option<u64> {
        let mut at = self.at + 12;
        while at < end {
            match stretch.u16_be(at)? {
                0xFF93 => return Some(at + 2),
                0xFF52..=0xFF6F => at += 2 + u64::from(stretch.u16_be(at + 2)?.max(2)),
                _ => return None,
            }
        }
        None
    }
}

/// Goes over data: to a marker or the end, or to the first byte that cannot stand there; so many zeros cannot.
fn over(stretch: &mut Stretch, from: u64, end: u64, zeros: &[u8]) -> Result<u64, u64> {
    let finder = memchr::memmem::Finder::new(zeros);
    let mut at = from;
    while at < end {
        let bytes = stretch.peek(at, (end - at).min(STEP) as usize);
        if bytes.is_empty() {
            return Err(at);
        }
        for found in memchr::memchr_iter(0xFF, bytes) {
            let place = at + found as u64;
            match bytes.get(found + 1) {
                // Packets may begin with marks of their own.
                Some(0x91 | 0x92) | Some(..=0x8F) => {}
                Some(0x90 | 0xD9) => return Ok(place),
                Some(_) => return Err(place),
                None => {}
            }
        }
        if let Some(zeros) = finder.find(bytes).or_else(|| lost_sectors(bytes, at)) {
            return Err(at + zeros as u64);
        }
        let step = bytes.len() as u64;
        // Zeros, and a marker, may begin before the border and go on behind it.
        let goes_on = step == STEP && at + step < end;
        at += if goes_on { step + 1 - zeros.len() as u64 } else { step };
    }
    if at > stretch.len() { Err(stretch.len()) } else { Ok(at) }
}

/// Where in bytes that stand at `at` sectors were lost: zeros that begin and end on their borders, as packets do once in 262,144 times.
fn lost_sectors(bytes: &[u8], at: u64) -> Option<usize> {
    const SECTOR: usize = 512;
    let first = (at.next_multiple_of(SECTOR as u64) - at) as usize;
    let mut zeros = None;
    for (number, sector) in bytes.get(first..)?.chunks_exact(SECTOR).enumerate() {
        let place = first + number * SECTOR;
        if sector.iter().all(|byte| *byte == 0) {
            zeros.get_or_insert(place);
        } else if let Some(start) = zeros.take()
            && sector[0] != 0
            && start.checked_sub(1).is_some_and(|before| bytes[before] != 0)
        {
            return Some(start);
        }
    }
    None
}

/// Of every 585 bytes of chance one pair cannot stand in data.
fn proof(data: u64, end: u64) -> Proof {
    if end.saturating_sub(data) >= ENOUGH { Proof::Decoded } else { Proof::Structure }
}

fn finish(stretch: &mut Stretch, found: &Stream, close: Option<u64>) -> Option<Walked> {
    let data = found.data?;
    let walked = match (found.end, close) {
        (Ok(end), None) => Walked::whole(end, proof(data, end)),
        (Ok(end), Some(close)) => Walked::whole(close, proof(data, end)),
        (Err(noticed), _) => {
            let cut = resync::cut(stretch, data, noticed);
            let enough = if cut.clear { SOME } else { ENOUGH };
            (cut.at - data >= enough).then_some(())?;
            Walked::broken(cut.at, Proof::Structure)
        }
    };
    Some(Walked { details: Details { pages: Some(1), ..Details::default() }, ..walked })
}

/// What stands beside the codestream, also in JPX.
const BOXES: [&[u8; 4]; 14] = [
    b"ftyp", b"jp2h", b"uuid", b"xml ", b"uinf", b"jp2i", b"res ", b"asoc", b"free", b"rreq",
    b"ftbl", b"jpch", b"jplh", b"dtbl",
];

fn walk_stream(stretch: &mut Stretch) -> Option<Walked> {
    let found = stream(stretch, 0, stretch.len())?;
    finish(stretch, &found, None)
}

fn walk_boxes(stretch: &mut Stretch) -> Option<Walked> {
    let mut at = 12;
    let mut found: Option<(Stream, Room)> = None;
    for count in 0..=MOST_BOXES {
        let Some(next) = boxes::Box::read(stretch, at) else { break };
        // What only counts bytes begins here.
        let mut counted = next.body;
        match &next.name {
            _ if found.is_none() && at > LONGEST_HEAD => return None,
            b"jp2c" if found.is_none() => {
                let end = if next.open { stretch.len() } else { next.end };
                let inner = stream(stretch, next.body, end.min(stretch.len()))?;
                let Ok(closes) = inner.end else { return finish(stretch, &inner, None) };
                if next.open {
                    return finish(stretch, &inner, Some(closes));
                }
                (at, counted) = (closes, closes);
                found = Some((inner, Room::beside(closes)));
            }
            name if next.end > at && BOXES.contains(&name) => {}
            _ => break,
        }
        if let Some((found, room)) = &mut found
            && (count == MOST_BOXES
                || next.end > stretch.len()
                || room.foreign(stretch, counted, next.end).is_some())
        {
            return Some(Walked { end: End::Broken, ..finish(stretch, found, Some(at))? });
        }
        at = next.end;
    }
    finish(stretch, &found?.0, Some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sectors_that_were_lost_are_seen_and_empty_packets_are_none() {
        for (start, count, lost) in
            [(1024, 512, true), (65_024, 2048, true), (1000, 2000, false), (1024, 2000, false)]
        {
            let bytes = [&vec![0x55; start][..], &vec![0; count], &[0x55; 100_000]].concat();
            let (mut stretch, end) = (Stretch::new(&bytes), bytes.len() as u64);
            let told = over(&mut stretch, 3, end, &ZEROS);
            assert_eq!(told, if lost { Err(start as u64) } else { Ok(end) }, "{start} {count}");
        }
    }

    #[test]
    fn zeros_on_a_border_are_seen() {
        for zeros in [FEW, ZEROS.len()] {
            let first = STEP as usize - zeros / 2;
            let bytes = [&vec![0x55; first][..], &vec![0; zeros], &[0x55; 100_000]].concat();
            let (end, mut stretch) = (bytes.len() as u64, Stretch::new(&bytes));
            assert_eq!(over(&mut stretch, 0, end, &ZEROS[..zeros]), Err(first as u64));
        }
    }
}
