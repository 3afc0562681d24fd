//! Sets of properties: title, author, program, times, pages, in the code page that they name.

use encoding_rs::Encoding;

use crate::formats::Details;
use crate::volumes::moments::since_1601;

/// The most properties that are read.
const MOST: usize = 256;

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

pub fn take(bytes: &[u8], details: &mut Details) {
    let Some(section) = u32_at(bytes, 44).and_then(|at| bytes.get(at as usize..)) else { return };
    let count = u32_at(section, 4).unwrap_or(0) as usize;
    let property = |wanted: u32| {
        let at = (0..count.min(MOST))
            .map(|index| 8 + index * 8)
            .find(|at| u32_at(section, *at) == Some(wanted))?;
        section.get(u32_at(section, at + 4)? as usize..)
    };
    let page = property(1)
        .and_then(|value| value.get(4..6))
        .map_or(1252, |two| u16::from_le_bytes([two[0], two[1]]));
    let text = |wanted| property(wanted).and_then(|value| string(value, page));
    let time = |wanted| {
        let value = property(wanted)?.get(4..12)?;
        since_1601(u64::from_le_bytes(value.try_into().ok()?))
    };
    details.title = text(2);
    details.author = text(4).or_else(|| text(8));
    details.application = text(18);
    details.created = time(12);
    details.modified = time(13);
    let pages = property(14).and_then(|value| u32_at(value, 4));
    details.pages = pages.filter(|pages| (1..1_000_000).contains(pages));
}

fn string(value: &[u8], page: u16) -> Option<String> {
    let count = u32_at(value, 4)? as usize;
    let rest = value.get(8..)?;
    let (text, _) = match u32_at(value, 0)? {
        0x1E if page == 1200 => {
            encoding_rs::UTF_16LE.decode_without_bom_handling(rest.get(..count.min(rest.len()))?)
        }
        0x1E => encoding(page).decode_without_bom_handling(rest.get(..count.min(rest.len()))?),
        0x1F => encoding_rs::UTF_16LE
            .decode_without_bom_handling(rest.get(..count.checked_mul(2)?.min(rest.len()))?),
        _ => return None,
    };
    Details::text(text.split('\0').next()?)
}

pub fn encoding(page: u16) -> &'static Encoding {
    match page {
        936 | 54936 => encoding_rs::GBK,
        950 => encoding_rs::BIG5,
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        65001 => encoding_rs::UTF_8,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1253 => encoding_rs::WINDOWS_1253,
        1254 => encoding_rs::WINDOWS_1254,
        1255 => encoding_rs::WINDOWS_1255,
        1256 => encoding_rs::WINDOWS_1256,
        874 => encoding_rs::WINDOWS_874,
        _ => encoding_rs::WINDOWS_1252,
    }
}
