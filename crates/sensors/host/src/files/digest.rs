//! SHA-256 of many files, each file once however many names it has, on two threads.

use std::{
    collections::HashMap,
    io::Read,
    path::{Path, PathBuf},
    sync::Mutex,
};

use leaksweep_facts::sweep::hex;
use sha2::{Digest, Sha256};

use crate::root::{Failure, Root};

const CHUNK: usize = 256 << 10;
const THREADS: usize = 2;

/// A file by its device and number on it.
pub type Identity = (u64, u64);

/// What is to be read: one of the file's names, and its size.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub identity: Identity,
    pub path: PathBuf,
    pub size: u64,
}

pub type Digests = HashMap<Identity, Result<String, Failure>>;

/// The digests of files of at most `cap` bytes.
pub fn all(root: &Root, mut wanted: Vec<Wanted>, cap: u64) -> Digests {
    wanted.sort_by_key(|file| (file.identity, file.path.clone()));
    wanted.dedup_by_key(|file| file.identity);
    // The largest first, so that no thread ends with a large one alone.
    wanted.sort_by_key(|file| file.size);
    let todo = Mutex::new(wanted);
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..THREADS).map(|_| scope.spawn(|| worker(root, &todo, cap))).collect();
        let done = threads.into_iter().map(|thread| thread.join());
        done.flat_map(|found| found.unwrap_or_else(|fault| std::panic::resume_unwind(fault)))
            .collect()
    })
}

fn worker(
    root: &Root,
    todo: &Mutex<Vec<Wanted>>,
    cap: u64,
) -> Vec<(Identity, Result<String, Failure>)> {
    let mut buffer = vec![0; CHUNK];
    let mut done = Vec::new();
    while let Some(file) = next(todo) {
        done.push((file.identity, digest(root, &file.path, cap, &mut buffer)));
    }
    done
}

fn next(todo: &Mutex<Vec<Wanted>>) -> Option<Wanted> {
    todo.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop()
}

fn digest(root: &Root, path: &Path, cap: u64, buffer: &mut [u8]) -> Result<String, Failure> {
    let mut file = root.reader(path, cap)?;
    let mut hash = Sha256::new();
    loop {
        let count = file.read(buffer)?;
        match buffer.get(..count) {
            Some(bytes) if count > 0 => hash.update(bytes),
            _ => return Ok(hex(&hash.finalize())),
        }
    }
}
