//! Stub.

use leaksweep_facts::{Observed, tables::host::BrowserPolicy};

use crate::machine::Machine;

pub fn collect(_machine: &Machine) -> Observed<BrowserPolicy> {
    Observed::default()
}
