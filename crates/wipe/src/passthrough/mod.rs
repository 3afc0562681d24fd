//! The kernel's ways to send commands to a device.

use std::{fs::File, io};

use crate::device::{Answer, Command, CommandError, Emptying};

pub fn empty(_: &File, _: Emptying, _: u64, _: u64) -> io::Result<()> {
    Err(io::Error::from_raw_os_error(95))
}

pub fn send(_: &File, _: &mut Command<'_>) -> Result<Answer, CommandError> {
    Err(CommandError::NoWay)
}
