//! `/etc/shadow`: how each account's password is set. The hash itself leaves this module in no form.

use leaksweep_facts::{Observed, Time, tables::host::User};

use super::{is_from_nis, lines, malformed, nis};
use crate::name;

const TABLE: &str = "host_users";
const PATH: &str = "/etc/shadow";
pub const COLUMNS: &[&str] = &["password", "password_hash", "password_changed", "expires"];
const DAY: i64 = 86_400;

/// What one line says.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub name: String,
    pub password: Password,
    pub changed: Option<Time>,
    pub expires: Option<Time>,
}

/// How a password is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Password {
    pub state: &'static str,
    pub hash: Option<&'static str>,
}

impl Password {
    /// An account that refers to shadow and is not there: no password can match.
    const NONE: Self = Self { state: "none", hash: None };

    pub fn fill(self, user: &mut User) {
        user.password = Some(self.state.into());
        user.password_hash = self.hash.map(str::to_owned);
    }
}

impl Entry {
    pub fn fill(entry: Option<&Self>, user: &mut User) {
        entry.map_or(Password::NONE, |entry| entry.password).fill(user);
        user.password_changed = entry.and_then(|entry| entry.changed);
        user.expires = entry.and_then(|entry| entry.expires);
    }
}

pub fn parse(content: &[u8]) -> Observed<Entry> {
    let mut entries = Observed::default();
    for (number, line) in lines(content) {
        if is_from_nis(line) {
            entries.problem(nis(TABLE, PATH, number).in_columns(COLUMNS));
            continue;
        }
        let fields: Vec<&[u8]> = line.splitn(9, |byte| *byte == b':').collect();
        let field = |index: usize| fields.get(index).copied().unwrap_or_default();
        if fields.len() < 2 || field(0).is_empty() {
            let detail = "this line is no password entry";
            entries.problem(malformed(TABLE, PATH, number, detail).in_columns(COLUMNS));
            continue;
        }
        let (changed, expires) = (day(field(2)), day(field(7)));
        if changed.is_err() || expires.is_err() {
            let columns = &["password_changed", "expires"];
            let detail = "a date in this line is no number of days";
            entries.problem(malformed(TABLE, PATH, number, detail).in_columns(columns));
        }
        entries.rows.push(Entry {
            name: name::text(field(0)),
            password: password(field(1)),
            // Day 0 demands a new password at the next log-in and tells no date.
            changed: changed.unwrap_or_default().filter(|time| time.0 != 0),
            expires: expires.unwrap_or_default(),
        });
    }
    entries
}

/// A count of days since 1970; empty and negative counts mean that there is no such day.
fn day(field: &[u8]) -> Result<Option<Time>, ()> {
    let field = field.trim_ascii();
    if field.is_empty() {
        return Ok(None);
    }
    let text = std::str::from_utf8(field).map_err(|_| ())?;
    let days: i64 = text.parse().map_err(|_| ())?;
    if days < 0 {
        return Ok(None);
    }
    days.checked_mul(DAY).map(|seconds| Some(Time(seconds))).ok_or(())
}

/// What a password field means. A mark in front of a hash locks it, so that it can be unlocked
/// again; a mark alone was never a password.
pub fn password(field: &[u8]) -> Password {
    if field.is_empty() {
        return Password { state: "empty", hash: None };
    }
    let marks = field.iter().take_while(|byte| matches!(byte, b'!' | b'*')).count();
    let rest = field.get(marks..).unwrap_or_default();
    match (marks, hash_kind(rest)) {
        (0, kind) => Password { state: "set", hash: Some(kind.unwrap_or("other")) },
        (_, Some(kind)) => Password { state: "locked", hash: Some(kind) },
        (_, None) => Password::NONE,
    }
}

fn hash_kind(hash: &[u8]) -> Option<&'static str> {
    const PREFIXES: [(&[u8], &str); 13] = [
        (b"$y$", "yescrypt"),
        (b"$gy$", "gost-yescrypt"),
        (b"$7$", "scrypt"),
        (b"$2a$", "bcrypt"),
        (b"$2b$", "bcrypt"),
        (b"$2x$", "bcrypt"),
        (b"$2y$", "bcrypt"),
        (b"$6$", "sha512"),
        (b"$5$", "sha256"),
        (b"$sha1", "sha1"),
        (b"$md5", "sunmd5"),
        (b"$1$", "md5"),
        (b"$3$", "nt"),
    ];
    let found = PREFIXES.iter().find(|(prefix, _)| hash.starts_with(prefix));
    if let Some((_, kind)) = found {
        return Some(kind);
    }
    let plain = |hash: &[u8]| hash.iter().all(|b| b.is_ascii_alphanumeric() || b"./".contains(b));
    match hash {
        [b'$', _, ..] => Some("other"),
        [b'_', rest @ ..] if rest.len() == 19 && plain(rest) => Some("bsdi"),
        hash if hash.len() == 13 && plain(hash) => Some("des"),
        _ => None,
    }
}
