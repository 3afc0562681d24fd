//! What came back: the head of an answer, and the whole.

use super::{Body, HttpError, redirect::Place};

/// The longest head that is read.
pub const LONGEST_HEAD: usize = 32 << 10;
/// The most lines of a head that are kept; more make it no head.
const MOST_HEADERS: usize = 128;

/// The head of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    /// Names as they came, values without what is no UTF-8.
    pub headers: Vec<(String, String)>,
    /// How many bytes it took.
    pub length: usize,
}

impl Head {
    /// The head with which these bytes begin; none where more of it is to come.
    pub fn parse(bytes: &[u8]) -> Result<Option<Self>, HttpError> {
        let mut lines = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut lines);
        let status = lenient().parse_response(&mut response, bytes);
        match status.map_err(|_| HttpError::NotHttp)? {
            httparse::Status::Partial if bytes.len() >= LONGEST_HEAD => Err(HttpError::LongHead),
            httparse::Status::Partial => Ok(None),
            httparse::Status::Complete(length) => Ok(Some(Self {
                status: response.code.unwrap_or_default(),
                headers: response.headers.iter().map(pair).collect(),
                length,
            })),
        }
    }

    /// The first line of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All lines of this name.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let name = name.to_owned();
        let named = move |(key, _): &&(String, String)| key.eq_ignore_ascii_case(&name);
        self.headers.iter().filter(named).map(|(_, value)| value.as_str())
    }
}

/// Old printers write heads that no browser minded.
fn lenient() -> httparse::ParserConfig {
    let mut config = httparse::ParserConfig::default();
    config.allow_spaces_after_header_name_in_responses(true);
    config.allow_obsolete_multiline_headers_in_responses(true);
    config.allow_multiple_spaces_in_response_status_delimiters(true);
    config.ignore_invalid_headers_in_responses(true);
    config
}

fn pair(line: &httparse::Header) -> (String, String) {
    (line.name.to_owned(), String::from_utf8_lossy(line.value).trim().to_owned())
}

/// An answer.
#[derive(Debug, Default)]
pub struct Response {
    pub head: Head,
    /// What came of the body.
    pub body: Vec<u8>,
    /// What was wrong with it; then the body is what came before.
    pub flaw: Option<HttpError>,
    /// Where it came from, behind the redirects.
    pub place: Place,
}

impl Response {
    /// Takes what came of the body, and unpacks it.
    pub(super) fn new(head: Head, body: Body, failed: Option<HttpError>) -> Self {
        let (bytes, flaw) = body.end(failed);
        let (body, packed) = super::body::unpacked(&head, bytes.0, bytes.1);
        Self { head, body, flaw: flaw.or(packed), place: Place::default() }
    }

    pub fn status(&self) -> u16 {
        self.head.status
    }

    /// The media type, in lower case, without what is said of it.
    pub fn kind(&self) -> String {
        let kind = self.head.header("content-type").unwrap_or_default();
        kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}
