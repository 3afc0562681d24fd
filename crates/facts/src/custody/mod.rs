//! The custody of a medium: one file that carries its certificate, or where it was never wiped a description of it, and a
//! chain of statements on what became of it. Each is signed by the key of the person who makes it, and names the digest of
//! the one before it.
//!
//! A statement says what no program can see. That somebody signed it is proven; that it is true is not.
//! The file is canonical like a signed document; [`Record::verify`] says what does not hold together in it.

mod chain;
mod entry;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{
    certificate::Certificate,
    seal::SecretKey,
    signed::{self, DocumentError, Signed, Unverified},
    sweep::sha256,
};

pub use chain::{Fault, Standing, Wrong};
pub use entry::{Attachment, Entry, Event, Party};

/// The form of the file; a reader refuses any other.
pub const FORM: &str = "leaksweep custody record 1";
/// Longer chains are refused: every entry costs a signature to verify.
pub const MOST_ENTRIES: usize = 1000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub form: String,
    pub subject: Subject,
    pub entries: Vec<Unverified<Entry>>,
}

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    Certificate(Box<Unverified<Certificate>>),
    Medium(Description),
}

/// A medium that was never wiped, as a person describes it. The first entry's signature covers it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    pub maker: Option<String>,
    pub model: Option<String>,
    pub serial: Option<String>,
    pub asset: Option<String>,
}

impl Subject {
    /// What the first entry names as the one before it: of a certificate the digest of its file.
    pub fn digest(&self) -> String {
        match self {
            Subject::Certificate(certificate) => certificate.digest(),
            Subject::Medium(description) => sha256(&signed::canonical(description)),
        }
    }

    pub fn certificate(&self) -> Option<&Certificate> {
        match self {
            Subject::Certificate(certificate) => Some(&certificate.document),
            Subject::Medium(_) => None,
        }
    }
}

impl Record {
    pub fn new(subject: Subject) -> Self {
        Self { form: FORM.into(), subject, entries: Vec::new() }
    }

    /// Of a certificate whose signature holds.
    pub fn of(certificate: Signed<Certificate>) -> Self {
        Self::new(Subject::Certificate(Box::new(certificate.into_unverified())))
    }

    /// Signs what somebody states and hangs it onto the chain. Its `form` and `previous` are filled in.
    pub fn add(&mut self, mut entry: Entry, key: &SecretKey) {
        entry.form = entry::FORM.into();
        entry.previous = self.head();
        self.entries.push(Signed::new(entry, key).into_unverified());
    }

    /// What the next entry must name as the one before it.
    pub fn head(&self) -> String {
        self.entries.last().map_or_else(|| self.subject.digest(), Unverified::digest)
    }

    /// Reads what is written in the one way. Whether it holds together says [`Record::verify`].
    pub fn parse(bytes: &[u8]) -> Result<Self, DocumentError> {
        let record: Self = signed::read_canonical(bytes, FORM)?;
        if record.form != FORM {
            return Err(signed::other_form(&record.form, FORM));
        }
        if record.entries.len() > MOST_ENTRIES {
            return Err(DocumentError::Malformed(format!("more than {MOST_ENTRIES} entries")));
        }
        Ok(record)
    }

    pub fn open(path: &Path) -> Result<Self, DocumentError> {
        Self::parse(&signed::file(path)?)
    }

    /// Writes the file whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), DocumentError> {
        if self.entries.len() > MOST_ENTRIES {
            return Err(DocumentError::Malformed(format!("more than {MOST_ENTRIES} entries")));
        }
        signed::save(path, &self.to_bytes())
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        signed::canonical(self)
    }

    /// SHA-256 of the file, in hexadecimal.
    pub fn digest(&self) -> String {
        sha256(&self.to_bytes())
    }
}
