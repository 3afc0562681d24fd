//! What the command sets of devices offer for wiping, and how each is carried out to its end: NVMe, ATA, SCSI, eMMC, and the
//! kernel's own ways. The levels are those of NIST SP 800-88r2 with the techniques of IEEE 2883-2022; where a technique's reach is
//! not certain, the lower level stands, and the offer says why.

pub mod ata;
mod follow;
pub mod kernel;
//pub mod mmc;
pub mod nvme;
pub mod rank;
pub mod scsi;
mod sense;
mod text;
#[cfg(test)]
mod trials;

/// Sense data as disks send it, for the models.
#[doc(hidden)]
pub mod sense_of {
    pub use super::sense::{
        Registers,
        sample::{ata, fixed},
    };
}

use std::time::Duration;

use crate::{
    device::{Answer, Command, CommandError, Data, Device, Set},
    method::{Failure, Hardware},
};

/// For commands that only ask.
const SHORT: Duration = Duration::from_secs(30);
/// For commands that come back when all is done and do not say how long that takes.
const LONG: Duration = Duration::from_secs(24 * 3600);

fn ask(
    device: &dyn Device,
    set: Set,
    data: Data<'_>,
    patience: Duration,
) -> Result<Answer, CommandError> {
    device.command(&mut Command { set, data, patience })
}

/// What became of a command that could not be carried out.
fn failure(what: &str, error: CommandError) -> Failure {
    match error {
        CommandError::Gone => Failure::Gone,
        other => Failure::Failed(format!("{what}: {other}")),
    }
}

fn unknown(method: &str) -> Failure {
    Failure::Failed(format!("`{method}` is no method of this command set"))
}
