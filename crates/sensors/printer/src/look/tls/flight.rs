//! What a server answers to a hello: records of TLS, in them its hello, its certificates in clear (up to TLS 1.2), or an alert.
//!
//! Keeps what could be read, and says whether more is to come.

use super::version::Version;

/// The most certificates of a chain that are kept.
const MOST_CERTIFICATES: usize = 16;
/// The longest record: its content, and what encryption may add.
const LONGEST_RECORD: usize = (1 << 14) + 2048;
/// The longest message: a chain of certificates.
const LONGEST_MESSAGE: usize = 100 << 10;

/// What stood in a flight.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Flight {
    pub version: Option<Version>,
    pub suite: Option<u16>,
    /// As they came, the server's own first.
    pub certificates: Vec<Vec<u8>>,
    /// The reason for which it refused.
    pub alert: Option<u8>,
    /// A message longer than anybody needs is on its way.
    pub overlong: bool,
    /// It does not speak TLS.
    pub foreign: bool,
    /// Nothing more of use will come.
    pub done: bool,
}

impl Flight {
    pub fn parse(bytes: &[u8]) -> Self {
        let mut flight = Self::default();
        let mut messages = Vec::new();
        let mut rest = bytes;
        while let Some((&kind, after)) = rest.split_first() {
            let Some((fragment, next)) = flight.record(kind, after) else { break };
            match kind {
                22 => messages.extend(fragment),
                21 => flight.warned(fragment),
                _ => flight.done = true,
            }
            rest = next;
            if flight.done {
                break;
            }
        }
        flight.messages(&messages);
        flight
    }

    pub fn answered(&self) -> bool {
        self.version.is_some()
    }

    /// A record's content, and what comes behind it.
    fn record<'a>(&mut self, kind: u8, after: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let major = *after.first().unwrap_or(&3);
        if !matches!(kind, 20..=23) || major != 3 {
            self.foreign = !self.answered();
            self.done = true;
            return None;
        }
        let (length, content) = sized::<2>(after.get(2..)?)?;
        if length > LONGEST_RECORD {
            self.foreign = true;
            self.done = true;
            return None;
        }
        content.split_at_checked(length)
    }

    /// A warning (most say that they do not know our name) is no refusal.
    fn warned(&mut self, fragment: &[u8]) {
        if let [level, reason, ..] = fragment
            && *level != 1
        {
            self.alert = Some(*reason);
            self.done = true;
        }
    }

    fn messages(&mut self, mut rest: &[u8]) {
        while let Some((&kind, after)) = rest.split_first() {
            let Some((length, content)) = sized::<3>(after) else { return };
            let Some((message, next)) = content.split_at_checked(length) else {
                self.overlong = length > LONGEST_MESSAGE;
                self.done |= self.overlong;
                return;
            };
            match kind {
                2 => self.hello(message),
                11 => self.certificates(message),
                14 => self.done = true,
                _ => {}
            }
            rest = next;
        }
    }

    /// A hello, or under TLS 1.3 the demand for another one, which says as much.
    fn hello(&mut self, message: &[u8]) {
        let read = || {
            let named = u16::from_be_bytes(*message.first_chunk()?);
            let (length, after) = sized::<1>(message.get(34..)?)?;
            let after = after.get(length..)?;
            let suite = u16::from_be_bytes(*after.first_chunk()?);
            let version = chosen(after.get(3..).unwrap_or_default()).unwrap_or(named);
            Some((Version::of(version)?, suite))
        };
        if let Some((version, suite)) = read() {
            self.version = Some(version);
            self.suite = Some(suite);
            self.done |= version == Version::Tls13;
        }
    }

    fn certificates(&mut self, message: &[u8]) {
        let Some((length, list)) = sized::<3>(message) else { return };
        let mut rest = list.get(..length).unwrap_or(list);
        while let Some((length, content)) = sized::<3>(rest) {
            let Some((certificate, next)) = content.split_at_checked(length) else { return };
            if self.certificates.len() >= MOST_CERTIFICATES {
                return;
            }
            self.certificates.push(certificate.to_vec());
            rest = next;
        }
    }
}

/// The version that the extension for it names.
fn chosen(extensions: &[u8]) -> Option<u16> {
    let (length, all) = sized::<2>(extensions)?;
    let mut rest = all.get(..length)?;
    loop {
        let number = u16::from_be_bytes(*rest.first_chunk()?);
        let (length, after) = sized::<2>(rest.get(2..)?)?;
        let (content, next) = after.split_at_checked(length)?;
        if number == 43 {
            return Some(u16::from_be_bytes(*content.first_chunk()?));
        }
        rest = next;
    }
}

/// A length of so many bytes, and what follows it.
fn sized<const BYTES: usize>(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (length, after) = bytes.split_first_chunk::<BYTES>()?;
    Some((length.iter().fold(0, |all, byte| (all << 8) | usize::from(*byte)), after))
}

/// The word for a reason to refuse.
pub fn reason(alert: u8) -> String {
    let word = match alert {
        0 => "close notify",
        10 => "unexpected message",
        20 => "bad record",
        40 => "handshake failure",
        42..=46 => "trouble with a certificate",
        47 => "illegal parameter",
        50 => "decode error",
        51 => "decrypt error",
        70 => "protocol version",
        71 => "insufficient security",
        80 => "internal error",
        86 => "inappropriate fallback",
        109 => "missing extension",
        112 => "unrecognised name",
        116 => "certificate required",
        _ => return format!("alert {alert}"),
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, content: &[u8]) -> Vec<u8> {
        [&[kind, 3, 1][..], &(content.len() as u16).to_be_bytes(), content].concat()
    }

    fn message(kind: u8, content: &[u8]) -> Vec<u8> {
        [&[kind, 0][..], &(content.len() as u16).to_be_bytes(), content].concat()
    }

    fn hello(version: u16, suite: u16, extensions: &[u8]) -> Vec<u8> {
        let suite = suite.to_be_bytes();
        let length = (extensions.len() as u16).to_be_bytes();
        let parts: [&[u8]; 7] =
            [&version.to_be_bytes(), &[7; 32], &[0], &suite, &[0], &length, extensions];
        message(2, &parts.concat())
    }

    #[test]
    fn a_flight_over_several_records_is_read() {
        let chain = [&[0, 0, 11][..], &[0, 0, 3], b"abc", &[0, 0, 2], b"de"].concat();
        let all = [hello(0x0301, 0x0004, &[]), message(11, &chain), message(14, &[])].concat();
        let (first, second) = all.split_at(50);
        let bytes = [record(22, first), record(22, second)].concat();
        let flight = Flight::parse(&bytes);
        assert_eq!((flight.version, flight.suite), (Some(Version::Tls10), Some(4)));
        assert_eq!(flight.certificates, [b"abc".to_vec(), b"de".to_vec()]);
        assert!(flight.done && !flight.foreign);
        let cut = Flight::parse(&bytes[..bytes.len() - 3]);
        assert!(!cut.done && cut.answered() && cut.certificates.is_empty());
    }

    #[test]
    fn tls_13_is_told_by_its_extension() {
        let bytes = record(22, &hello(0x0303, 0x1301, &[0, 43, 0, 2, 3, 4]));
        let flight = Flight::parse(&bytes);
        assert_eq!((flight.version, flight.done), (Some(Version::Tls13), true));
    }

    #[test]
    fn a_refusal_is_no_warning() {
        let refused = Flight::parse(&record(21, &[2, 70]));
        assert_eq!((refused.alert, refused.done), (Some(70), true));
        let warned = [record(21, &[1, 112]), record(22, &hello(0x0303, 0xC02F, &[]))].concat();
        let warned = Flight::parse(&warned);
        assert_eq!((warned.alert, warned.version), (None, Some(Version::Tls12)));
    }

    #[test]
    fn what_is_no_tls_is_foreign() {
        assert!(Flight::parse(b"HTTP/1.1 400 Bad Request\r\n").foreign);
        assert!(Flight::parse(&record(22, &hello(0x0303, 0xC02F, &[]))[..3]).version.is_none());
        assert!(!Flight::parse(&[22]).foreign);
        assert!(Flight::parse(&[22, 9, 9, 9, 9]).foreign);
        assert!(Flight::parse(&[22, 3, 1, 0xFF, 0xFF]).foreign);
    }

    #[test]
    fn an_overlong_chain_is_not_waited_for() {
        let bytes = record(22, &[11, 0x20, 0, 0, 1, 2, 3]);
        let flight = Flight::parse(&bytes);
        assert!(flight.overlong && flight.done && flight.certificates.is_empty());
    }

    #[test]
    fn a_chain_without_end_is_capped() {
        let entry = [&[0, 0, 1][..], b"a"].concat().repeat(100);
        let content = [&[0, 1, 144][..], &entry].concat();
        let flight = Flight::parse(&record(22, &message(11, &content)));
        assert_eq!(flight.certificates.len(), MOST_CERTIFICATES);
    }
}
