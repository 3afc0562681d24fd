//! A write-ahead log of SQLite: frames whose checksums go on from the header's. Frames of an earlier round behind them are
//! followed by their marks alone.

use crate::Stretch;
use crate::formats::{End, Family, Format, Kind, Proof, Signature, Walked};

pub static LOG: Format = Format {
    kind: Kind { name: "sqlite-wal", family: Family::Database, extension: "sqlite-wal" },
    signatures: &[
        Signature::new(b"\x37\x7f\x06\x82\x00\x2d\xe2\x18"),
        Signature::new(b"\x37\x7f\x06\x83\x00\x2d\xe2\x18"),
    ],
    looks,
    walk,
    texts: None,
    picture: None,
};

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..32) else { return false };
    let told =
        [24, 28].map(|at| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]));
    head.starts_with(&[0x37, 0x7F, 0x06]) && sum(&head[..24], [0; 2], head[3] & 1 == 1) == told
}

/// Two sums over pairs of words, the first byte of each the highest where `big`.
fn sum(bytes: &[u8], start: [u32; 2], big: bool) -> [u32; 2] {
    let word = |four: &[u8]| {
        let four = [four[0], four[1], four[2], four[3]];
        if big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
    };
    bytes.chunks_exact(8).fold(start, |[first, second], pair| {
        let first = first.wrapping_add(word(&pair[..4])).wrapping_add(second);
        [first, second.wrapping_add(word(&pair[4..])).wrapping_add(first)]
    })
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let head: [u8; 32] = stretch.array(0)?;
    let size = u64::from(stretch.u32_be(8)?);
    if !looks(&head) || !(512..=65_536).contains(&size) {
        return None;
    }
    let big = head[3] & 1 == 1;
    let mut sums = sum(&head[..24], [0; 2], big);
    let (mut at, mut frames) = (32, 0_u32);
    let (mut current, mut closed) = (true, false);
    while let Some(frame) = stretch.array::<24>(at) {
        let next = at + 24 + size;
        let pages = stretch.peek(at + 24, size as usize);
        if pages.len() as u64 != size {
            break;
        }
        let told = [16, 20]
            .map(|at| u32::from_be_bytes([frame[at], frame[at + 1], frame[at + 2], frame[at + 3]]));
        let found = sum(pages, sum(&frame[..8], sums, big), big);
        if current && frame[8..16] == head[16..24] && found == told {
            sums = found;
            closed = frame[4..8] != [0; 4];
        } else if earlier(&frame, &head) {
            current = false;
        } else {
            break;
        }
        at = next;
        frames += 1;
    }
    // Only a frame that closes a transaction is the last one.
    let mut walked = Walked::whole(at, Proof::Checksum);
    if !closed {
        walked.end = End::Broken;
    }
    walked.details.pages = Some(frames);
    (frames > 0).then_some(walked)
}

/// Whether a frame is of a round before: its number is a little lower than the header's.
fn earlier(frame: &[u8; 24], head: &[u8; 32]) -> bool {
    let u32_at = |bytes: &[u8], at: usize| {
        u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
    };
    let behind = u32_at(head, 16).wrapping_sub(u32_at(frame, 8));
    let page = u32_at(frame, 0);
    (1..4096).contains(&behind) && (1..1 << 28).contains(&page)
}
