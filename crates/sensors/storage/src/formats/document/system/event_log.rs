//! Event logs of Windows: the header's checksum, and chunks of 64 KiB with theirs.

use super::opaque;
use crate::formats::{Family, Format, Kind, Proof, Signature, Walked};
use crate::{Stretch, sums::agree};

pub static EVENT_LOG: Format = Format {
    kind: Kind { name: "evtx", family: Family::Other, extension: "evtx" },
    signatures: &[Signature::new(b"ElfFile\0")],
    looks,
    walk,
    texts: None,
    picture: None,
};

const CHUNK: u64 = 65_536;

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..128) else { return false };
    head.starts_with(b"ElfFile\0") && agree(crc32fast::hash(&head[..120]), told(head))
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    if !looks(stretch.peek(0, 512)) {
        return None;
    }
    let told = u64::from(stretch.u16_le(42)?);
    let first = u64::from(stretch.u16_le(40)?).max(4096);
    let mut chunks = 0_u64;
    while chunks < 1 << 20 {
        let at = first + chunks * CHUNK;
        if at + CHUNK > stretch.len() || !chunk(stretch, at, chunks >= told) {
            break;
        }
        chunks += 1;
    }
    let end = first + chunks * CHUNK;
    if chunks >= told.max(1) {
        return Some(Walked::whole(end, Proof::Checksum));
    }
    let length = opaque::extent(stretch, end, end + CHUNK);
    (chunks > 0 || length > first + 1024 && stretch.starts(first, b"ElfChnk\0"))
        .then(|| Walked::broken(length, Proof::Checksum))
}

fn told(head: &[u8]) -> u32 {
    u32::from_le_bytes([head[124], head[125], head[126], head[127]])
}

/// Whether a chunk's header is right; behind those that are told also one that was prepared and never filled.
fn chunk(stretch: &mut Stretch, at: u64, spare: bool) -> bool {
    let head = stretch.peek(at, 512);
    if head.len() < 512 || !head.starts_with(b"ElfChnk\0") {
        return false;
    }
    let mut crc = crc32fast::Hasher::new();
    crc.update(&head[..120]);
    crc.update(&head[128..512]);
    spare || agree(crc.finalize(), told(head))
}
