//! Which four bytes of a needle are looked for: those that ordinary data have seldom.

use super::{FOLD, Needle};

/// Four bytes at an even place, folded; None where any byte may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub bytes: [Option<u8>; 4],
    pub needle: u32,
    /// Where in the needle the window begins; for odd places of a short needle the byte before it: -1.
    pub offset: i8,
    pub group: u8,
}

/// Groups of needles of five bytes and more; short ones, whose windows have gaps, have the rest of eight.
const LONG: u8 = 6;

/// Both windows of every needle, in groups of like ones.
pub fn of(needles: &[Needle]) -> Vec<Window> {
    let (mut long, mut short) = (Vec::new(), Vec::new());
    for (number, needle) in (0..).zip(needles) {
        match needle.bytes.len() {
            0..=2 => {}
            3 => short.extend([window(needle, number, 0), window(needle, number, -1)]),
            4 => short.extend([window(needle, number, 0), window(needle, number, 1)]),
            _ => {
                let offset = rarest(needle);
                long.extend([window(needle, number, offset), window(needle, number, offset + 1)]);
            }
        }
    }
    // Like windows in one group: fewer pairs of different needles make a window together.
    long.sort_by_key(|window| window.bytes);
    short.sort_by_key(|window| window.bytes);
    group(&mut long, 0, LONG);
    group(&mut short, LONG, 8 - LONG);
    long.append(&mut short);
    long
}

fn group(windows: &mut [Window], first: u8, groups: u8) {
    let each = windows.len().div_ceil(usize::from(groups)).max(1);
    for (group, some) in (first..).zip(windows.chunks_mut(each)) {
        some.iter_mut().for_each(|window| window.group = group);
    }
}

fn window(needle: &Needle, number: u32, offset: i8) -> Window {
    let byte = |step: i8| {
        let at = usize::try_from(offset + step).ok()?;
        needle.bytes.get(at).map(|byte| byte | FOLD)
    };
    Window { bytes: [byte(0), byte(1), byte(2), byte(3)], needle: number, offset, group: 0 }
}

/// Where the five bytes begin whose two windows are the least common.
fn rarest(needle: &Needle) -> i8 {
    let last = (needle.bytes.len() - 5).min(100);
    let weight = |offset: &usize| {
        let of = |start: usize| -> u32 {
            needle.bytes[start..start + 4].iter().map(|byte| rarity(*byte)).sum()
        };
        of(*offset).min(of(offset + 1))
    };
    let best = (0..=last).rev().max_by_key(weight).unwrap_or(0);
    i8::try_from(best).unwrap_or(0)
}

/// About -2 log2 of how often a byte, folded, stands in texts, programs and tables.
fn rarity(byte: u8) -> u32 {
    match byte | FOLD {
        // NUL, and the blank that it is folded with.
        0x20 => 3,
        b'e' => 6,
        b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 8,
        b'h' | b'l' | b'd' | b'c' | b'u' => 10,
        b'm' | b'f' | b'p' | b'g' | b'w' | b'y' | b'b' => 12,
        b'v' | b'k' => 14,
        b'x' | b'j' | b'q' | b'z' => 18,
        // The first bytes of Chinese, Korean and Russian in UTF-8.
        0xE4..=0xE9 | 0xEA..=0xED => 6,
        0xF0..=0xF1 => 8,
        0xFF => 8,
        b'0'..=b'9' => 12,
        _ => 14,
    }
}

/// All pairs that two bytes may be.
pub fn pairs(first: Option<u8>, second: Option<u8>) -> impl Iterator<Item = usize> {
    let all = |byte: Option<u8>| match byte {
        Some(byte) => byte..=byte,
        None => 0..=u8::MAX,
    };
    let pair = |first, second| usize::from(u16::from_le_bytes([first, second]));
    all(first).flat_map(move |first| all(second).map(move |second| pair(first, second)))
}
