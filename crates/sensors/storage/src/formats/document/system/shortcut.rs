//! Shortcuts of Windows: a list of ids, where the target lies, strings, and blocks to the one that closes.

use encoding_rs::{UTF_16LE, WINDOWS_1252};

use crate::Stretch;
use crate::formats::{Details, Family, Format, Kind, Proof, Signature, Walked};
use crate::volumes::moments::since_1601;

pub static SHORTCUT: Format = Format {
    kind: Kind { name: "lnk", family: Family::Other, extension: "lnk" },
    signatures: &[Signature::new(b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46")],
    looks,
    walk,
    texts: None,
    picture: None,
};

/// A block of more is none: those that are known have some kilobytes.
const LARGEST: u64 = 256 * 1024;

fn looks(bytes: &[u8]) -> bool {
    let fits = |head: &[u8]| head[66..76] == [0; 10] && head[23] & 0xF8 == 0;
    bytes.starts_with(SHORTCUT.signatures[0].bytes) && bytes.get(..76).is_some_and(fits)
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    if !looks(stretch.peek(0, 512)) {
        return None;
    }
    let flags = stretch.u32_le(20)?;
    let mut at = 76;
    if flags & 1 != 0 {
        at += 2 + u64::from(stretch.u16_le(at)?);
    }
    if flags & 2 != 0 {
        at += u64::from(stretch.u32_le(at).filter(|size| (28..65_536).contains(size))?);
    }
    let mut details =
        Details { created: stretch.u64_le(28).and_then(since_1601), ..Details::default() };
    details.modified = stretch.u64_le(44).and_then(since_1601);
    // Name, relative path, folder, arguments, picture.
    for bit in [4, 8, 16, 32, 64] {
        if flags & bit != 0 {
            let wide = flags & 128 != 0;
            let bytes = u64::from(stretch.u16_le(at)?) << u32::from(wide);
            let text = stretch.peek(at + 2, bytes.min(2048) as usize);
            let text =
                if wide { UTF_16LE } else { WINDOWS_1252 }.decode_without_bom_handling(text).0;
            match bit {
                4 => details.title = Details::text(&text),
                8 => details.name = Details::text(&text),
                _ => {}
            }
            at += 2 + bytes;
        }
    }
    loop {
        let size = u64::from(stretch.u32_le(at)?);
        if size < 4 {
            return Some(Walked { details, ..Walked::whole(at + 4, Proof::Structure) });
        }
        // The blocks that are known count from 0xA0000001.
        stretch.u32_le(at + 4).filter(|kind| kind >> 8 == 0x00A0_0000 && size <= LARGEST)?;
        at += size;
    }
}
