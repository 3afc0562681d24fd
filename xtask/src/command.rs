//! Running other programs, with errors that say which one failed.

use std::{env, process::Command};

/// The cargo that runs this program, so that the pinned toolchain stays the same.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs to the end. Whether it succeeded; an error is that it could not start.
pub fn succeeds(command: &mut Command) -> Result<bool, String> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    Ok(status.success())
}

pub fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("cannot start {}: {error}", command.get_program().display())
}
