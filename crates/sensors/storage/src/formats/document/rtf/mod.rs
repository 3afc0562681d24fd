//! RTF: groups in braces, to the one that closes the first; `\bin` is skipped by its length.
//!
//! Texts in code pages (`\'hh`, by font) and Unicode (`\u`) are decoded; tables of fonts, colours and styles, pictures and what `\*` marks are left out.
//!
//! Limits: 256 fonts, 256 groups inside each other for texts (any number for the end).

#[cfg(test)]
mod tests;
mod text;
mod tokens;

use tokens::{Token, Tokens};

use super::text::{ending, lines::is_foreign};
use crate::volumes::moments::civil;
use crate::{
    Stretch,
    formats::{Details, End, Family, Format, Kind, Proof, Signature, Texts, Walked},
};

pub static RTF: Format = Format {
    kind: Kind { name: "rtf", family: Family::Document, extension: "rtf" },
    signatures: &[Signature::new(b"{\\rtf1")],
    looks,
    walk,
    texts: Some(texts),
    picture: None,
};

/// One whose end is missing is one from so many bytes on.
const LEAST: u64 = 256;

fn looks(head: &[u8]) -> bool {
    let digit = head.strip_prefix(b"{\\rtf").and_then(<[u8]>::first);
    let text = head.iter().take(48).all(|byte| byte.is_ascii() && !is_foreign(*byte));
    digit.is_none_or(u8::is_ascii_digit) && head.starts_with(b"{\\rtf") && text
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    looks(stretch.peek(0, 512)).then_some(())?;
    let (length, whole) = follow(stretch);
    if !whole && length < LEAST {
        return None;
    }
    let details = info(stretch, length);
    let end = if whole { End::Whole } else { End::Broken };
    Some(Walked { kind: None, length, end, proof: Proof::Structure, details })
}

/// Its length, and whether the first group is closed.
fn follow(stretch: &mut Stretch) -> (u64, bool) {
    let end = stretch.len();
    let mut tokens = Tokens::new(stretch, end);
    let mut depth = 0_u64;
    loop {
        let place = tokens.place();
        let token = tokens.next();
        let passed = tokens.place() - place;
        if passed <= 4096
            && let Some(other) = ending::another(tokens.stretch(), place, passed)
        {
            return (other, false);
        }
        match token {
            None => return (ending::settle(tokens.stretch(), place), false),
            Some(Token::Open) => depth += 1,
            Some(Token::Close) => {
                depth -= 1;
                if depth == 0 {
                    let end = tokens.place();
                    return (behind(tokens.stretch(), end), true);
                }
            }
            Some(_) => {}
        }
    }
}

/// Writers put an end of line and a zero behind the last brace, or not: what stands before filler or the medium's end is its own.
fn behind(stretch: &mut Stretch, end: u64) -> u64 {
    let seen = stretch.peek(end, 3);
    let line = match seen {
        [b'\r', b'\n', ..] => 2,
        [b'\n', ..] => 1,
        _ => return end,
    };
    let next = seen.get(line).copied();
    if next.is_none_or(|byte| byte == 0 || byte == 0xFF) { end + line as u64 } else { end }
}

/// How far from the first byte on `\info` is looked for.
const INFO: u64 = 256 * 1024;

fn info(stretch: &mut Stretch, length: u64) -> Details {
    let mut details = Details::default();
    let Some(at) = stretch.find(0, length.min(INFO), b"{\\info") else { return details };
    let end = (at + 16 * 1024).min(length);
    for (name, value) in text::groups(stretch, at, end) {
        match name.as_str() {
            "title" => details.title = Details::text(&value),
            "author" => details.author = Details::text(&value),
            "operator" => details.user = Details::text(&value),
            "doccomm" | "generator" if details.application.is_none() => {
                details.application = Details::text(&value).filter(|_| name == "generator");
            }
            "creatim" => details.created = moment(&value),
            "revtim" => details.modified = moment(&value),
            "nofpages" => details.pages = value.parse().ok(),
            _ => {}
        }
    }
    details
}

/// `yr2024 mo3 dy1 hr10 min5`, as [`text::groups`] gives it.
fn moment(value: &str) -> Option<i64> {
    let part =
        |name: &str| value.split(' ').find_map(|part| part.strip_prefix(name)?.parse::<i64>().ok());
    let day = [part("yr")?, part("mo")?, part("dy")?];
    civil(day, [part("hr").unwrap_or(0), part("min").unwrap_or(0), part("sec").unwrap_or(0)])
}

fn texts(stretch: &mut Stretch, walked: &Walked, into: &mut dyn Texts) {
    into.begin("rtf");
    text::push(stretch, walked.length, into);
}
