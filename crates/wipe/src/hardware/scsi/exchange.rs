//! One command of SCSI and its answer.

use std::{io, time::Duration};

use super::{
    answers::{self, Supported},
    commands::{self, ANSWER, Block},
};
use crate::{
    device::{CommandError, Data, Device},
    hardware::{
        SHORT, ask,
        sense::{ILLEGAL_REQUEST, Sense, UNIT_ATTENTION},
    },
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Good,
    /// The disk said why not.
    Sense(Sense),
}

/// A disk tells first, in the place of an answer, what happened to it since: it is asked again.
const AGAIN: usize = 4;

pub fn send(
    device: &dyn Device,
    block: &Block,
    mut data: Data<'_>,
    patience: Duration,
) -> Result<Outcome, CommandError> {
    for _ in 0..AGAIN {
        let lent = match &mut data {
            Data::None => Data::None,
            Data::In(into) => Data::In(into),
            Data::Out(from) => Data::Out(from),
        };
        let answer = ask(device, block.set(), lent, patience)?;
        match (answer.status, Sense::parse(&answer.sense)) {
            (0, _) => return Ok(Outcome::Good),
            (_, Some(sense)) if sense.key == UNIT_ATTENTION => {}
            (_, Some(sense)) => return Ok(Outcome::Sense(sense)),
            (status, None) => return Err(other(format!("status {status:02X}h without sense"))),
        }
    }
    Err(other("the disk tells of one event after the other".into()))
}

/// Sends a command whose refusal is an error.
pub fn done(
    device: &dyn Device,
    block: &Block,
    data: Data<'_>,
    patience: Duration,
) -> Result<(), CommandError> {
    match send(device, block, data, patience)? {
        Outcome::Good => Ok(()),
        Outcome::Sense(sense) => Err(other(sense.said())),
    }
}

pub fn other(said: String) -> CommandError {
    CommandError::Other(io::Error::other(said))
}

pub fn read(device: &dyn Device, block: &Block) -> Result<Vec<u8>, CommandError> {
    let mut into = vec![0; usize::from(ANSWER)];
    done(device, block, Data::In(&mut into), SHORT)?;
    Ok(into)
}

pub fn supported(device: &dyn Device, operation: u8, action: Option<u8>) -> Supported {
    let mut into = [0; ANSWER as usize];
    let block = commands::supported(operation, action);
    match send(device, &block, Data::In(&mut into), SHORT) {
        Ok(Outcome::Good) => answers::supported(&into),
        // Some disks know the question and refuse it for what they do not have; others know no such question. Neither is a yes.
        Ok(Outcome::Sense(sense)) if sense.key == ILLEGAL_REQUEST && sense.code.0 == 0x24 => {
            Supported::No
        }
        Ok(Outcome::Sense(_)) | Err(_) => Supported::Unknown,
    }
}
