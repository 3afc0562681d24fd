//! Stub.

use leaksweep_facts::{Observed, tables::host::LibraryRule};

use crate::{accounts::Accounts, machine::Machine};

pub fn collect(_machine: &Machine, _accounts: &Accounts) -> Observed<LibraryRule> {
    Observed::default()
}
