//! Stub.

use leaksweep_facts::{Observed, tables::host::SshKey};

use crate::{accounts::Accounts, machine::Machine};

pub fn collect(_machine: &Machine, _accounts: &Accounts) -> Observed<SshKey> {
    Observed::default()
}
