//! Programs that give whoever runs them the rights of their owner or group.
//!
//! Limits: only the folders below are searched, to the depth that stands beside each; not searched
//! are homes, data folders, and what lies deeper. A search that meets more entries than the cap is
//! a problem.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Problem, Reason};
use rustix::fs::{FileType, Stat};

use super::TABLE;
use crate::{
    name,
    root::{Failure, Root},
};

const MAX_ENTRIES: usize = 200_000;

/// Folders of programs, and how deep they are searched.
const PROGRAMS: [(&str, usize); 7] =
    [("bin", 2), ("sbin", 2), ("games", 2), ("libexec", 5), ("lib", 5), ("lib32", 5), ("lib64", 5)];
const ABOVE: [&str; 3] = ["/", "/usr", "/usr/local"];
const OTHERS: [(&str, usize); 4] = [("/opt", 5), ("/tmp", 3), ("/var/tmp", 3), ("/dev/shm", 3)];

pub fn find(root: &Root, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut search = Search { root, left: MAX_ENTRIES, found: Vec::new(), problems };
    let mut todo: Vec<(PathBuf, usize)> = starts(root);
    while let Some((folder, depth)) = todo.pop() {
        for inner in search.look(&folder) {
            if depth > 1 {
                todo.push((inner, depth - 1));
            }
        }
    }
    search.found.sort();
    search.found
}

/// The folders that are there, each once: `/bin` often is another name of `/usr/bin`.
fn starts(root: &Root) -> Vec<(PathBuf, usize)> {
    let programs = ABOVE.iter().flat_map(|above| {
        PROGRAMS.iter().map(|(folder, depth)| (Path::new(above).join(folder), *depth))
    });
    let others = OTHERS.iter().map(|(folder, depth)| (PathBuf::from(folder), *depth));
    let mut seen = HashSet::new();
    programs
        .chain(others)
        .filter_map(|(folder, depth)| Some((root.resolve(folder).ok()?, depth)))
        .filter(|(folder, _)| seen.insert(folder.clone()))
        .collect()
}

struct Search<'a> {
    root: &'a Root,
    left: usize,
    found: Vec<PathBuf>,
    problems: &'a mut Vec<Problem>,
}

impl Search<'_> {
    /// Notes the programs in one folder and gives the folders in it.
    fn look(&mut self, folder: &Path) -> Vec<PathBuf> {
        let mut inner = Vec::new();
        match self.scan(folder, &mut inner) {
            Ok(false) => {}
            Ok(true) => {
                let detail = "there are more files in folders of programs than are looked at";
                self.problem(Problem::new(TABLE, name::path(folder), Reason::TooLarge, detail));
            }
            Err(failure) if failure.is_absence() => {}
            Err(failure) => self.problem(failure.problem(TABLE, name::path(folder))),
        }
        inner
    }

    /// Whether the cap kept something from being seen.
    fn scan(&mut self, folder: &Path, inner: &mut Vec<PathBuf>) -> Result<bool, Failure> {
        if self.left == 0 {
            return Ok(true);
        }
        let (left, found) = (&mut self.left, &mut self.found);
        let cut = self.root.visit(folder, |entry, stat| {
            *left = left.saturating_sub(1);
            match kind_and_mode(entry.kind, stat)? {
                (FileType::Directory, _) => inner.push(folder.join(&entry.name)),
                (FileType::RegularFile, mode) if mode & 0o6000 != 0 => {
                    found.push(folder.join(&entry.name));
                }
                _ => {}
            }
            Ok(*left > 0)
        })?;
        Ok(cut)
    }

    fn problem(&mut self, problem: Problem) {
        // One row tells that the search was cut; the folders that were left out are without number.
        let told = |other: &&Problem| other.reason == problem.reason;
        if problem.reason != Reason::TooLarge || self.problems.iter().find(told).is_none() {
            self.problems.push(problem);
        }
    }
}

/// Only plain files, and what the folder does not tell the kind of, are worth a call to the kernel.
fn kind_and_mode(
    kind: FileType,
    stat: &dyn Fn() -> Result<Stat, Failure>,
) -> Result<(FileType, u32), Failure> {
    if !matches!(kind, FileType::RegularFile | FileType::Unknown) {
        return Ok((kind, 0));
    }
    match stat() {
        Ok(stat) => Ok((FileType::from_raw_mode(stat.st_mode), stat.st_mode)),
        Err(failure) if failure.is_absence() => Ok((kind, 0)),
        Err(failure) => Err(failure),
    }
}
