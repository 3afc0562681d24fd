//! Structuring comments: what a document says of itself, and of what stands inside it.

use super::super::dates;
use crate::formats::Details;

/// What a line means for the structure.
#[derive(Debug, PartialEq, Eq)]
pub enum Comment {
    /// `%%EOF`.
    End,
    /// Another document, or a part of one, begins or ends.
    Begin,
    Close,
    /// So many bytes, or lines, of any content follow.
    Bytes(u64),
    Lines(u64),
    Page,
    Other,
}

/// Reads a line that begins with `%%`.
pub fn read(line: &[u8]) -> Comment {
    let rest = &line[2..];
    let is = |name: &[u8]| rest.starts_with(name);
    match () {
        () if is(b"EOF") && rest.trim_ascii_end().len() == 3 => Comment::End,
        () if is(b"BeginDocument") || is(b"BeginFont") || is(b"BeginFile") => Comment::Begin,
        () if is(b"BeginResource") || is(b"BeginProcSet") => Comment::Begin,
        () if is(b"EndDocument") || is(b"EndFont") || is(b"EndFile") => Comment::Close,
        () if is(b"EndResource") || is(b"EndProcSet") => Comment::Close,
        () if is(b"BeginBinary:") => number(&rest[12..]).map_or(Comment::Other, Comment::Bytes),
        () if is(b"BeginData:") => data(&rest[10..]),
        () if is(b"Page:") => Comment::Page,
        () => Comment::Other,
    }
}

/// `COUNT [Hex|Binary|ASCII [Bytes|Lines]]`
fn data(rest: &[u8]) -> Comment {
    let Some(count) = number(rest) else { return Comment::Other };
    let lines = rest.windows(5).any(|word| word == b"Lines");
    if lines { Comment::Lines(count) } else { Comment::Bytes(count) }
}

fn number(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii_start();
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    std::str::from_utf8(&text[..end]).ok()?.parse().ok()
}

/// Keeps what the document's own comments say.
pub fn note(line: &[u8], details: &mut Details) {
    let value = |name: &[u8]| line.strip_prefix(name).map(unquoted);
    let set = |place: &mut Option<String>, text: Option<Vec<u8>>| {
        if place.is_none() {
            *place = text.and_then(|text| Details::bytes(&text));
        }
    };
    set(&mut details.title, value(b"%%Title:"));
    set(&mut details.user, value(b"%%For:"));
    set(&mut details.application, value(b"%%Creator:"));
    if details.created.is_none() {
        details.created = value(b"%%CreationDate:").and_then(|text| dates::read(&text));
    }
}

/// A text of DSC may stand in brackets, as a string of PostScript.
fn unquoted(text: &[u8]) -> Vec<u8> {
    let text = text.trim_ascii();
    match text.strip_prefix(b"(").and_then(|text| text.strip_suffix(b")")) {
        Some(inner) => super::strings::unescaped(inner),
        None if text == b"(atend)" => Vec::new(),
        None => text.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read() {
        assert_eq!(read(b"%%BeginData: 1234 Hex Bytes"), Comment::Bytes(1234));
        assert_eq!(read(b"%%BeginData: 12 ASCII Lines"), Comment::Lines(12));
        assert_eq!(read(b"%%BeginBinary: 7"), Comment::Bytes(7));
        assert_eq!(read(b"%%EOF"), Comment::End);
        assert_eq!(read(b"%%EOFX"), Comment::Other);
        assert_eq!(read(b"%%BeginData:"), Comment::Other);
    }

    #[test]
    fn what_a_document_says_is_kept() {
        let mut details = Details::default();
        note(b"%%Title: (Budget \\(2024\\))", &mut details);
        note(b"%%For: alice", &mut details);
        note(b"%%Title: second", &mut details);
        assert_eq!(details.title.as_deref(), Some("Budget (2024)"));
        assert_eq!(details.user.as_deref(), Some("alice"));
    }
}
