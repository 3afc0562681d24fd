//! The images are made by a script, so that anyone can read what is on them.

use std::process::Command;

use crate::command;

pub fn run(options: &[&str]) -> Result<bool, String> {
    command::succeeds(Command::new("python3").arg("corpus/storage/generate").args(options))
}
