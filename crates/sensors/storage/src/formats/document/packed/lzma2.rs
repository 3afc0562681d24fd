//! The chunks of an LZMA2 stream, by their headers: each packed one begins with the zero byte of its coder.

use crate::Stretch;

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
