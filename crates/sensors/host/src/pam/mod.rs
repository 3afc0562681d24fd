//! Stub.

use leaksweep_facts::{Observed, tables::host::PamRule};

use crate::machine::Machine;

pub fn collect(_machine: &Machine) -> Observed<PamRule> {
    Observed::default()
}
