//! `leaksweep`: arguments in, a report out, and an exit code that scripts can trust:
//! 0 nothing found, 1 something found, 2 the job could not be done.

mod arguments;
mod commands;
mod console;
mod failure;
mod fonts;
mod inputs;
mod progress;

use std::{process::ExitCode, thread};

use clap::Parser;

use arguments::Arguments;
pub use failure::Hint;

/// What a command found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Nothing,
    Something,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // A query may nest as deep as it is long.
    let thread = thread::Builder::new().stack_size(leaksweep_engine::STACK_BYTES);
    let done = thread.spawn(|| commands::run(arguments)).map(thread::JoinHandle::join);
    match done {
        Ok(Ok(result)) => exit_code(result),
        // The panic has told what it was.
        Ok(Err(_)) => ExitCode::from(2),
        Err(error) => exit_code(Err(error.into())),
    }
}

fn exit_code(result: anyhow::Result<Found>) -> ExitCode {
    match result {
        Ok(Found::Nothing) => ExitCode::SUCCESS,
        Ok(Found::Something) => ExitCode::from(1),
        Err(error) if failure::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            failure::print(&error);
            ExitCode::from(2)
        }
    }
}
