//! Finds thousands of short byte strings at any place of much data, at the speed of memory nearly.
//!
//! Two neighbouring bytes are looked at, at every other place. Each needle has a window of four bytes, chosen where ordinary
//! data seldom have its bytes, for even and for odd places: its two pairs have a bit in common in a table of all pairs, one of 8
//! groups of needles. Where two pairs in turn have one, the four bytes are looked up, and then the needle is compared in whole. Letters
//! count as the same in both cases until then: so the part of the table that is used stays near the processor.

mod heads;
mod windows;

use heads::Heads;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    /// At least three bytes.
    pub bytes: Vec<u8>,
    /// Whether letters of ASCII count as the same in both cases.
    pub fold: bool,
}

impl Needle {
    pub fn exact(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), fold: false }
    }

    pub fn folded(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), fold: true }
    }

    fn stands_at(&self, rest: &[u8]) -> bool {
        let Some(here) = rest.get(..self.bytes.len()) else { return false };
        if self.fold { here.eq_ignore_ascii_case(&self.bytes) } else { here == self.bytes }
    }
}

pub struct Sieve {
    needles: Vec<Needle>,
    longest: usize,
    /// For each pair of bytes: for which groups it is the first of a window (low byte), and for which the second (high byte).
    pairs: Box<[u16; 1 << 16]>,
    heads: Heads,
}

/// Makes both cases of a letter one, and other bytes two to one.
const FOLD: u8 = 0x20;
const FOLD_ALL: u64 = u64::from_ne_bytes([FOLD; 8]);
/// Sixteen bytes each, that are looked at in one go.
const ASIDE: usize = 128;
/// The lower byte of each pair's entry.
const FIRSTS: u64 = 0x00FF_00FF_00FF_00FF;

impl Sieve {
    /// Needles of fewer than three bytes are never found.
    pub fn new(needles: Vec<Needle>) -> Self {
        let mut pairs = vec![0_u16; 1 << 16];
        let mut heads = Heads::default();
        for window in windows::of(&needles) {
            for first in windows::pairs(window.bytes[0], window.bytes[1]) {
                pairs[first] |= 1 << window.group;
            }
            for second in windows::pairs(window.bytes[2], window.bytes[3]) {
                pairs[second] |= 1 << (8 + window.group);
            }
            heads.add(&window);
        }
        heads.close();
        let longest = needles.iter().map(|needle| needle.bytes.len()).max().unwrap_or(0);
        let pairs = pairs.try_into().unwrap_or_else(|_| Box::new([0; 1 << 16]));
        Self { needles, longest, pairs, heads }
    }

    pub fn needles(&self) -> &[Needle] {
        &self.needles
    }

    /// How many bytes behind a place must be seen to decide it.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Tells every needle that begins before `end` of `bytes`, which goes on behind `end` where more is known: its number and
    /// place. Places come in order but for the length of a needle.
    pub fn search(&self, bytes: &[u8], end: usize, found: &mut impl FnMut(usize, usize)) {
        let end = end.min(bytes.len());
        let last = end.saturating_add(self.longest).min(bytes.len());
        let seen = &bytes[..last];
        let (words, rest) = seen.as_chunks::<16>();
        let mut before = 0;
        // What passes is set aside first: a jump that cannot be foreseen costs more than the rest.
        let mut aside = [(0_u32, 0_u64); ASIDE];
        for (part, words) in words.chunks(ASIDE).enumerate() {
            let mut count = 0;
            for (number, word) in words.iter().enumerate() {
                let (low, high) = word.split_at(8);
                let low = self.look(low);
                let high = self.look(high);
                let hits = windowed(before, low) | windowed((low >> 48) as u16, high) << 8;
                before = (high >> 48) as u16;
                aside[count] = (number as u32, hits);
                count += usize::from(hits != 0);
            }
            for (number, hits) in &aside[..count] {
                let at = (part * ASIDE + *number as usize) * 16;
                self.decide(bytes, end, at, *hits, found);
            }
        }
        // What is left, and zeros behind it, so that a window may reach over the end.
        let mut tail = [0; 32];
        tail[..rest.len()].copy_from_slice(rest);
        for (step, word) in tail.chunks_exact(8).enumerate() {
            let here = self.look(word);
            let hits = windowed(before, here);
            before = (here >> 48) as u16;
            self.decide(bytes, end, words.len() * 16 + step * 8, hits, found);
        }
    }

    /// The entries of four pairs.
    #[inline(always)]
    fn look(&self, eight: &[u8]) -> u64 {
        let word = u64::from_le_bytes(eight.try_into().unwrap_or_default()) | FOLD_ALL;
        let entry = |shift: u32| u64::from(self.pairs[(word >> shift) as u16 as usize]);
        entry(0) | entry(16) << 16 | entry(32) << 32 | entry(48) << 48
    }

    /// Looks at windows whose second pair stands in the sixteen bytes from `at` on: those of the first eight bytes in the even
    /// bytes of `hits`, the others in the odd ones.
    #[inline]
    fn decide(
        &self,
        bytes: &[u8],
        end: usize,
        at: usize,
        hits: u64,
        found: &mut impl FnMut(usize, usize),
    ) {
        let mut hits = hits;
        while hits != 0 {
            let byte = hits.trailing_zeros() as usize / 8;
            let groups = (hits >> (byte * 8)) as u8;
            hits &= !(0xFF << (byte * 8));
            let place = at + (byte & 1) * 8 + (byte & !1);
            if let Some(start) = place.checked_sub(2) {
                self.compare(bytes, end, start, groups, found);
            }
        }
    }

    fn compare(
        &self,
        bytes: &[u8],
        end: usize,
        start: usize,
        groups: u8,
        found: &mut impl FnMut(usize, usize),
    ) {
        let here = bytes.get(start..).unwrap_or_default();
        let four = here.first_chunk().copied().unwrap_or_else(|| {
            let mut four = [0; 4];
            four[..here.len()].copy_from_slice(here);
            four
        });
        let four = u32::from_le_bytes(four) | FOLD_ALL as u32;
        self.heads.each(four, groups, |needle, offset| {
            let Some(at) = start.checked_add_signed(-offset).filter(|at| *at < end) else { return };
            if self.needles[needle].stands_at(&bytes[at..]) {
                found(needle, at);
            }
        });
    }
}

/// Where a pair and the one before it have a group in common.
#[inline(always)]
fn windowed(before: u16, here: u64) -> u64 {
    (here << 16 | u64::from(before)) & (here >> 8) & FIRSTS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(needles: &[Needle], bytes: &[u8], end: usize) -> Vec<(usize, usize)> {
        let mut hits = Vec::new();
        Sieve::new(needles.to_vec()).search(bytes, end, &mut |needle, at| hits.push((at, needle)));
        hits.sort_unstable();
        hits
    }

    fn slowly(needles: &[Needle], bytes: &[u8], end: usize) -> Vec<(usize, usize)> {
        let places = 0..bytes.len().min(end);
        let all = places.flat_map(|at| (0..needles.len()).map(move |needle| (at, needle)));
        all.filter(|(at, needle)| needles[*needle].stands_at(&bytes[*at..])).collect()
    }

    #[test]
    fn every_place_of_every_needle_is_told_once() {
        let needles = [
            Needle::exact(*b"%PDF-"),
            Needle::exact([0xFF, 0xD8, 0xFF]),
            Needle::folded(*b"Secret"),
            Needle::exact("机密".as_bytes()),
            Needle::exact([0; 4]),
            Needle::exact(*b"aaa"),
        ];
        let parts: [&[u8]; 6] = [
            b"%PDF-1.4",
            &[0xFF, 0xD8, 0xFF, 0xE0],
            b"sEcReT",
            "绝密机密".as_bytes(),
            &[0; 7],
            b"aaaaa",
        ];
        for shift in 0..17 {
            let mut bytes = vec![b'x'; shift];
            for (at, part) in parts.iter().cycle().take(13).enumerate() {
                bytes.extend(*part);
                bytes.extend(std::iter::repeat_n(b'-', (at * shift) % 5));
            }
            for end in [0, 1, bytes.len() / 2, bytes.len() - 1, bytes.len(), bytes.len() + 9] {
                let expected = slowly(&needles, &bytes, end);
                assert_eq!(hits(&needles, &bytes, end), expected, "{shift} {end}");
            }
        }
    }

    #[test]
    fn chance_is_searched_like_the_slow_way() {
        let mut state = 9_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 60) as u8 & 3
        };
        for round in 0..200 {
            let alphabet = [b'a', b'A', 0x00, 0xE6];
            let mut some = |count: usize| -> Vec<u8> {
                (0..count).map(|_| alphabet[usize::from(next())]).collect()
            };
            let needles: Vec<Needle> = (0..12)
                .map(|at| Needle { bytes: some(3 + (at + round) % 7), fold: at % 2 == 0 })
                .collect();
            let bytes = some(40 + round % 33);
            for end in [bytes.len(), bytes.len() - 5, 17] {
                assert_eq!(hits(&needles, &bytes, end), slowly(&needles, &bytes, end), "{round}");
            }
        }
    }

    #[test]
    fn short_inputs_and_short_needles_are_no_matter() {
        let needles = [Needle::exact(*b"ab"), Needle::exact(*b"abc")];
        for bytes in [&b""[..], b"a", b"ab"] {
            assert_eq!(hits(&needles, bytes, 9), []);
        }
        assert_eq!(hits(&needles, b"abc", 9), [(0, 1)]);
        assert_eq!(hits(&needles, b"xabc", 9), [(1, 1)]);
        assert_eq!(hits(&[], b"xabc", 9), []);
    }
}
