//! What closes a PDF: tables of places, trailers, `startxref` and `%%EOF`.

use super::{MOST, Scanner, Step, line_end};
use crate::formats::document::pdf::tokens::{Dict, Token, Tokens, is_space};

impl Scanner<'_, '_> {
    pub(super) fn table(&mut self, at: u64) -> Step {
        self.remember_table(at);
        let mut at = at + 4;
        loop {
            at = self.skip(at);
            let bytes = self.look(at, 64);
            let mut tokens = Tokens::new(bytes);
            let (Ok(Token::Number(first)), Ok(Token::Number(count))) =
                (tokens.read(), tokens.read())
            else {
                break;
            };
            at += tokens.at as u64;
            for number in (first as u32..=u32::MAX).take(count as usize) {
                let Some((place, used)) = entry(self.look(at, 24)) else { break };
                at += used;
                if let Some(place) = place.filter(|_| self.scan.recorded.len() < MOST) {
                    self.scan.recorded.push((number, place));
                }
            }
        }
        let at = self.skip(at);
        if self.look(at, 7) == b"trailer" { Ok(at) } else { Err(at) }
    }

    pub(super) fn trailer(&mut self, at: u64) -> Step {
        let bytes = self.look(at, 65536);
        let mut tokens = Tokens::new(bytes);
        let whole = tokens.read().and_then(|first| tokens.skip_value(first));
        let used = tokens.at as u64;
        if whole.is_err() {
            return Err(at + used);
        }
        let own = &bytes[..tokens.at];
        let start = memchr::memmem::find(own, b"<<").unwrap_or(0);
        self.scan.encrypted |= Dict::read(&own[start..]).get(b"Encrypt").is_some();
        Ok(at + used)
    }

    pub(super) fn close(&mut self, at: u64, start: u64) -> Step {
        let bytes = self.look(at, 128);
        let found = memchr::memmem::find(bytes, b"%%EOF");
        let end = found.ok_or(at + 9)? + 5;
        let spaces = bytes[end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let rest = &bytes[end + spaces..];
        // Of one kind: what else stands there may be another file's.
        let line = line_end(rest) as usize;
        let same = |one: &&[u8]| line > 0 && rest.starts_with(one);
        let lines = rest.chunks_exact(line.max(1)).take(4).take_while(same).count() * line;
        let trail = if lines > 0 { spaces + lines } else { 0 };
        self.scan.start = Some(start);
        let eof = at + (end + trail) as u64;
        self.scan.eof = Some(eof);
        Ok(eof)
    }
}

/// One line of a table: the place of an object that is in use, and how long the line is.
fn entry(bytes: &[u8]) -> Option<(Option<u64>, u64)> {
    let space = bytes.iter().take_while(|byte| is_space(**byte)).count();
    let line = bytes.get(space..)?;
    let digits = line.get(..10)?;
    if !digits.iter().all(u8::is_ascii_digit) || line.get(10) != Some(&b' ') {
        return None;
    }
    let place = digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    let used = line.get(17)? == &b'n';
    (used || line[17] == b'f').then_some((used.then_some(place), space as u64 + 18))
}
