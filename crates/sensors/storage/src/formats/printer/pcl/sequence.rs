//! One escape sequence of PCL: `ESC`, a character of two groups, and any number of values, each with its letter; a small
//! letter says that another follows. Some letters are followed by as many bytes of data as their value says.

/// The most digits of one value.
const DIGITS: usize = 10;

/// How a sequence begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// `ESC E` and the like: nothing follows.
    Short(u8),
    /// What the values that follow are about, and how many bytes it takes.
    Long { prefix: u8, group: u8, bytes: usize },
}

/// A value with its letter, as a capital.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value {
    pub number: i64,
    pub signed: bool,
    pub letter: u8,
    pub last: bool,
    pub bytes: usize,
}

/// What begins at `seen`, whose first byte is `ESC`.
pub fn opening(seen: &[u8]) -> Option<Opening> {
    let (prefix, next) = (*seen.get(1)?, seen.get(2).copied().unwrap_or(0));
    match prefix {
        b'E' | b'9' | b'=' | b'Y' | b'Z' => Some(Opening::Short(prefix)),
        b'&' | b'*' | b'(' | b')' | b'!' | b'%' if next.is_ascii_lowercase() => groups(prefix)
            .contains(&next)
            .then_some(Opening::Long { prefix, group: next, bytes: 3 }),
        b'(' | b')' | b'%' => Some(Opening::Long { prefix, group: 0, bytes: 2 }),
        _ => None,
    }
}

fn groups(prefix: u8) -> &'static [u8] {
    match prefix {
        b'&' => b"abcdfiklnoprstuvwxz",
        b'*' => b"abcdfgilmnoprstuvx",
        b'(' | b')' => b"sfi",
        b'!' => b"p",
        _ => b"",
    }
}

/// The value that begins at `seen`.
pub fn value(seen: &[u8]) -> Option<Value> {
    let signed = matches!(seen.first(), Some(b'+' | b'-'));
    let mut at = usize::from(signed);
    let mut number = 0_i64;
    let mut point = false;
    while let Some(byte) = seen.get(at) {
        match byte {
            b'0'..=b'9' if point => {}
            b'0'..=b'9' => number = number * 10 + i64::from(byte - b'0'),
            b'.' if !point => point = true,
            _ => break,
        }
        at += 1;
        if at > DIGITS + 1 {
            return None;
        }
    }
    let letter = *seen.get(at)?;
    // Symbol sets and `ESC(3@` end with `@`; no other sign ends a value.
    let last = matches!(letter, b'@'..=b'Z');
    if !last && !letter.is_ascii_lowercase() {
        return None;
    }
    let number = if seen.first() == Some(&b'-') { -number } else { number };
    Some(Value { number, signed, letter: letter.to_ascii_uppercase(), last, bytes: at + 1 })
}

/// How many bytes of data follow a value.
pub fn data(prefix: u8, group: u8, value: Value) -> u64 {
    let follows = match (prefix, group, value.letter) {
        // The scale of text, which has no data.
        // Nor have the counts that one maker's drivers end a job with.
        (b'&', b'k', b'W') | (b'*', b'x', _) => false,
        (_, _, b'W') => true,
        (b'*', b'b', b'V') => true,
        // Text that is printed whatever its bytes.
        (b'&', b'p', b'X') => true,
        _ => false,
    };
    if follows { u64::try_from(value.number).unwrap_or(0) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_with_their_letters() {
        let read = value(b"-12.5xY").unwrap();
        assert_eq!((read.number, read.letter, read.last, read.bytes), (-12, b'X', false, 6));
        assert!(value(b"Y").is_some_and(|v| v.last && v.number == 0));
        assert!(value(b"99999999999999Y").is_none() && value(b"1 Y").is_none());
        assert!(value(b"12").is_none());
    }

    #[test]
    fn only_some_letters_have_data() {
        let of = |prefix, group, text: &[u8]| data(prefix, group, value(text).unwrap());
        assert_eq!(of(b'*', b'b', b"80W"), 80);
        assert_eq!(of(b'*', b'b', b"80v"), 80);
        assert_eq!(of(b'&', b'k', b"1W"), 0);
        assert_eq!(of(b'(', b's', b"-1W"), 0);
        assert_eq!(of(b'&', b'l', b"80X"), 0);
    }
}
