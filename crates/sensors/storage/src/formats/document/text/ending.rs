//! Where a text ends: texts have no mark for it.

use crate::Stretch;

/// Files begin on sectors.
const SECTOR: u64 = 512;
/// So many bytes of what follows pass for text by chance.
const CHANCE: u64 = 12;

/// The end of a text of which the byte at `stop` is no more. Zeros follow right behind it; of anything else the first bytes may look
/// like text: then it ended on the sector's border or with its last line.
pub fn settle(stretch: &mut Stretch, stop: u64) -> u64 {
    if matches!(stretch.u8(stop), None | Some(0)) {
        return stop;
    }
    let border = stop / SECTOR * SECTOR;
    if stop - border <= CHANCE && border > 0 {
        return border;
    }
    let from = stop.saturating_sub(CHANCE);
    let last = stretch.peek(from, (stop - from) as usize);
    match memchr::memrchr(b'\n', last) {
        Some(at) => from + at as u64 + 1,
        None => stop,
    }
}

/// Where, in a line, a sector begins with what begins another file.
pub fn another(stretch: &mut Stretch, place: u64, length: u64) -> Option<u64> {
    let mut border = place.div_ceil(SECTOR) * SECTOR;
    while border < place.saturating_add(length) {
        if border > 0 && begins(stretch.peek(border, SECTOR as usize)) {
            return Some(border);
        }
        border += SECTOR;
    }
    None
}

/// Whether a text of another kind begins here.
fn begins(bytes: &[u8]) -> bool {
    const HEADS: &[&[u8]] = &[
        b"%PDF-",
        b"%!PS-",
        b"{\\rtf",
        b"<?xml ",
        b"<!DOCTYPE ",
        b"<html",
        b"-----BEGIN ",
        b"BEGIN:VC",
        b"GIF8",
        b"PK\x03\x04",
        b"\x1b%-12345X",
        b"\x89PNG",
    ];
    HEADS.iter().any(|head| bytes.starts_with(head)) || begins_mail(bytes)
}

fn begins_mail(bytes: &[u8]) -> bool {
    use super::super::mail::{looks, looks_mbox};
    bytes.first().is_some_and(u8::is_ascii_uppercase) && (looks(bytes) || looks_mbox(bytes))
}
