//! The body of an answer, piece by piece: by its length, in chunks, or until the other side ends.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::{Head, HttpError};

/// The longest line between chunks.
const LONGEST_LINE: usize = 1024;
/// The most lines behind the last chunk.
const MOST_TRAILERS: usize = 64;

/// How the body's end is known.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// So many bytes are to come.
    Length(u64),
    Chunks(Chunks),
    UntilClose,
}

/// Where in the chunks the reading is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Chunks {
    /// In the line that tells the length of the next.
    Size(Vec<u8>),
    /// So many bytes of this one are to come.
    Data(u64),
    /// In the line end behind one.
    Behind(Vec<u8>),
    /// In the lines behind the last.
    Trailer(Vec<u8>, usize),
}

/// What came of a body.
#[derive(Debug)]
pub struct Body {
    form: Form,
    got: Vec<u8>,
    most: usize,
    done: bool,
    flaw: Option<HttpError>,
}

impl Body {
    pub fn new(head: &Head, most: usize) -> Self {
        let (form, flaw) = form(head);
        let done = matches!(head.status, 100..=199 | 204 | 304) || form == Form::Length(0);
        Self { form, got: Vec::new(), most, done, flaw }
    }

    /// Whether nothing more belongs to it.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Takes the next piece. What comes behind the end is passed over.
    pub fn push(&mut self, mut piece: &[u8]) {
        while !self.done && !piece.is_empty() {
            let taken = self.step(piece).min(piece.len());
            piece = piece.get(taken..).unwrap_or_default();
        }
    }

    /// What came, the most that it may become, and what was wrong. `failed` is why nothing more came; nothing means that the other
    /// side ended.
    pub(super) fn end(self, failed: Option<HttpError>) -> ((Vec<u8>, usize), Option<HttpError>) {
        let cut = || (!self.done && self.form != Form::UntilClose).then_some(HttpError::Cut);
        let flaw = self.flaw.or(failed).or_else(cut);
        ((self.got, self.most), flaw)
    }

    /// How many bytes of the piece were taken.
    fn step(&mut self, piece: &[u8]) -> usize {
        match &mut self.form {
            Form::UntilClose => self.keep(piece, u64::MAX),
            Form::Length(left) => {
                let want = *left;
                let taken = self.keep(piece, want);
                self.form = Form::Length(want - taken as u64);
                self.done |= want == taken as u64;
                taken
            }
            Form::Chunks(Chunks::Data(left)) => {
                let want = *left;
                let taken = self.keep(piece, want);
                let left = want - taken as u64;
                let behind = Chunks::Behind(Vec::new());
                self.form = Form::Chunks(if left == 0 { behind } else { Chunks::Data(left) });
                taken
            }
            Form::Chunks(Chunks::Size(line) | Chunks::Behind(line) | Chunks::Trailer(line, _)) => {
                let end = piece.iter().position(|byte| *byte == b'\n');
                let taken = end.map_or(piece.len(), |end| end + 1);
                line.extend(piece.iter().take(end.unwrap_or(taken)).copied());
                if line.len() > LONGEST_LINE {
                    self.fail(HttpError::Length);
                } else if end.is_some() {
                    self.turn();
                }
                taken
            }
        }
    }

    /// At the end of a line between chunks.
    fn turn(&mut self) {
        let Form::Chunks(chunks) = &self.form else { return };
        let next = match chunks {
            Chunks::Behind(line) if line.trim_ascii().is_empty() => Some(Chunks::Size(Vec::new())),
            Chunks::Behind(_) | Chunks::Data(_) => None,
            Chunks::Size(line) => size(line).map(|bytes| match bytes {
                0 => Chunks::Trailer(Vec::new(), 0),
                bytes => Chunks::Data(bytes),
            }),
            Chunks::Trailer(line, _) if line.trim_ascii().is_empty() => {
                self.done = true;
                return;
            }
            Chunks::Trailer(_, lines) => {
                (*lines < MOST_TRAILERS).then(|| Chunks::Trailer(Vec::new(), lines + 1))
            }
        };
        match next {
            Some(next) => self.form = Form::Chunks(next),
            None => self.fail(HttpError::Length),
        }
    }

    /// Keeps so many bytes of the piece, and says how many those are.
    fn keep(&mut self, piece: &[u8], want: u64) -> usize {
        let taken = piece.len().min(usize::try_from(want).unwrap_or(usize::MAX));
        let room = self.most.saturating_sub(self.got.len());
        self.got.extend(piece.iter().take(taken.min(room)));
        if taken > room {
            self.fail(HttpError::TooMuch(self.most));
        }
        taken
    }

    fn fail(&mut self, error: HttpError) {
        self.flaw.get_or_insert(error);
        self.done = true;
    }
}

/// A length that is none, or several that differ, leaves the end to the other side.
fn form(head: &Head) -> (Form, Option<HttpError>) {
    let coded = |value: &str| value.to_ascii_lowercase().contains("chunked");
    if head.all("transfer-encoding").any(coded) {
        return (Form::Chunks(Chunks::Size(Vec::new())), None);
    }
    let mut lengths = head.all("content-length").map(|value| value.parse::<u64>().ok());
    match lengths.next() {
        None => (Form::UntilClose, None),
        Some(Some(length)) if lengths.all(|other| other == Some(length)) => {
            (Form::Length(length), None)
        }
        Some(_) => (Form::UntilClose, Some(HttpError::Length)),
    }
}

/// The length of a chunk, without what is said of it.
fn size(line: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(line).ok()?;
    let digits = text.split(';').next()?.trim();
    let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u64::from_str_radix(digits, 16).ok().filter(|_| hexadecimal)
}

/// Some printers hold their pages packed alone, and send them so to everybody.
pub(super) fn unpacked(head: &Head, body: Vec<u8>, most: usize) -> (Vec<u8>, Option<HttpError>) {
    let coding = head.header("content-encoding").unwrap_or_default().to_ascii_lowercase();
    match coding.as_str() {
        "" | "identity" => (body, None),
        "gzip" | "x-gzip" => gunzip(&body, most),
        _ => (Vec::new(), Some(HttpError::Packed(coding))),
    }
}

fn gunzip(body: &[u8], most: usize) -> (Vec<u8>, Option<HttpError>) {
    let mut text = Vec::new();
    let read = MultiGzDecoder::new(body).take(most as u64 + 1).read_to_end(&mut text);
    let flaw = match read {
        Err(_) => Some(HttpError::Packed("gzip that is broken".into())),
        Ok(_) if text.len() > most => Some(HttpError::TooMuch(most)),
        Ok(_) => None,
    };
    text.truncate(most);
    (text, flaw)
}
