//! Files of private keys: of which kind, whether a passphrase protects them, and their public half
//! where that stands in the clear. Nothing of the private half is kept.
//!
//! Limits: 64 KiB. The public half is read from OpenSSH's own form, from PuTTY's, and from an RSA key
//! in PEM without a passphrase; of others it is read from the file `.pub` beside them.

use super::{
    public::{BASE64, Public, public},
    wire::{Wire, put},
};
use base64::Engine;

pub const CAP: usize = 64 << 10;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Private {
    /// As far as the file says it.
    pub algorithm: String,
    pub protected: Option<bool>,
    pub public: Option<Public>,
}

/// None where it is no private key.
pub fn parse(bytes: &[u8]) -> Option<Private> {
    let start = bytes.trim_ascii_start();
    if let Some(rest) = start.strip_prefix(b"PuTTY-User-Key-File-") {
        return Some(putty(rest));
    }
    let rest = start.strip_prefix(b"-----BEGIN ")?;
    let end = memchr::memmem::find(rest.get(..64).unwrap_or(rest), b"-----")?;
    let (kind, body) = (rest.get(..end)?, rest.get(end + 5..)?);
    let body = body.get(..memchr::memmem::find(body, b"-----END").unwrap_or(body.len()))?;
    let mut found = Private::default();
    match kind {
        b"OPENSSH PRIVATE KEY" => return Some(openssh(body).unwrap_or_default()),
        b"ENCRYPTED PRIVATE KEY" => found.protected = Some(true),
        b"PRIVATE KEY" => found.protected = Some(false),
        b"RSA PRIVATE KEY" => found.algorithm = "ssh-rsa".into(),
        b"DSA PRIVATE KEY" => found.algorithm = "ssh-dss".into(),
        b"EC PRIVATE KEY" => found.algorithm = "ecdsa".into(),
        _ => return None,
    }
    let encrypted = memchr::memmem::find(body, b"ENCRYPTED").is_some();
    let protected = *found.protected.get_or_insert(encrypted);
    if !protected {
        found.public = decoded(body).as_deref().and_then(rsa);
    }
    Some(found)
}

/// The text of base64 in a body, whatever its line breaks.
fn decoded(body: &[u8]) -> Option<Vec<u8>> {
    let body: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(body).ok()
}

fn openssh(body: &[u8]) -> Option<Private> {
    let bytes = decoded(body)?;
    let mut wire = Wire::new(bytes.strip_prefix(b"openssh-key-v1\0")?);
    let (cipher, _derivation, _options) = (wire.text()?, wire.text()?, wire.text()?);
    let _count = wire.u32()?;
    let public = public(wire.text()?);
    let algorithm = public.as_ref().map(|key| key.algorithm.clone()).unwrap_or_default();
    Some(Private { algorithm, protected: Some(cipher != b"none"), public })
}

fn putty(rest: &[u8]) -> Private {
    let mut found = Private::default();
    let mut lines = rest.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let value = |line: Option<&[u8]>, key: &[u8]| {
        let line = line.unwrap_or_default();
        let at = memchr::memmem::find(line, key)?;
        line.get(at + key.len()..).map(|value| crate::name::text(value.trim_ascii()))
    };
    found.algorithm = value(lines.next(), b": ").unwrap_or_default();
    found.protected = value(lines.next(), b"Encryption: ").map(|cipher| cipher != "none");
    let _comment = lines.next();
    let count = value(lines.next(), b"Public-Lines: ").and_then(|count| count.parse().ok());
    let body: Vec<&[u8]> = lines.take(count.unwrap_or(0)).collect();
    found.public = decoded(&body.concat()).and_then(|blob| public(&blob));
    found
}

/// The public half of an RSA key: PKCS#1, or PKCS#8 around it.
fn rsa(bytes: &[u8]) -> Option<Public> {
    const SEQUENCE: u8 = 0x30;
    const INTEGER: u8 = 2;
    const OCTETS: u8 = 4;
    let (outer, _) = element(bytes, SEQUENCE)?;
    let (_version, rest) = element(outer, INTEGER)?;
    if let Some((_algorithm, rest)) = element(rest, SEQUENCE) {
        let (inner, _) = element(rest, OCTETS)?;
        // Another algorithm's key is no sequence of numbers from its third on.
        return inner.starts_with(&[SEQUENCE]).then(|| rsa(inner)).flatten();
    }
    let (modulus, rest) = element(rest, INTEGER)?;
    let (exponent, rest) = element(rest, INTEGER)?;
    element(rest, INTEGER)?;
    let mut blob = Vec::new();
    put(b"ssh-rsa", &mut blob);
    put(exponent, &mut blob);
    put(modulus, &mut blob);
    public(&blob)
}

/// The content of an element of DER that has a tag, and what follows it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [own, length, rest @ ..] = bytes else { return None };
    if *own != tag {
        return None;
    }
    let (length, rest) = match length {
        short @ 0..=0x7f => (usize::from(*short), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => {
            let (head, rest) = rest.split_first_chunk()?;
            (usize::from(u16::from_be_bytes(*head)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}
