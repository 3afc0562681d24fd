//! Installed software.
use crate::{accounts::Home, machine::Machine};
use leaksweep_facts::{Observed, tables::host::Package};

pub fn collect(_machine: &Machine, _homes: &[Home]) -> Observed<Package> {
    Observed::default()
}
