//! Huffman tables of JPEG. Codes of coefficients are taken several at once, and their values skipped.

use super::entropy::Entropy;

const FAST: u32 = 9;
/// Bits that a table of several codes at once is looked up by.
const WIDE: u32 = 11;

#[derive(Clone)]
pub struct Huffman {
    /// Length and symbol of each code of at most [`FAST`] bits; 0 where it is longer.
    fast: Box<[u16; 1 << FAST]>,
    /// For each length the first code that is longer, on the left of 16 bits.
    limits: [u32; 17],
    /// For each length what makes an index out of a code.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// By how many codes there are of each length, and their symbols. None where there are more than can be.
    pub fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self {
            fast: Box::new([0; 1 << FAST]),
            limits: [0; 17],
            offsets: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut index) = (0_u32, 0_u32);
        for (length, count) in (1..).zip(counts) {
            let count = u32::from(*count);
            table.offsets[length as usize] = index as i32 - code as i32;
            for step in 0..count {
                let symbol = *symbols.get((index + step) as usize)?;
                table.note(length, code + step, symbol);
            }
            code += count;
            index += count;
            if code > 1 << length {
                return None;
            }
            table.limits[length as usize] = code << (16 - length);
            code <<= 1;
        }
        (index > 0).then_some(table)
    }

    fn note(&mut self, length: u32, code: u32, symbol: u8) {
        if length <= FAST {
            let first = (code << (FAST - length)) as usize;
            let entry = (length << 8) as u16 | u16::from(symbol);
            let count = 1 << (FAST - length);
            self.fast.iter_mut().skip(first).take(count).for_each(|place| *place = entry);
        }
    }

    /// The code that the highest bits begin with: its length and symbol.
    #[inline(always)]
    pub fn decode(&self, bits: u64) -> Option<(u32, u8)> {
        let entry = self.fast[(bits >> (64 - FAST)) as usize];
        if entry != 0 {
            return Some((u32::from(entry >> 8), entry as u8));
        }
        self.decode_long(bits)
    }

    fn decode_long(&self, bits: u64) -> Option<(u32, u8)> {
        let top = (bits >> 48) as u32;
        let length = (FAST + 1..=16).find(|length| top < self.limits[*length as usize])?;
        let index = (top >> (16 - length)) as i32 + self.offsets[length as usize];
        Some((length, *self.symbols.get(usize::try_from(index).ok()?)?))
    }

    /// What zero bits mean.
    pub fn zeros(&self) -> Option<u8> {
        self.decode(0).map(|(_, symbol)| symbol)
    }

    /// A difference: its size is coded, its bits follow.
    #[inline(always)]
    pub fn difference(&self, entropy: &mut Entropy) -> Option<i32> {
        let (length, size) = self.decode(entropy.look())?;
        entropy.skip(length);
        let size = u32::from(size);
        if size > 15 {
            return None;
        }
        let value = entropy.take(size) as i32;
        let negative = size > 0 && value >> (size - 1) == 0;
        Some(if negative { value - (1 << size) + 1 } else { value })
    }
}

/// Several codes at once: for the next bits how many bits they take with their values, how far they go, and whether the block
/// ends with them.
pub struct Runs {
    entries: Box<[u32; 1 << WIDE]>,
}

#[derive(Clone, Copy)]
pub struct Step(u32);

impl Step {
    pub fn bits(self) -> u32 {
        self.0 & 0xFF
    }

    pub fn coefficients(self) -> u32 {
        self.0 >> 8 & 0xFF
    }

    /// Whether the block ends here.
    pub fn ends(self) -> bool {
        self.0 >> 16 & 1 != 0
    }

    /// Whether the codes have to be looked at one by one.
    pub fn is_slow(self) -> bool {
        self.0 == 0
    }
}

impl Runs {
    /// Values of more than `largest` bits are left to be looked at one by one.
    pub fn new(table: &Huffman, largest: u32) -> Self {
        let mut entries = Box::new([0; 1 << WIDE]);
        for (index, entry) in (0_u64..).zip(entries.iter_mut()) {
            *entry = Self::entry(table, largest, index << (64 - WIDE));
        }
        Self { entries }
    }

    fn entry(table: &Huffman, largest: u32, bits: u64) -> u32 {
        let (mut used, mut coefficients) = (0, 0);
        while used < WIDE {
            let Some((length, symbol)) = table.decode(bits << used) else { break };
            let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
            if used + length > WIDE || size > largest {
                break;
            }
            match (run, size) {
                (0, 0) => return (used + length) | coefficients << 8 | 1 << 16,
                (15, 0) => coefficients += 16,
                (_, 0) => break,
                _ => coefficients += run + 1,
            }
            used += length + size;
        }
        used | coefficients << 8
    }

    #[inline(always)]
    pub fn look(&self, bits: u64) -> Step {
        Step(self.entries[(bits >> (64 - WIDE)) as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `0` end, `10` one coefficient of one bit, `110` sixteen zeros, `1110` one of five bits, and a code of twelve bits.
    fn table() -> Huffman {
        let mut counts = [0; 16];
        counts[..4].copy_from_slice(&[1, 1, 1, 1]);
        counts[11] = 1;
        Huffman::new(&counts, &[0x00, 0x01, 0xF0, 0x05, 0x33]).unwrap()
    }

    #[test]
    fn codes_of_all_lengths_are_told() {
        let table = table();
        let of = |text: &str| {
            let bits = u64::from_str_radix(text, 2).unwrap() << (64 - text.len());
            table.decode(bits)
        };
        assert_eq!(of("0"), Some((1, 0)));
        assert_eq!(of("1110"), Some((4, 5)));
        assert_eq!(of("111100000000"), Some((12, 0x33)));
        assert_eq!((of("1111111111111111"), table.zeros()), (None, Some(0)));
        let mut full = [0; 16];
        full[0] = 3;
        assert!(Huffman::new(&full, &[1, 2, 3]).is_none());
        assert!(Huffman::new(&[1; 16], &[1, 2, 3]).is_none());
    }

    #[test]
    fn several_codes_are_one_step() {
        let runs = Runs::new(&table(), 4);
        let of = |text: &str| {
            let step = runs.look(u64::from_str_radix(text, 2).unwrap() << (64 - text.len()));
            (step.bits(), step.coefficients(), step.ends())
        };
        assert_eq!(of("1001011100000"), (10, 18, true));
        assert_eq!(of("0"), (1, 0, true));
        assert!(runs.look(0b1110 << 60).is_slow() && runs.look(0b1111 << 60).is_slow());
    }
}
