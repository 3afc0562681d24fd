//! How far the reading of a medium has come, kept elsewhere, so that it can go on there after an interruption.
//!
//! A journal is JSON. It counts only for the same medium (its length, its first and last MiB), read by the same version for the
//! same words and documents. It is held against itself before anything is believed: extents without gaps, places on
//! the medium, numbers that exist. Bounds: what a pass may keep, and [`MOST`] bytes.

use std::{
    io::{self, Write},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use leaksweep_facts::{Problem, Reason, Time};
use serde::{Deserialize, Serialize};

use crate::{
    Bytes, Run,
    known::{Known, Seen},
    media::{MediaError, Medium},
    triage::{State, Suspects},
};

/// The most bytes of a journal.
pub const MOST: u64 = 64 << 20;
const FORM: &str = "leaksweep storage journal 1";
const END: usize = 1 << 20;

/// Where a journal lies.
pub trait Journal: Sync {
    /// What an earlier sweep left; none if there is none.
    fn left(&self) -> io::Result<Option<Vec<u8>>>;
    fn keep(&self, content: &[u8]) -> io::Result<()>;
    /// How often it is kept.
    fn every(&self) -> Duration;
}

/// Everything that the pass has seen; to be written it need not be owned.
#[derive(Serialize, Deserialize)]
pub struct Entry<P = State, N = Seen> {
    form: String,
    /// Of the medium, and of what is looked for.
    of: [u8; 32],
    pub started: Time,
    pub state: P,
    pub seen: N,
    /// Start and length of what could not be read.
    pub bad: Vec<(u64, u64)>,
}

impl Entry {
    fn read(content: &[u8]) -> Result<Self, String> {
        let entry: Self = serde_json::from_slice(content)
            .map_err(|error| format!("it is no journal: {error}"))?;
        if entry.form == FORM { Ok(entry) } else { Err("it is of another form".into()) }
    }

    /// Whether it can be of a medium of so many bytes, and of so many documents.
    fn holds(&self, bytes: u64, documents: usize) -> bool {
        let inside =
            |(start, count): &(u64, u64)| start.checked_add(*count).is_some_and(|end| end <= bytes);
        self.state.holds(bytes) && self.seen.is_of(documents) && self.bad.iter().all(inside)
    }
}

/// Reads one that may be anything, and uses what can be believed.
pub fn parse(content: &[u8]) {
    let Ok(entry) = Entry::read(content) else { return };
    if entry.holds(entry.state.done, Known::MOST_DOCUMENTS) {
        entry.state.map.extents().iter().for_each(|extent| {
            extent.entropy();
        });
    }
}

/// A journal that is being kept.
pub struct Kept<'a> {
    journal: &'a dyn Journal,
    of: [u8; 32],
    started: Time,
    fault: Mutex<Option<String>>,
}

impl<'a> Kept<'a> {
    pub fn new(
        journal: &'a dyn Journal,
        medium: &Medium,
        suspects: &Suspects,
        known: Option<&Known>,
        started: Time,
    ) -> Self {
        let of = fingerprint(medium, suspects, known);
        Self { journal, of, started, fault: Mutex::default() }
    }

    pub fn every(&self) -> Duration {
        self.journal.every()
    }

    /// What an earlier sweep of the same left.
    pub fn left(
        &self,
        medium: &Medium,
        suspects: &Suspects,
        documents: usize,
    ) -> Result<Option<Entry>, MediaError> {
        let wrong = |detail: String| MediaError::Journal { detail };
        let Some(content) = self.journal.left().map_err(|error| wrong(error.to_string()))? else {
            return Ok(None);
        };
        let entry = Entry::read(&content).map_err(wrong)?;
        if entry.of != self.of {
            let detail = "it is of another medium, or of other words, documents or another version";
            return Err(wrong(detail.into()));
        }
        let holds = entry.holds(medium.len(), documents) && suspects.know(&entry.state.sights);
        holds.then_some(Some(entry)).ok_or_else(|| wrong("it contradicts itself".into()))
    }

    pub fn keep(&self, state: &State, seen: &Mutex<Seen>, bad: &[Run]) {
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = Entry {
            form: FORM.into(),
            of: self.of,
            started: self.started,
            state,
            seen: &*seen,
            bad: bad.iter().map(|run| (run.start, run.bytes)).collect(),
        };
        let mut content = Bounded(Vec::new());
        let written = serde_json::to_writer(&mut content, &entry)
            .map_err(io::Error::from)
            .and_then(|()| self.journal.keep(&content.0));
        if let Err(error) = written {
            let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
            fault.get_or_insert_with(|| error.to_string());
        }
    }

    /// Begins a sweep, or goes on with one that was started then. Whether the journal can be kept at all is known before hours
    /// are spent.
    pub fn begin(
        &mut self,
        started: Time,
        state: &State,
        seen: &Mutex<Seen>,
        bad: &[Run],
    ) -> Result<(), MediaError> {
        self.started = started;
        self.keep(state, seen, bad);
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner).take();
        fault.map_or(Ok(()), |detail| Err(MediaError::JournalUnkept { detail }))
    }

    /// A sweep goes on without its journal, and says so.
    pub fn problem(self) -> Option<Problem> {
        let fault = self.fault.into_inner().unwrap_or_else(PoisonError::into_inner)?;
        let detail = format!("the journal could not be kept: {fault}");
        Some(Problem::new("storage_media", "journal", Reason::Failed, detail).in_columns(&[]))
    }
}

/// What is written, up to [`MOST`] bytes: a longer journal would not be read again.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.0.len() + bytes.len()) as u64 > MOST {
            return Err(io::Error::other(format!("it would have more than {MOST} bytes")));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn fingerprint(medium: &Medium, suspects: &Suspects, known: Option<&Known>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(&medium.len().to_le_bytes());
    let mut end = vec![0; END];
    for at in [0, medium.len().saturating_sub(END as u64)] {
        let read = medium.read_at(at, &mut end);
        hasher.update(&end[..read]);
    }
    suspects.name(&mut |part| {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
    });
    if let Some(known) = known {
        hasher.update(&known.fingerprint());
    }
    *hasher.finalize().as_bytes()
}
