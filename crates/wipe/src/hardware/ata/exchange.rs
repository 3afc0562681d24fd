//! One command of ATA and its answer.

use std::{fmt, io, time::Duration};

use leaksweep_formats::ata::Identify;

use super::commands::{AtaCommand, IDENTIFY};
use crate::{
    device::{CommandError, Data, Device, Set},
    hardware::{
        SHORT, ask,
        sense::{ILLEGAL_REQUEST, Registers, Sense},
    },
    method::Failure,
};

pub const BLOCK: usize = 512;

/// Why a command was not carried out.
#[derive(Debug)]
pub enum Refused {
    /// It never reached the disk, or no answer came.
    Way(CommandError),
    /// The disk said no, with its registers.
    Disk(Registers),
}

impl fmt::Display for Refused {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Way(error) => write!(to, "{error}"),
            Refused::Disk(registers) => write!(
                to,
                "the disk refused it (status {:02X}h, error {:02X}h)",
                registers.status, registers.error
            ),
        }
    }
}

impl Refused {
    pub fn failure(self, what: &str) -> Failure {
        match self {
            Refused::Way(error) => crate::hardware::failure(what, error),
            disk @ Refused::Disk(_) => Failure::Failed(format!("{what}: {disk}")),
        }
    }

    /// For what follows an operation; a refusal of the disk is then an error like any other.
    pub fn error(self) -> CommandError {
        match self {
            Refused::Way(error) => error,
            disk @ Refused::Disk(_) => CommandError::Other(io::Error::other(disk.to_string())),
        }
    }
}

/// Sends a command. Registers that did not come back are an error where they are the answer.
pub fn registers(
    device: &dyn Device,
    command: &AtaCommand,
    data: Data<'_>,
    patience: Duration,
) -> Result<Registers, Refused> {
    let registers = send(device, command, data, patience)?;
    let lost =
        || Refused::Way(CommandError::Other(io::Error::other("the registers are lost on the way")));
    registers.filter(|registers| !registers.cut).ok_or_else(lost)
}

/// Sends a command whose success is its answer.
pub fn send(
    device: &dyn Device,
    command: &AtaCommand,
    data: Data<'_>,
    patience: Duration,
) -> Result<Option<Registers>, Refused> {
    let mut block = [0; 32];
    for (to, from) in block.iter_mut().zip(command.block()) {
        *to = from;
    }
    let answer = ask(device, Set::Scsi(block, 16), data, patience).map_err(Refused::Way)?;
    let sense = Sense::parse(&answer.sense);
    let registers = sense.and_then(|sense| sense.registers);
    match (answer.status, registers, sense) {
        (_, Some(registers), _) if registers.failed() => Err(Refused::Disk(registers)),
        (0, registers, _) | (_, registers @ Some(_), _) => Ok(registers),
        (_, None, Some(sense)) if sense.key == ILLEGAL_REQUEST => {
            Err(Refused::Way(CommandError::NoWay))
        }
        (_, None, Some(sense)) => {
            Err(Refused::Way(CommandError::Other(io::Error::other(sense.said()))))
        }
        (status, None, None) => {
            let said = format!("status {status:02X}h without sense");
            Err(Refused::Way(CommandError::Other(io::Error::other(said))))
        }
    }
}

pub fn identify(device: &dyn Device) -> Result<Identify, Refused> {
    let mut block = [0; BLOCK];
    send(device, &IDENTIFY, Data::In(&mut block), SHORT)?;
    let unreadable = || CommandError::Other(io::Error::other("the answer is none of a disk"));
    Identify::new(&block).ok_or_else(unreadable).map_err(Refused::Way)
}
