//! One run of text in a code of bytes, byte by byte: how far it is UTF-8, pairs of bytes as in GBK, Big5 and Shift-JIS, or Latin or Cyrillic, and whether it is a text at all.

use super::{
    lines::is_foreign,
    pairs::{Alive, Pairs, SURE, Script},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    Utf8,
    /// GBK and EUC-KR, Big5, or Shift-JIS.
    Pairs,
    /// Latin or Cyrillic.
    Single,
}

/// What was read of one run.
#[derive(Debug, Clone)]
pub struct Scan {
    pub start: u64,
    at: u64,
    utf8: Alive,
    pairs: [Pairs; 3],
    single: Alive,
    /// Bytes that are letters of Cyrillic.
    cyrillic: u64,
    /// Bytes of a character of UTF-8 that are still to come.
    needed: u8,
    pub measure: Measure,
    pub line: u64,
}

/// What tells texts from tables and noise.
#[derive(Debug, Clone, Copy, Default)]
pub struct Measure {
    pub all: u64,
    pub blanks: u64,
    pub letters: u64,
    pub changes: u64,
    last: u16,
}

impl Measure {
    pub fn take(&mut self, unit: u16) {
        self.all += 1;
        self.blanks += u64::from(matches!(unit, 9 | 10 | 13 | 32 | 0x3000));
        let letter = unit >= 0x80 || (unit as u8).is_ascii_alphabetic();
        self.letters += u64::from(letter);
        self.changes += u64::from(unit != self.last);
        self.last = unit;
    }

    /// The same of many bytes at once.
    fn take_ascii(&mut self, bytes: &[u8]) {
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return };
        // In portions whose sums a byte holds: those are made of many bytes at once.
        for part in bytes.chunks(255) {
            let sum = |is: fn(&u8) -> bool| part.iter().map(|byte| u8::from(is(byte))).sum::<u8>();
            self.blanks += u64::from(sum(u8::is_ascii_whitespace));
            self.letters += u64::from(sum(u8::is_ascii_alphabetic));
        }
        let changes = |(one, other): (&[u8], &[u8])| {
            one.iter().zip(other).map(|(one, other)| u8::from(one != other)).sum::<u8>()
        };
        let pairs = bytes.chunks(255).zip(bytes[1..].chunks(255));
        self.changes += u64::from(self.last != u16::from(*first));
        self.changes += pairs.map(|pair| u64::from(changes(pair))).sum::<u64>();
        self.all += bytes.len() as u64;
        self.last = u16::from(*last);
    }

    pub fn is_text(&self) -> bool {
        let wide = self.letters * 10 > self.all * 9;
        (self.blanks * 200 >= self.all || wide && self.blanks > 0)
            && self.letters * 4 >= self.all
            && self.changes * 2 >= self.all
    }
}

/// How many bytes from the first on are ASCII as texts have it.
fn ascii(bytes: &[u8]) -> usize {
    let is_other = |byte: &u8| (*byte >= 0x80) | is_foreign(*byte);
    let (steps, _) = bytes.as_chunks::<32>();
    let all = |step: &&[u8; 32]| !step.iter().fold(false, |any, byte| any | is_other(byte));
    let whole = steps.iter().take_while(all).count() * 32;
    let rest = bytes[whole..].iter().position(is_other);
    rest.map_or(bytes.len(), |rest| whole + rest)
}

/// Whether these bytes are text in one encoding, but for a character that is cut at the end.
pub fn is_text(bytes: &[u8]) -> bool {
    let mut scan = Scan::new(0);
    bytes.iter().all(|byte| scan.take(*byte)) && scan.finish().0 + 4 >= bytes.len() as u64
}

impl Scan {
    pub fn new(start: u64) -> Self {
        let alive = Alive { end: start, wide: 0, holds: true };
        Self {
            start,
            at: start,
            utf8: alive,
            pairs: [Script::Gbk, Script::Big5, Script::ShiftJis]
                .map(|script| Pairs::new(alive, script)),
            single: alive,
            cyrillic: 0,
            needed: 0,
            measure: Measure::default(),
            line: start,
        }
    }

    /// Whether the run goes on with this byte.
    pub fn take(&mut self, byte: u8) -> bool {
        if is_foreign(byte) {
            return false;
        }
        self.at += 1;
        self.take_utf8(byte);
        self.pairs.iter_mut().for_each(|pairs| pairs.take(byte, self.at));
        self.take_single(byte);
        self.measure.take(u16::from(byte));
        if byte == b'\n' {
            self.line = self.at;
        }
        if self.utf8.wide >= SURE && !self.utf8.holds {
            return false;
        }
        let pairs = self.pairs.iter().any(|pairs| pairs.alive.holds);
        self.utf8.holds || self.single.holds || pairs
    }

    /// Takes the bytes of ASCII that follow, and says how many.
    pub fn take_ascii(&mut self, bytes: &[u8]) -> usize {
        if self.needed > 0 || self.pairs.iter().any(|pairs| pairs.lead > 0) {
            return 0;
        }
        let bytes = &bytes[..ascii(bytes)];
        if bytes.is_empty() {
            return 0;
        }
        self.measure.take_ascii(bytes);
        if let Some(line) = memchr::memrchr(b'\n', bytes) {
            self.line = self.at + line as u64 + 1;
        }
        self.at += bytes.len() as u64;
        let pairs = self.pairs.iter_mut().map(|pairs| &mut pairs.alive);
        for alive in [&mut self.utf8, &mut self.single].into_iter().chain(pairs) {
            if alive.holds {
                alive.end = self.at;
            }
        }
        bytes.len()
    }

    fn take_utf8(&mut self, byte: u8) {
        if !self.utf8.holds {
            return;
        }
        let fits = match (self.needed, byte) {
            (0, 0..=0x7F) => true,
            (0, 0xC2..=0xDF) => self.need(1),
            (0, 0xE0..=0xEF) => self.need(2),
            (0, 0xF0..=0xF4) => self.need(3),
            (1.., 0x80..=0xBF) => {
                self.needed -= 1;
                self.utf8.wide += u64::from(self.needed == 0);
                true
            }
            _ => false,
        };
        self.utf8.holds = fits;
        if fits && self.needed == 0 {
            self.utf8.end = self.at;
        }
    }

    fn need(&mut self, count: u8) -> bool {
        self.needed = count;
        true
    }

    fn take_single(&mut self, byte: u8) {
        if !self.single.holds {
            return;
        }
        let all = self.at - self.start;
        self.single.wide += u64::from(byte >= 0x80);
        self.cyrillic += u64::from(byte >= 0xC0 || matches!(byte, 0xA3 | 0xA8 | 0xB3 | 0xB8));
        let control = matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
        let few = self.single.wide * 5 <= all + 16;
        let cyrillic =
            self.cyrillic * 16 >= self.single.wide * 15 && self.single.wide * 20 <= all * 19 + 100;
        self.single.holds = !control && (few || cyrillic);
        if self.single.holds {
            self.single.end = self.at;
        }
    }

    /// Where it ends, and in which encoding.
    pub fn finish(&self) -> (u64, Code) {
        let sure = self.pairs.iter().filter(|pairs| pairs.is_sure());
        let pairs = sure.map(|pairs| pairs.alive.end).max().unwrap_or(self.start);
        let others = pairs.max(self.single.end);
        if self.utf8.end >= others || self.utf8.wide >= SURE {
            (self.utf8.end, Code::Utf8)
        } else if pairs + 64 > self.single.end {
            (pairs, Code::Pairs)
        } else {
            (self.single.end, Code::Single)
        }
    }
}
