//! Decodes streams through chains of filters, each step capped.

use super::object::Filter;
use crate::Stretch;
use crate::formats::document::inflate::{Inflater, Wrap};
use crate::stretch::WINDOW;

/// The most that is decoded of one stream.
pub const MOST: usize = 4 << 20;

/// The decoded bytes of a stream, as far as they can be decoded; none where a filter is not for texts. What is read and what comes out
/// is taken from `left`.
pub fn decoded(
    stretch: &mut Stretch,
    inflater: &mut Inflater,
    (data, stop): (u64, u64),
    filters: &[Filter],
    left: &mut u64,
) -> Option<Vec<u8>> {
    *left = left.saturating_sub(stop.saturating_sub(data).min(MOST as u64));
    let (mut bytes, rest) = match filters.split_first() {
        Some((Filter::Flate, rest)) => (inflated(stretch, inflater, data, stop), rest),
        _ => (raw(stretch, data, stop), filters),
    };
    *left = left.saturating_sub(bytes.len() as u64);
    for filter in rest {
        bytes = match filter {
            Filter::Flate => inflated(&mut Stretch::new(&bytes), inflater, 0, u64::MAX),
            Filter::Lzw => lzw(&bytes),
            Filter::Ascii85 => ascii85(&bytes),
            Filter::AsciiHex => super::strings::from_hex(&bytes),
            Filter::RunLength => run_length(&bytes),
            Filter::Jpeg | Filter::Fax | Filter::Other => return None,
        };
        *left = left.saturating_sub(bytes.len() as u64);
    }
    Some(bytes)
}

fn raw(stretch: &mut Stretch, data: u64, stop: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut at = data;
    while at < stop && bytes.len() < MOST {
        let count = usize::try_from(stop - at).unwrap_or(WINDOW).min(WINDOW);
        let piece = stretch.peek(at, count);
        if piece.is_empty() {
            break;
        }
        bytes.extend_from_slice(piece);
        at += piece.len() as u64;
    }
    bytes
}

fn inflated(stretch: &mut Stretch, inflater: &mut Inflater, data: u64, stop: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut take = |piece: &[u8]| bytes.extend_from_slice(piece);
    inflater.run(stretch, (data, stop), Wrap::Zlib, MOST as u64, &mut take);
    bytes
}

pub fn ascii85(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut sum, mut count) = (Vec::with_capacity(bytes.len() / 5 * 4), 0_u32, 0);
    for byte in bytes {
        match byte {
            b'z' if count == 0 => out.extend([0; 4]),
            b'!'..=b'u' => {
                sum = sum.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                count += 1;
                if count == 5 {
                    out.extend(sum.to_be_bytes());
                    (sum, count) = (0, 0);
                }
            }
            b'~' => break,
            _ => {}
        }
    }
    if count > 1 {
        let full = (count..5).fold(sum, |sum, _| sum.wrapping_mul(85).wrapping_add(84));
        out.extend(&full.to_be_bytes()[..count - 1]);
    }
    out
}

pub fn run_length(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(&head) = bytes.get(at).filter(|_| out.len() < MOST) {
        match head {
            128 => break,
            0..=127 => {
                let run = bytes.get(at + 1..).unwrap_or_default();
                out.extend(&run[..run.len().min(usize::from(head) + 1)]);
                at += usize::from(head) + 2;
            }
            _ => {
                let Some(&byte) = bytes.get(at + 1) else { break };
                out.extend(std::iter::repeat_n(byte, 257 - usize::from(head)));
                at += 2;
            }
        }
    }
    out
}

/// LZW as PDF and TIFF have it: codes of 9 to 12 bits that widen one code early.
pub fn lzw(bytes: &[u8]) -> Vec<u8> {
    // Each code is the one before it and one byte more; of codes below 256 the byte alone.
    let (mut before, mut last_byte, mut lengths) =
        (vec![0_u16; 4096], vec![0_u8; 4096], vec![1_u16; 4096]);
    for (code, byte) in last_byte.iter_mut().enumerate().take(256) {
        *byte = code as u8;
    }
    let (mut out, mut next, mut width) = (Vec::new(), 258_usize, 9);
    let (mut held, mut bits) = (0_u32, 0);
    let mut old: Option<usize> = None;
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        if bits < width {
            continue;
        }
        let code = (held >> (bits - width)) as usize & ((1 << width) - 1);
        bits -= width;
        match (code, old) {
            (256, _) => (next, width, old) = (258, 9, None),
            (257, _) => break,
            (code, None) if code < 256 => {
                out.push(code as u8);
                old = Some(code);
            }
            (code, Some(previous)) if code <= next && out.len() < MOST => {
                let source = if code < next { code } else { previous };
                let start = out.len();
                let length = usize::from(lengths[source]);
                out.resize(start + length, 0);
                let mut link = source;
                for slot in out[start..].iter_mut().rev() {
                    *slot = last_byte[link];
                    link = usize::from(before[link]);
                }
                let first = out[start];
                if code == next {
                    out.push(first);
                }
                if next < 4096 {
                    (before[next], last_byte[next]) = (previous as u16, first);
                    lengths[next] = lengths[previous].saturating_add(1);
                    next += 1;
                }
                width = match next + 1 {
                    0..=511 => 9,
                    512..=1023 => 10,
                    1024..=2047 => 11,
                    _ => 12,
                };
                old = Some(code);
            }
            _ => break,
        }
    }
    out
}
