//! Installed software: one module for each package manager, each reading that manager's own
//! records. No package manager is run. A manager that is not there gives neither row nor problem; a
//! system that none of them installed is a problem, for its software then is not known at all.

pub mod dpkg;
mod flatpak;
pub mod npm;
pub mod python;
pub mod rpm;
pub mod snap;

use std::path::{Path, PathBuf};

use leaksweep_facts::{Observed, Problem, Reason, Time, tables::host::Package};
use rustix::fs::FileType;

use crate::{
    accounts::Home,
    machine::Machine,
    name,
    root::{Failure, TEXT_CAP},
};

const TABLE: &str = "host_packages";
/// No machine has more packages of one manager.
const MAX_ROWS: usize = 200_000;
/// What is said to be lacking where no package manager left records.
pub const MANAGERS: &str = "package managers";
const ORIGIN: &[&str] = &["origin"];

pub fn collect(machine: &Machine, homes: &[Home]) -> Observed<Package> {
    let mut found = Observed::default();
    for manager in [
        dpkg::collect(machine),
        rpm::collect(machine),
        flatpak::collect(machine, homes),
        snap::collect(machine),
        python::collect(machine, homes),
        npm::collect(machine, homes),
    ] {
        found.extend(capped(manager, MAX_ROWS));
    }
    if let Err(failure) = installed_by(machine) {
        found.problem(failure.problem(TABLE, MANAGERS));
    }
    found
}

/// Fails when there are records of neither package manager that installs whole systems.
pub fn installed_by(machine: &Machine) -> Result<(), Failure> {
    if dpkg::is_there(&machine.root) || rpm::is_there(&machine.root) {
        return Ok(());
    }
    let detail = "no records of a package manager that this version reads".into();
    Err(Failure { reason: Reason::Unsupported, detail })
}

/// A manager's first rows, and the problem that there are more.
fn capped(mut found: Observed<Package>, most: usize) -> Observed<Package> {
    if let Some(package) = found.rows.get(most) {
        let (manager, detail) = (package.manager.clone(), format!("more than {most} packages"));
        found.problem(Problem::new(TABLE, manager, Reason::TooLarge, detail));
        found.rows.truncate(most);
    }
    found
}

/// What the modules beside dpkg and rpm read, with every failure kept.
struct Records<'a> {
    machine: &'a Machine,
    found: Observed<Package>,
}

impl<'a> Records<'a> {
    fn new(machine: &'a Machine) -> Self {
        Self { machine, found: Observed::default() }
    }

    /// What a folder holds, in full paths; links too.
    fn entries(&mut self, folder: impl AsRef<Path>) -> Vec<PathBuf> {
        let folder = folder.as_ref();
        let listing = match self.machine.root.list_if_there(folder) {
            Ok(listing) => listing,
            Err(failure) => {
                self.found.problem(failure.problem(TABLE, name::path(folder)));
                return Vec::new();
            }
        };
        if listing.cut {
            let problem =
                Problem::new(TABLE, name::path(folder), Reason::TooLarge, "too many entries");
            self.found.problem(problem);
        }
        listing.entries.iter().map(|entry| folder.join(&entry.name)).collect()
    }

    fn content(&mut self, path: &Path) -> Option<Vec<u8>> {
        self.machine.root.read_if_there(path, TEXT_CAP).unwrap_or_else(|failure| {
            self.found.problem(failure.problem(TABLE, name::path(path)));
            None
        })
    }

    /// [`Records::content`] of which only the column `origin` depends.
    fn origin(&mut self, path: &Path, cap: u64) -> Option<Vec<u8>> {
        self.machine.root.read_if_there(path, cap).unwrap_or_else(|failure| {
            let problem = failure.problem(TABLE, name::path(path));
            self.found.problem(problem.in_columns(ORIGIN));
            None
        })
    }

    fn changed(&self, path: &Path) -> Option<Time> {
        self.machine.root.stat(path).ok().map(|stat| Time(stat.st_mtime))
    }

    fn is_file(&self, path: &Path) -> bool {
        let found = self.machine.root.stat(path);
        found.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile)
    }

    fn malformed(&mut self, path: &Path, detail: &str) {
        self.found.problem(malformed(path, detail));
    }

    fn malformed_origin(&mut self, path: &Path, detail: &str) {
        self.found.problem(malformed(path, detail).in_columns(ORIGIN));
    }
}

fn malformed(path: &Path, detail: &str) -> Problem {
    Problem::new(TABLE, name::path(path), Reason::Malformed, detail)
}

fn below(home: &Home, path: &str) -> PathBuf {
    Path::new(&home.path).join(path)
}

/// The last name of a path, as text.
fn last(path: &Path) -> String {
    path.file_name().map(name::os).unwrap_or_default()
}

#[cfg(test)]
mod tests;
