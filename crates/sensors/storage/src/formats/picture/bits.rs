//! Bits of a stretch, from the highest or the lowest of each byte on.

use crate::Stretch;

/// Which bit of a byte is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    Highest,
    /// The lowest, and the first bit of a number is its highest.
    Mirrored,
    /// The lowest, of blocks that begin with their lengths, up to an empty one: as GIF has them.
    Blocks,
}

pub struct Bits<'s, 'a> {
    pub stretch: &'s mut Stretch<'a>,
    at: u64,
    end: u64,
    first: First,
    /// Bytes left of a block.
    block: u8,
    bits: u64,
    count: u32,
}

/// See [`Bits::state`].
#[derive(Debug, Clone, Copy)]
pub struct State {
    at: u64,
    block: u8,
    bits: u64,
    count: u32,
}

impl<'s, 'a> Bits<'s, 'a> {
    pub fn new(stretch: &'s mut Stretch<'a>, at: u64, end: u64, first: First) -> Self {
        let end = end.min(stretch.len());
        Self { stretch, at, end, first, block: 0, bits: 0, count: 0 }
    }

    /// The next bits of at most 32, the first highest; of [`First::Blocks`] lowest. Zeros behind the end.
    #[inline(always)]
    pub fn look(&mut self, bits: u32) -> u32 {
        if self.count < bits {
            self.fill();
        }
        let mask = (1_u64 << bits) - 1;
        let value = if self.first == First::Blocks {
            self.bits & mask
        } else {
            self.bits >> 1 >> (63 - bits)
        };
        (value & mask) as u32
    }

    fn fill(&mut self) {
        if self.first == First::Blocks {
            return self.fill_from_blocks();
        }
        let room = (64 - self.count) / 8;
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let bytes = self.stretch.peek(self.at, left.min(room as usize));
        for byte in bytes {
            let byte = if self.first == First::Mirrored { byte.reverse_bits() } else { *byte };
            self.bits |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
        self.at += bytes.len() as u64;
    }

    fn fill_from_blocks(&mut self) {
        while self.count <= 56 && self.at < self.end {
            let Some(byte) = self.stretch.u8(self.at) else { return };
            self.at += 1;
            match self.block {
                0 if byte == 0 => self.end = self.at,
                0 => self.block = byte,
                _ => {
                    self.block -= 1;
                    self.bits |= u64::from(byte) << self.count;
                    self.count += 8;
                }
            }
        }
    }

    /// False where there are not so many.
    #[inline(always)]
    pub fn skip(&mut self, bits: u32) -> bool {
        if self.count < bits {
            self.fill();
        }
        let fits = bits <= self.count;
        let bits = bits.min(self.count).min(63);
        self.bits = if self.first == First::Blocks { self.bits >> bits } else { self.bits << bits };
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

    /// Everything but the stretch, and the place from which on no byte was read yet.
    pub fn state(&self) -> (u64, State) {
        (self.at, State { at: self.at, block: self.block, bits: self.bits, count: self.count })
    }

    /// Goes on where a state of the same bits was taken.
    pub fn resume(&mut self, state: State) {
        (self.at, self.block) = (state.at, state.block);
        (self.bits, self.count) = (state.bits, state.count);
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0 && self.at >= self.end
    }
}
