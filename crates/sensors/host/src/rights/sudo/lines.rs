//! The lines of sudoers: comments are gone, and a line that ends in a backslash goes on in the next.

use crate::name;

pub const MAX_LINES: usize = 10_000;
const MAX_LENGTH: usize = 64 << 10;

/// What a file has in lines that say something, each with the number of its first.
#[derive(Debug, Default)]
pub struct Lines {
    pub all: Vec<(usize, String)>,
    /// Lines that are longer than any that is read.
    pub long: Option<usize>,
    pub more: bool,
}

pub fn of(bytes: &[u8]) -> Lines {
    let mut lines = Lines::default();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = name::text(line.strip_suffix(b"\r").unwrap_or(line));
        let (kept, comment) = without_comment(&line, open.is_none());
        let continues = !comment && ends_open(kept);
        let kept = if continues { kept.get(..kept.len() - 1).unwrap_or(kept) } else { kept };
        let (number, mut text) = open.take().unwrap_or((index + 1, String::new()));
        text.push_str(kept);
        if text.len() > MAX_LENGTH {
            lines.long.get_or_insert(number);
            text.clear();
        }
        if continues {
            open = Some((number, text));
        } else {
            lines.take(number, &text);
        }
    }
    if let Some((number, text)) = open {
        lines.take(number, &text);
    }
    lines
}

impl Lines {
    fn take(&mut self, number: usize, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if self.all.len() < MAX_LINES {
            self.all.push((number, text.to_owned()));
        } else {
            self.more = true;
        }
    }
}

/// Whether the last backslash stands for itself.
fn ends_open(line: &str) -> bool {
    line.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// The line up to its comment, and whether it had one. `#` before digits is a number of a user or
/// group, and `#include` at the start of a line is none either.
fn without_comment(line: &str, starts: bool) -> (&str, bool) {
    if starts && line.trim_start().starts_with("#include") {
        return (line, false);
    }
    let bytes = line.as_bytes();
    let (mut escaped, mut quoted) = (false, false);
    let quotes = bytes.iter().filter(|byte| **byte == b'"').count() % 2 == 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' if quotes => quoted = !quoted,
            b'#' if !quoted && !is_number(bytes, at) => {
                return (line.get(..at).unwrap_or_default(), true);
            }
            _ => {}
        }
    }
    (line, false)
}

fn is_number(line: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| line.get(at));
    let begins = before.is_none_or(|byte| b" \t,!%:(=>\"".contains(byte));
    let mut after = line.iter().skip(at + 1);
    let digit = match after.next() {
        Some(b'-') => after.next(),
        first => first,
    };
    begins && digit.is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on_and_comments_end_them() {
        let text = b"# whole \\\na = b \\\n  , c # end \\\n\"q#q\" x\\#y #z\n\
#include /etc/x\n#1000 ALL=ALL\n%#27 ALL=(#0) ALL\n\n   \nd\\\\\ne\\";
        let found = of(text);
        let expected = [
            (2, "a = b   , c"),
            (4, "\"q#q\" x\\#y"),
            (5, "#include /etc/x"),
            (6, "#1000 ALL=ALL"),
            (7, "%#27 ALL=(#0) ALL"),
            (10, "d\\\\"),
            (11, "e"),
        ];
        let all: Vec<_> = found.all.iter().map(|(at, text)| (*at, text.as_str())).collect();
        assert_eq!(all, expected);
        let long = [b"x".repeat(MAX_LENGTH + 1), b"\ny".to_vec()].concat();
        let found = of(&long);
        assert_eq!((found.all.len(), found.long), (1, Some(1)));
        assert!(of(&b"x\n".repeat(MAX_LINES + 1)).more);
    }
}
