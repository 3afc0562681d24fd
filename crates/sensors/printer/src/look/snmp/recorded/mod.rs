//! Walks that the user brought, as snmpsim records them (`.snmprec`) or as `snmpwalk -On` prints them. Pure; what cannot be read is
//! counted and named by its first line, and the rest counts.

pub mod snmprec;
pub mod snmpwalk;

use leaksweep_facts::{Problem, Reason};

use super::walk::Walk;

/// A walk out of a file, and how much of it could not be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Read {
    pub walk: Walk,
    /// How many lines, and the first of them, from 1.
    pub unread: usize,
    pub first_unread: Option<usize>,
    pub full: bool,
}

impl Read {
    fn unread(&mut self, line: usize) {
        self.unread += 1;
        self.first_unread.get_or_insert(line + 1);
    }

    /// What is missing because of it.
    pub fn problem(&self, file: &str) -> Option<Problem> {
        let problem = |reason, detail| Some(Problem::new("printer_answers", file, reason, detail));
        if self.walk.is_empty() {
            return problem(
                Reason::Malformed,
                "no line is as snmpsim or snmpwalk -On writes it".into(),
            )
            .map(|problem| {
                problem.hint("record the walk with: snmpwalk -v2c -c public -On PRINTER .1")
            });
        }
        if self.full {
            return problem(Reason::TooLarge, "it has more objects than are kept".into());
        }
        let line = self.first_unread?;
        problem(
            Reason::Malformed,
            format!("{} lines cannot be read, the first is line {line}", self.unread),
        )
    }
}

/// Reads either form; its first line tells which.
pub fn read(bytes: &[u8]) -> Read {
    if is_snmprec(bytes) { snmprec::read(bytes) } else { snmpwalk::read(bytes) }
}

fn is_snmprec(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    let before = first.unwrap_or_default().split(|byte| *byte == b'|').next().unwrap_or_default();
    !before.is_empty() && before.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// Pairs of hexadecimal digits, with anything between the pairs that `passes`.
fn hex(text: &[u8], passes: impl Fn(u8) -> bool) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        if passes(first) {
            rest = after;
            continue;
        }
        let (&second, after) = after.split_first()?;
        bytes.push(digit(first)? << 4 | digit(second)?);
        rest = after;
    }
    Some(bytes)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_tells_the_form() {
        assert!(is_snmprec(b"\n1.3.6|4|x\n"));
        assert!(!is_snmprec(b".1.3.6 = STRING: a|b\n"));
        assert!(!is_snmprec(b""));
    }

    #[test]
    fn pairs_of_digits_are_bytes() {
        assert_eq!(hex(b"0A:ff 3", |byte| b": ".contains(&byte)), None);
        assert_eq!(hex(b"0A:ff ", |byte| b": ".contains(&byte)), Some(vec![10, 255]));
        assert_eq!(hex(b"zz", |_| false), None);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let read = read(b"1.3.6.1|4|HP\nnonsense\n1.3.6.2|99|x\n");
        let problem = read.problem("a.snmprec").unwrap();
        assert_eq!(problem.detail, "2 lines cannot be read, the first is line 2");
        let nothing = super::read(b"<html>").problem("a").unwrap();
        assert_eq!(nothing.reason, Reason::Malformed);
        assert!(!nothing.hint.is_empty());
    }
}
