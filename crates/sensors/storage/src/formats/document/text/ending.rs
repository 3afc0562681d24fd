//! Where a text ends: texts have no mark for it.

use crate::Stretch;

/// Files begin on sectors.
const SECTOR: u64 = 512;
/// So many bytes of what follows pass for text by chance, where they are plain letters; and where they are any.
const CHANCE: u64 = 12;
const REACH: u64 = 96;

/// The end of a text of which the byte at `stop` is no more. Zeros follow right behind it; of anything else the first bytes may look
/// like text: then it ended on the sector's border, with its last line, or before what is no UTF-8.
pub fn settle(stretch: &mut Stretch, stop: u64) -> u64 {
    if matches!(stretch.u8(stop), None | Some(0)) {
        return stop;
    }
    let from = stop.saturating_sub(REACH);
    let tail = stretch.peek(from, (stop - from) as usize);
    let line = memchr::memrchr(b'\n', tail).map_or(0, |at| at + 1);
    let sound = line + sound(&tail[line..]);
    let end = from + sound as u64;
    let border = end / SECTOR * SECTOR;
    let last = from + line as u64;
    if border > last && end - border <= CHANCE {
        border
    } else if line > 0 && end - last <= CHANCE {
        last
    } else {
        end
    }
}

/// How many bytes from the first on are UTF-8; in the middle of a character it may begin.
fn sound(bytes: &[u8]) -> usize {
    let skip = bytes.iter().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count();
    match std::str::from_utf8(&bytes[skip..]) {
        Ok(_) => bytes.len(),
        Err(error) => skip + error.valid_up_to(),
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
    use super::super::mail::{EML, looks, looks_mbox};
    let first = EML.signatures.iter().any(|signature| bytes.starts_with(signature.bytes));
    // So the parts of a message begin.
    first && !bytes.starts_with(b"Content-") && looks(bytes) || looks_mbox(bytes)
}
