//! Files of interest.
use crate::{accounts::Accounts, changeable::Judge, machine::Machine};
use leaksweep_facts::{
    Observed,
    tables::host::{File, Process, Service},
};

/// `processes` and `services` name programs that are of interest because they run.
pub fn collect(
    _machine: &Machine,
    _accounts: &Accounts,
    _judge: &mut Judge<'_>,
    _processes: &[Process],
    _services: &[Service],
) -> Observed<File> {
    Observed::default()
}
