//! Stub.

use leaksweep_facts::{
    Observed,
    tables::host::{Agent, Process, Socket},
};

use crate::{accounts::Accounts, machine::Machine};

pub fn collect(
    _machine: &Machine,
    _accounts: &Accounts,
    _processes: &[Process],
    _sockets: &[Socket],
) -> Observed<Agent> {
    Observed::default()
}
