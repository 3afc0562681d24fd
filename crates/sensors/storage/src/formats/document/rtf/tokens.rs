//! Words and groups of RTF.

use super::super::text::lines::is_foreign;
use crate::Stretch;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Open,
    Close,
    /// `\name` with its number.
    Word(String, Option<i32>),
    /// `\'hh`
    Byte(u8),
    /// `\` and another character.
    Symbol(u8),
    /// So many bytes of text, as they stand.
    Text(u64),
}

pub struct Tokens<'s, 'a> {
    stretch: &'s mut Stretch<'a>,
    at: u64,
    end: u64,
}

/// The longest text of one token.
const LONGEST: usize = 4096;
/// Letters and digits of a control word.
const WORD: usize = 48;

impl<'s, 'a> Tokens<'s, 'a> {
    pub fn new(stretch: &'s mut Stretch<'a>, end: u64) -> Self {
        Self::from(stretch, 0, end)
    }

    pub fn from(stretch: &'s mut Stretch<'a>, at: u64, end: u64) -> Self {
        Self { stretch, at, end }
    }

    pub fn place(&self) -> u64 {
        self.at
    }

    pub fn stretch(&mut self) -> &mut Stretch<'a> {
        self.stretch
    }

    /// The bytes of the text that was told last.
    pub fn bytes(&mut self, place: u64, count: u64) -> &[u8] {
        self.stretch.peek(place, count as usize)
    }

    /// None at the end, and at what stands in no RTF.
    pub fn next(&mut self) -> Option<Token> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let seen = self.stretch.peek(self.at, left.min(LONGEST));
        match seen.first()? {
            b'{' => self.step(1, Token::Open),
            b'}' => self.step(1, Token::Close),
            b'\\' => self.control(),
            _ => {
                let stop = |byte: &u8| matches!(byte, b'{' | b'}' | b'\\') || is_foreign(*byte);
                let count = seen.iter().position(stop).unwrap_or(seen.len());
                (count > 0).then_some(())?;
                self.step(count, Token::Text(count as u64))
            }
        }
    }

    fn step(&mut self, count: usize, token: Token) -> Option<Token> {
        self.at += count as u64;
        Some(token)
    }

    fn control(&mut self) -> Option<Token> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let seen = self.stretch.peek(self.at, left.min(WORD + 2));
        let second = *seen.get(1)?;
        if second == b'\'' {
            let digit = |at: usize| char::from(*seen.get(at)?).to_digit(16);
            let byte = digit(2)? * 16 + digit(3)?;
            return self.step(4, Token::Byte(byte as u8));
        }
        if !second.is_ascii_alphabetic() {
            let fine = !is_foreign(second) && second.is_ascii();
            return fine.then_some(()).and_then(|()| self.step(2, Token::Symbol(second)));
        }
        let rest = &seen[1..];
        let letters =
            rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
        let name = String::from_utf8_lossy(&rest[..letters]).into_owned();
        let sign = usize::from(rest.get(letters) == Some(&b'-'));
        let digits = rest[letters + sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&rest[letters..letters + sign + digits]).ok();
        let number: Option<i32> = number.and_then(|number| number.parse().ok());
        let mut count = 1 + letters + if digits > 0 { sign + digits } else { 0 };
        count += usize::from(seen.get(count) == Some(&b' '));
        self.at += count as u64;
        if name == "bin" {
            self.at = self.at.saturating_add(number.unwrap_or(0).max(0) as u64).min(self.end);
        }
        Some(Token::Word(name, number))
    }
}
