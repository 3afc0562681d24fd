//! The bits of one scan, without stuffed bytes, up to the next marker. The buffer holds at most 64 KiB.

use crate::Stretch;

const STEP: usize = 32 * 1024;
/// Zero bytes that no picture makes where zero bits do not mean "nothing changes".
const ZEROS: [u8; 24] = [0; 24];
/// Behind the last byte, so that eight can always be read.
const MARGIN: usize = 16;

/// A place between two bits.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    pub place: u64,
    /// How many bits of the byte there are gone.
    bits: u32,
}

pub struct Entropy<'s, 'a> {
    pub stretch: &'s mut Stretch<'a>,
    /// What of the stretch may be read.
    end: u64,
    /// The next byte to be fetched.
    raw: u64,
    clean: Vec<u8>,
    /// Where the first byte of `clean` stands.
    first: u64,
    /// How long `clean` was each time that a stuffed byte was left out.
    stuffed: Vec<usize>,
    at: usize,
    bits: u64,
    count: u32,
    /// How many bytes of `clean` are real, once what ends the data was reached.
    ended: Option<usize>,
    over: bool,
    zeros: bool,
}

impl<'s, 'a> Entropy<'s, 'a> {
    /// `zeros` says whether long runs of zeros are plausible.
    pub fn new(stretch: &'s mut Stretch<'a>, at: u64, end: u64, zeros: bool) -> Self {
        let clean = Vec::with_capacity(2 * STEP);
        let end = end.min(stretch.len());
        Self {
            stretch,
            end,
            raw: at,
            clean,
            first: at,
            stuffed: Vec::new(),
            at: 0,
            bits: 0,
            count: 0,
            ended: None,
            over: false,
            zeros,
        }
    }

    /// Goes on where a mark was set.
    pub fn resumed(stretch: &'s mut Stretch<'a>, mark: Mark, end: u64, zeros: bool) -> Self {
        let mut entropy = Self::new(stretch, mark.place, end, zeros);
        entropy.take(mark.bits);
        entropy
    }

    /// Where the next bit stands; none near the end.
    pub fn mark(&self) -> Option<Mark> {
        let consumed = self.consumed();
        let bits = (consumed % 8) as u32;
        self.ended.is_none().then(|| Mark { place: self.place_of(consumed / 8), bits })
    }

    /// At least 48 bits from here on, the next one highest; zeros behind the end.
    #[inline(always)]
    pub fn look(&mut self) -> u64 {
        if self.count < 48 {
            self.fill();
        }
        self.bits
    }

    #[inline(always)]
    fn fill(&mut self) {
        match self.clean.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
            Some(chunk) => self.add(u64::from_be_bytes(*chunk)),
            None => self.fill_slowly(),
        }
    }

    #[inline(always)]
    fn add(&mut self, word: u64) {
        self.bits |= word >> self.count;
        let bytes = (63 - self.count) >> 3;
        self.at += bytes as usize;
        self.count += bytes * 8;
    }

    #[cold]
    fn fill_slowly(&mut self) {
        while self.ended.is_none() && self.at + 8 > self.clean.len() {
            self.fetch();
        }
        match self.clean.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
            Some(chunk) => self.add(u64::from_be_bytes(*chunk)),
            None => {
                self.over = true;
                self.count = 63;
            }
        }
    }

    #[inline(always)]
    pub fn skip(&mut self, bits: u32) {
        self.bits <<= bits & 63;
        self.count = self.count.saturating_sub(bits);
    }

    #[inline(always)]
    pub fn take(&mut self, bits: u32) -> u32 {
        let value = self.look() >> 1 >> (63 - (bits & 31));
        self.skip(bits);
        value as u32
    }

    /// Drops what was read, and adds the next bytes.
    fn fetch(&mut self) {
        let dropped = self.at.saturating_sub(8).min(self.clean.len());
        self.first = self.place_of(dropped);
        self.clean.drain(..dropped);
        self.stuffed.retain_mut(|at| {
            let kept = *at > dropped;
            *at = at.saturating_sub(dropped);
            kept
        });
        self.at -= dropped;
        let count = usize::try_from(self.end.saturating_sub(self.raw)).unwrap_or(usize::MAX);
        let count = count.min(STEP);
        let bytes = self.stretch.peek(self.raw, count);
        let before = self.clean.len();
        let (fetched, marker) = unstuff(bytes, &mut self.clean, &mut self.stuffed);
        let lone = !marker && fetched < bytes.len();
        self.raw += fetched as u64;
        let last = self.raw + u64::from(lone) >= self.end;
        let new = self.clean.get(before..).unwrap_or_default();
        let filler = if self.zeros { None } else { memchr::memmem::find(new, &ZEROS) };
        if let Some(at) = filler {
            self.raw = self.place_of(before + at);
            self.clean.truncate(before + at);
        }
        if marker || filler.is_some() || last || fetched == 0 {
            self.ended = Some(self.clean.len());
            self.clean.resize(self.clean.len() + MARGIN, 0);
        }
    }

    fn place_of(&self, clean: usize) -> u64 {
        self.first + (clean + self.stuffed.partition_point(|at| *at <= clean)) as u64
    }

    fn consumed(&self) -> usize {
        (self.at * 8).saturating_sub(self.count as usize)
    }

    /// Where the byte stands that is read just now.
    pub fn place(&self) -> u64 {
        match self.ended {
            Some(len) if self.over || self.consumed() >= len * 8 => self.raw,
            _ => self.place_of(self.consumed() / 8),
        }
    }

    /// Whether more was read than there is.
    #[inline(always)]
    pub fn is_over(&self) -> bool {
        self.over || self.ended.is_some_and(|len| self.at > len && self.consumed() > len * 8)
    }

    /// Where the marker stands that ends the data, if all of it was read but for less than a byte.
    pub fn finish(&mut self) -> Option<u64> {
        self.look();
        while self.ended.is_none() && self.at + 8 > self.clean.len() {
            self.fetch();
        }
        let len = self.ended? * 8;
        (!self.is_over() && self.consumed() + 8 > len).then_some(self.raw)
    }

    /// Goes over the restart marker of this number.
    pub fn restart(&mut self, number: u8) -> bool {
        let Some(marker) = self.finish() else { return false };
        // Fill bytes may stand before it.
        let mut at = marker;
        while self.stretch.starts(at, &[0xFF, 0xFF]) && at < marker + 16 {
            at += 1;
        }
        if !self.stretch.starts(at, &[0xFF, 0xD0 + (number & 7)]) {
            return false;
        }
        self.raw = at + 2;
        self.first = self.raw;
        self.clean.clear();
        self.stuffed.clear();
        (self.at, self.bits, self.count, self.ended) = (0, 0, 0, None);
        true
    }
}

/// Copies up to the next marker, without stuffed bytes: how many were read, and whether a marker follows.
fn unstuff(bytes: &[u8], clean: &mut Vec<u8>, stuffed: &mut Vec<usize>) -> (usize, bool) {
    let mut at = 0;
    while let Some(found) = memchr::memchr(0xFF, &bytes[at..]) {
        let found = at + found;
        clean.extend_from_slice(&bytes[at..found]);
        match bytes.get(found + 1) {
            Some(0) => {
                clean.push(0xFF);
                stuffed.push(clean.len());
                at = found + 2;
            }
            Some(_) => return (found, true),
            None => return (found, false),
        }
    }
    clean.extend_from_slice(&bytes[at..]);
    (bytes.len(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_bytes_are_no_bits_and_count_as_places() {
        let mut bytes = vec![0xFF, 0x00, 0xA5, 0xFF, 0x00];
        bytes.extend([0x5A; 100_000]);
        bytes.extend([0xFF, 0xD0, 0x12, 0xFF, 0xD9]);
        let mut stretch = Stretch::new(&bytes);
        let mut entropy = Entropy::new(&mut stretch, 0, u64::MAX, false);
        assert_eq!(entropy.take(12), 0xFFA);
        assert_eq!(entropy.take(12), 0x5FF);
        assert_eq!(entropy.place(), 5);
        for at in 0..100_000 {
            assert_eq!((entropy.place(), entropy.take(8)), (at + 5, 0x5A));
        }
        assert!(!entropy.restart(1) && entropy.restart(0));
        assert_eq!((entropy.take(8), entropy.finish()), (0x12, Some(100_008)));
        entropy.take(8);
        assert!(entropy.is_over());
    }

    #[test]
    fn filler_ends_the_data() {
        let mut bytes = vec![0x5A; 40];
        bytes.extend([0; 4000]);
        let mut stretch = Stretch::new(&bytes);
        let mut entropy = Entropy::new(&mut stretch, 0, u64::MAX, false);
        (0..40).for_each(|_| assert_eq!(entropy.take(8), 0x5A));
        assert_eq!(entropy.finish(), Some(40));
        let mut entropy = Entropy::new(&mut stretch, 0, u64::MAX, true);
        (0..41).for_each(|_| _ = entropy.take(8));
        assert!(entropy.finish().is_none() && !entropy.is_over());
    }
}
