//! Finds thousands of short byte strings at any place of much data, at the speed of memory nearly.
//!
//! Two neighbouring bytes are looked at, at every other place: each needle has at least three bytes, so one of its first two
//! pairs stands there whatever its place is. What a table of all pairs lets through is looked at again with three bytes, and
//! then compared in whole.

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

    /// Both cases of the byte at `at`, or the byte twice.
    fn cases(&self, at: usize) -> [u8; 2] {
        let byte = self.bytes[at];
        if self.fold { [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()] } else { [byte; 2] }
    }
}

pub struct Sieve {
    needles: Vec<Needle>,
    longest: usize,
    /// For each pair of bytes: whether it is the first (1) or second (2) pair of a needle.
    pairs: Box<[u8; 1 << 16]>,
    /// For each hash of a needle's first three bytes the range of `order` that holds its needles.
    buckets: Vec<u32>,
    order: Vec<u32>,
}

const BUCKETS: usize = 1 << 14;

impl Sieve {
    /// Needles of fewer than three bytes are never found.
    pub fn new(needles: Vec<Needle>) -> Self {
        let mut pairs = Box::new([0_u8; 1 << 16]);
        let mut held: Vec<(usize, u32)> = Vec::new();
        for (index, needle) in needles.iter().enumerate().filter(|(_, n)| n.bytes.len() >= 3) {
            for (bit, at) in [(1, 0), (2, 1)] {
                for first in needle.cases(at) {
                    for second in needle.cases(at + 1) {
                        pairs[pair(first, second)] |= bit;
                    }
                }
            }
            held.extend(heads(needle).into_iter().map(|head| (bucket(head), index as u32)));
        }
        held.sort_unstable();
        held.dedup();
        let mut buckets = vec![0_u32; BUCKETS + 1];
        for (bucket, _) in &held {
            buckets[bucket + 1] += 1;
        }
        for at in 1..buckets.len() {
            buckets[at] += buckets[at - 1];
        }
        let longest = needles.iter().map(|needle| needle.bytes.len()).max().unwrap_or(0);
        let order = held.into_iter().map(|(_, index)| index).collect();
        Self { needles, longest, pairs, buckets, order }
    }

    pub fn needles(&self) -> &[Needle] {
        &self.needles
    }

    /// How many bytes behind a place must be seen to decide it.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Tells every needle that begins before `end` of `bytes`, which goes on behind `end` where more is known: its number and
    /// place. Places come in order but for neighbours.
    pub fn search(&self, bytes: &[u8], end: usize, found: &mut impl FnMut(usize, usize)) {
        let end = end.min(bytes.len());
        // A needle at an odd place `p` is noticed at `p + 1`.
        let last = (end + 1).min(bytes.len().saturating_sub(1));
        let mut at = 0;
        for four in bytes[..last].chunks_exact(8) {
            // Reads of two bytes at even places of eight: what stands at the odd ones is their second half.
            let word = u64::from_le_bytes(four.try_into().unwrap_or_default());
            let seen = [0, 16, 32, 48].map(|shift| self.pairs[(word >> shift) as u16 as usize]);
            if seen[0] | seen[1] | seen[2] | seen[3] != 0 {
                for (step, seen) in seen.into_iter().enumerate() {
                    self.decide(bytes, end, at + step * 2, seen, found);
                }
            }
            at += 8;
        }
        while at < last {
            let seen = self.pairs[pair(bytes[at], bytes[at + 1])];
            self.decide(bytes, end, at, seen, found);
            at += 2;
        }
    }

    #[inline]
    fn decide(
        &self,
        bytes: &[u8],
        end: usize,
        at: usize,
        seen: u8,
        found: &mut impl FnMut(usize, usize),
    ) {
        if seen & 2 != 0 && at > 0 && at - 1 < end {
            self.compare(bytes, at - 1, found);
        }
        if seen & 1 != 0 && at < end {
            self.compare(bytes, at, found);
        }
    }

    fn compare(&self, bytes: &[u8], at: usize, found: &mut impl FnMut(usize, usize)) {
        let Some(head) = bytes.get(at..at + 3) else { return };
        let bucket = bucket([head[0], head[1], head[2]]);
        let range = self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize;
        for &index in &self.order[range] {
            if self.needles[index as usize].stands_at(&bytes[at..]) {
                found(index as usize, at);
            }
        }
    }
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(u16::from_le_bytes([first, second]))
}

fn bucket(head: [u8; 3]) -> usize {
    let head = u32::from_le_bytes([head[0], head[1], head[2], 0]);
    (head.wrapping_mul(0x9E37_79B1) >> 18) as usize
}

/// The first three bytes of a needle, in every case that counts.
fn heads(needle: &Needle) -> Vec<[u8; 3]> {
    let mut heads = Vec::new();
    for first in needle.cases(0) {
        for second in needle.cases(1) {
            heads.extend(needle.cases(2).map(|third| [first, second, third]));
        }
    }
    heads
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
