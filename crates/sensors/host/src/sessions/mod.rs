//! Stub.

use leaksweep_facts::{
    Observed,
    tables::host::{Process, Session, Socket},
};

use crate::{accounts::Accounts, machine::Machine};

pub fn collect(
    _machine: &Machine,
    _accounts: &Accounts,
    _processes: &[Process],
    _sockets: &[Socket],
) -> Observed<Session> {
    Observed::default()
}
