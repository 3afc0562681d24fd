//! Where each file comes from that decides what runs: from a package, unchanged or not, from a
//! program of the system, or from nobody that left a record. One place answers for every table.
//!
//! Reads: the records of dpkg and rpm (`records`), dpkg's alternatives, ucf's digests, and of each
//! path that a row names what is there, with its digest where a record has one. What no package
//! brought and yet is ordinary stands in one table (`made`). Limits: a record proves nothing where
//! its file could be changed as well; links are not recorded by dpkg, so that a packaged link is
//! what it leads to; digests of files up to 256 MiB, others have no origin.

mod alternatives;
mod cells;
mod conffiles;
pub mod deep;
mod diversions;
mod exclude;
pub mod fill;
mod made;
mod md5sums;
mod names;
mod records;
mod settle;
mod subject;
mod ucf;

#[cfg(test)]
mod owners;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use crate::{
    accounts::Home,
    digest::{Digests, Job},
    machine::Machine,
};
use alternatives::Alternatives;
use records::{Records, Unread};
use subject::Subjects;
use ucf::Ucf;

pub use alternatives::check as check_alternatives;
pub use conffiles::check as check_conffiles;
pub use diversions::check as check_diversions;
pub use md5sums::check as check_md5sums;
pub use ucf::check as check_ucf;

/// Larger files have no origin.
pub const LARGEST: u64 = 256 << 20;

pub const PACKAGE: &str = "package";
pub const CONFIGURATION: &str = "configuration";
pub const EDITED: &str = "edited";
pub const CHANGED: &str = "changed";
pub const UNRECORDED: &str = "unrecorded";
pub const GENERATED: &str = "generated";
pub const FOREIGN: &str = "foreign";
pub const MISSING: &str = "missing";

/// Where a file comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    pub package: Option<String>,
    pub origin: Option<&'static str>,
    /// The recorded digest, where the file has another.
    pub recorded: Option<String>,
    /// Why the origin cannot be told.
    pub failure: Option<crate::root::Failure>,
}

/// Paths that are asked for, what is there, and what the records say of them.
pub struct Inquiry<'a> {
    machine: &'a Machine,
    homes: &'a [Home],
    subjects: Subjects,
    records: Records,
    alternatives: Alternatives,
    ucf: Ucf,
}

/// The answer for each path that was asked for, and the records that could not be read.
#[derive(Default)]
pub struct Answers {
    of: HashMap<String, Answer>,
    unread: Vec<Unread>,
}

impl<'a> Inquiry<'a> {
    pub fn new(machine: &'a Machine, homes: &'a [Home], paths: BTreeSet<String>) -> Self {
        let subjects = Subjects::look(&machine.root, homes, paths);
        let mut records = records::look(machine, &subjects.names());
        let alternatives = Alternatives::read(&machine.root, &mut records.unread);
        let ucf = Ucf::read(&machine.root, &mut records.unread);
        Self { machine, homes, subjects, records, alternatives, ucf }
    }

    /// What must be read before anything is settled.
    pub fn jobs(&self) -> Vec<Job> {
        let numbered = self.subjects.all.iter().enumerate();
        numbered.filter_map(|(number, _)| self.job(number)).collect()
    }

    fn job(&self, number: usize) -> Option<Job> {
        let sum = self.recorded(number)?;
        let (path, file) = self.subjects.file(number)?;
        let algorithms = vec![sum.algorithm];
        let small = file.size <= LARGEST;
        small.then(|| Job {
            identity: file.identity,
            path: path.to_owned(),
            size: file.size,
            algorithms,
        })
    }

    pub fn settle(self, digests: &Digests) -> Answers {
        let answers = settle::Settling::new(&self, digests).all();
        let paths = self.subjects.all.into_iter().map(|subject| subject.path);
        Answers { of: paths.zip(answers).collect(), unread: self.records.unread }
    }
}

impl Answers {
    pub fn of(&self, path: &str) -> Option<&Answer> {
        self.of.get(path)
    }
}

/// For tests: the packages that own the paths, and how many records could not be read.
#[cfg(test)]
pub fn owners(machine: &Machine, paths: &[String]) -> (HashMap<String, String>, usize) {
    let inquiry = Inquiry::new(machine, &[], paths.iter().cloned().collect());
    let answers = inquiry.settle(&Digests::new());
    let owner = |path: &String| Some((path.clone(), answers.of(path)?.package.clone()?));
    (paths.iter().filter_map(owner).collect(), answers.unread.len())
}
