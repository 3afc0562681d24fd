//! One command and its answer; a status that is not success is an error, in words.

use std::io;

use super::{
    commands::{self, Words},
    identify::{self, Controller, Namespace},
    log::{self, SanitizeLog},
};
use crate::{
    device::{CommandError, Data, Device, Set},
    hardware::{SHORT, ask},
};

pub fn controller(device: &dyn Device) -> Result<Controller, CommandError> {
    let bytes = read(device, commands::identify_controller(), identify::BYTES)?;
    Controller::parse(&bytes).ok_or_else(unreadable)
}

pub fn namespace(device: &dyn Device, number: u32) -> Result<Namespace, CommandError> {
    let bytes = read(device, commands::identify_namespace(number), identify::BYTES)?;
    Namespace::parse(&bytes).ok_or_else(unreadable)
}

/// The oldest controllers know no list of them.
pub fn namespaces(device: &dyn Device, controller: &Controller) -> Result<Vec<u32>, CommandError> {
    match read(device, commands::active_namespaces(), identify::BYTES) {
        Ok(bytes) => Ok(identify::namespaces(&bytes)),
        Err(CommandError::Gone) => Err(CommandError::Gone),
        Err(_) if controller.namespaces == 1 => Ok(vec![1]),
        Err(error) => Err(error),
    }
}

pub fn sanitize_log(device: &dyn Device) -> Result<SanitizeLog, CommandError> {
    let bytes = read(device, commands::sanitize_log(), log::BYTES)?;
    SanitizeLog::parse(&bytes).ok_or_else(unreadable)
}

fn read(device: &dyn Device, words: Words, bytes: usize) -> Result<Vec<u8>, CommandError> {
    let mut into = vec![0; bytes];
    let answer = ask(device, Set::Nvme(words), Data::In(&mut into), SHORT)?;
    succeeded(answer.status)?;
    Ok(into)
}

fn unreadable() -> CommandError {
    CommandError::Other(io::Error::other("the answer cannot be read"))
}

pub fn succeeded(status: u32) -> Result<(), CommandError> {
    match status & 0x7FF {
        0 => Ok(()),
        _ => Err(CommandError::Other(io::Error::other(said(status)))),
    }
}

pub const SANITIZE_IN_PROGRESS: u32 = 0x1D;

/// A status in words: the code's type in bits 8 to 10, the code in bits 0 to 7.
pub fn said(status: u32) -> String {
    let words = match status & 0x7FF {
        0x000 => "success",
        0x001 => "invalid opcode",
        0x002 => "invalid field",
        0x006 => "internal error",
        0x00B => "invalid namespace or format",
        0x015 => "operation denied",
        0x01C => "the last sanitize operation failed",
        SANITIZE_IN_PROGRESS => "a sanitize operation is in progress",
        0x020 => "the namespace is write-protected",
        0x084 => "a format is in progress",
        0x10A => "invalid format",
        0x10B | 0x110 | 0x111 | 0x112 => "firmware waits for a reset",
        0x123 => "prohibited while the persistent memory region is enabled",
        _ => "an error",
    };
    format!("status {status:04X}h: {words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_status_zero_is_success() {
        assert!(succeeded(0).is_ok());
        for status in [1, 0x1C, 0x4002, 0x100, 0x700] {
            assert!(succeeded(status).is_err(), "{status:#x}");
        }
        assert!(said(0x401D).contains("in progress"));
    }
}
