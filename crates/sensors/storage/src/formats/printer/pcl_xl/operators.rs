//! What the bytes of PCL XL mean.

/// Bit `n % 64` of word `n / 64`: whether byte `n` is an operator that exists.
const OPERATORS: [u64; 3] = set(&[
    (0x41, 0x44),
    (0x46, 0x4C),
    (0x4F, 0x53),
    (0x54, 0x58),
    (0x5B, 0x7F),
    (0x80, 0x87),
    (0x91, 0x9B),
    (0x9D, 0xA3),
    (0xA8, 0xAB),
    (0xB0, 0xBF),
]);

const fn set(ranges: &[(u8, u8)]) -> [u64; 3] {
    let mut words = [0; 3];
    let mut range = 0;
    while range < ranges.len() {
        let mut byte = ranges[range].0;
        while byte <= ranges[range].1 {
            words[byte as usize / 64] |= 1 << (byte % 64);
            byte += 1;
        }
        range += 1;
    }
    words
}

pub fn is_operator(byte: u8) -> bool {
    OPERATORS.get(usize::from(byte / 64)).is_some_and(|word| word >> (byte % 64) & 1 == 1)
}

pub const BEGIN_SESSION: u8 = 0x41;
pub const END_SESSION: u8 = 0x42;
pub const BEGIN_PAGE: u8 = 0x43;
pub const END_PAGE: u8 = 0x44;
pub const BEGIN_IMAGE: u8 = 0xB0;
pub const READ_IMAGE: u8 = 0xB1;
pub const BEGIN_PATTERN: u8 = 0xB3;
pub const READ_PATTERN: u8 = 0xB4;
/// What only one maker's printers know, with data behind the operator.
pub const VENDOR: u8 = 0x46;
pub const SET_CURSOR: u8 = 0x6B;
pub const SET_CURSOR_REL: u8 = 0x6C;
pub const TEXT: u8 = 0xA8;

/// Before the first page, between pages, and on one: what may stand there.
pub fn is_outside_pages(operator: u8) -> bool {
    matches!(operator, 0x42 | 0x43 | 0x46..=0x58 | 0x5B..=0x5F)
}

/// How many bytes one value has, by its tag: scalars, arrays, points, boxes.
pub fn size(tag: u8) -> Option<u64> {
    match tag & 7 {
        0 => Some(1),
        1 | 3 => Some(2),
        2 | 4 | 5 => Some(4),
        _ => None,
    }
}

/// The highest attribute that the published protocols and vendors use.
pub const LAST_ATTRIBUTE: u8 = 0xBF;
pub const TEXT_DATA: u8 = 0xAB;
/// How many lines a part of a picture has, and how they are packed.
pub const BLOCK_HEIGHT: u8 = 0x63;
pub const COMPRESSION: u8 = 0x65;
/// How many bytes follow the maker's own operator.
pub const VENDOR_BYTES: u8 = 0x92;

/// Operators that may stand without any attribute.
pub fn stands_alone(operator: u8) -> bool {
    matches!(
        operator,
        0x42 | 0x44 | 0x46..=0x49 | 0x51 | 0x54 | 0x57 | 0x5D | 0x5F..=0x61 | 0x69 | 0x7E | 0x80 | 0x84..=0x86
            | 0xB2 | 0xB5 | 0xB8..=0xBF
    )
}
