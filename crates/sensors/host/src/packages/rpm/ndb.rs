//! `Packages.db`, the form that openSUSE uses: a header, pages of slots that say where each
//! package's header lies, in blocks of 16 bytes, and these headers. All little-endian.
//!
//! Limits: only as many slots as the file has room for.

use super::Records;

const BLOCK: usize = 16;
const BLOCKS_OF_PAGE: usize = 256;
/// The file's own header takes the place of the first slots.
const FIRST_SLOT: usize = 2;

pub fn read(content: &[u8], records: &mut Records<'_>) {
    if !content.starts_with(b"RpmP") || word(content, 4) != Some(0) {
        return records.fault("", "no rpm database of version 0");
    }
    let slots = word(content, 12).unwrap_or_default().saturating_mul(BLOCKS_OF_PAGE);
    let blocks = content.as_chunks::<BLOCK>().0;
    if slots == 0 || slots > blocks.len() {
        return records.fault("", "its slots do not fit into the file");
    }
    for (number, slot) in blocks.iter().enumerate().take(slots).skip(FIRST_SLOT) {
        if records.over {
            return;
        }
        let place = format!("slot {number}");
        match blob(content, slot) {
            Some([]) => {}
            Some(blob) => records.header(&place, blob),
            None => records.fault(&place, "it leads to no header"),
        }
    }
}

/// The header that a slot leads to; empty for a free slot.
fn blob<'a>(content: &'a [u8], slot: &[u8; BLOCK]) -> Option<&'a [u8]> {
    let (package, block, count) = (word(slot, 4)?, word(slot, 8)?, word(slot, 12)?);
    if !slot.starts_with(b"Slot") {
        return None;
    }
    if block == 0 {
        return Some(&[]);
    }
    let start = block.checked_mul(BLOCK)?;
    let bytes = content.get(start..start.checked_add(count.checked_mul(BLOCK)?)?)?;
    let sound = bytes.starts_with(b"BlbS") && word(bytes, 4)? == package;
    let length = word(bytes, 12).filter(|length| sound && *length > 0)?;
    bytes.get(16..)?.get(..length)
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let (first, _) = bytes.get(at..)?.split_first_chunk::<4>()?;
    Some(u32::from_le_bytes(*first) as usize)
}
