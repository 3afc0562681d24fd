//! Installed software: one module for each package manager, each reading that manager's own
//! records. No package manager is run. A manager that is not there gives neither row nor problem.

pub mod dpkg;
pub mod rpm;

use crate::{accounts::Home, machine::Machine};
use leaksweep_facts::{Observed, tables::host::Package};

/// A database of packages larger than this is no package manager's work.
pub const DATABASE_CAP: u64 = 256 << 20;
const TABLE: &str = "host_packages";

pub fn collect(machine: &Machine, _homes: &[Home]) -> Observed<Package> {
    let mut found = dpkg::collect(machine);
    found.extend(rpm::collect(machine));
    found
}
