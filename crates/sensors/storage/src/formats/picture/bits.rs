//! Bits of a stretch, from the highest or the lowest of each byte on.

use crate::Stretch;

pub struct Bits<'s, 'a> {
    pub stretch: &'s mut Stretch<'a>,
    at: u64,
    end: u64,
    lowest: bool,
    bits: u64,
    count: u32,
}

impl<'s, 'a> Bits<'s, 'a> {
    pub fn new(stretch: &'s mut Stretch<'a>, at: u64, end: u64, lowest: bool) -> Self {
        let end = end.min(stretch.len());
        Self { stretch, at, end, lowest, bits: 0, count: 0 }
    }

    /// The next bits of at most 32, the first highest; where `lowest`, lowest. Zeros behind the end.
    #[inline(always)]
    pub fn look(&mut self, bits: u32) -> u32 {
        if self.count < bits {
            self.fill();
        }
        let mask = (1_u64 << bits) - 1;
        let value = if self.lowest { self.bits & mask } else { self.bits >> 1 >> (63 - bits) };
        (value & mask) as u32
    }

    fn fill(&mut self) {
        let room = (64 - self.count) / 8;
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let bytes = self.stretch.peek(self.at, left.min(room as usize));
        for byte in bytes {
            let byte = u64::from(*byte);
            self.bits |= if self.lowest { byte << self.count } else { byte << (56 - self.count) };
            self.count += 8;
        }
        self.at += bytes.len() as u64;
    }

    /// False where there are not so many.
    #[inline(always)]
    pub fn skip(&mut self, bits: u32) -> bool {
        if self.count < bits {
            self.fill();
        }
        let fits = bits <= self.count;
        let bits = bits.min(self.count).min(63);
        self.bits = if self.lowest { self.bits >> bits } else { self.bits << bits };
        self.count -= bits;
        fits
    }

    pub fn take(&mut self, bits: u32) -> Option<u32> {
        let value = self.look(bits);
        self.skip(bits).then_some(value)
    }

    /// To the next whole byte.
    pub fn align(&mut self) {
        self.skip(self.count % 8);
    }

    /// Where the byte stands that is read just now.
    pub fn place(&self) -> u64 {
        self.at - u64::from(self.count / 8)
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0 && self.at >= self.end
    }
}
