//! What the bytes of one block look like.
//!
//! A block is told by its own bytes alone: zeros, ones, a short pattern, text, what looks like chance (compressed or
//! encrypted: no statistics tells these two apart), and all other order.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// Bytes of a block.
pub const BLOCK: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Class {
    Zero,
    Ones,
    Pattern,
    Text,
    Structured,
    Random,
    Bad,
    Mixed,
}

impl Class {
    pub const ALL: [Class; 8] = [
        Class::Zero,
        Class::Ones,
        Class::Pattern,
        Class::Text,
        Class::Structured,
        Class::Random,
        Class::Bad,
        Class::Mixed,
    ];

    /// As the column `class` has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Zero => "zero",
            Class::Ones => "ones",
            Class::Pattern => "pattern",
            Class::Text => "text",
            Class::Structured => "structured",
            Class::Random => "random",
            Class::Bad => "bad",
            Class::Mixed => "mixed",
        }
    }
}

/// What a block is, and its entropy in thousandths of a bit for each byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub class: Class,
    pub entropy: u16,
}

/// Above this, 4096 bytes look like chance: drawn evenly they have 7.955 ± 0.003 bits.
const CHANCE: u16 = 7850;
/// What the same means for shorter blocks, the last of a medium.
const SHORT: usize = 1024;

pub fn look(block: &[u8]) -> Look {
    if block.is_empty() {
        return Look { class: Class::Structured, entropy: 0 };
    }
    match uniform(block) {
        Some(0x00) => return Look { class: Class::Zero, entropy: 0 },
        Some(0xFF) => return Look { class: Class::Ones, entropy: 0 },
        Some(_) => return Look { class: Class::Pattern, entropy: 0 },
        None => {}
    }
    let counts = Counts::of(block);
    let entropy = counts.entropy(block.len());
    let class = if period(block).is_some() {
        Class::Pattern
    } else if entropy >= chance(block.len()) {
        Class::Random
    } else if counts.is_text(block) || is_short_text(block) {
        Class::Text
    } else {
        Class::Structured
    };
    Look { class, entropy }
}

/// The shortest text between zeros that makes a block one of text.
const SHORT_TEXT: usize = 256;

/// A text that is shorter than its block, with zeros before or behind it.
fn is_short_text(block: &[u8]) -> bool {
    if block.first() != Some(&0) && block.last() != Some(&0) {
        return false;
    }
    let Some(start) = block.iter().position(|byte| *byte != 0) else { return false };
    let end = block.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let inner = &block[start..end];
    (SHORT_TEXT..block.len()).contains(&inner.len()) && Counts::of(inner).is_text(inner)
}

fn chance(len: usize) -> u16 {
    if len >= BLOCK {
        CHANCE
    } else if len >= SHORT {
        7400
    } else {
        u16::MAX
    }
}

/// The byte of which all of the block is, if it is one.
pub fn uniform(block: &[u8]) -> Option<u8> {
    let first = *block.first()?;
    let word = [first; 16];
    let (words, rest) = block.as_chunks::<16>();
    // Most blocks differ within their first bytes.
    if words.first().is_some_and(|head| *head != word) {
        return None;
    }
    let same =
        words.chunks(16).all(|some| some.iter().fold(true, |same, here| same & (*here == word)));
    (same && rest.iter().all(|byte| *byte == first)).then_some(first)
}

/// The longest pattern that counts as short: wipes write few bytes, some makers a sector's worth.
const LONGEST: usize = 64;

/// How many bytes repeat through all of the block.
pub fn period(block: &[u8]) -> Option<usize> {
    let head = block.get(..8)?;
    (1..=LONGEST.min(block.len() / 2)).find(|period| {
        block.get(*period..*period + 8) == Some(head)
            && block[*period..] == block[..block.len() - period]
    })
}

/// How often each byte stands in a block.
struct Counts([u16; 256]);

impl Counts {
    /// Four tables, so that equal neighbours do not wait for each other.
    fn of(block: &[u8]) -> Self {
        let mut tables = [[0_u16; 256]; 4];
        let (fours, rest) = block.as_chunks::<4>();
        for four in fours {
            for (table, byte) in tables.iter_mut().zip(four) {
                table[usize::from(*byte)] += 1;
            }
        }
        for byte in rest {
            tables[0][usize::from(*byte)] += 1;
        }
        let [mut sum, others @ ..] = tables;
        for other in &others {
            for (total, count) in sum.iter_mut().zip(other) {
                *total += count;
            }
        }
        Self(sum)
    }

    fn entropy(&self, len: usize) -> u16 {
        /// count × log2(count), in 1/65536.
        static WEIGHTS: LazyLock<Vec<u32>> = LazyLock::new(|| {
            let weight = |count: usize| match count {
                0 => 0,
                count => ((count as f64) * (count as f64).log2() * 65536.0) as u32,
            };
            (0..=BLOCK).map(weight).collect()
        });
        if len == 0 || len > BLOCK {
            return 0;
        }
        let sum: u64 =
            self.0.iter().map(|count| u64::from(WEIGHTS[usize::from(*count).min(BLOCK)])).sum();
        let len = len as f64;
        let bits = len.log2() - sum as f64 / 65536.0 / len;
        (bits * 1000.0).round().clamp(0.0, 8000.0) as u16
    }

    fn sum(&self, range: std::ops::RangeInclusive<u8>) -> usize {
        range.map(|byte| usize::from(self.0[usize::from(byte)])).sum()
    }

    /// Text in any of the usual encodings: ASCII and its relatives have no control characters to speak of; UTF-16 of
    /// European languages has zeros in every other place, of Chinese ones no zeros but line ends and spaces.
    fn is_text(&self, block: &[u8]) -> bool {
        let len = block.len();
        let white = self.sum(9..=10) + usize::from(self.0[13]);
        let control = self.sum(0..=31) - white + usize::from(self.0[127]);
        let printable = self.sum(32..=126) + white;
        let high = self.sum(128..=255);
        if control * 50 <= len && (high * 10 <= len || multibyte(block)) {
            // Pictures without compression have few control bytes too, but no letters and spaces.
            return printable * 4 >= len || multibyte(block);
        }
        // Some units of the first row there must be, and few that are nothing.
        let zeros = usize::from(self.0[0]);
        zeros * 100 >= len && zeros * 8 <= len * 5 && wide(block)
    }
}

/// Whether a block is UTF-8, or pairs as GBK, Big5, Shift-JIS and EUC make them, nearly throughout.
fn multibyte(block: &[u8]) -> bool {
    let inner = &block[..block.len().min(1024)];
    // The block may begin and end in the middle of a character.
    let starts = inner.iter().position(|byte| byte & 0xC0 != 0x80).unwrap_or(0).min(3);
    if std::str::from_utf8(&inner[starts..])
        .map_or_else(|error| error.valid_up_to() + 8 > inner.len(), |_| true)
    {
        return true;
    }
    (0..2).any(|start| pairs(&inner[start..]))
}

fn pairs(bytes: &[u8]) -> bool {
    let (mut at, mut good, mut wrong) = (0, 0, 0);
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (0x00..=0x7F, _) => at += 1,
            // The second row is Big5 alone.
            (0xA1..=0xF7, 0xA1..=0xFE) | (0xA4..=0xC6, 0x40..=0x7E) => {
                good += 1;
                at += 2;
            }
            (0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE) => {
                wrong += 1;
                at += 2;
            }
            _ => {
                wrong += 4;
                at += 1;
            }
        }
    }
    good > 32 && wrong * 8 < good
}

/// What a byte may be of a unit of UTF-16.
static HALVES: [Half; 256] = {
    let mut halves = [Half { row: 0, letter: 0 }; 256];
    let mut byte = 0;
    while byte < 256 {
        let row = matches!(byte, 0x00..=0x06 | 0x30 | 0x4E..=0x9F | 0xAC..=0xD7 | 0xFF);
        let letter = matches!(byte, 9 | 10 | 13 | 32..=126);
        halves[byte] = Half { row: row as u16, letter: letter as u16 };
        byte += 1;
    }
    halves
};

/// Whether a unit's high byte names a row of letters, and whether the low one of the first row is a letter: 0 or 1.
#[derive(Clone, Copy)]
struct Half {
    row: u16,
    letter: u16,
}

/// UTF-16, either way: most units are letters of one or two neighbouring rows.
fn wide(block: &[u8]) -> bool {
    let (units, _) = block.as_chunks::<2>();
    let half = |byte: u8| HALVES[usize::from(byte)];
    let (mut latin, mut known) = ([0_u16; 2], [0_u16; 2]);
    for [first, second] in units {
        let there = u16::from(first | second != 0);
        known[0] += half(*first).row & there;
        known[1] += half(*second).row & there;
        latin[0] += half(*second).letter & u16::from(*first == 0);
        latin[1] += half(*first).letter & u16::from(*second == 0);
    }
    let is_wide = |latin: u16, known: u16| {
        let (latin, known) = (usize::from(latin), usize::from(known));
        latin * 4 >= units.len() * 3
            || (known * 20 >= units.len() * 19 && latin * 200 >= units.len())
    };
    units.len() >= 64 && (is_wide(latin[0], known[0]) || is_wide(latin[1], known[1]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::noise;

    fn class(block: &[u8]) -> Class {
        look(block).class
    }

    #[test]
    fn fillers_are_told_apart() {
        assert_eq!(class(&[0; BLOCK]), Class::Zero);
        assert_eq!(class(&[0xFF; BLOCK]), Class::Ones);
        assert_eq!(class(&[0x55; BLOCK]), Class::Pattern);
        let repeat =
            |pattern: &[u8]| pattern.iter().copied().cycle().take(BLOCK).collect::<Vec<_>>();
        assert_eq!(class(&repeat(&[0x33, 0xCC, 0x55, 0xAA])), Class::Pattern);
        assert_eq!(class(&repeat(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")), Class::Pattern);
        let mut nearly = [0; BLOCK];
        nearly[4095] = 1;
        assert_eq!(class(&nearly), Class::Structured);
        assert_eq!(class(&[0; 7]), Class::Zero);
        assert_eq!(class(&[]), Class::Structured);
    }

    #[test]
    fn chance_is_random_and_order_is_not() {
        for block in noise(7, BLOCK * 64).chunks(BLOCK) {
            assert_eq!(class(block), Class::Random);
        }
        assert_eq!(class(&noise(7, 1024)), Class::Random);
        let table: Vec<u8> = (0..BLOCK as u32 / 8)
            .flat_map(|row| (row * 17).to_le_bytes().into_iter().chain([0; 4]))
            .collect();
        assert_eq!(class(&table), Class::Structured);
        let mut half = vec![0; BLOCK];
        half[..BLOCK / 2].copy_from_slice(&noise(7, BLOCK / 2));
        assert_eq!(class(&half), Class::Structured);
    }

    #[test]
    fn text_is_text_in_every_encoding() {
        let fill = |text: &str, shift: usize| {
            text.chars().cycle().skip(shift).take(5000).collect::<String>()
        };
        let texts = [
            fill(
                "The quick brown fox jumps over the lazy dog, 42 times, and never comes back to it.\r\n",
                0,
            ),
            fill(
                "国家秘密文件，未经批准不得复制。编号二〇二六\n第三季度的工作计划与总结，请各单位认真执行\n",
                0,
            ),
            fill("Ueber die Prüfung der Akten während der Übergabe entscheidet das Gericht.\n", 0),
            fill("Совершенно секретно, экземпляр номер один для служебного пользования\n", 0),
        ];
        for text in &texts {
            let starts = [0, 1, 2].map(|at| &text.as_bytes()[at..at + BLOCK]);
            assert!(starts.iter().all(|block| class(block) == Class::Text), "{}", &text[..30]);
            let wide: Vec<u8> =
                text.encode_utf16().flat_map(u16::to_le_bytes).take(BLOCK).collect();
            assert_eq!(class(&wide), Class::Text, "{}", &text[..30]);
            let wide: Vec<u8> =
                text.encode_utf16().flat_map(u16::to_be_bytes).take(BLOCK).collect();
            assert_eq!(class(&wide), Class::Text, "{}", &text[..30]);
        }
    }

    #[test]
    fn entropy_is_that_of_the_bytes() {
        let all: Vec<u8> = (0..BLOCK).map(|at| at as u8).collect();
        assert_eq!(look(&all[..BLOCK]).entropy, 8000);
        let two: Vec<u8> = noise(7, BLOCK).iter().map(|byte| byte & 1).collect();
        assert!((990..=1000).contains(&look(&two).entropy));
    }
}
