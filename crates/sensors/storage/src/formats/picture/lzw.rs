//! LZW as TIFF and GIF have it. A table of 4096 codes; what they unpack to is counted, and made only where it is wanted.

use super::bits::Bits;

const MOST: usize = 4096;

/// What to do with what was unpacked; false stops.
pub type Sink<'f> = &'f mut dyn FnMut(&[u8]) -> bool;

pub struct Lzw {
    /// Bits of a point: the first codes are the points themselves.
    width: u32,
    /// Codes become longer one earlier: as TIFF has it.
    early: u32,
    lengths: Box<[u16; MOST]>,
    before: Box<[u16; MOST]>,
    last: Box<[u8; MOST]>,
    text: Vec<u8>,
}

impl Lzw {
    pub fn new(width: u32, early: bool) -> Self {
        Self {
            width: width.clamp(2, 8),
            early: u32::from(early),
            lengths: Box::new([1; MOST]),
            before: Box::new([0; MOST]),
            last: Box::new([0; MOST]),
            text: Vec::with_capacity(MOST),
        }
    }

    /// How many points there are, up to the code that ends them; or none where a code is wrong, or they end without.
    /// Stops without an error where `most` are there.
    pub fn unpack(&mut self, bits: &mut Bits, most: u64, mut sink: Option<Sink>) -> Option<u64> {
        let clear = 1_u32 << self.width;
        let (mut next, mut size) = (clear + 2, self.width + 1);
        let mut previous: Option<u32> = None;
        let mut total = 0_u64;
        (0..clear).for_each(|code| self.last[code as usize] = code as u8);
        loop {
            let code = bits.take(size)?;
            if code == clear {
                (next, size, previous) = (clear + 2, self.width + 1, None);
                continue;
            }
            if code == clear + 1 || total >= most {
                return Some(total);
            }
            let known = code < next && (code < clear || code > clear + 1);
            if let Some(previous) = previous {
                let fits = known || code == next;
                if !fits {
                    return None;
                }
                // TIFF starts anew before the table is full.
                if next >= MOST as u32 && self.early > 0 {
                    return None;
                }
                if next < MOST as u32 {
                    self.add(previous, if known { code } else { previous }, next, sink.is_some());
                    next += 1;
                    size += u32::from(next + self.early == 1 << size && size < 12);
                }
            } else if code >= clear {
                return None;
            }
            total += u64::from(*self.lengths.get(code as usize)?);
            if let Some(sink) = sink.as_mut() {
                self.spell(code, clear);
                if !sink(&self.text) {
                    return Some(total);
                }
            }
            previous = Some(code);
        }
    }

    /// Adds a code: that of `before`, and the first point of `first`.
    fn add(&mut self, before: u32, first: u32, code: u32, spell: bool) {
        let clear = 1 << self.width;
        let length = if before < clear { 1 } else { self.lengths[before as usize & (MOST - 1)] };
        self.lengths[code as usize & (MOST - 1)] = length.saturating_add(1);
        if spell {
            self.before[code as usize & (MOST - 1)] = before as u16;
            let mut head = first as usize & (MOST - 1);
            while head >= clear as usize {
                // Each goes to one that was there earlier.
                head = usize::from(self.before[head]);
            }
            self.last[code as usize & (MOST - 1)] = head as u8;
        }
    }

    fn spell(&mut self, code: u32, clear: u32) {
        self.text.clear();
        let mut code = code as usize & (MOST - 1);
        while code >= clear as usize && self.text.len() < MOST {
            self.text.push(self.last[code]);
            code = usize::from(self.before[code]);
        }
        self.text.push(code as u8);
        self.text.reverse();
    }
}
