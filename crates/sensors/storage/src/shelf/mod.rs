//! Where recovered files go: one folder for each family, and two manifests that say what each is and where it lay.
//!
//! Names from the medium become harmless: letters, digits, dots, dashes, at most 60 characters, behind the number. Only the user who
//! asked can read what is written.

mod manifest;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use leaksweep_facts::{Manifest, Problem, output, tables::storage::Artifact};

use crate::{Run, recovery::Find, tell::Shelf};

pub struct Folder {
    root: PathBuf,
    failed: AtomicUsize,
    /// Where the written finds lie on the medium, by number.
    runs: Mutex<BTreeMap<i64, Vec<Run>>>,
}

/// After so many files that could not be written the rest is not tried: the disk is full.
const MOST_FAILED: usize = 20;
/// Characters of a name, and bytes: some file systems have room for 143.
const LONGEST: usize = 60;
const MOST_BYTES: usize = 110;

impl Folder {
    /// A new folder, or one that is empty.
    pub fn new(root: &Path) -> io::Result<Self> {
        output::empty_folder(root)?;
        let (failed, runs) = (AtomicUsize::new(0), Mutex::default());
        Ok(Self { root: root.to_owned(), failed, runs })
    }
}

impl Shelf for Folder {
    fn put(&self, number: i64, find: &Find, content: &mut dyn Read) -> Result<String, Problem> {
        let place = place(number, find);
        if self.failed.load(Ordering::Relaxed) >= MOST_FAILED {
            return Err(unwritten(&place, &io::Error::other("too many before it could not be")));
        }
        output::write_stream(&self.root.join(&place), content).map_err(|error| {
            self.failed.fetch_add(usize::from(is_lasting(&error)), Ordering::Relaxed);
            unwritten(&place, &error)
        })?;
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.insert(number, find.runs.clone());
        Ok(place)
    }

    fn finish(&self, manifest: &Manifest, artifacts: &[Artifact]) -> io::Result<()> {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let private = output::Readers::Nobody;
        output::create_by(&self.root.join("manifest.json"), private, |into| {
            manifest::json(manifest, artifacts, &runs, into)
        })?;
        output::create_by(&self.root.join("manifest.dfxml"), private, |into| {
            manifest::dfxml(manifest, artifacts, &runs, into)
        })
    }
}

/// Whether the next file will meet it as well.
fn is_lasting(error: &io::Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    const IO: i32 = rustix::io::Errno::IO.raw_os_error();
    matches!(error.kind(), QuotaExceeded | ReadOnlyFilesystem | StorageFull)
        || error.raw_os_error() == Some(IO)
}

fn unwritten(place: &str, error: &io::Error) -> Problem {
    let problem = Problem::io("storage_artifacts", place, error);
    problem.in_columns(&["written"]).hint("make room, and sweep again with another folder")
}

/// `print-jobs/0007-budget.pclxl`.
fn place(number: i64, find: &Find) -> String {
    let family = match find.kind.family.as_str() {
        one @ ("mail" | "contacts" | "settings" | "keys" | "other") => one.to_owned(),
        many => format!("{}s", many.replace(' ', "-")),
    };
    let names = find.names.as_ref().map(|names| names.path.as_str());
    let details = find.details();
    let name = names.or_else(|| details?.name.as_deref()).or_else(|| details?.title.as_deref());
    let stem = name.map(stem).unwrap_or_default();
    let part = if find.is_whole() { "" } else { "-part" };
    format!("{family}/{number:06}{stem}{part}.{}", find.kind.extension)
}

fn stem(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let harmless = |char: char| char.is_alphanumeric() || char == '_' || char == '-';
    let fits = |(at, char): &(usize, char)| at + char.len_utf8() <= MOST_BYTES;
    let short = stem.char_indices().take(LONGEST).take_while(fits);
    let clean: String = short.map(|(_, char)| if harmless(char) { char } else { '-' }).collect();
    let clean = clean.trim_matches('-');
    if clean.is_empty() { String::new() } else { format!("-{clean}") }
}
