//! The operating system.
use crate::machine::Machine;
use leaksweep_facts::{Observed, tables::host::System};

pub fn collect(_machine: &Machine) -> Observed<System> {
    Observed::default()
}
