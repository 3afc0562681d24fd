//! How far a wipe has come, kept where it is not wiped: whatever ends a run, the next one goes on from here.
//!
//! JSON and, on a line of its own, BLAKE3 of it. One that was cut, altered, made for another medium or by another form is refused.
//! It holds the key of the overwrite's stream, so nobody else may read it.

use std::io;

use leaksweep_facts::certificate::{Findings, Medium, Step};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::overwrite::{self, Key, Scheme};

/// The longest one that is read: a full list of bad places.
pub const MOST: u64 = 16 << 20;
const FORM: &str = "leaksweep wipe journal 1";

/// A file that is kept apart from the medium.
pub trait Keeper: Send + Sync {
    /// What an interrupted run left.
    fn left(&self) -> io::Result<Option<Vec<u8>>>;
    /// After it, this content survives a power cut.
    fn keep(&self, content: &[u8]) -> io::Result<()>;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    form: String,
    /// The certificate's.
    pub number: String,
    pub medium: Medium,
    pub scheme: Scheme,
    pub key: Key,
    pub manifest: Option<Kept>,
    pub before: Option<Findings>,
    /// Those that ended, well or not.
    pub steps: Vec<Step>,
    pub phase: Phase,
    pub interruptions: u32,
    pub started: String,
}

/// A manifest that lies beside the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    pub root: String,
    pub blocks: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Nothing was written yet.
    Before,
    /// A method of the device was sent, or is about to be.
    Committed {
        step: Step,
    },
    Overwriting {
        step: Step,
        pass: usize,
        state: overwrite::State,
    },
    /// All that could be done is done; it must be read back.
    Written,
}

#[derive(Debug, Error)]
pub enum JournalError {
    #[error("the journal cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("the journal was cut or altered")]
    Altered,
    #[error("the journal was made by another version")]
    Form,
    #[error("the journal belongs to another medium: {0}")]
    Other(String),
    #[error("the journal contradicts itself: {0}")]
    Malformed(&'static str),
}

impl JournalError {
    pub fn hint(&self) -> &'static str {
        match self {
            JournalError::Io(_) => "look at the file and its folder",
            JournalError::Other(_) => "plug in the medium that it names, or name another journal",
            _ => "move it away to begin from the start; the medium is wiped anew then",
        }
    }
}

impl Journal {
    pub fn begin(
        number: String,
        medium: Medium,
        scheme: Scheme,
        key: Key,
        started: String,
    ) -> Self {
        Self {
            form: FORM.into(),
            number,
            medium,
            scheme,
            key,
            manifest: None,
            before: None,
            steps: Vec::new(),
            phase: Phase::Before,
            interruptions: 0,
            started,
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        // Texts and numbers, into memory: nothing in it can fail.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        let digest = blake3::hash(&bytes).to_hex();
        bytes.push(b'\n');
        bytes.extend(digest.as_bytes());
        bytes.push(b'\n');
        bytes
    }

    /// One that was left for this medium.
    pub fn parse(bytes: &[u8], medium: &Medium) -> Result<Self, JournalError> {
        if bytes.len() as u64 > MOST {
            return Err(JournalError::Malformed("its length"));
        }
        let content = content(bytes).ok_or(JournalError::Altered)?;
        let journal: Self = serde_json::from_slice(content).map_err(|_| JournalError::Form)?;
        if journal.form != FORM {
            return Err(JournalError::Form);
        }
        if !journal.is_of(medium) {
            return Err(JournalError::Other(named(&journal.medium)));
        }
        journal.check()?;
        Ok(journal)
    }

    /// Its size may have changed: a hidden area was opened.
    fn is_of(&self, medium: &Medium) -> bool {
        let own = &self.medium;
        let same = own.maker == medium.maker && own.model == medium.model;
        let opened = own.hidden_before.is_some_and(|hidden| hidden > 0);
        same && own.serial == medium.serial && (own.bytes == medium.bytes || opened)
    }

    fn check(&self) -> Result<(), JournalError> {
        if let Phase::Overwriting { pass, state, .. } = &self.phase
            && (*pass >= self.scheme.passes.len() || state.done > self.medium.bytes)
        {
            return Err(JournalError::Malformed("how far it came"));
        }
        if self.scheme.passes.is_empty() {
            return Err(JournalError::Malformed("its scheme"));
        }
        Ok(())
    }
}

/// What its digest confirms.
fn content(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_suffix(b"\n")?;
    let line = rest.iter().rposition(|byte| *byte == b'\n')?;
    let (content, digest) = (&rest[..line], &rest[line + 1..]);
    (blake3::hash(content).to_hex().as_bytes() == digest).then_some(content)
}

fn named(medium: &Medium) -> String {
    let parts = [&medium.maker, &medium.model, &medium.serial];
    let words: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    format!("{} of {} bytes", words.join(" "), medium.bytes).trim_start().to_owned()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn medium(serial: &str, bytes: u64) -> Medium {
        Medium {
            serial: Some(serial.into()),
            model: Some("MODEL".into()),
            bytes,
            ..Medium::default()
        }
    }

    fn journal() -> Journal {
        let scheme = Scheme::parse("bmb21-2019").unwrap();
        Journal::begin("n".into(), medium("A", 1 << 20), scheme, [3; 32], "now".into())
    }

    #[test]
    fn it_comes_back_as_it_was() {
        let mut journal = journal();
        let mut state = overwrite::State { done: 4096, ..Default::default() };
        state.bad.add(512, 512);
        let step = Step {
            method: "overwrite".into(),
            commands: vec![],
            started: "now".into(),
            ended: String::new(),
            completed: false,
            log: vec![],
            interruptions: 0,
        };
        journal.phase = Phase::Overwriting { step, pass: 5, state };
        assert_eq!(Journal::parse(&journal.to_bytes(), &medium("A", 1 << 20)).unwrap(), journal);
    }

    #[test]
    fn any_byte_that_is_altered_or_lost_is_noticed() {
        let bytes = journal().to_bytes();
        let parse = |bytes: &[u8]| Journal::parse(bytes, &medium("A", 1 << 20));
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert!(parse(&other).is_err(), "byte {at}");
            assert!(parse(&bytes[..at]).is_err(), "cut at {at}");
        }
        assert!(parse(&[bytes.as_slice(), b"\n"].concat()).is_err());
    }

    #[test]
    fn one_of_another_medium_is_refused_by_name() {
        let bytes = journal().to_bytes();
        for other in [medium("B", 1 << 20), medium("A", 2 << 20), Medium::default()] {
            let refused = Journal::parse(&bytes, &other).unwrap_err();
            assert!(refused.to_string().contains("MODEL A of 1048576 bytes"), "{refused}");
        }
    }

    #[test]
    fn one_that_contradicts_itself_is_refused() {
        let mut wrong = journal();
        let step = |pass, done| Phase::Overwriting {
            step: Step {
                method: String::new(),
                commands: vec![],
                started: String::new(),
                ended: String::new(),
                completed: false,
                log: vec![],
                interruptions: 0,
            },
            pass,
            state: overwrite::State { done, ..Default::default() },
        };
        for phase in [step(6, 0), step(0, 2 << 20)] {
            wrong.phase = phase;
            assert!(Journal::parse(&wrong.to_bytes(), &medium("A", 1 << 20)).is_err());
        }
    }
}
