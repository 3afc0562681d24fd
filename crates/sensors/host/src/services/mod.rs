//! What starts by itself.
use crate::{accounts::Accounts, changeable::Judge, machine::Machine};
use leaksweep_facts::{Observed, tables::host::Service};

pub fn collect(
    _machine: &Machine,
    _accounts: &Accounts,
    _judge: &mut Judge<'_>,
) -> Observed<Service> {
    Observed::default()
}
