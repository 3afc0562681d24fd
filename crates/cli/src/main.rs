//! `leaksweep`: arguments in, a report out, and an exit code that scripts can trust:
//! 0 nothing found, 1 something found, 2 the job could not be done.

mod arguments;
mod commands;
mod console;
mod failure;
mod inputs;
mod progress;

use std::process::ExitCode;

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
    match commands::run(arguments) {
        Ok(Found::Nothing) => ExitCode::SUCCESS,
        Ok(Found::Something) => ExitCode::from(1),
        Err(error) if failure::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            failure::print(&error);
            ExitCode::from(2)
        }
    }
}
