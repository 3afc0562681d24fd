//! Lines of `authorized_keys` as sshd reads them: options, algorithm, key, comment. Options are
//! divided by commas and hold blanks only within double quotes.

use leaksweep_facts::Time;

use super::public::{Public, decoded};
use crate::{name, secrets};

const MAX_KEYS: usize = 10_000;
/// sshd reads lines of 8 KiB.
const MAX_LINE: usize = 16 << 10;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Key {
    pub line: usize,
    pub public: Public,
    pub comment: String,
    pub options: Options,
}

/// What stands before a key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// As they are written, without the values of variables.
    pub written: String,
    pub authority: bool,
    pub command: Option<String>,
    pub from: Option<String>,
    pub expires: Option<Time>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lines<T> {
    pub all: Vec<T>,
    /// The first line that makes no sense, which sshd passes over, and how many such there are.
    pub senseless: Option<(usize, usize)>,
    pub more: bool,
}

/// The keys of a file.
pub fn parse(bytes: &[u8]) -> Lines<Key> {
    lines(bytes, key)
}

/// The names of a file of principals, with what stands before each.
pub fn principals(bytes: &[u8]) -> Lines<(usize, String, Options)> {
    lines(bytes, |line, text| {
        let name = text.rsplit(char::is_whitespace).next()?;
        let options = text.strip_suffix(name)?.trim_end();
        Some((line, name.to_owned(), Options::of(options)))
    })
}

fn lines<T>(bytes: &[u8], read: impl Fn(usize, &str) -> Option<T>) -> Lines<T> {
    let mut found = Lines { all: Vec::new(), senseless: None, more: false };
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        if found.all.len() >= MAX_KEYS {
            found.more = true;
            break;
        }
        let text = line.get(..=MAX_LINE).map_or_else(|| Some(name::text(line)), |_| None);
        match text.and_then(|text| read(index + 1, &text)) {
            Some(one) => found.all.push(one),
            None => {
                let (first, count) = found.senseless.unwrap_or((index + 1, 0));
                found.senseless = Some((first, count + 1));
            }
        }
    }
    found
}

fn key(line: usize, text: &str) -> Option<Key> {
    if let Some((public, comment)) = bare(text) {
        return Some(Key { line, public, comment, options: Options::default() });
    }
    let (options, rest) = text.split_at(options_end(text)?);
    let (public, comment) = bare(rest.trim_start())?;
    Some(Key { line, public, comment, options: Options::of(options) })
}

/// A key without options, and its comment. The word before it must be the key's own algorithm.
pub fn bare(text: &str) -> Option<(Public, String)> {
    let (algorithm, rest) = text.split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let (key, comment) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let public = decoded(key).filter(|public| public.algorithm == algorithm)?;
    Some((public, comment.trim().to_owned()))
}

/// Where the options end: at the first blank outside quotes.
fn options_end(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    text.find(|c: char| {
        let ends = !quoted && c.is_whitespace();
        match c {
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        ends
    })
}

impl Options {
    fn of(text: &str) -> Self {
        let mut options = Self::default();
        let mut written = Vec::new();
        for option in split(text) {
            let (key, value) = match option.split_once('=') {
                Some((key, value)) => (key, Some(unquoted(value))),
                None => (option, None),
            };
            let mut shown = name::text(&secrets::in_line(option.as_bytes()));
            match (key.to_ascii_lowercase().as_str(), value) {
                ("cert-authority", _) => options.authority = true,
                ("command", Some(value)) => {
                    options.command = Some(name::text(&secrets::in_line(value.as_bytes())));
                }
                ("from", Some(value)) => options.from = Some(value),
                ("expiry-time", Some(value)) => options.expires = moment(&value),
                ("environment", Some(value)) => {
                    let variable = value.split('=').next().unwrap_or_default();
                    shown = format!("{key}=\"{variable}=***\"");
                }
                _ => {}
            }
            written.push(shown);
        }
        options.written = written.join(",");
        options
    }
}

fn split(text: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let parts = text.split(|c: char| {
        let ends = !quoted && c == ',';
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = c == '\\' && !escaped;
        ends
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Only a quote can be escaped.
fn unquoted(value: &str) -> String {
    let inner = value.strip_prefix('"').unwrap_or(value);
    inner.strip_suffix('"').unwrap_or(inner).replace("\\\"", "\"")
}

/// `20270131`, `202701311200` or `20270131120059`, with `Z` for universal time. Without it the time
/// is the machine's own, which is taken for universal time.
fn moment(value: &str) -> Option<Time> {
    let digits = value.trim_end_matches(['Z', 'z']);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize| digits.get(from..from + 2);
    let day = format!("{}-{}-{}", digits.get(..4)?, part(4)?, part(6)?);
    let clock = match digits.len() {
        8 => "00:00:00".into(),
        12 => format!("{}:{}:00", part(8)?, part(10)?),
        14 => format!("{}:{}:{}", part(8)?, part(10)?, part(12)?),
        _ => return None,
    };
    Time::parse(&format!("{day}T{clock}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    fn one(text: &str) -> Key {
        let found = parse(text.as_bytes());
        assert_eq!(found.senseless, None, "{text}");
        found.all.into_iter().next().unwrap()
    }

    #[test]
    fn options_are_read_as_sshd_reads_them() {
        let text = format!(
            "from=\"10.0.0.0/8,!10.1.*\",command=\"echo \\\"a, b\\\" --token=x\",no-pty,\
environment=\"A=secret\",expiry-time=\"202701311200Z\",permitopen=\"h:1\" {KEY} li wang@desk"
        );
        let key = one(&text);
        assert_eq!(key.comment, "li wang@desk");
        assert_eq!(key.options.command.as_deref(), Some("echo \"a, b\" --token=***"));
        assert_eq!(key.options.from.as_deref(), Some("10.0.0.0/8,!10.1.*"));
        assert_eq!(key.options.expires, Time::parse("2027-01-31T12:00:00Z"));
        assert!(key.options.written.contains("environment=\"A=***\""));
        assert!(key.options.written.ends_with("permitopen=\"h:1\""));
        assert!(!format!("{key:?}").contains("secret"));
        assert!(one(&format!("cert-authority,restrict {KEY}")).options.authority);
        assert_eq!(one(&format!("  {KEY}")).options, Options::default());
        assert_eq!(one(&format!("restrict\t {KEY}")).options.written, "restrict");
    }

    #[test]
    fn times_are_of_three_lengths() {
        let cases = [
            ("20270131", Some("2027-01-31")),
            ("20270131235959", Some("2027-01-31T23:59:59Z")),
            ("2027013112", None),
            ("20271331", None),
            ("名", None),
            ("", None),
        ];
        for (value, expected) in cases {
            assert_eq!(moment(value), expected.and_then(Time::parse), "{value}");
        }
    }

    #[test]
    fn what_is_no_key_is_counted_and_not_kept() {
        let long = format!("command=\"{}\" {KEY}", "x".repeat(MAX_LINE));
        let other = KEY.replace("ssh-ed25519 ", "ssh-rsa ");
        let cut = KEY.get(..60).unwrap();
        let text =
            format!("# a\n\nhunter2\n{long}\n{other}\n{cut}\n{KEY}\n\"open {KEY}\n\u{fffd}\n");
        let found = parse(text.as_bytes());
        assert_eq!((found.all.len(), found.senseless), (1, Some((3, 6))));
        assert!(parse(format!("{KEY}\n").repeat(MAX_KEYS + 1).as_bytes()).more);
        for at in 0..text.len().min(500) {
            parse(text.as_bytes().get(at..).unwrap());
        }
    }

    #[test]
    fn principals_have_options_too() {
        let found = principals(b"alice\nfrom=\"10.0.0.1\",command=\"a b\" zone-admin\n");
        let told: Vec<_> = found.all.iter().map(|(line, name, _)| (*line, name.as_str())).collect();
        assert_eq!(told, [(1, "alice"), (2, "zone-admin")]);
        assert_eq!(found.all[1].2.command.as_deref(), Some("a b"));
    }
}
