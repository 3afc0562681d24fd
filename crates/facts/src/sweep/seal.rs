//! Ed25519 keys and signatures. A key file is one line of text; a signature covers the manifest's
//! bytes, and the manifest covers every part by its digest.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{SweepError, hex};

const SECRET: &str = "leaksweep-secret-key-1:";
const PUBLIC: &str = "leaksweep-public-key-1:";
/// A signature made for a sweep must not pass for one of anything else that these keys sign.
const PURPOSE: &[u8] = b"leaksweep sweep manifest 1\0";

#[derive(Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    #[error("it is not a leaksweep {0} key")]
    NotAKey(&'static str),
    #[error("it is a secret key where a public one is wanted")]
    Secret,
    #[error("the system gave no random numbers")]
    NoRandomness,
}

/// A key that signs.
pub struct SecretKey(SigningKey);

/// A key that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl SecretKey {
    pub fn generate() -> Result<Self, KeyError> {
        let mut seed = [0u8; 32];
        getrandom::fill(&mut seed).map_err(|_| KeyError::NoRandomness)?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let seed = decode(text, SECRET).ok_or(KeyError::NotAKey("secret"))?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The key file's content.
    pub fn to_text(&self) -> String {
        format!("{SECRET}{}\n", BASE64.encode(self.0.to_bytes()))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(super) fn sign(&self, manifest: &[u8]) -> Seal {
        let signature = self.0.sign(&purposed(manifest));
        Seal {
            algorithm: "ed25519".into(),
            public_key: self.public().to_string(),
            signature: BASE64.encode(signature.to_bytes()),
        }
    }
}

impl PublicKey {
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if text.trim().starts_with(SECRET) {
            return Err(KeyError::Secret);
        }
        let bytes = decode(text, PUBLIC).ok_or(KeyError::NotAKey("public"))?;
        VerifyingKey::from_bytes(&bytes).map(Self).map_err(|_| KeyError::NotAKey("public"))
    }

    /// A short name for people to compare: the first 16 digits of the key's digest.
    pub fn id(&self) -> String {
        super::sha256(self.0.as_bytes())[..16].to_owned()
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{PUBLIC}{}", BASE64.encode(self.0.as_bytes()))
    }
}

/// What `manifest.sig` holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    pub algorithm: String,
    pub public_key: String,
    pub signature: String,
}

impl Seal {
    /// Checks the signature against the key that the seal itself names, and gives that key.
    pub(super) fn verify(&self, manifest: &[u8]) -> Result<PublicKey, SweepError> {
        if self.algorithm != "ed25519" {
            return Err(SweepError::Malformed(format!("signature by '{}'", self.algorithm)));
        }
        let key = PublicKey::parse(&self.public_key)
            .map_err(|error| SweepError::Malformed(format!("public key: {error}")))?;
        let signature = BASE64.decode(&self.signature).ok();
        let signature = signature.and_then(|bytes| Signature::from_slice(&bytes).ok());
        let signature = signature.ok_or(SweepError::BadSignature)?;
        key.0
            .verify_strict(&purposed(manifest), &signature)
            .map_err(|_| SweepError::BadSignature)?;
        Ok(key)
    }
}

fn purposed(manifest: &[u8]) -> Vec<u8> {
    [PURPOSE, manifest].concat()
}

fn decode(text: &str, prefix: &str) -> Option<[u8; 32]> {
    let encoded = text.trim().strip_prefix(prefix)?;
    BASE64.decode(encoded).ok()?.try_into().ok()
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey({})", hex(&self.0.verifying_key().as_bytes()[..4]))
    }
}
