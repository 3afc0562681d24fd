//! Stub.

use leaksweep_facts::{Observed, tables::host::WebFile};

use crate::{accounts::Accounts, machine::Machine};

pub fn collect(_machine: &Machine, _accounts: &Accounts) -> Observed<WebFile> {
    Observed::default()
}
