//! One module for each command.

mod baselines;
mod catalogue;
mod certificate;
mod checks;
mod custody;
mod host;
mod judge;
mod judging;
mod kept;
mod key;
mod manual;
mod measures;
mod policy;
mod printer;
mod query;
mod statement;
mod storage;
mod tables;
mod verify;
mod wipe;

use anyhow::Result;

use crate::{
    Found,
    arguments::{Arguments, Command},
};

pub fn run(arguments: Arguments) -> Result<Found> {
    let Some(command) = arguments.command else { return host::run(&arguments.host) };
    match command {
        Command::Host(host) => host::run(&host),
        Command::Storage(storage) => storage::run(&storage),
        Command::Printer(printer) => printer::run(&printer),
        Command::Wipe(wipe) => wipe::run(&wipe),
        Command::Judge(judge) => judge::run(&judge),
        Command::Verify(verify) => verify::run(&verify),
        Command::Certificate(certificate) => certificate::run(&certificate),
        Command::Custody(custody) => custody::run(&custody),
        Command::Statement(statement) => statement::run(&statement),
        Command::Key(key) => key::run(&key),
        Command::Checks(checks) => checks::run(&checks),
        Command::Catalogue(catalogue) => catalogue::run(&catalogue),
        Command::Policy(policy) => policy::run(&policy),
        Command::Query(query) => query::run(&query),
        Command::Tables { name } => tables::run(name.as_deref()),
        Command::Measures => measures::run(),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { folder } => manual::pages(&folder),
    }
}
