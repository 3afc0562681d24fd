//! What a disk of SCSI does by itself at the moment: REQUEST SENSE, and where that says nothing, TEST UNIT READY.

use super::{
    commands,
    exchange::{self, Outcome, other},
};
use crate::{
    device::{CommandError, Data, Device},
    hardware::{
        SHORT,
        follow::State,
        sense::{NOT_READY, Sense},
    },
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    Sanitize(u16),
    Format(u16),
    SanitizeFailed(String),
    FormatFailed(String),
    /// It takes commands again.
    Nothing,
}

impl Doing {
    fn of(sense: &Sense) -> Option<Self> {
        let progress = sense.progress.unwrap_or(0);
        match (sense.key, sense.code) {
            (NOT_READY, (0x04, 0x1B)) => Some(Doing::Sanitize(progress)),
            (NOT_READY, (0x04, 0x04)) => Some(Doing::Format(progress)),
            (_, (0x31, 0x03)) => Some(Doing::SanitizeFailed(sense.said())),
            (_, (0x31, 0x00 | 0x01)) => Some(Doing::FormatFailed(sense.said())),
            _ => None,
        }
    }

    pub fn state(self) -> State {
        match self {
            Doing::Sanitize(progress) | Doing::Format(progress) => State::Going(progress),
            Doing::SanitizeFailed(said) | Doing::FormatFailed(said) => State::Failed(said),
            Doing::Nothing => {
                State::Done("no sense, and the unit is ready: nothing is in progress".into())
            }
        }
    }
}

pub fn ask(device: &dyn Device) -> Result<Doing, CommandError> {
    let bytes = exchange::read(device, &commands::request_sense())?;
    let sense = Sense::parse(&bytes).ok_or_else(|| other("the sense cannot be read".into()))?;
    if let Some(doing) = Doing::of(&sense) {
        return Ok(doing);
    }
    match exchange::send(device, &commands::test_unit_ready(), Data::None, SHORT)? {
        Outcome::Good => Ok(Doing::Nothing),
        Outcome::Sense(sense) => Doing::of(&sense).ok_or_else(|| other(sense.said())),
    }
}
