//! Stub.

use leaksweep_facts::{
    Observed,
    tables::host::{BootFile, BootOption},
};

use crate::machine::Machine;

pub fn options(_machine: &Machine) -> Observed<BootOption> {
    Observed::default()
}

pub fn files(_machine: &Machine) -> Observed<BootFile> {
    Observed::default()
}
