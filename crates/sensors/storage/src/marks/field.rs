//! Words inside records of other files: strings with their length before them, records of metafiles, labels of plotters.

use super::{Encoding, around::side};

/// Whether the bytes before say that exactly so many bytes or characters follow, as 16 or 32 bits, perhaps with a byte of flags: strings of
/// spreadsheets, of PCL XL, of compound files.
pub fn is_counted(encoding: Encoding, before: &[u8], form: &[u8]) -> bool {
    let units = if encoding.is_wide() { form.len() / 2 } else { form.len() };
    let is = |count: usize| count == units || count == form.len();
    let (Some(last), count) = (before.last(), before.len()) else { return false };
    let short = |end: usize| {
        let bytes = before.get(end.checked_sub(2)?..end)?;
        Some([
            usize::from(bytes[0]) | usize::from(bytes[1]) << 8,
            usize::from(bytes[1]) | usize::from(bytes[0]) << 8,
        ])
    };
    let long = |end: usize| {
        let bytes: [u8; 4] = before.get(end.checked_sub(4)?..end)?.try_into().ok()?;
        Some([u32::from_le_bytes(bytes) as usize, u32::from_be_bytes(bytes) as usize])
    };
    let said = |end: usize| [short(end), long(end)].into_iter().flatten().flatten().any(is);
    // Flags: whether its characters have two bytes.
    let flagged = *last == u8::from(encoding.is_wide()) && said(count - 1);
    said(count) || flagged
}

/// Where a string lies in a record of a metafile that writes text, and how far before it the number of its characters stands.
const METAFILE: usize = 76;

/// How many characters the record before says that its text has, which begins here.
pub fn record(encoding: Encoding, before: &[u8]) -> Option<usize> {
    let record = &before[before.len().checked_sub(32)?..];
    let number =
        |at: usize| record[at..].first_chunk().map_or(0, |four| u32::from_le_bytes(*four) as usize);
    (encoding == Encoding::Utf16Le && number(4) == METAFILE).then(|| number(0))
}

/// Whether a label of HP-GL begins here.
pub fn is_label(before: &[u8]) -> bool {
    let front = before.strip_suffix(b"LB");
    front.is_some_and(|front| !front.last().is_some_and(u8::is_ascii_alphabetic))
}

/// ASCII in one order of UTF-16 reads as the other, a byte apart: whether what stands around speaks no more for that.
pub fn may_be(encoding: Encoding, before: &[u8], form: &[u8], after: &[u8]) -> bool {
    let own = |encoding: Encoding, before: &[u8], after: &[u8]| {
        side(encoding, encoding.before(before)) + side(encoding, encoding.after(after))
    };
    let mut moved = Vec::with_capacity(64);
    let other = match encoding {
        Encoding::Utf16Le if before.last() == Some(&0) && form.last() == Some(&0) => {
            moved.push(0);
            moved.extend_from_slice(after);
            own(Encoding::Utf16Be, &before[..before.len() - 1], &moved)
        }
        Encoding::Utf16Be if after.first() == Some(&0) && form.first() == Some(&0) => {
            moved.extend_from_slice(before);
            moved.push(0);
            own(Encoding::Utf16Le, &moved, &after[1..])
        }
        _ => return true,
    };
    own(encoding, before, after) >= other
}
