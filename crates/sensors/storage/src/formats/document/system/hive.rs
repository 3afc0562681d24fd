//! Registry hives: the header's checksum, and bins to the length that it tells.

use encoding_rs::UTF_16LE;

use super::opaque;
use crate::Stretch;
use crate::formats::{Details, End, Family, Format, Kind, Proof, Signature, Walked};
use crate::volumes::moments::since_1601;

pub static HIVE: Format = Format {
    kind: Kind { name: "registry", family: Family::Settings, extension: "hive" },
    signatures: &[Signature::new(b"regf")],
    looks,
    walk,
    texts: None,
    picture: None,
};

/// A bin of more is none: its cells would be followed for nothing.
const LARGEST: u64 = 64 << 20;

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..512) else { return false };
    let word = |four: &[u8]| u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
    let sum = head[..508].chunks_exact(4).fold(0, |sum, four| sum ^ word(four));
    let sum = match sum {
        0 => 1,
        u32::MAX => u32::MAX - 1,
        sum => sum,
    };
    head.starts_with(b"regf") && word(&head[508..]) == sum && word(&head[20..]) == 1
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    if !looks(stretch.peek(0, 512)) {
        return None;
    }
    let end = 4096 + u64::from(stretch.u32_le(40)?);
    let (mut at, mut before) = (4096, 4096);
    while at < end {
        let Some(size) = bin(stretch, at).filter(|size| at + size <= stretch.len()) else { break };
        (before, at) = (at, at + size);
    }
    let mut walked = match at {
        4096 => return None,
        at if at == end => Walked::whole(end, Proof::Structure),
        at if at > end => {
            Walked { end: End::Damaged { at: end }, ..Walked::whole(at, Proof::Structure) }
        }
        at => {
            let to = bin(stretch, at).map_or(at, |size| at + size);
            // The last bin that is told whole may have lost its end.
            let own = opaque::begun(stretch, before + 1, at);
            let own = if own < at { own } else { opaque::extent(stretch, at, to) };
            Walked::broken(opaque::trimmed(stretch, before + 32, own), Proof::Structure)
        }
    };
    let (name, _) = UTF_16LE.decode_without_bom_handling(stretch.peek(48, 64));
    walked.details.name = name.split('\0').next().and_then(Details::text);
    walked.details.modified = stretch.u64_le(12).and_then(since_1601);
    Some(walked)
}

/// The length of a bin, which tells its own place.
fn bin(stretch: &mut Stretch, at: u64) -> Option<u64> {
    let size = u64::from(stretch.u32_le(at + 8)?);
    let fits =
        stretch.starts(at, b"hbin") && stretch.u32_le(at + 4).map(u64::from) == Some(at - 4096);
    (fits && (1..=LARGEST).contains(&size) && size % 4096 == 0 && filled(stretch, at, size))
        .then_some(size)
}

/// Whether cells fill a bin to its end; none has no bytes.
fn filled(stretch: &mut Stretch, bin: u64, size: u64) -> bool {
    let mut at = bin + 32;
    let end = (bin + size).min(stretch.len());
    while at < end {
        match stretch.u32_le(at).map(|size| u64::from(size.cast_signed().unsigned_abs())) {
            Some(size) if size >= 8 && size % 8 == 0 => at += size,
            _ => return false,
        }
    }
    at == bin + size || end < bin + size
}
