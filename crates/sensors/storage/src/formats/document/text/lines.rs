//! Text line by line, up to the first byte that no text has.

use crate::Stretch;

/// The longest line that is shown at once; the rest of a longer one comes as a line of its own.
pub const LONGEST: usize = 16 * 1024;

pub struct Lines<'s, 'a> {
    stretch: &'s mut Stretch<'a>,
    at: u64,
    end: u64,
    stopped: bool,
}

/// Bytes that no text in a code of bytes has: controls but tab, ends of lines and pages, 1A and 1B. Without branches, so that many are
/// asked for at once.
pub fn is_foreign(byte: u8) -> bool {
    let within = |from: u8, to: u8| (byte >= from) & (byte <= to);
    within(0, 8) | (byte == 0x0B) | within(0x0E, 0x19) | within(0x1C, 0x1F) | (byte == 0x7F)
}

impl<'s, 'a> Lines<'s, 'a> {
    pub fn new(stretch: &'s mut Stretch<'a>, at: u64, end: u64) -> Self {
        Self { stretch, at, end, stopped: false }
    }

    /// Where the next line begins.
    pub fn place(&self) -> u64 {
        self.at
    }

    /// Reads from this place again.
    pub fn back(&mut self, place: u64) {
        self.at = place;
        self.stopped = false;
    }

    pub fn stretch(&mut self) -> &mut Stretch<'a> {
        self.stretch
    }

    /// The next line with its end; cut before a foreign byte, after which there is none.
    pub fn take(&mut self) -> Option<(u64, &[u8])> {
        if self.stopped {
            return None;
        }
        let place = self.at;
        let left = usize::try_from(self.end.saturating_sub(place)).unwrap_or(usize::MAX);
        // Most lines are short.
        let mut length = self.measure(place, left.min(256));
        if length.is_none() && left > 256 {
            length = self.measure(place, left.min(LONGEST));
        }
        let length = length.unwrap_or(left.min(LONGEST));
        let line = self.stretch.peek(place, length);
        let own = line.iter().position(|byte| is_foreign(*byte)).unwrap_or(line.len());
        self.stopped = own < length;
        self.at += own as u64;
        (own > 0).then(|| (place, &line[..own]))
    }

    fn measure(&mut self, place: u64, count: usize) -> Option<usize> {
        let seen = self.stretch.peek(place, count);
        memchr::memchr(b'\n', seen).map(|at| at + 1)
    }
}

/// Without its end.
pub fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}
