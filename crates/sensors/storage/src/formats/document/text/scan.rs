//! One run of text in a code of bytes, byte by byte: how far it is UTF-8, GBK or Latin-1, and whether it is a text at all.

use super::lines::is_foreign;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    Utf8,
    Gbk,
    Latin1,
}

/// What was read of one run.
#[derive(Debug, Clone)]
pub struct Scan {
    pub start: u64,
    at: u64,
    utf8: Alive,
    gbk: Alive,
    latin: Alive,
    /// Bytes of a character of UTF-8 that are still to come.
    needed: u8,
    lead: u8,
    score: i64,
    pub measure: Measure,
    pub line: u64,
}

/// Up to where an encoding holds, how many characters beyond ASCII it had, and whether it still holds.
#[derive(Debug, Clone, Copy)]
struct Alive {
    end: u64,
    wide: u64,
    holds: bool,
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

    pub fn is_text(&self) -> bool {
        let wide = self.letters * 10 > self.all * 9;
        (self.blanks * 200 >= self.all || wide && self.blanks > 0)
            && self.letters * 4 >= self.all
            && self.changes * 2 >= self.all
    }
}

/// Whether these bytes are text in one encoding, but for a character that is cut at the end.
pub fn is_text(bytes: &[u8]) -> bool {
    let mut scan = Scan::new(0);
    bytes.iter().all(|byte| scan.take(*byte)) && scan.finish().0 + 4 >= bytes.len() as u64
}

/// Characters of UTF-8 after which a run is UTF-8 or nothing.
const SURE: u64 = 8;

impl Scan {
    pub fn new(start: u64) -> Self {
        let alive = Alive { end: start, wide: 0, holds: true };
        Self {
            start,
            at: start,
            utf8: alive,
            gbk: alive,
            latin: alive,
            needed: 0,
            lead: 0,
            score: 0,
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
        self.take_gbk(byte);
        self.take_latin(byte);
        self.measure.take(u16::from(byte));
        if byte == b'\n' {
            self.line = self.at;
        }
        if self.utf8.wide >= SURE && !self.utf8.holds {
            return false;
        }
        self.utf8.holds || self.gbk.holds || self.latin.holds
    }

    /// Takes the bytes of ASCII that follow, and says how many.
    pub fn take_ascii(&mut self, bytes: &[u8]) -> usize {
        if self.needed > 0 || self.lead > 0 {
            return 0;
        }
        let count = bytes.iter().position(|byte| *byte >= 0x80 || is_foreign(*byte));
        let bytes = &bytes[..count.unwrap_or(bytes.len())];
        let Some(last) = bytes.last() else { return 0 };
        let [blanks, letters] = [b' ', b'a'].map(|like| {
            let is = |byte: &&u8| {
                if like == b' ' { byte.is_ascii_whitespace() } else { byte.is_ascii_alphabetic() }
            };
            bytes.iter().filter(is).count() as u64
        });
        let same = bytes.array_windows().filter(|[one, other]| one == other).count();
        let again = usize::from(self.measure.last == u16::from(bytes[0]));
        self.measure.all += bytes.len() as u64;
        self.measure.blanks += blanks;
        self.measure.letters += letters;
        self.measure.changes += (bytes.len() - same - again) as u64;
        self.measure.last = u16::from(*last);
        if let Some(line) = memchr::memrchr(b'\n', bytes) {
            self.line = self.at + line as u64 + 1;
        }
        self.at += bytes.len() as u64;
        for alive in [&mut self.utf8, &mut self.gbk, &mut self.latin] {
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

    fn take_gbk(&mut self, byte: u8) {
        if !self.gbk.holds {
            return;
        }
        let lead = std::mem::take(&mut self.lead);
        match (lead, byte) {
            (0, 0..=0x7F) => {}
            (0, 0x81..=0xFE) => {
                self.lead = byte;
                return;
            }
            (1.., 0x40..=0x7E | 0x80..=0xFE) => {
                let common = byte >= 0xA1 && matches!(lead, 0xA1..=0xA3 | 0xB0..=0xD7);
                self.score = (self.score + if common { 1 } else { -3 }).min(64);
                self.gbk.wide += 1;
            }
            _ => self.gbk.holds = false,
        }
        self.gbk.holds &= self.score > -10;
        if self.gbk.holds {
            self.gbk.end = self.at;
        }
    }

    fn take_latin(&mut self, byte: u8) {
        if !self.latin.holds {
            return;
        }
        self.latin.wide += u64::from(byte >= 0x80);
        let all = self.at - self.start;
        let control = matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
        self.latin.holds = !control && self.latin.wide * 5 <= all + 16;
        if self.latin.holds {
            self.latin.end = self.at;
        }
    }

    /// Where it ends, and in which encoding.
    pub fn finish(&self) -> (u64, Code) {
        let gbk = self.gbk.wide >= 8 && self.score > 0 && self.utf8.wide < SURE;
        let reaches = self.utf8.end >= self.latin.end && (!gbk || self.utf8.end >= self.gbk.end);
        if reaches || self.utf8.wide >= SURE {
            (self.utf8.end, Code::Utf8)
        } else if gbk && self.gbk.end >= self.latin.end.min(self.gbk.end + 64) {
            (self.gbk.end, Code::Gbk)
        } else {
            (self.latin.end.max(self.utf8.end), Code::Latin1)
        }
    }
}
