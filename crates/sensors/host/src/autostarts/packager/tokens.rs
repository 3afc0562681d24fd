//! The words and marks of APT's configuration, without its comments.

use super::super::MAX_LINES;
use crate::{name, quotes};

pub struct Word {
    pub line: usize,
    pub text: String,
    pub quoted: bool,
}

pub enum Token {
    Word(Word),
    Open(usize),
    Close(usize),
    End,
    Directive(usize, String),
}

/// What stands in quotes is one word whatever is in it; a comment is none.
pub fn tokens(content: &[u8]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut line = 1;
    while let Some(byte) = content.get(at).copied() {
        let rest = content.get(at..).unwrap_or_default();
        let length = match byte {
            b'"' => quotes::length(rest),
            b'#' => to_end_of_line(rest),
            b'/' if rest.starts_with(b"//") => to_end_of_line(rest),
            b'/' if rest.starts_with(b"/*") => comment(rest),
            b'{' | b'}' | b';' | b'\n' | b' ' | b'\t' | b'\r' => 1,
            _ => word(rest),
        };
        let text = rest.get(..length).unwrap_or(rest);
        match byte {
            b'"' => {
                let text = name::text(text).trim_matches('"').to_owned();
                tokens.push(Token::Word(Word { line, text, quoted: true }));
            }
            b'#' if is_directive(text) => {
                let text = name::text(text).trim_start_matches('#').to_owned();
                tokens.push(Token::Directive(line, text));
            }
            b'{' => tokens.push(Token::Open(line)),
            b'}' => tokens.push(Token::Close(line)),
            b';' => tokens.push(Token::End),
            b'#' | b'\n' | b' ' | b'\t' | b'\r' => {}
            b'/' if text.starts_with(b"//") || text.starts_with(b"/*") => {}
            _ => tokens.push(Token::Word(Word { line, text: name::text(text), quoted: false })),
        }
        line += memchr::memchr_iter(b'\n', text).count();
        at += length.max(1);
        if tokens.len() > MAX_LINES * 4 {
            break;
        }
    }
    tokens
}

fn is_directive(text: &[u8]) -> bool {
    text.starts_with(b"#include ") || text.starts_with(b"#clear ")
}

fn to_end_of_line(text: &[u8]) -> usize {
    memchr::memchr(b'\n', text).unwrap_or(text.len())
}

fn comment(text: &[u8]) -> usize {
    memchr::memmem::find(text, b"*/").map_or(text.len(), |at| at + 2)
}

fn word(text: &[u8]) -> usize {
    let ends = |byte: &u8| b"{};\"".contains(byte) || byte.is_ascii_whitespace();
    text.iter().position(ends).unwrap_or(text.len())
}
