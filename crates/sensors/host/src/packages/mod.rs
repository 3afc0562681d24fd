//! Installed software: one module for each package manager, each reading that manager's own
//! records. No package manager is run. A manager that is not there gives neither row nor problem.

pub mod dpkg;
mod flatpak;
pub mod npm;
pub mod python;
pub mod rpm;
mod snap;

use std::path::Path;

use leaksweep_facts::{Observed, Problem, Reason, Time, tables::host::Package};
use rustix::fs::FileType;

use crate::{accounts::Home, machine::Machine, name, root::TEXT_CAP};

/// A database of packages larger than this is no package manager's work.
pub const DATABASE_CAP: u64 = 256 << 20;
const TABLE: &str = "host_packages";
/// No machine has more packages of one manager.
const MAX_ROWS: usize = 200_000;

pub fn collect(machine: &Machine, homes: &[Home]) -> Observed<Package> {
    let mut found = dpkg::collect(machine);
    found.extend(rpm::collect(machine));
    found.extend(flatpak::collect(machine, homes));
    found.extend(snap::collect(machine));
    found.extend(python::collect(machine, homes));
    found.extend(npm::collect(machine, homes));
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

    /// The names in a folder, as far as they are text; links too.
    fn names(&mut self, folder: &str) -> Vec<String> {
        let listing = match self.machine.root.list_if_there(folder) {
            Ok(listing) => listing,
            Err(failure) => {
                self.found.problem(failure.problem(TABLE, folder));
                return Vec::new();
            }
        };
        if listing.cut {
            self.found.problem(Problem::new(TABLE, folder, Reason::TooLarge, "too many entries"));
        }
        listing.entries.iter().filter_map(|entry| Some(entry.name.to_str()?.to_owned())).collect()
    }

    fn content(&mut self, path: &str) -> Option<Vec<u8>> {
        self.machine.root.read_if_there(path, TEXT_CAP).unwrap_or_else(|failure| {
            self.found.problem(failure.problem(TABLE, path));
            None
        })
    }

    fn changed(&self, path: &str) -> Option<Time> {
        self.machine.root.stat(path).ok().map(|stat| Time(stat.st_mtime))
    }

    fn is_file(&self, path: &str) -> bool {
        let found = self.machine.root.stat(path);
        found.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile)
    }

    fn malformed(&mut self, path: &str, detail: impl Into<String>) {
        self.found.problem(Problem::new(TABLE, path, Reason::Malformed, detail));
    }
}

fn below(home: &Home, path: &str) -> String {
    name::path(&Path::new(&home.path).join(path))
}

#[cfg(test)]
mod tests;
