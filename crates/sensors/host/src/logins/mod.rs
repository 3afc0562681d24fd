//! Stub.

use leaksweep_facts::{
    Observed,
    tables::host::{Login, LoginLog},
};

use crate::{accounts::Accounts, machine::Machine};

pub fn collect(_machine: &Machine, _accounts: &Accounts) -> Observed<Login> {
    Observed::default()
}

pub fn logs(_machine: &Machine, _accounts: &Accounts) -> Observed<LoginLog> {
    Observed::default()
}
