//! One question at a time, in the version and as the one that the printer lets in.
//!
//! An answer counts only if it carries the number of the question; others are dropped. A question without an answer is repeated once.
//! No more than [`MOST_QUESTIONS`] datagrams go to a printer, repeated ones and those that only knock among them.

mod keys;
mod session;

use std::{
    cell::Cell,
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    time::Duration,
};

use leaksweep_facts::{Problem, Reason};
use thiserror::Error;

pub use keys::UserError;
pub use session::Session;

use super::{
    message::{
        Answer, Damage, Kind, Question,
        community::{self, Version},
    },
    oid::Oid,
};
use crate::{
    plan::Packet,
    wire::{Datagrams, WireError},
};

/// The most datagrams that are sent to a printer.
pub const MOST_QUESTIONS: u32 = 28;
/// For an answer to a question, and to its repetition.
const WAITS: [Duration; 2] = [Duration::from_millis(800), Duration::from_millis(1600)];

/// Why a question has no answer.
#[derive(Debug, Error)]
pub enum AskError {
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error("what came makes no sense: {0}")]
    Garbled(Damage),
    #[error("the printer refused: {0}")]
    Refused(&'static str),
    #[error("the user cannot be used: {0}")]
    User(#[from] UserError),
    #[error("{MOST_QUESTIONS} questions are asked, and no more go to one printer")]
    Spent,
}

impl AskError {
    pub fn problem(&self, table: &'static str, subject: impl Into<String>) -> Problem {
        let reason = match self {
            AskError::Wire(error) => error.reason(),
            AskError::Garbled(_) => Reason::Malformed,
            AskError::Refused(_) | AskError::User(_) => Reason::Failed,
            AskError::Spent => Reason::TooLarge,
        };
        let problem = Problem::new(table, subject, reason, self.to_string());
        match self {
            AskError::Refused(_) => {
                problem.hint("see whether the printer knows the user and both passwords")
            }
            AskError::User(_) => problem.hint("correct what was given of the user"),
            _ => problem,
        }
    }
}

/// In which version, and as whom.
pub enum Access {
    Community(Version, String),
    User(Box<Session>),
}

impl Access {
    /// Whether several rows come with one answer, and a missing object spoils no answer.
    pub fn is_modern(&self) -> bool {
        !matches!(self, Access::Community(Version::V1, _))
    }
}

pub struct Asker<'a> {
    way: &'a Datagrams<'a>,
    longest: Duration,
    left: u32,
    tries: usize,
    id: i32,
}

impl<'a> Asker<'a> {
    /// `longest` is the most that the user wants to wait.
    pub fn new(way: &'a Datagrams<'a>, longest: Duration) -> Self {
        // No number is taken twice in a row, and nobody else knows the first.
        let id = (chance() & 0x3FFF_FFFF) as i32;
        Self { way, longest, left: MOST_QUESTIONS, tries: WAITS.len(), id }
    }

    /// How often a question without an answer is asked from here on.
    pub fn repeats(&mut self, repeats: bool) {
        self.tries = if repeats { WAITS.len() } else { 1 };
    }

    pub fn ask(
        &mut self,
        access: &mut Access,
        kind: Kind,
        oids: Vec<Oid>,
    ) -> Result<Answer, AskError> {
        let question = Question { kind, id: self.next(), oids };
        match access {
            Access::User(session) => session.ask(self, &question),
            Access::Community(version, community) => {
                let packet = match version {
                    Version::V1 => Packet::SnmpV1,
                    Version::V2c => Packet::SnmpV2c,
                };
                let version = *version;
                let bytes = community::write(version, community, &question);
                self.exchange(packet, &bytes, |bytes| {
                    let answer = community::read(version, bytes)?;
                    Ok(Some(answer)
                        .filter(|answer| !answer.report && answer.id == i64::from(question.id)))
                })
            }
        }
    }

    /// Sends, and takes the first that `mine` takes; what it cannot read is remembered, for the case that nothing else comes.
    fn exchange<T>(
        &mut self,
        packet: Packet,
        bytes: &[u8],
        mine: impl Fn(&[u8]) -> Result<Option<T>, Damage>,
    ) -> Result<T, AskError> {
        let damage = Cell::new(None);
        let reading = |bytes: &[u8]| match mine(bytes) {
            Ok(found) => found,
            Err(wrong) => {
                damage.set(Some(wrong));
                None
            }
        };
        for wait in WAITS.iter().take(self.tries) {
            self.left = self.left.checked_sub(1).ok_or(AskError::Spent)?;
            match self.way.ask(packet, bytes, self.longest.min(*wait), reading) {
                Err(WireError::Silent) => {}
                other => return Ok(other?),
            }
        }
        Err(damage.get().map_or(AskError::Wire(WireError::Silent), AskError::Garbled))
    }

    fn next(&mut self) -> i32 {
        self.id = (self.id + 1) & 0x7FFF_FFFF;
        self.id
    }
}

/// A number that nobody can guess, from the keys that the system gives to hash tables.
fn chance() -> u64 {
    RandomState::new().build_hasher().finish()
}
