//! One signed document in one file: JSON, `{"document": …, "seal": …}`.
//!
//! There is exactly one way to write a document, and a reader refuses every other: white space, order, unknown fields,
//! forms of numbers, escapes. So no byte of a file can be altered without being noticed, even where its meaning stays.
//! The signature covers the document's bytes behind its purpose. Files are capped at [`MOST`] bytes before they are parsed.

use std::{fs::File, io::Read, path::Path};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;

use crate::{
    output::{self, Readers},
    seal::{PublicKey, Purpose, Seal, SealError, SecretKey},
    sweep::sha256,
};

/// The largest file.
pub const MOST: u64 = 4 << 20;

/// What can be signed. Its purpose is also the name of its form, and stands in it.
pub trait Document: Serialize + DeserializeOwned {
    const PURPOSE: Purpose;

    fn form(&self) -> &str;
}

/// Why a file cannot be used. Each says what is wrong; [`DocumentError::hint`] says what to do.
#[derive(Debug, Error)]
pub enum DocumentError {
    #[error("it cannot be read")]
    Io(#[from] std::io::Error),
    #[error("it is too large: more than {MOST} bytes")]
    TooLarge,
    #[error("it is no {wanted}")]
    Other { wanted: &'static str },
    #[error("it was made by a newer leaksweep ('{found}'; this one reads '{known}')")]
    Newer { found: String, known: &'static str },
    #[error("it is cut off")]
    Truncated,
    #[error("it is malformed: {0}")]
    Malformed(String),
    #[error("it was altered: from byte {0} on it is not what was written")]
    Altered(usize),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("its signature is not by that key, but by {signer}")]
    OtherSigner { signer: String },
}

impl DocumentError {
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            DocumentError::Truncated => Some("copy the file again from where it was made"),
            DocumentError::Newer { .. } => Some("update leaksweep on this machine"),
            DocumentError::Altered(_) | DocumentError::Malformed(_) | DocumentError::Seal(_) => {
                Some("do not trust it; get it again from its source, byte for byte")
            }
            _ => None,
        }
    }
}

/// A document with a seal that nobody looked at yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unverified<T> {
    pub document: T,
    pub seal: Seal,
}

impl<T: Document> Unverified<T> {
    /// Checks that the seal is one over this document, by the key that it names.
    pub fn verify(&self) -> Result<PublicKey, DocumentError> {
        let (known, found) = (T::PURPOSE.as_str(), self.document.form());
        if found != known {
            return Err(other_form(found, known));
        }
        Ok(self.seal.verify(T::PURPOSE, &canonical(&self.document))?)
    }

    /// SHA-256 of the file that holds it alone, in hexadecimal.
    pub fn digest(&self) -> String {
        sha256(&canonical(self))
    }
}

/// A document whose signature holds, and who signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<T> {
    sealed: Unverified<T>,
    signer: PublicKey,
}

impl<T: Document> Signed<T> {
    pub fn new(document: T, key: &SecretKey) -> Self {
        let seal = key.sign(T::PURPOSE, &canonical(&document));
        Self { sealed: Unverified { document, seal }, signer: key.public() }
    }

    pub fn parse(bytes: &[u8]) -> Result<Self, DocumentError> {
        let sealed: Unverified<T> = read_canonical(bytes, T::PURPOSE.as_str())?;
        let signer = sealed.verify()?;
        Ok(Self { sealed, signer })
    }

    pub fn open(path: &Path) -> Result<Self, DocumentError> {
        Self::parse(&file(path)?)
    }

    /// Writes the file whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), DocumentError> {
        save(path, &self.to_bytes())
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(&self.sealed)
    }

    pub fn document(&self) -> &T {
        &self.sealed.document
    }

    pub fn signer(&self) -> &PublicKey {
        &self.signer
    }

    /// SHA-256 of the file, in hexadecimal.
    pub fn digest(&self) -> String {
        self.sealed.digest()
    }

    pub fn into_unverified(self) -> Unverified<T> {
        self.sealed
    }

    /// Demands that one of the keys signed.
    pub fn demand(&self, keys: &[PublicKey]) -> Result<(), DocumentError> {
        match keys.contains(&self.signer) {
            true => Ok(()),
            false => Err(DocumentError::OtherSigner { signer: self.signer.to_string() }),
        }
    }
}

/// The bytes of a file. Opening a pipe would wait for its writer, so what is there is looked at first.
pub fn file(path: &Path) -> Result<Vec<u8>, DocumentError> {
    let found = std::fs::metadata(path)?;
    if !found.is_file() {
        return Err(std::io::Error::other("it is no file").into());
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST { Err(DocumentError::TooLarge) } else { Ok(bytes) }
}

/// What a reader would refuse is not written.
pub(crate) fn save(path: &Path, bytes: &[u8]) -> Result<(), DocumentError> {
    if bytes.len() as u64 > MOST {
        return Err(DocumentError::TooLarge);
    }
    Ok(output::replace(path, bytes, Readers::Everyone)?)
}

/// What a file says that it is: `leaksweep certificate 1`. Nothing else of it is looked at.
pub fn form_of(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        form: String,
    }
    #[derive(Deserialize)]
    struct Head {
        form: Option<String>,
        document: Option<Named>,
    }
    if bytes.len() as u64 > MOST {
        return None;
    }
    let head: Head = serde_json::from_slice(bytes).ok()?;
    head.document.map(|named| named.form).or(head.form)
}

/// The one way to write it.
pub(crate) fn canonical(value: &impl Serialize) -> Vec<u8> {
    // Texts, numbers and lists of them, into memory: nothing in it can fail.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Reads what [`canonical`] writes, and nothing that differs from it by one byte.
pub(crate) fn read_canonical<T: Serialize + DeserializeOwned>(
    bytes: &[u8],
    known: &'static str,
) -> Result<T, DocumentError> {
    if bytes.len() as u64 > MOST {
        return Err(DocumentError::TooLarge);
    }
    let value: T = serde_json::from_slice(bytes).map_err(|error| match form_of(bytes) {
        _ if error.is_eof() => DocumentError::Truncated,
        Some(found) if found == known => DocumentError::Malformed(error.to_string()),
        Some(found) => other_form(&found, known),
        None => DocumentError::Other { wanted: plain(known) },
    })?;
    let written = canonical(&value);
    if written != bytes {
        let same = written.iter().zip(bytes).take_while(|(one, other)| one == other).count();
        return Err(DocumentError::Altered(same));
    }
    Ok(value)
}

/// `leaksweep certificate 2` is a newer one of the same kind; anything else is another thing.
pub(crate) fn other_form(found: &str, known: &'static str) -> DocumentError {
    let kind = known.trim_end_matches(|c: char| c.is_ascii_digit());
    let newer =
        found.strip_prefix(kind).and_then(|rest| rest.parse().ok()).is_some_and(|n: u32| n > 1);
    match newer {
        true => DocumentError::Newer { found: found.to_owned(), known },
        false => DocumentError::Other { wanted: plain(known) },
    }
}

/// `certificate`, `custody record`.
fn plain(form: &'static str) -> &'static str {
    let name = form.strip_prefix("leaksweep ").unwrap_or(form);
    name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end()
}
