//! Ed25519 keys and signatures, of everything that leaksweep signs. A key file is one line of text. What is signed begins
//! with its purpose, so that a signature of one thing never passes for one of another.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::sweep::{hex, sha256};

const SECRET: &str = "leaksweep-secret-key-1:";
const PUBLIC: &str = "leaksweep-public-key-1:";

#[derive(Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    #[error("it is not a leaksweep {0} key")]
    NotAKey(&'static str),
    #[error("it is a secret key where a public one is wanted")]
    Secret,
    #[error("the system gave no random numbers")]
    NoRandomness,
}

/// What a signature is for. The names are part of what is signed and stand for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    SweepManifest,
    Certificate,
    CustodyEntry,
    WipeManifest,
    Statement,
}

impl Purpose {
    pub const ALL: [Purpose; 5] = [
        Purpose::SweepManifest,
        Purpose::Certificate,
        Purpose::CustodyEntry,
        Purpose::WipeManifest,
        Purpose::Statement,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::SweepManifest => "leaksweep sweep manifest 1",
            Purpose::Certificate => "leaksweep certificate 1",
            Purpose::CustodyEntry => "leaksweep custody entry 1",
            Purpose::WipeManifest => "leaksweep wipe manifest 1",
            Purpose::Statement => "leaksweep statement 1",
        }
    }

    /// The name ends where no name can go on.
    fn bytes(self, content: &[u8]) -> Vec<u8> {
        [self.as_str().as_bytes(), b"\0", content].concat()
    }
}

/// Why a seal does not hold.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SealError {
    #[error("signature by '{0}'")]
    Algorithm(String),
    #[error("public key: {0}")]
    Key(KeyError),
    #[error("its signature is wrong: it was altered or signed with another key")]
    Wrong,
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

    pub fn sign(&self, purpose: Purpose, content: &[u8]) -> Seal {
        let signature = self.0.sign(&purpose.bytes(content));
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
        sha256(self.0.as_bytes())[..16].to_owned()
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{PUBLIC}{}", BASE64.encode(self.0.as_bytes()))
    }
}

/// A signature, and the key that it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    pub algorithm: String,
    pub public_key: String,
    pub signature: String,
}

impl Seal {
    /// Checks the signature against the key that the seal itself names, and gives that key.
    pub fn verify(&self, purpose: Purpose, content: &[u8]) -> Result<PublicKey, SealError> {
        if self.algorithm != "ed25519" {
            return Err(SealError::Algorithm(self.algorithm.clone()));
        }
        let key = PublicKey::parse(&self.public_key).map_err(SealError::Key)?;
        let signature = BASE64.decode(&self.signature).ok();
        let signature = signature.and_then(|bytes| Signature::from_slice(&bytes).ok());
        let signature = signature.ok_or(SealError::Wrong)?;
        let content = purpose.bytes(content);
        key.0.verify_strict(&content, &signature).map_err(|_| SealError::Wrong)?;
        // White space around a key is forgiven in a key's file, and would be a byte that nobody signed here.
        if key.to_string() != self.public_key {
            return Err(SealError::Key(KeyError::NotAKey("public")));
        }
        Ok(key)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_for_one_purpose_passes_for_no_other() {
        let key = SecretKey::generate().unwrap();
        for made in Purpose::ALL {
            let seal = key.sign(made, b"content");
            for asked in Purpose::ALL {
                let verified = seal.verify(asked, b"content");
                assert_eq!(verified.is_ok(), made == asked, "{made:?} for {asked:?}");
            }
        }
    }

    #[test]
    fn nothing_in_a_seal_can_be_changed() {
        let key = SecretKey::generate().unwrap();
        let seal = key.sign(Purpose::Certificate, b"content");
        let verify = |seal: &Seal| seal.verify(Purpose::Certificate, b"content");
        assert_eq!(verify(&seal), Ok(key.public()));
        let other = SecretKey::generate().unwrap().public().to_string();
        let changed = [
            Seal { algorithm: "Ed25519".into(), ..seal.clone() },
            Seal { public_key: other, ..seal.clone() },
            Seal { public_key: format!(" {}", seal.public_key), ..seal.clone() },
            Seal { public_key: key.to_text(), ..seal.clone() },
            Seal { signature: format!("{}\n", seal.signature), ..seal.clone() },
            Seal { signature: String::new(), ..seal.clone() },
        ];
        for seal in changed {
            assert!(verify(&seal).is_err(), "{seal:?}");
        }
        assert!(seal.verify(Purpose::Certificate, b"Content").is_err());
    }
}
