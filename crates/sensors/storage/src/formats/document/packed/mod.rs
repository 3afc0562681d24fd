//! Archives and packed files, one after the other by their own headers.
//!
//! What cannot be looked into without its decoder is leapt over by lengths; checksums of headers, of directories and of what can
//! be inflated are checked. Each module says what it follows and how far.

pub mod bzip2;
pub mod cabinet;
pub mod cpio;
pub mod gzip;
mod lzma2;
pub mod rar;
pub mod seven_zip;
pub mod tar;
#[cfg(test)]
mod tests;
pub mod xz;
pub mod zstd;

use super::opaque;
use crate::Stretch;
use crate::formats::{Family, Kind, Proof, Walked};

const fn archive(name: &'static str, extension: &'static str) -> Kind {
    Kind { name, family: Family::Archive, extension }
}

/// The least that is left of one that is cut.
const LEAST: u64 = 512;

/// One that breaks at `at`: with what of the part after it may still be its own, up to `to`.
fn cut(stretch: &mut Stretch, at: u64, to: u64) -> Option<Walked> {
    let length = opaque::extent(stretch, at, to.max(at));
    let length = opaque::trimmed(stretch, at.min(length), length);
    (at >= 32 && length >= LEAST).then(|| Walked::broken(length, Proof::Structure))
}

/// CRC-32 of a part of the stretch; none where it ends before.
fn crc(stretch: &mut Stretch, at: u64, bytes: u64) -> Option<u32> {
    let mut crc = crc32fast::Hasher::new();
    let (mut at, end) = (at, at.checked_add(bytes)?);
    while at < end {
        let count = usize::try_from(end - at).unwrap_or(usize::MAX).min(64 * 1024);
        let piece = stretch.peek(at, count);
        if piece.is_empty() {
            return None;
        }
        crc.update(piece);
        at += piece.len() as u64;
    }
    Some(crc.finalize())
}

/// A number in sevens of bits, the lowest first, whose last byte has no eighth.
fn number(stretch: &mut Stretch, at: &mut u64) -> Option<u64> {
    let mut value = 0_u64;
    for shift in 0..9 {
        let byte = stretch.u8(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7F) << (shift * 7);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}
