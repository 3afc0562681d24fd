//! Digests of many files, each read once for all the digests that are wanted of it, on all cores.
//!
//! MD5 is what dpkg records; of many files at once it is computed side by side. The
//! largest files come first, so that no core ends with a large one alone. Memory: `CHUNK` for each
//! of sixteen lanes of each core.

mod hash;
mod lanes;

#[cfg(test)]
mod tests;

use std::{cell::Cell, collections::HashMap, path::PathBuf, sync::Mutex};

use leaksweep_facts::sweep::hex;

use crate::root::{Failure, Root};
use lanes::{Done, Lanes};

const MOST_THREADS: usize = 64;

/// A file by its device and number on it.
pub type Identity = (u64, u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    Md5,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// The digest of a content, and by which algorithm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    pub algorithm: Algorithm,
    pub value: Box<[u8]>,
}

/// What is to be read: a name of the file, its size, and the digests that are wanted.
#[derive(Debug, Clone)]
pub struct Job {
    pub identity: Identity,
    pub path: PathBuf,
    pub size: u64,
    pub algorithms: Vec<Algorithm>,
}

pub type Sums = Vec<Sum>;

/// What was computed of files, each once however many names it has.
pub type Digests = HashMap<Identity, Result<Sums, Failure>>;

impl Algorithm {
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }
}

impl Sum {
    /// From the digits of a record.
    pub fn parse(algorithm: Algorithm, digits: &[u8]) -> Option<Self> {
        let length = match algorithm {
            Algorithm::Md5 => 16,
            Algorithm::Sha224 => 28,
            Algorithm::Sha256 => 32,
            Algorithm::Sha384 => 48,
            Algorithm::Sha512 => 64,
        };
        let (pairs, rest) = digits.as_chunks::<2>();
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let byte = |[high, low]: &[u8; 2]| Some((digit(*high)? * 16 + digit(*low)?) as u8);
        let value: Option<Box<[u8]>> = pairs.iter().map(byte).collect();
        let value = value.filter(|value| rest.is_empty() && value.len() == length)?;
        Some(Self { algorithm, value })
    }

    pub fn hex(&self) -> String {
        hex(&self.value)
    }
}

/// `md5:…`
impl std::fmt::Display for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.algorithm.name(), self.hex())
    }
}

/// The digests of files of at most `cap` bytes.
pub fn all(root: &Root, jobs: Vec<Job>, cap: u64) -> Digests {
    let whole = |job: &Job, sums| Some((job.identity, sums));
    each(root, merged(jobs), cap, &|_| (), &whole).into_iter().collect()
}

/// One job for each file, with all that is wanted of it.
fn merged(mut jobs: Vec<Job>) -> Vec<Job> {
    jobs.sort_by(|a, b| (a.identity, &a.path).cmp(&(b.identity, &b.path)));
    jobs.dedup_by(|next, first| {
        let same = next.identity == first.identity;
        if same {
            first.algorithms.append(&mut next.algorithms);
        }
        same
    });
    for job in &mut jobs {
        job.algorithms.sort_unstable();
        job.algorithms.dedup();
    }
    jobs
}

/// Does every job and keeps what `done` makes of it. `read` hears how many bytes more were read.
pub fn each<T: Send>(
    root: &Root,
    mut jobs: Vec<Job>,
    cap: u64,
    read: &(dyn Fn(u64) + Sync),
    done: Done<'_, T>,
) -> Vec<T> {
    jobs.sort_by_key(|job| job.size);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = threads.min(MOST_THREADS).min(jobs.len());
    // One core with two of the largest would still be at them when the others are done.
    let largest = jobs.split_off(jobs.len() - threads);
    let todo = Mutex::new(jobs);
    let next = || todo.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
    let work = |first: Job| {
        let first = Cell::new(Some(first));
        Lanes::new(root, cap, read, done).run(&|| first.take().or_else(next))
    };
    std::thread::scope(|scope| {
        let work = &work;
        let start = |first| scope.spawn(move || work(first));
        let threads: Vec<_> = largest.into_iter().map(start).collect();
        let found = threads.into_iter().map(|thread| thread.join());
        found
            .flat_map(|found| found.unwrap_or_else(|fault| std::panic::resume_unwind(fault)))
            .collect()
    })
}
