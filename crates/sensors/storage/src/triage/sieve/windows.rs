//! Which four bytes of a needle are looked for: those that ordinary data have seldom.

use std::collections::HashMap;

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

/// Groups of windows of four letters of ASCII, of which texts are full; then two of other whole ones: with zeros at even places, as
/// letters of UTF-16 have them, and the rest. The last two are those of short needles, with any byte at the end, and with any at
/// the front. What is kept apart here would let nearly all pass together.
const LETTERS: u8 = 4;
const OTHERS: u8 = 2;

/// Both windows of every needle, in groups of like ones.
pub fn of(needles: &[Needle]) -> Vec<Window> {
    let shared = shared(needles);
    let mut all = Vec::new();
    for (number, needle) in (0..).zip(needles) {
        let offsets = match needle.bytes.len() {
            0..=2 => continue,
            3 => [0, -1],
            4 => [0, 1],
            _ => [0, 1].map(|odd| rarest(needle, &shared) + odd),
        };
        all.extend(offsets.map(|offset| window(needle, number, offset)));
    }
    all.sort_by_key(|window| (kind(window), window.bytes));
    for some in all.chunk_by_mut(|one, other| kind(one) == kind(other)) {
        group(some);
    }
    all
}

/// Of the groups those whose windows have any byte at the end, and at the front.
pub const OPEN: [u8; 2] = [1 << (LETTERS + OTHERS), 1 << (LETTERS + OTHERS + 1)];

/// The first of the groups among which it is, and how many these are.
fn kind(window: &Window) -> (u8, u8) {
    let plain = |byte: &u8| byte.is_ascii_lowercase() || *byte == b' ';
    let blank = |at: usize| window.bytes[at] == Some(FOLD);
    match window.bytes {
        [None, ..] => (LETTERS + OTHERS + 1, 1),
        [.., None] => (LETTERS + OTHERS, 1),
        _ if blank(0) && blank(2) => (LETTERS, 1),
        _ if blank(1) && blank(3) => (LETTERS + 1, 1),
        all if all.iter().flatten().all(plain) => (0, LETTERS),
        _ => (LETTERS + 1, 1),
    }
}

/// Like windows in one group: fewer pairs of different needles make a window together.
fn group(windows: &mut [Window]) {
    let same = |one: &Window, other: &Window| one.bytes == other.bytes;
    let total = windows.chunk_by(same).count().max(1);
    for (number, alike) in windows.chunk_by_mut(same).enumerate() {
        for window in alike {
            let (first, groups) = kind(window);
            window.group = first + (number * usize::from(groups) / total) as u8;
        }
    }
}

/// How many needles hold these five bytes, folded.
type Shared = HashMap<[u8; 5], u32>;

fn shared(needles: &[Needle]) -> Shared {
    let mut shared = Shared::new();
    for needle in needles {
        let mut own: Vec<[u8; 5]> =
            needle.bytes.array_windows().map(|five| five.map(|byte| byte | FOLD)).collect();
        own.sort_unstable();
        own.dedup();
        own.into_iter().for_each(|five| *shared.entry(five).or_default() += 1);
    }
    shared
}

fn window(needle: &Needle, number: u32, offset: i8) -> Window {
    let byte = |step: i8| {
        let at = usize::try_from(offset + step).ok()?;
        needle.bytes.get(at).map(|byte| byte | FOLD)
    };
    Window { bytes: [byte(0), byte(1), byte(2), byte(3)], needle: number, offset, group: 0 }
}

/// Where the five bytes begin whose two windows are the least common, for each needle that shares them.
fn rarest(needle: &Needle, shared: &Shared) -> i8 {
    let weigh = |(offset, five): (usize, &[u8; 5])| {
        let five = five.map(|byte| byte | FOLD);
        let [a, b, c, d, e] = five;
        // A common pair lets pass what the others of its group have as their other pair.
        let pairs = [rarity(a, b), rarity(b, c), rarity(c, d), rarity(d, e)];
        let least = pairs.into_iter().min().unwrap_or(0);
        let sharing = shared.get(&five).map_or(0, |count| count.ilog2());
        // Zeros may be the first pair of a window or the second, but not both in one group.
        let zeros = [[c, d], [d, e]].contains(&[FOLD; 2]);
        let weight = least * 4 + pairs.iter().sum::<u32>() + sharing * 4;
        (!zeros, weight, std::cmp::Reverse(offset))
    };
    let best = needle.bytes.array_windows().take(100).enumerate().max_by_key(|one| weigh(*one));
    best.and_then(|(offset, _)| i8::try_from(offset).ok()).unwrap_or(0)
}

/// About -log2 of how often two bytes, folded, follow each other in texts, programs and tables.
fn rarity(first: u8, second: u8) -> u32 {
    match (letter(first), letter(second)) {
        // Zeros, which are folded with blanks, fill tables.
        (Some(0), Some(0)) => 0,
        (Some(first), Some(second)) => u32::from(LETTERS_IN_TURN[first][second] - b'a'),
        _ => single(first) + single(second),
    }
}

fn letter(byte: u8) -> Option<usize> {
    match byte {
        b' ' => Some(0),
        b'a'..=b'z' => Some(usize::from(byte - b'a') + 1),
        _ => None,
    }
}

fn single(byte: u8) -> u32 {
    match byte {
        b' ' => 1,
        b'a'..=b'z' => 5,
        // The first bytes of Chinese and Korean in UTF-8.
        0xE4..=0xED => 3,
        0xFF => 4,
        b'/' | b'.' | b'_' => 5,
        _ => 7,
    }
}

/// For a blank and each letter the blank and the letters behind it: `a` for 1, `f` for 1/32, counted in 28 MB of English texts.
const LETTERS_IN_TURN: [&[u8; 27]; 27] = [
    b"fhjhjjijkilmgjjhiojihjlioko",
    b"kpkjkomkoiqliihqjqhihklnnlo",
    b"nlqoojqpqkmljoriqtlhojssrlr",
    b"kjqlpiqpjkrkinphiqlmjkppnnq",
    b"ikopmhoopippmopjprmmolnprot",
    b"gjljikkkolqokkhkklhhinkmimp",
    b"ilsppllrqittmoqjqskokkvnqmw",
    b"jmrnqipojkttmmlkltkmomrrspr",
    b"jirsphrqrjtqplnjiulojnsqtou",
    b"mjhikjkirppnijghlojhhokrlqm",
    b"qlrppmrsupsrssrmosrpsnstxtu",
    b"kloqqkpppmsqoronqupmootrtpr",
    b"jjonkinlqgtpjpqjorpkkioqrlq",
    b"kimpmimrsjrqmlpkispkpkrqqnx",
    b"ijphijljojonmomjosoiikmqskp",
    b"jmmjjlilomnmjihiivhijjkkoop",
    b"hjrnoiqpkkqpiopjhsimkkprsju",
    b"pulttuwwznvzquvvtrqspkopwzz",
    b"iioklhmlphrlljlilskjjllnukq",
    b"hlqlmhmpkiqmlmojkpljgknoslp",
    b"hipmmhmqhhqomnmimtijkkqknjp",
    b"klklilnnrlqpkkjplvjjipqrmro",
    b"nktosirpukwtpmrnrwqqqssurru",
    b"njtpnlstljxrornlqummrrwmssw",
    b"nksmrmrurnwvrntqlzrplsusnps",
    b"inrpqosntovronmklwjlmqsotsr",
    b"omsuvmuvrovtpptptzusrrvtuqp",
];

/// All pairs that two bytes may be.
pub fn pairs(first: Option<u8>, second: Option<u8>) -> impl Iterator<Item = usize> {
    let all = |byte: Option<u8>| match byte {
        Some(byte) => byte..=byte,
        None => 0..=u8::MAX,
    };
    let pair = |first, second| usize::from(u16::from_le_bytes([first, second]));
    all(first).flat_map(move |first| all(second).map(move |second| pair(first, second)))
}
