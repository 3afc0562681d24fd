//! What a collector of many small files reads for its table, with every failure kept. What is not
//! there is no failure.

use std::path::{Path, PathBuf};

use leaksweep_facts::{Observed, Problem, Reason, Table, Time};
use rustix::fs::{FileType, Stat};

use crate::{
    name,
    root::{Failure, Root},
    tally::Tally,
};

pub struct Reading<'a, T> {
    pub root: &'a Root,
    pub found: Observed<T>,
    refused: Tally,
    limits: Limits,
    /// How many bytes may still be read in this turn.
    budget: u64,
    full: bool,
}

/// Links make one large file look like thousands, so that caps for each file are not enough.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// No machine has more rows of the table.
    pub rows: usize,
    /// How many bytes are read in one turn: of the system, or of one home.
    pub bytes: u64,
}

impl<'a, T: Table> Reading<'a, T> {
    pub fn new(root: &'a Root, limits: Limits) -> Self {
        let (found, refused) = (Observed::default(), Tally::default());
        Self { root, found, refused, limits, budget: limits.bytes, full: false }
    }

    /// Begins the turn of another home: what one user has must not hide what others have.
    pub fn turn(&mut self) {
        self.budget = self.limits.bytes;
    }

    pub fn done(mut self, privileged: bool) -> Observed<T> {
        self.found.problems.extend(self.refused.problems(T::DEF.name, privileged));
        self.found
    }

    /// Adds a row; of those beyond the most, one problem. After that nothing more is read.
    pub fn row(&mut self, row: T) {
        if self.found.rows.len() < self.limits.rows {
            self.found.rows.push(row);
        } else if !std::mem::replace(&mut self.full, true) {
            let detail = format!("more than {} rows", self.limits.rows);
            let problem = Problem::new(T::DEF.name, "the whole table", Reason::TooLarge, detail);
            self.found.problem(problem);
        }
    }

    /// What a folder holds, in full paths, sorted; of more than `most` the first.
    pub fn entries(&mut self, folder: &Path, most: usize) -> Vec<PathBuf> {
        if self.full {
            return Vec::new();
        }
        let listing = match self.root.list_if_there(folder) {
            Ok(listing) => listing,
            Err(failure) => {
                self.failed(folder, &[], failure);
                return Vec::new();
            }
        };
        if listing.cut || listing.entries.len() > most {
            self.too_large(folder, &[], format!("more than {most} entries"));
        }
        listing.entries.iter().take(most).map(|entry| folder.join(&entry.name)).collect()
    }

    /// A file's content, on which the columns depend; no columns: whole rows.
    pub fn content(
        &mut self,
        path: &Path,
        cap: u64,
        columns: &'static [&'static str],
    ) -> Option<Vec<u8>> {
        if self.full {
            return None;
        }
        let cap = cap.min(self.budget);
        let content = self.root.read_if_there(path, cap).unwrap_or_else(|failure| {
            let beyond = failure.reason == Reason::TooLarge && cap == self.budget;
            let failure = if beyond { self.spent() } else { failure };
            self.failed(path, columns, failure);
            None
        })?;
        self.budget = self.budget.saturating_sub(content.len() as u64);
        Some(content)
    }

    /// A file's first bytes, on which only the columns depend.
    pub fn head(
        &mut self,
        path: &Path,
        cap: usize,
        columns: &'static [&'static str],
    ) -> Option<Vec<u8>> {
        if self.full || self.budget == 0 {
            return None;
        }
        match self.root.head(path, cap) {
            Ok((content, _)) => {
                self.budget = self.budget.saturating_sub(content.len() as u64);
                Some(content)
            }
            Err(failure) => {
                if !failure.is_absence() {
                    self.failed(path, columns, failure);
                }
                None
            }
        }
    }

    /// After this nothing more is read in this turn.
    fn spent(&mut self) -> Failure {
        self.budget = 0;
        let detail = format!("more than {} bytes in all", self.limits.bytes);
        Failure { reason: Reason::TooLarge, detail }
    }

    /// What the system refuses, or what is beyond the budget, is counted and told once.
    pub fn failed(&mut self, path: &Path, columns: &'static [&'static str], failure: Failure) {
        let subject = name::path(path);
        if failure.reason == Reason::Denied || self.budget == 0 {
            return self.refused.add(columns, subject, failure);
        }
        self.found.problem(failure.problem(T::DEF.name, subject).in_columns(columns));
    }

    pub fn malformed(&mut self, path: &Path, columns: &'static [&'static str], detail: &str) {
        self.failed(path, columns, Failure::malformed(detail));
    }

    pub fn too_large(&mut self, path: &Path, columns: &'static [&'static str], detail: String) {
        self.failed(path, columns, Failure { reason: Reason::TooLarge, detail });
    }

    pub fn modified(&self, path: &Path) -> Option<Time> {
        self.root.stat(path).ok().map(|stat| Time(stat.st_mtime))
    }

    pub fn is_folder(&self, path: &Path) -> bool {
        self.is(path, FileType::Directory)
    }

    pub fn is_file(&self, path: &Path) -> bool {
        self.is(path, FileType::RegularFile)
    }

    pub fn is_executable(&self, path: &Path) -> bool {
        let runs = |stat: Stat| stat.st_mode & 0o111 != 0;
        self.is_file(path) && self.root.stat(path).is_ok_and(runs)
    }

    fn is(&self, path: &Path, kind: FileType) -> bool {
        self.root.stat(path).is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == kind)
    }
}

#[cfg(test)]
mod tests {
    use leaksweep_facts::tables::host::Group;

    use super::*;

    const LIMITS: Limits = Limits { rows: 1, bytes: 9 };

    #[test]
    fn more_rows_or_entries_than_the_most_are_one_problem() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let root = Root::open(folder.path()).unwrap();
        let mut reading = Reading::<Group>::new(&root, LIMITS);
        assert_eq!(reading.entries(Path::new("/"), 3).len(), 3);
        assert_eq!(reading.found.problems, []);
        assert_eq!(reading.entries(Path::new("/"), 2), [Path::new("/a"), Path::new("/b")]);
        (0..3).for_each(|_| reading.row(Group::default()));
        let details: Vec<_> = reading.found.problems.iter().map(|p| p.detail.as_str()).collect();
        assert_eq!(details, ["more than 2 entries", "more than 1 rows"]);
        assert_eq!(reading.found.rows.len(), 1);
    }

    #[test]
    fn what_is_not_there_is_no_problem_and_a_folder_for_a_file_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("d")).unwrap();
        let root = Root::open(folder.path()).unwrap();
        let mut reading = Reading::<Group>::new(&root, LIMITS);
        assert_eq!(reading.content(Path::new("/absent"), 9, &[]), None);
        assert!(reading.entries(Path::new("/absent"), 9).is_empty());
        assert_eq!(reading.found.problems, []);
        assert_eq!(reading.content(Path::new("/d"), 9, &["name"]), None);
        assert_eq!(reading.found.problems[0].reason, Reason::WrongType);
        assert_eq!(reading.found.problems[0].columns, ["name"]);
    }

    #[test]
    fn a_turn_has_its_budget_and_what_is_beyond_is_one_problem() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c"] {
            std::fs::write(folder.path().join(name), "12345678").unwrap();
        }
        let root = Root::open(folder.path()).unwrap();
        let mut reading = Reading::<Group>::new(&root, LIMITS);
        let lengths = ["/a", "/b", "/c"]
            .map(|path| reading.content(Path::new(path), 99, &[]).map(|content| content.len()));
        assert_eq!(lengths, [Some(8), None, None]);
        reading.turn();
        assert!(reading.content(Path::new("/b"), 99, &[]).is_some());
        let problems = reading.done(true).problems;
        assert_eq!(problems.len(), 1);
        let told = (&*problems[0].subject, &*problems[0].detail);
        assert_eq!(told, ("/b", "more than 9 bytes in all; so for 2 such"));
    }

    #[test]
    fn what_the_system_refuses_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        let mut reading = Reading::<Group>::new(&root, LIMITS);
        for path in ["/home/a", "/home/b"] {
            let failure = Failure { reason: Reason::Denied, detail: "refused".into() };
            reading.failed(Path::new(path), &[], failure);
        }
        let problems = reading.done(false).problems;
        let told: Vec<_> = problems.iter().map(|p| (&*p.subject, &*p.detail)).collect();
        assert_eq!(told, [("/home/a", "refused; so for 2 such")]);
    }
}
