//! What is encoded in a message, decoded: attachments, texts, words in headers. What stands in the clear is not told again.

use base64::Engine;

use super::{
    super::text::lines::{Lines, trimmed},
    headers::{self, Coding, Headers},
    words,
};
use crate::{
    Stretch,
    formats::{Texts, Walked},
};

/// Boundaries inside each other.
const DEEPEST: usize = 8;

pub fn texts(stretch: &mut Stretch, walked: &Walked, into: &mut dyn Texts) {
    let mut lines = Lines::new(stretch, 0, walked.length);
    let mut boundaries: Vec<Vec<u8>> = Vec::new();
    let mut part = Part::default();
    part.begin(&mut lines, &mut boundaries, into);
    while let Some((_, line)) = lines.take() {
        let text = trimmed(line);
        let depth = boundaries.iter().rposition(|boundary| {
            text.strip_prefix(b"--").is_some_and(|text| text.starts_with(boundary))
        });
        if let Some(depth) = depth {
            part.flush(into);
            boundaries.truncate(depth + 1);
            let closes = text.ends_with(b"--") && text.len() >= boundaries[depth].len() + 4;
            if closes {
                boundaries.truncate(depth);
                part = Part::default();
            } else {
                part.begin(&mut lines, &mut boundaries, into);
            }
        } else if headers::is_from_line(text) {
            part.flush(into);
            boundaries.clear();
            part.begin(&mut lines, &mut boundaries, into);
        } else {
            part.line(line, into);
        }
    }
    part.flush(into);
}

/// The part that is read, and letters of base64 that are not four yet.
#[derive(Default)]
struct Part {
    coding: Coding,
    held: Vec<u8>,
}

impl Part {
    fn begin(&mut self, lines: &mut Lines, boundaries: &mut Vec<Vec<u8>>, into: &mut dyn Texts) {
        let (headers, _) = Headers::read(lines);
        *self = Self { coding: headers.coding, held: Vec::new() };
        boundaries.extend(headers.boundary.filter(|_| boundaries.len() < DEEPEST));
        for text in &headers.encoded {
            into.begin("base64");
            into.push(text.as_bytes());
        }
        match self.coding {
            Coding::Base64 => into.begin("base64"),
            Coding::Quoted => into.begin("quoted-printable"),
            Coding::None => {}
        }
    }

    fn line(&mut self, line: &[u8], into: &mut dyn Texts) {
        match self.coding {
            Coding::None => {}
            Coding::Quoted => into.push(&words::quoted(line, false)),
            Coding::Base64 => {
                self.held.extend(line.iter().filter(|byte| !byte.is_ascii_whitespace()));
                if self.held.len() >= 4096 {
                    let whole = self.held.len() / 4 * 4;
                    self.decode(whole, into);
                }
            }
        }
    }

    fn decode(&mut self, count: usize, into: &mut dyn Texts) {
        if let Ok(bytes) = words::BASE64.decode(&self.held[..count]) {
            into.push(&bytes);
        }
        self.held.drain(..count);
    }

    fn flush(&mut self, into: &mut dyn Texts) {
        if self.coding == Coding::Base64 {
            self.decode(self.held.len(), into);
        }
        self.coding = Coding::None;
    }
}
