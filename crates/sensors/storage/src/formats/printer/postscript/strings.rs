//! The text of a document: strings in brackets and in hexadecimal.

use super::packed::Packed;
use crate::{Stretch, formats::Texts};

const ESCAPES: [(u8, u8); 5] = [(b'n', b'\n'), (b'r', b'\r'), (b't', b'\t'), (b'b', 8), (b'f', 12)];
/// How much is looked at at once.
const STEP: usize = 64 * 1024;
/// The longest string that is kept together.
const STRING: usize = 4096;

/// A string without its escapes.
pub fn unescaped(inner: &[u8]) -> Vec<u8> {
    let mut strings = Strings { depth: 1, ..Strings::default() };
    inner.iter().for_each(|byte| strings.inside(*byte));
    strings.held
}

#[derive(Default)]
struct Strings {
    depth: u32,
    held: Vec<u8>,
    /// Behind a backslash, and the digits that came.
    escaped: bool,
    octal: Option<(u8, u8)>,
    /// The first half of a pair of digits; inside `<…>` where some.
    hex: Option<Option<u8>>,
    comment: bool,
}

impl Strings {
    fn push(&mut self, byte: u8) {
        if self.held.len() < STRING {
            self.held.push(byte);
        }
    }

    /// A byte between brackets; the depth is 0 behind the last.
    fn inside(&mut self, byte: u8) {
        if let Some((value, digits)) = self.octal.take() {
            if matches!(byte, b'0'..=b'7') && digits < 3 {
                self.octal = Some((value.wrapping_mul(8).wrapping_add(byte - b'0'), digits + 1));
                return;
            }
            self.push(value);
        }
        match byte {
            _ if std::mem::take(&mut self.escaped) => match byte {
                b'0'..=b'7' => self.octal = Some((byte - b'0', 1)),
                b'\r' | b'\n' => {}
                _ => {
                    let known = ESCAPES.iter().find(|(letter, _)| *letter == byte);
                    self.push(known.map_or(byte, |(_, value)| *value));
                }
            },
            b'\\' => self.escaped = true,
            b'(' => {
                self.depth += 1;
                self.push(byte);
            }
            b')' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth > 0 {
                    self.push(byte);
                }
            }
            _ => self.push(byte),
        }
    }

    /// Takes the next byte of the document.
    fn take(&mut self, byte: u8, texts: &mut dyn Texts) {
        if self.depth > 0 {
            self.inside(byte);
            if self.depth == 0 {
                self.flush(texts);
            }
        } else if self.comment {
            self.comment = !matches!(byte, b'\r' | b'\n');
        } else if let Some(half) = self.hex {
            self.digit(byte, half, texts);
        } else {
            match byte {
                b'(' => self.depth = 1,
                b'<' => self.hex = Some(None),
                b'%' => self.comment = true,
                _ => {}
            }
        }
    }

    fn digit(&mut self, byte: u8, half: Option<u8>, texts: &mut dyn Texts) {
        let value = char::from(byte).to_digit(16).map(|value| value as u8);
        match (value, half) {
            (Some(value), None) => self.hex = Some(Some(value)),
            (Some(value), Some(high)) => {
                self.push(high << 4 | value);
                self.hex = Some(None);
            }
            (None, _) if byte.is_ascii_whitespace() => {}
            (None, _) => {
                self.hex = None;
                if byte == b'>' {
                    self.flush(texts);
                } else {
                    self.held.clear();
                }
            }
        }
    }

    fn flush(&mut self, texts: &mut dyn Texts) {
        self.held.push(b'\n');
        texts.push(&self.held);
        self.held.clear();
    }
}

/// Hands on the strings between two places of a stretch, and those inside of what is packed there.
pub fn texts_of(stretch: &mut Stretch, from: u64, to: u64, texts: &mut dyn Texts) {
    texts.begin("postscript");
    let mut strings = Strings::default();
    let mut packed = Packed::default();
    let mut at = from;
    while at < to {
        let count = usize::try_from(to - at).unwrap_or(STEP).min(STEP);
        let seen = stretch.peek(at, count);
        if seen.is_empty() {
            break;
        }
        // Whole lines, if any ends here.
        let end = memchr::memrchr(b'\n', seen).map_or(seen.len(), |end| end + 1);
        for line in seen[..end].split_inclusive(|byte| *byte == b'\n') {
            if strings.depth > 0 || !packed.line(line, texts) {
                packed.drain(|byte| strings.take(byte, texts));
                line.iter().for_each(|byte| strings.take(*byte, texts));
            }
        }
        at += end as u64;
    }
}

/// The strings of bytes that are held.
pub fn strings_in(bytes: &[u8], texts: &mut dyn Texts) {
    let mut strings = Strings::default();
    bytes.iter().for_each(|byte| strings.take(*byte, texts));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Held(Vec<u8>);

    impl Texts for Held {
        fn begin(&mut self, _: &'static str) {}
        fn push(&mut self, bytes: &[u8]) {
            self.0.extend(bytes);
        }
    }

    #[test]
    fn strings_are_read_as_they_are_printed() {
        let bytes = b"(a\\(b\\)c(d)e\\\nf\\101) show % (no)\n<4142 43> show << /A (x) >>".to_vec();
        let mut held = Held::default();
        texts_of(&mut Stretch::new(&bytes), 0, bytes.len() as u64, &mut held);
        assert_eq!(String::from_utf8_lossy(&held.0), "a(b)c(d)efA\nABC\nx\n");
    }
}
