//! What makes programs load libraries that they did not ask for, or look for them elsewhere: the
//! loader's own files, the sources of names (NSS), and variables of the loader in what sessions and
//! units read.
//!
//! Limits: 1 MiB of a file, 16 MiB of the system's and as much of each home's, 1,000 files of a
//! folder, 16 levels of includes, 20,000 rows. Scripts are searched line by line and not run; what a
//! variable holds stays as it is written. The loader's tunables are not read.

mod loader;
mod names;
mod places;
#[cfg(test)]
mod tests;
mod variables;

use std::path::{Path, PathBuf};

use leaksweep_facts::{Observed, tables::host::LibraryRule};

use crate::{
    accounts::Accounts,
    changeable::Judge,
    machine::Machine,
    name,
    reading::{Limits, Reading},
};

pub use loader::{parse_conf, parse_preload};
pub use names::parse as parse_nsswitch;
pub use places::folders;
pub use variables::parse as parse_variables;

const LIMITS: Limits = Limits { rows: 20_000, bytes: 16 << 20 };
const CAP: u64 = 1 << 20;
const MAX_FILES: usize = 1000;
/// No package and no person calls a file so: who could make it can put anything into its folder.
const NOWHERE: &str = ".leaksweep-nothing";

pub fn collect(machine: &Machine, accounts: &Accounts) -> Observed<LibraryRule> {
    let mut rules = Rules {
        reading: Reading::new(&machine.root, LIMITS),
        judge: Judge::new(&machine.root, &accounts.names),
        folders: folders(&machine.root),
    };
    loader::collect(&mut rules);
    names::collect(&mut rules);
    variables::of_system(&mut rules);
    for home in &accounts.homes {
        rules.reading.turn();
        variables::of_home(&mut rules, home);
    }
    rules.reading.done(machine.privileged)
}

struct Rules<'a> {
    reading: Reading<'a, LibraryRule>,
    judge: Judge<'a>,
    /// Where the loader looks for libraries.
    folders: Vec<PathBuf>,
}

/// A rule as a file has it.
#[derive(Debug, Clone, Copy)]
struct Said<'a> {
    kind: &'static str,
    value: &'a str,
    path: &'a Path,
    line: usize,
    /// Whose programs it reaches, and the number of that account.
    user: Option<(&'a str, u32)>,
}

impl Rules<'_> {
    fn add(&mut self, said: Said<'_>, library: Option<PathBuf>) {
        let place = library.as_ref().map(|path| match said.kind {
            "folder" => path.join(NOWHERE),
            _ => path.clone(),
        });
        let trusted = said.user.map(|(_, uid)| uid);
        let changeable_by = place.and_then(|place| match self.judge.by(&place, trusted) {
            Ok(who) => who,
            Err(failure) => {
                self.reading.failed(&place, &["changeable_by"], failure);
                None
            }
        });
        let modified = self.reading.modified(said.path);
        self.reading.row(LibraryRule {
            kind: said.kind.into(),
            value: said.value.into(),
            library: library.as_deref().map(name::path),
            changeable_by,
            user: said.user.map(|(user, _)| user.to_owned()),
            path: name::path(said.path),
            line: i64::try_from(said.line).ok(),
            modified,
            ..LibraryRule::default()
        });
    }

    /// The file of a library: its path, or where the loader finds it.
    fn library(&self, name: &str) -> Option<PathBuf> {
        if name.contains('/') {
            return name.starts_with('/').then(|| PathBuf::from(name));
        }
        let mut paths = self.folders.iter().map(|folder| folder.join(name));
        paths.find(|path| self.reading.root.stat(path).is_ok())
    }

    /// The files of a folder whose names have this end.
    fn files(&mut self, folder: &Path, end: &str) -> Vec<PathBuf> {
        let mut files = self.reading.entries(folder, MAX_FILES);
        files.retain(|path| name::path(path).ends_with(end));
        files
    }
}
