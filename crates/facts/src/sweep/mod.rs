//! One observation of one target by one sensor at one time.
//!
//! `archive` writes and reads the file, `ipc` bounds what a hostile one can make the reader do.

mod archive;
mod error;
mod ipc;

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use archive::{Limits, Signed, demand};
pub use error::SweepError;
pub(crate) use ipc::decode as decode_part;

use crate::{Observed, Problem, Table, Time, tables::ProblemRow};

/// The version of the sweep file that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// What a sweep file says of itself. Unknown fields of later versions are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub tool_version: String,
    pub sensor: String,
    pub target: String,
    /// Hashed: it tells two machines of the same name apart and reveals nothing else.
    pub machine_id: Option<String>,
    /// `linux`, where the target is a machine.
    pub platform: Option<String>,
    pub started: Time,
    pub ended: Time,
    /// Whether the sensor had all rights that it knows to use.
    pub privileged: bool,
    /// Whether the target was running; false for a mounted disk.
    pub live: bool,
    /// How far the sweep went; older sweeps do not say.
    #[serde(default)]
    pub extent: Extent,
    /// Filled when the file is written.
    #[serde(default)]
    pub parts: Vec<Part>,
}

/// How far a sweep went beyond the usual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Extent {
    /// Whether every file of every package was compared with what the package recorded.
    pub deep: bool,
    /// For how many seconds it watched who reads what; zero where it looked once.
    pub watched_seconds: u64,
    /// When the earlier sweep ended with which this one was compared.
    pub baseline: Option<Time>,
    /// Whether a medium was held against documents that must not be there.
    pub known_documents: bool,
    /// Whether certificates and custody records were given with a medium.
    pub certificates: bool,
}

/// One table in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub table: String,
    pub version: u32,
    pub file: String,
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
}

/// The facts of one sweep. A table that is absent was not looked at; one without rows was, and
/// there was nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    pub manifest: Manifest,
    tables: BTreeMap<String, Observation>,
    problems: Vec<ProblemRow>,
}

#[derive(Debug, Clone, PartialEq)]
struct Observation {
    version: u32,
    batches: Vec<RecordBatch>,
}

impl Sweep {
    pub fn new(manifest: Manifest) -> Self {
        let mut sweep = Self { manifest, tables: BTreeMap::new(), problems: Vec::new() };
        sweep.refresh_problems();
        sweep
    }

    /// Takes what a collector saw. The table counts as observed even without rows.
    pub fn observe<T: Table>(&mut self, observed: Observed<T>) {
        let batch = T::batch(&self.manifest.target, &observed.rows);
        self.put(T::DEF.name, T::DEF.version, vec![batch]);
        self.report(&observed.problems);
    }

    /// Takes rows that are a batch already, of any table.
    pub fn insert(&mut self, name: &str, version: u32, batch: RecordBatch) {
        self.put(name, version, vec![batch]);
    }

    /// Takes problems alone: of a table that could not be looked at in any way.
    pub fn report(&mut self, problems: &[Problem]) {
        let sensor = &self.manifest.sensor;
        self.problems.extend(problems.iter().map(|problem| ProblemRow::new(sensor, problem)));
        self.refresh_problems();
    }

    pub fn table(&self, name: &str) -> Option<&[RecordBatch]> {
        self.tables.get(name).map(|observation| observation.batches.as_slice())
    }

    pub fn tables(&self) -> impl Iterator<Item = (&str, &[RecordBatch])> {
        self.tables.iter().map(|(name, seen)| (name.as_str(), seen.batches.as_slice()))
    }

    /// What its facts take in memory, in bytes.
    pub fn memory(&self) -> usize {
        let batches = self.tables.values().flat_map(|seen| &seen.batches);
        batches.map(RecordBatch::get_array_memory_size).sum()
    }

    fn put(&mut self, name: &str, version: u32, batches: Vec<RecordBatch>) {
        self.tables.insert(name.to_owned(), Observation { version, batches });
    }

    /// `problems` is always observed: that it has no rows is itself a statement.
    fn refresh_problems(&mut self) {
        let batch = ProblemRow::batch(&self.manifest.target, &self.problems);
        self.put(ProblemRow::DEF.name, ProblemRow::DEF.version, vec![batch]);
    }
}

/// A machine id that cannot be turned back and that no other program derives alike.
pub fn hashed_machine_id(machine_id: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"leaksweep machine id v1\0");
    hash.update(machine_id.trim().as_bytes());
    hex(&hash.finalize())
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Lower-case hexadecimal too.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
