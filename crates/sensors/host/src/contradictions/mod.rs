//! Stub.

use leaksweep_facts::{
    Observed,
    tables::host::{Contradiction, Process, Socket},
};

use crate::machine::Machine;

pub fn collect(
    _machine: &Machine,
    _processes: &[Process],
    _sockets: &[Socket],
) -> Observed<Contradiction> {
    Observed::default()
}
