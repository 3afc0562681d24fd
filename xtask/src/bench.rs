//! The measurements are a script, so that anyone can read what was measured and how.

use std::process::Command;

use crate::command;

pub fn run(options: &[&str]) -> Result<bool, String> {
    command::succeeds(Command::new("bash").arg("bench/run").args(options))
}
