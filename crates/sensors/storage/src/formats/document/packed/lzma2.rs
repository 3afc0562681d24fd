//! The chunks of an LZMA2 stream, by their headers: each packed one begins with the zero byte of its coder. The first is decoded where
//! that must prove more.

use std::io::Read;

use crate::Stretch;

/// The most that comes out of a first chunk, and the memory for it.
const MOST_OUT: u32 = 2 << 20;
/// To decode a byte costs about as much as to read so many.
const COST: u64 = 16;
/// So much is read at once, so that the place of an error is known as exactly.
const STEP: usize = 64;

pub struct Chunks {
    /// Behind the byte that closes the stream; none where it breaks.
    pub end: Option<u64>,
    /// Where the last chunk begins that is surely one: the header behind it fits too.
    pub sure: u64,
    /// Where it broke, or the chunk that breaks should end.
    pub stop: u64,
}

/// Follows a stream from its first chunk, at most to `to`.
pub fn follow(stretch: &mut Stretch, first: u64, to: u64) -> Chunks {
    let (mut at, mut before, mut sure) = (first, first, first);
    loop {
        if stretch.u8(at) == Some(0) && at > first {
            return Chunks { end: Some(at + 1), sure, stop: at };
        }
        let Some(next) = chunk(stretch, at) else {
            return Chunks { end: None, sure, stop: at };
        };
        (sure, before) = (before, at);
        if next >= to.min(stretch.len()) {
            return Chunks { end: None, sure, stop: next };
        }
        at = next;
    }
}

fn chunk(stretch: &mut Stretch, at: u64) -> Option<u64> {
    let head: [u8; 7] = stretch.array(at)?;
    let short = |at: usize| u64::from(u16::from_be_bytes([head[at], head[at + 1]])) + 1;
    let fresh = u64::from(head[0] >= 0xC0);
    let coder = head[5 + fresh as usize];
    let plain = (u64::from(head[0] & 0x1F) << 16) + short(1);
    match head[0] {
        1 | 2 => Some(at + 3 + short(1)),
        0x80.. if coder == 0 && short(3) <= plain + 16 => Some(at + 5 + fresh + short(3)),
        _ => None,
    }
}

/// How far the first chunk of a stream can be decoded, and whether to its end.
pub fn decoded(stretch: &mut Stretch, first: u64) -> Option<(u64, bool)> {
    let head: [u8; 6] = stretch.array(first).filter(|head: &[u8; 6]| head[0] >= 0xE0)?;
    let size =
        (u64::from(head[0] & 0x1F) << 16) + u64::from(u16::from_be_bytes([head[1], head[2]])) + 1;
    let packed = u64::from(u16::from_be_bytes([head[3], head[4]])) + 1;
    let mut from = Steps { reader: stretch.reader(first + 6, packed) };
    let whole = unpack(&mut from, size, head[5]).is_some();
    let place = from.reader.place();
    stretch.spend((place - first) * COST);
    Some((if whole { first + 6 + packed } else { place.saturating_sub(STEP as u64) }, whole))
}

fn unpack(from: &mut Steps, size: u64, coder: u8) -> Option<()> {
    let decoder = lzma_rust2::LzmaReader::new_with_props(from, size, coder, MOST_OUT, None);
    let mut decoder = decoder.ok()?;
    let mut out = vec![0; 64 * 1024];
    let mut made = 0_u64;
    while made < size {
        let read = decoder.read(&mut out).ok().filter(|read| *read > 0)?;
        made += read as u64;
    }
    Some(())
}

struct Steps<'s, 'a> {
    reader: crate::stretch::Reader<'s, 'a>,
}

impl Read for Steps<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = into.len().min(STEP);
        self.reader.read(&mut into[..count])
    }
}
