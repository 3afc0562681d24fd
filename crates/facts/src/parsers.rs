//! One function for each byte parser, all of one shape, for `fuzz/`. The caps are small, so that an
//! allocation beyond them shows.

use crate::{
    Sweep,
    certificate::Certificate,
    custody::Record,
    seal,
    signed::Signed,
    statement::Statement,
    sweep::{self, Limits},
};

const LIMITS: Limits =
    Limits { file_bytes: 1 << 20, manifest_bytes: 1 << 16, expanded_bytes: 4 << 20, parts: 50 };

pub fn sweep_file(bytes: &[u8]) {
    let _ = Sweep::from_bytes(bytes, &LIMITS);
}

/// Past the digests, which no fuzzer guesses.
pub fn sweep_part(bytes: &[u8]) {
    let _ = sweep::decode_part(bytes, &mut LIMITS.expanded_bytes.clone());
}

pub fn key(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = (seal::SecretKey::parse(text), seal::PublicKey::parse(text));
    }
}

pub fn certificate(bytes: &[u8]) {
    if let Ok(certificate) = Signed::<Certificate>::parse(bytes) {
        assert_eq!(certificate.to_bytes(), bytes);
    }
}

pub fn custody(bytes: &[u8]) {
    if let Ok(record) = Record::parse(bytes) {
        let _ = record.verify(Some(&[]));
        assert_eq!(record.to_bytes(), bytes);
    }
}

pub fn statement(bytes: &[u8]) {
    if let Ok(statement) = Signed::<Statement>::parse(bytes) {
        let _ = statement.document().fault();
        assert_eq!(statement.to_bytes(), bytes);
    }
}
