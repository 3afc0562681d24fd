//! TAR: headers by their checksums, to two blocks of zeros and the padding to the producer's record.

use super::archive;
use crate::Stretch;
use crate::formats::{Details, End, Format, Proof, Signature, Walked};

pub static TAR: Format = Format {
    kind: archive("tar", "tar"),
    signatures: &[Signature::new(b"ustar").at(257)],
    looks,
    walk,
    texts: None,
    picture: None,
};

const BLOCK: u64 = 512;
/// Twenty blocks, as every producer of today writes by default.
const RECORD: u64 = 20 * BLOCK;

fn looks(bytes: &[u8]) -> bool {
    size(bytes).is_some()
}

/// The length of a member whose header's checksum is right.
fn size(header: &[u8]) -> Option<u64> {
    let header = header.get(..512)?;
    let told = octal(&header[148..156])?;
    let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
    let field: u64 = header[148..156].iter().map(|byte| u64::from(*byte)).sum();
    if &header[257..262] != b"ustar" || sum - field + 8 * 32 != told || header[0] == 0 {
        return None;
    }
    number(&header[124..136])
}

/// A length or a place: in twelve bytes, of which the last eight hold the large ones.
fn number(field: &[u8]) -> Option<u64> {
    match field {
        [0x80, _, _, _, large @ ..] => {
            Some(large.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
        }
        _ => octal(field),
    }
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
    u64::from_str_radix(text, 8).ok()
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let (mut at, mut members) = (0, 0_u32);
    let mut data = BLOCK;
    let mut details = Details::default();
    loop {
        let header = stretch.peek(at, 512);
        let Some(size) = size(header) else { break };
        // Hard links, folders and devices have no bytes, whatever they tell.
        let bytes = if matches!(header[156], b'1'..=b'6') { 0 } else { size };
        if members == 0 {
            details.user = Details::bytes(header[265..297].split(|byte| *byte == 0).next()?);
            details.modified = octal(&header[136..148]).and_then(|time| i64::try_from(time).ok());
        }
        let sparse = header[156] == b'S' && header[482] != 0;
        let start = if sparse { behind_maps(stretch, at) } else { at };
        let next = start.checked_add(BLOCK)?.checked_add(bytes.checked_next_multiple_of(BLOCK)?)?;
        if next > stretch.len() {
            let length = super::opaque::extent(stretch, start + BLOCK, stretch.len());
            return (members > 0 || length > 8192)
                .then(|| Walked { details, ..Walked::broken(length, Proof::Structure) });
        }
        data = start + BLOCK;
        at = next;
        members = members.saturating_add(1);
    }
    if members == 0 {
        return None;
    }
    let zeros = zero_blocks(stretch, at, RECORD / BLOCK + 2);
    if zeros == 0 {
        let length = super::opaque::extent(stretch, data, at);
        return Some(Walked { details, ..Walked::broken(length, Proof::Structure) });
    }
    let padded = (at + 2 * BLOCK).next_multiple_of(RECORD);
    let there = at + zeros * BLOCK;
    let length = if there >= padded { padded } else { there.min(at + 2 * BLOCK) };
    // A last member that ends in zeros, and with more of them behind all that closes, may be one whose end is missing.
    let lost = at > data
        && zero_blocks(stretch, at - BLOCK, 1) > 0
        && there > padded
        && zero_blocks(stretch, padded, 1) > 0;
    let own = if lost { super::opaque::extent(stretch, data, at) } else { at };
    // More than zeros behind it are other files' bytes.
    if own < at && super::opaque::trimmed(stretch, own, at) > own {
        return Some(Walked { details, ..Walked::broken(own, Proof::Structure) });
    }
    let end = if own < at { End::Damaged { at: own } } else { End::Whole };
    Some(Walked { details, end, ..Walked::whole(length, Proof::Structure) })
}

/// The last of the blocks that tell where the bytes of a sparse file lie; the first is its header. Each begins with a place and a
/// length: without them the header's word alone would make maps of anything.
fn behind_maps(stretch: &mut Stretch, header: u64) -> u64 {
    let is_map = |block: &[u8]| {
        let numbers = [block.get(..12), block.get(12..24)];
        numbers.into_iter().all(|field| field.and_then(number).is_some())
    };
    let mut last = header;
    while is_map(stretch.peek(last + BLOCK, BLOCK as usize)) {
        last += BLOCK;
        if stretch.u8(last + 504).is_none_or(|more| more == 0) {
            break;
        }
    }
    last
}

fn zero_blocks(stretch: &mut Stretch, at: u64, most: u64) -> u64 {
    let zero = |stretch: &mut Stretch, at| {
        let block = stretch.peek(at, 512);
        block.len() == 512 && block.iter().all(|byte| *byte == 0)
    };
    (0..most).take_while(|skip| zero(stretch, at + skip * BLOCK)).count() as u64
}
