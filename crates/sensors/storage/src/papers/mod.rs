//! Certificates and custody records that the user gave with a medium: which of them are of this one, and what they say.
//! Reads the files of one folder, or one file; what is no such document is left aside.
//!
//! Limits: 10,000 files, 4 MiB of each and 128 MiB of all; 100,000 rows of custody; 1,000 characters of a text.
//! A medium is known by its serial number, model and size. Where it or the certificate has no serial number its content
//! must be the same, and no content is that of any blank medium.

mod medium;
mod rows;

#[cfg(test)]
mod tests;

use std::{
    io::{self, Read},
    path::Path,
};

use leaksweep_facts::{
    Problem, Reason,
    custody::{Record, Subject},
    seal::PublicKey,
    signed::{self, DocumentError, Signed, Unverified},
    tables::storage::{Certificate, Custody},
};

pub use medium::This;

const CERTIFICATES: &str = "storage_certificates";
const CUSTODY: &str = "storage_custody";
const MOST_FILES: usize = 10_000;
const MOST_BYTES: u64 = 128 << 20;
const MOST_ROWS: usize = 100_000;
/// Within its first bytes a document says what it is.
const START: u64 = 512;

/// One of several papers, and its path below what the user named.
pub type Source = (String, Box<dyn Read>);

/// What certificates say, in the tool's own words.
type Said = leaksweep_facts::certificate::Certificate;

/// Rows of both tables.
#[derive(Debug, Default)]
pub struct Papers {
    pub certificates: Vec<Certificate>,
    pub custody: Vec<Custody>,
    pub problems: Vec<Problem>,
}

/// The papers' bytes, until the medium's fingerprint is known.
#[derive(Default)]
pub struct Given {
    files: Vec<(String, Vec<u8>)>,
    problems: Vec<Problem>,
}

impl Given {
    /// What the user named, a folder or a file.
    pub fn read(named: &Path) -> Result<Self, crate::media::MediaError> {
        Ok(Self::of(crate::media::papers(named)?))
    }

    fn of(sources: impl Iterator<Item = Source>) -> Self {
        let mut given = Self::default();
        let mut left = MOST_BYTES;
        for (path, source) in sources {
            if given.files.len() >= MOST_FILES || left == 0 {
                let detail = "no more than 10,000 papers and 128 MiB of them are read";
                given.problem(&path, Reason::TooLarge, detail);
                break;
            }
            match paper(source, left) {
                Ok(Some(bytes)) => {
                    left = left.saturating_sub(bytes.len() as u64);
                    given.files.push((path, bytes));
                }
                Ok(None) => {}
                Err(error) => {
                    let problems = [CERTIFICATES, CUSTODY];
                    given.problems.extend(problems.map(|table| Problem::io(table, &*path, &error)));
                }
            }
        }
        given
    }

    fn problem(&mut self, path: &str, reason: Reason, detail: &str) {
        let tables = [CERTIFICATES, CUSTODY];
        self.problems.extend(tables.map(|table| Problem::new(table, path, reason, detail)));
    }

    /// The rows of all of them, for one medium.
    pub fn told(self, this: &This, trusted: &[PublicKey]) -> Papers {
        let mut papers = Papers { problems: self.problems, ..Papers::default() };
        for (path, bytes) in &self.files {
            papers.take(path, bytes, this, trusted);
        }
        papers.choose();
        papers
    }
}

/// The bytes of what calls itself a paper; none of anything else.
fn paper(mut source: Box<dyn Read>, left: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    source.by_ref().take(START).read_to_end(&mut bytes)?;
    if says_of_itself(&bytes).is_none() {
        return Ok(None);
    }
    let most = signed::MOST.min(left);
    source.take(most).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large")),
        false => Ok(Some(bytes)),
    }
}

impl Papers {
    fn take(&mut self, path: &str, bytes: &[u8], this: &This, trusted: &[PublicKey]) {
        match says_of_itself(bytes) {
            Some(Kind::Record) => match Record::parse(bytes) {
                Ok(record) => self.record(path, &record, this, trusted),
                Err(error) => self.custody.push(rows::unreadable_record(path, fault(&error))),
            },
            Some(Kind::Certificate) => {
                self.certificates.push(certificate(path, bytes, this, trusted));
            }
            None => {}
        }
    }

    fn record(&mut self, path: &str, record: &Record, this: &This, trusted: &[PublicKey]) {
        if let Subject::Certificate(carried) = &record.subject {
            let row = rows::certificate(
                path,
                &carried.document,
                carried.verify().map_err(|error| fault(&error)),
                this,
                trusted,
            );
            self.certificates.push(row);
        }
        let rows = rows::custody(path, record, this, trusted);
        if self.custody.len().saturating_add(rows.len()) > MOST_ROWS {
            let detail = "no more than 100,000 statements are told";
            self.problems.push(Problem::new(CUSTODY, path, Reason::TooLarge, detail));
            return;
        }
        self.custody.extend(rows);
    }

    /// Finds the one that counts: the last of this medium whose signature holds and is trusted.
    fn choose(&mut self) {
        let counts = |row: &&mut Certificate| {
            row.valid && row.of_this_medium == Some(true) && row.trusted != Some(false)
        };
        let counting = self.certificates.iter_mut().filter(counts);
        // Of several that ended at once the first.
        if let Some(last) = counting.rev().max_by_key(|row| row.ended) {
            last.current = true;
        }
    }
}

fn certificate(path: &str, bytes: &[u8], this: &This, trusted: &[PublicKey]) -> Certificate {
    let error = match Signed::<Said>::parse(bytes) {
        Ok(signed) => {
            let key = Ok(signed.signer().clone());
            return rows::certificate(path, signed.document(), key, this, trusted);
        }
        Err(error) => error,
    };
    // What it says still tells of which medium it was.
    match serde_json::from_slice::<Unverified<Said>>(bytes) {
        Ok(said) => rows::certificate(path, &said.document, Err(fault(&error)), this, trusted),
        Err(_) => rows::unreadable_certificate(path, fault(&error)),
    }
}

/// Of what calls itself a certificate "no certificate" would say too little.
fn fault(error: &DocumentError) -> String {
    match error {
        DocumentError::Other { .. } => "it is malformed".into(),
        other => other.to_string(),
    }
}

enum Kind {
    Certificate,
    Record,
}

/// What a document calls itself at its beginning, even where the rest of it cannot be read. A record carries a
/// certificate behind its own name.
fn says_of_itself(bytes: &[u8]) -> Option<Kind> {
    let start = bytes.get(..START as usize).unwrap_or(bytes);
    let place = |kind: &str| memchr::memmem::find(start, kind.as_bytes());
    match (place(": \"leaksweep custody record "), place(": \"leaksweep certificate ")) {
        (Some(record), certificate) if certificate.is_none_or(|at| record < at) => {
            Some(Kind::Record)
        }
        (_, Some(_)) => Some(Kind::Certificate),
        _ => None,
    }
}

/// For the fuzz target.
pub fn parse(bytes: &[u8]) {
    let mut papers = Papers::default();
    papers.take("", bytes, &This::default(), &[]);
    papers.choose();
}
