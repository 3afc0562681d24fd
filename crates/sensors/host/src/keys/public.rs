//! Public keys and certificates in SSH's binary form.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose},
};
use leaksweep_facts::Time;
use sha2::{Digest, Sha256};

use super::wire::{Wire, bits, put};
use crate::name;

/// Padding is often lost when lines are copied.
pub const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
const CERTIFICATE: &str = "-cert-v01@openssh.com";
const MAX_PRINCIPALS: usize = 256;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Public {
    pub algorithm: String,
    pub bits: Option<i64>,
    pub fingerprint: String,
    pub certificate: Option<Certificate>,
}

/// What an authority signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Certificate {
    pub id: String,
    pub principals: Vec<String>,
    pub expires: Option<Time>,
    pub command: Option<String>,
    pub from: Option<String>,
}

/// The key in a text of base64.
pub fn decoded(text: &str) -> Option<Public> {
    public(&BASE64.decode(text).ok()?)
}

/// None where it is no key of a known kind, whole.
pub fn public(blob: &[u8]) -> Option<Public> {
    let mut wire = Wire::new(blob);
    let algorithm = std::str::from_utf8(wire.text()?).ok()?;
    let plain = plain(algorithm);
    let certified = plain != algorithm;
    if certified {
        wire.text()?;
    }
    let kind = KINDS.iter().find(|kind| kind.name == plain)?;
    let fields = wire.fields(kind.fields)?;
    let mut key = Vec::with_capacity(blob.len());
    put(plain.as_bytes(), &mut key);
    key.extend_from_slice(fields);
    let certificate = if certified { Some(certificate(&mut wire)?) } else { None };
    Some(Public {
        algorithm: algorithm.to_owned(),
        bits: (kind.bits)(fields),
        fingerprint: fingerprint(&key),
        certificate,
    })
}

/// The algorithm of the key that a certificate is for.
fn plain(algorithm: &str) -> String {
    match algorithm.strip_suffix(CERTIFICATE) {
        Some(stem) if stem.starts_with("sk-") => format!("{stem}@openssh.com"),
        Some(stem) => stem.to_owned(),
        None => algorithm.to_owned(),
    }
}

struct Kind {
    name: &'static str,
    fields: usize,
    bits: fn(&[u8]) -> Option<i64>,
}

const KINDS: [Kind; 8] = [
    Kind { name: "ssh-rsa", fields: 2, bits: |fields| length_of(fields, 1) },
    Kind { name: "ssh-dss", fields: 4, bits: |fields| length_of(fields, 0) },
    Kind { name: "ssh-ed25519", fields: 1, bits: |_| Some(256) },
    Kind { name: "ecdsa-sha2-nistp256", fields: 2, bits: |_| Some(256) },
    Kind { name: "ecdsa-sha2-nistp384", fields: 2, bits: |_| Some(384) },
    Kind { name: "ecdsa-sha2-nistp521", fields: 2, bits: |_| Some(521) },
    Kind { name: "sk-ssh-ed25519@openssh.com", fields: 2, bits: |_| Some(256) },
    Kind { name: "sk-ecdsa-sha2-nistp256@openssh.com", fields: 3, bits: |_| Some(256) },
];

fn length_of(fields: &[u8], number: usize) -> Option<i64> {
    let mut wire = Wire::new(fields);
    wire.fields(number)?;
    wire.text().map(bits)
}

/// As `ssh-keygen -l` shows it.
pub fn fingerprint(blob: &[u8]) -> String {
    let digest = Sha256::digest(blob);
    format!("SHA256:{}", general_purpose::STANDARD_NO_PAD.encode(digest))
}

fn certificate(wire: &mut Wire<'_>) -> Option<Certificate> {
    let (_serial, _kind) = (wire.u64()?, wire.u32()?);
    let id = name::text(wire.text()?);
    let mut listed = Wire::new(wire.text()?);
    let principals = std::iter::from_fn(|| listed.text().map(name::text));
    let principals = principals.take(MAX_PRINCIPALS).collect();
    let (_after, before) = (wire.u64()?, wire.u64()?);
    let mut critical = Wire::new(wire.text()?);
    let mut found = Certificate { id, principals, ..Certificate::default() };
    // The largest number means that it never ends.
    found.expires = i64::try_from(before).ok().filter(|end| *end < i64::MAX).map(Time);
    while let (Some(option), Some(data)) = (critical.text(), critical.text()) {
        let value = Wire::new(data).text().map(name::text);
        match option {
            b"force-command" => found.command = value,
            b"source-address" => found.from = value,
            _ => {}
        }
    }
    Some(found)
}
