//! Stub.

use leaksweep_facts::{Observed, tables::host::Right};

use crate::{accounts::Accounts, machine::Machine};

pub fn collect(_machine: &Machine, _accounts: &Accounts) -> Observed<Right> {
    Observed::default()
}
