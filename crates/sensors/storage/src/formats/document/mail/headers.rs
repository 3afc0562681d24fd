//! Headers of a message.

use super::{
    super::text::lines::{Lines, trimmed},
    date, words,
};
use crate::formats::Details;

/// Names of headers that mails have, and hardly anything else.
const USUAL: &[&str] = &[
    "from",
    "to",
    "cc",
    "date",
    "subject",
    "message-id",
    "received",
    "return-path",
    "mime-version",
    "delivered-to",
    "reply-to",
    "content-type",
    "x-mailer",
    "references",
    "in-reply-to",
];
/// Those that other protocols have too.
const COMMON: &[&str] = &["date", "content-type"];

/// All headers of a message are at most so many bytes.
pub const MOST: u64 = 256 * 1024;

pub fn looks(head: &[u8]) -> bool {
    let (mut all, mut usual, mut sure) = (0, 0, 0);
    for line in head.split_inclusive(|byte| *byte == b'\n').take(24) {
        let whole = line.ends_with(b"\n");
        if matches!(line.first(), Some(b' ' | b'\t')) && all > 0 {
            continue;
        }
        let Some((name, _)) = header(line) else {
            if whole && !trimmed(line).is_empty() {
                return false;
            }
            break;
        };
        all += 1;
        usual += usize::from(is_of(USUAL, name));
        sure += usize::from(is_of(USUAL, name) && !is_of(COMMON, name));
    }
    (all >= 3 && usual >= 2 && sure >= 1)
        || (head.len() >= 500
            && all >= 1
            && sure >= 1
            && !head.iter().any(|byte| super::super::text::lines::is_foreign(*byte)))
}

fn is_of(names: &[&str], name: &[u8]) -> bool {
    names.iter().any(|one| one.as_bytes().eq_ignore_ascii_case(name))
}

pub fn looks_mbox(head: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b'\n', head) else { return false };
    is_from_line(&head[..end]) && looks(&head[end + 1..])
}

/// `From somebody Tue Jul  1 10:52:37 2003`: ends with a time and a year, perhaps with a zone.
pub fn is_from_line(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let Ok(rest) = std::str::from_utf8(rest) else { return false };
    let parts: Vec<&str> = rest.split_ascii_whitespace().collect();
    let clock = |part: &&str| {
        part.len() >= 4
            && part.as_bytes().get(part.find(':').unwrap_or(0)) == Some(&b':')
            && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
    };
    let year = |part: &&str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    let day = |part: &&str| DAYS.contains(part);
    (5..=10).contains(&parts.len())
        && parts.iter().any(clock)
        && parts.iter().any(year)
        && parts.iter().any(day)
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Name and value.
pub fn header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', &line[..line.len().min(80)])?;
    let (name, value) = line.split_at(colon);
    let fine = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let named = !name.is_empty() && name[0].is_ascii_alphabetic() && name.iter().all(fine);
    named.then_some((name, &value[1..]))
}

/// What the headers of a message or part say.
#[derive(Debug, Default)]
pub struct Headers {
    pub count: usize,
    pub details: Details,
    pub boundary: Option<Vec<u8>>,
    pub coding: Coding,
    pub encrypted: bool,
    /// Words that stand encoded in them.
    pub encoded: Vec<String>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    #[default]
    None,
    Base64,
    Quoted,
}

impl Headers {
    /// Reads up to the blank line and with it; None where a line is no header, which is not read.
    pub fn read(lines: &mut Lines) -> (Self, bool) {
        let mut headers = Self::default();
        let start = lines.place();
        let mut logical: Vec<u8> = Vec::new();
        loop {
            let place = lines.place();
            let Some((_, line)) = lines.take() else { break };
            let text = trimmed(line);
            if text.is_empty() {
                headers.take(&logical);
                return (headers, true);
            }
            let folded = matches!(line.first(), Some(b' ' | b'\t'));
            if !folded && header(line).is_none() || place - start > MOST {
                lines.back(place);
                break;
            }
            if !folded {
                headers.take(&logical);
                logical.clear();
            }
            if logical.len() < 8192 {
                logical.extend_from_slice(text);
            }
        }
        headers.take(&logical);
        (headers, false)
    }

    fn take(&mut self, logical: &[u8]) {
        let Some((name, value)) = header(logical) else { return };
        self.count += 1;
        let name = name.to_ascii_lowercase();
        let details = &mut self.details;
        let mut text = || {
            let (text, encoded) = words::decode(value);
            if encoded && self.encoded.len() < 64 {
                self.encoded.push(text.clone());
            }
            text
        };
        match name.as_slice() {
            b"subject" => details.title = Details::text(&text()),
            b"from" => details.author = Details::text(&text()),
            b"to" | b"cc" => drop(text()),
            b"x-mailer" | b"user-agent" => details.application = Details::text(&text()),
            b"date" => details.created = date::parse(value),
            b"content-type" => self.content(value),
            b"content-transfer-encoding" => {
                self.coding = match value.trim_ascii().to_ascii_lowercase().as_slice() {
                    b"base64" => Coding::Base64,
                    b"quoted-printable" => Coding::Quoted,
                    _ => Coding::None,
                }
            }
            _ => {}
        }
    }

    fn content(&mut self, value: &[u8]) {
        let lower = value.to_ascii_lowercase();
        self.encrypted |= lower.trim_ascii().starts_with(b"multipart/encrypted")
            || memchr::memmem::find(&lower, b"enveloped-data").is_some();
        let Some(at) = memchr::memmem::find(&lower, b"boundary=") else { return };
        let rest = &value[at + 9..];
        let boundary = match rest.first() {
            Some(b'"') => rest[1..].split(|byte| *byte == b'"').next(),
            _ => rest.split(|byte| matches!(byte, b';' | b' ' | b'\t')).next(),
        };
        self.boundary = boundary.filter(|one| (1..=100).contains(&one.len())).map(<[u8]>::to_vec);
    }
}
