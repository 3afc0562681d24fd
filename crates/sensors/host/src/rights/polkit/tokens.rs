//! The tokens of a script, as far as rules need them: names, texts, patterns and marks. Comments are
//! gone. Limits: 100,000 tokens.

use std::rc::Rc;

const MAX_TOKENS: usize = 100_000;
const MARKS: [&str; 10] = ["===", "!==", "=>", "==", "!=", "&&", "||", ">=", "<=", "?."];

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Word(Rc<str>),
    Text(Rc<str>),
    Pattern(Rc<str>),
    Mark(Rc<str>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub what: What,
    pub line: usize,
}

impl Token {
    pub fn is(&self, mark: &str) -> bool {
        matches!(&self.what, What::Mark(own) if **own == *mark)
    }

    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.what, What::Word(own) if **own == *word)
    }

    pub fn text(&self) -> Option<&str> {
        match &self.what {
            What::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn word(&self) -> Option<&str> {
        match &self.what {
            What::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// None where there are more than are read, or a text does not end.
pub fn of(script: &str) -> Option<Vec<Token>> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut rest, mut line) = (script, 1);
    while let Some(c) = rest.chars().next() {
        if tokens.len() >= MAX_TOKENS {
            return None;
        }
        let (what, length) = next(rest, c, tokens.last())?;
        let (taken, after) = rest.split_at(length);
        tokens.extend(what.map(|what| Token { what, line }));
        line += taken.matches('\n').count();
        rest = after;
    }
    Some(tokens)
}

/// The token that begins here, if it is one, and how long it is.
fn next(rest: &str, c: char, before: Option<&Token>) -> Option<(Option<What>, usize)> {
    if rest.starts_with("//") {
        return Some((None, rest.find('\n').unwrap_or(rest.len())));
    }
    if rest.starts_with("/*") {
        let end = rest.get(2..)?.find("*/").map(|at| at + 4);
        return Some((None, end.unwrap_or(rest.len())));
    }
    if c.is_whitespace() {
        return Some((None, c.len_utf8()));
    }
    if is_of_word(c) {
        let end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
        return Some((Some(What::Word(rest.get(..end)?.into())), end));
    }
    if "\"'`".contains(c) {
        let (text, length) = quoted(rest, c)?;
        return Some((Some(What::Text(text.into())), length));
    }
    if c == '/' && before.is_none_or(begins_pattern) {
        let (text, length) = quoted(rest, c)?;
        let flags = rest.get(length..)?.chars().take_while(|c| c.is_ascii_alphabetic()).count();
        return Some((Some(What::Pattern(text.into())), length + flags));
    }
    let mark = MARKS.into_iter().find(|mark| rest.starts_with(mark));
    let length = mark.map_or(c.len_utf8(), str::len);
    Some((Some(What::Mark(rest.get(..length)?.into())), length))
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// After a value a slash divides; elsewhere it begins a pattern.
fn begins_pattern(before: &Token) -> bool {
    match &before.what {
        What::Mark(mark) => !matches!(&**mark, ")" | "]" | "}"),
        What::Word(word) => &**word == "return",
        _ => false,
    }
}

/// A text or pattern with its own end, and its length with both ends. A pattern keeps its
/// backslashes.
fn quoted(rest: &str, quote: char) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                if quote == '/' {
                    text.push(c);
                }
                text.push(chars.next()?.1);
            }
            '\n' if quote != '`' => return None,
            c if c == quote => return Some((text, at + 1)),
            c => text.push(c),
        }
    }
    None
}
