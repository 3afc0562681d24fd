//! Fax coding: Group 3 in one and two dimensions, and Group 4 (ITU-T T.4 and T.6). Lines are at most [`WIDEST`] points wide.

use std::sync::OnceLock;

use super::bits::Bits;

pub const WIDEST: u32 = 1 << 17;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Lines that begin with whole bytes, without marks.
    Lines,
    One,
    Two,
    Four,
}

const WHITE: &str = "00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 \
    101010 101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 00000010 \
    00000011 00011010 00011011 00010010 00010011 00010100 00010101 00010110 00010111 00101000 00101001 00101010 00101011 \
    00101100 00101101 00000100 00000101 00001010 00001011 01010010 01010011 01010100 01010101 00100100 00100101 01011000 \
    01011001 01011010 01011011 01001010 01001011 00110010 00110011 00110100 \
    11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101 011010010 \
    011010011 011010100 011010101 011010110 011010111 011011000 011011001 011011010 011011011 010011000 010011001 \
    010011010 011000 010011011";
const BLACK: &str = "0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 \
    000011000 0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000 00000010111 \
    00000011000 000011001010 000011001011 000011001100 000011001101 000001101000 000001101001 000001101010 000001101011 \
    000011010010 000011010011 000011010100 000011010101 000011010110 000011010111 000001101100 000001101101 000011011010 \
    000011011011 000001010100 000001010101 000001010110 000001010111 000001100100 000001100101 000001010010 000001010011 \
    000000100100 000000110111 000000111000 000000100111 000000101000 000001011000 000001011001 000000101011 000000101100 \
    000001011010 000001100110 000001100111 \
    0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100 0000001101101 \
    0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011 0000001110100 0000001110101 \
    0000001110110 0000001110111 0000001010010 0000001010011 0000001010100 0000001010101 0000001011010 0000001011011 \
    0000001100100 0000001100101";
const LONG: &str = "00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 000000010110 \
    000000010111 000000011100 000000011101 000000011110 000000011111";

/// For each 13 bits the length of the code that they begin with, and its run; zero for none.
type Runs = Vec<(u8, u16)>;

fn runs(codes: &str) -> Runs {
    let mut table = vec![(0, 0); 1 << 13];
    let own = (0_u16..).map(|at| if at < 64 { at } else { (at - 63) * 64 });
    let long = (0_u16..).map(|at| 1792 + at * 64);
    let all = codes.split_whitespace().zip(own).chain(LONG.split_whitespace().zip(long));
    for (code, run) in all {
        let free = 13 - code.len();
        let first = code.bytes().fold(0, |sum, bit| sum << 1 | usize::from(bit == b'1')) << free;
        table.iter_mut().skip(first).take(1 << free).for_each(|e| *e = (code.len() as u8, run));
    }
    table
}

/// Of white and of black.
fn tables() -> &'static [Runs; 2] {
    static TABLES: OnceLock<[Runs; 2]> = OnceLock::new();
    TABLES.get_or_init(|| [runs(WHITE), runs(BLACK)])
}

/// The most changes of a line that is kept, with the one above it.
const SIMPLE: usize = 1024;

/// Decodes lines, each as the places where its colour changes, white first.
#[derive(Clone)]
pub struct Fax {
    coding: Coding,
    width: u32,
    above: Vec<u32>,
    line: Vec<u32>,
    tables: &'static [Runs; 2],
}

impl Fax {
    /// None where a line would be too wide.
    pub fn new(coding: Coding, width: u32) -> Option<Self> {
        let fits = (1..=WIDEST).contains(&width);
        let (above, line) = (Vec::new(), Vec::new());
        fits.then(|| Self { coding, width, above, line, tables: tables() })
    }

    /// Whether its state is small enough to be kept.
    pub fn is_simple(&self) -> bool {
        self.line.len().max(self.above.len()) <= SIMPLE
    }

    /// The next line; none where its codes are wrong.
    pub fn line(&mut self, bits: &mut Bits) -> Option<&[u32]> {
        std::mem::swap(&mut self.above, &mut self.line);
        self.line.clear();
        match self.coding {
            Coding::Four => self.two(bits)?,
            Coding::Lines => {
                bits.align();
                self.one(bits)?;
            }
            Coding::One => {
                mark(bits);
                self.one(bits)?;
            }
            Coding::Two => {
                mark(bits);
                if bits.take(1)? == 1 { self.one(bits)? } else { self.two(bits)? }
            }
        }
        Some(&self.line)
    }

    fn run(&self, bits: &mut Bits, black: bool) -> Option<u32> {
        let mut total = 0;
        loop {
            let (length, run) = self.tables[usize::from(black)][bits.look(13) as usize];
            if length == 0 || !bits.skip(u32::from(length)) {
                return None;
            }
            total += u32::from(run);
            if run < 64 {
                return Some(total);
            }
            if total > self.width {
                return None;
            }
        }
    }

    fn one(&mut self, bits: &mut Bits) -> Option<()> {
        let (mut at, mut black) = (0, false);
        while at < self.width {
            at += self.run(bits, black)?;
            if at > self.width || self.line.len() > self.width as usize * 2 {
                return None;
            }
            self.line.push(at);
            black = !black;
        }
        Some(())
    }

    fn two(&mut self, bits: &mut Bits) -> Option<()> {
        let width = i64::from(self.width);
        let (mut at, mut black, mut above) = (-1_i64, false, 0_usize);
        while at < width {
            let old =
                |above: &[u32], index: usize| above.get(index).map_or(width, |x| i64::from(*x));
            while above >= 2 && old(&self.above, above - 2) > at {
                above -= 2;
            }
            while old(&self.above, above) <= at && above < self.above.len() {
                above += 2;
            }
            let change = old(&self.above, above);
            let (length, mode) = mode(bits.look(7))?;
            if !bits.skip(length) || self.line.len() > self.width as usize * 2 {
                return None;
            }
            match mode {
                Mode::Pass => at = old(&self.above, above + 1),
                Mode::Across => {
                    for colour in [black, !black] {
                        at = at.max(0) + i64::from(self.run(bits, colour)?);
                        if at > width {
                            return None;
                        }
                        self.line.push(at as u32);
                    }
                }
                Mode::Down(step) => {
                    let next = change + step;
                    if next < at.max(0) || next > width {
                        return None;
                    }
                    self.line.push(next as u32);
                    (at, black) = (next, !black);
                    above = if above == 0 { 1 } else { above - 1 };
                }
            }
        }
        Some(())
    }

    /// Whether what follows the last line is but the marks of the end and less than `slack` bytes.
    pub fn ends(&self, bits: &mut Bits, end: u64, slack: u64) -> bool {
        while mark(bits) {
            if self.coding == Coding::Two {
                bits.skip(1);
            }
        }
        end.saturating_sub(bits.place()) <= slack
    }
}

/// Goes over the mark of a line's end, with the zeros before it, if it stands here.
fn mark(bits: &mut Bits) -> bool {
    if bits.look(11) != 0 || bits.is_empty() {
        return false;
    }
    let mut zeros = 0;
    while bits.look(1) == 0 && zeros < 4096 {
        if !bits.skip(1) {
            return false;
        }
        zeros += 1;
    }
    bits.look(1) == 1 && bits.skip(1)
}

enum Mode {
    Pass,
    Across,
    Down(i64),
}

fn mode(seven: u32) -> Option<(u32, Mode)> {
    Some(match seven {
        64.. => (1, Mode::Down(0)),
        48..=63 => (3, Mode::Down(1)),
        32..=47 => (3, Mode::Down(-1)),
        16..=31 => (3, Mode::Across),
        8..=15 => (4, Mode::Pass),
        6..=7 => (6, Mode::Down(2)),
        4..=5 => (6, Mode::Down(-2)),
        3 => (7, Mode::Down(3)),
        2 => (7, Mode::Down(-3)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_begins_another() {
        for codes in [WHITE, BLACK] {
            let all: Vec<&str> = codes.split_whitespace().chain(LONG.split_whitespace()).collect();
            assert_eq!(all.len(), 64 + 27 + 13);
            for (at, code) in all.iter().enumerate() {
                let others = all.iter().enumerate().filter(|(other, _)| *other != at);
                assert!(others.into_iter().all(|(_, other)| !other.starts_with(code)), "{code}");
            }
        }
    }
}
