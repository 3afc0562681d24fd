//! ATA's SANITIZE DEVICE, followed through SANITIZE STATUS EXT to its end. The disk goes on by itself after a power cut.

use std::time::Duration;

use leaksweep_formats::ata::Identify;

use super::{
    commands::{self, Action, LEAVE_FAILURE, SANITIZE_STATUS},
    exchange::{self, Refused},
};
use crate::{
    device::{CommandError, Data, Device},
    hardware::{
        SHORT,
        follow::{State, follow},
        sense::Registers,
    },
    method::{Failure, Watch},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing goes on; whether the newest operation completed.
    Idle {
        completed: bool,
    },
    Going(u16),
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub status: Status,
    pub frozen: bool,
    registers: Registers,
}

impl Told {
    fn of(registers: Registers) -> Self {
        let bit = |bit: u16| registers.count >> bit & 1 == 1;
        let status = match () {
            () if bit(14) => Status::Going(registers.sector as u16),
            () => Status::Idle { completed: bit(15) },
        };
        Self { status, frozen: bit(13), registers }
    }

    fn said(&self) -> String {
        let words = match self.status {
            Status::Idle { completed: true } => "completed without error",
            Status::Idle { completed: false } => "neither in progress nor completed",
            Status::Going(_) => "in progress",
            Status::Failed => "failed",
        };
        let Registers { status, error, count, sector, .. } = self.registers;
        format!(
            "SANITIZE STATUS EXT: {words}: status {status:02X}h, error {error:02X}h, count {count:04X}h, LBA {sector:012X}h"
        )
    }
}

/// Why a command of the set was refused, by the lowest byte of the address registers.
const UNSUCCESSFUL: u64 = 1;

fn reason(registers: &Registers) -> &'static str {
    match registers.sector & 0xFF {
        UNSUCCESSFUL => "the last sanitize operation failed",
        2 => "not supported",
        3 => "sanitizing is frozen until the next power cycle",
        4 => "sanitizing cannot be frozen until the next power cycle",
        _ => "no reason is given",
    }
}

pub fn status(device: &dyn Device) -> Result<Told, Refused> {
    match exchange::registers(device, &SANITIZE_STATUS, Data::None, SHORT) {
        Ok(registers) => Ok(Told::of(registers)),
        Err(Refused::Disk(registers)) if registers.sector & 0xFF == UNSUCCESSFUL => {
            Ok(Told { status: Status::Failed, frozen: false, registers })
        }
        Err(refused) => Err(refused),
    }
}

pub fn run(
    action: Action,
    identify: Option<&Identify>,
    device: &dyn Device,
    watch: &mut dyn Watch,
) -> Result<(), Failure> {
    watch.committed()?;
    let before = status(device).map_err(|refused| refused.failure(SANITIZE_STATUS.name))?;
    if matches!(before.status, Status::Going(_)) {
        watch.log("a sanitize operation is under way already and is followed".into());
        to_the_end(device, watch)?;
        if any_is_enough(action, identify) {
            return Ok(());
        }
    }
    let command = commands::sanitize(action);
    watch.log(command.name.into());
    exchange::send(device, &command, Data::None, Duration::from_secs(120)).map_err(|refused| {
        match refused {
            Refused::Disk(registers) => Failure::Failed(format!(
                "{}: {}: {}",
                command.name,
                reason(&registers),
                Refused::Disk(registers)
            )),
            way @ Refused::Way(_) => way.failure(command.name),
        }
    })?;
    device.wait(Duration::from_secs(1));
    to_the_end(device, watch)
}

/// The status does not say which operation goes on. For block erase, any is as good, unless it may have changed keys of a disk that does
/// not say that it encrypts everything; an overwrite must leave zeros.
fn any_is_enough(action: Action, identify: Option<&Identify>) -> bool {
    let Some(ways) = identify.and_then(Identify::sanitize) else { return action == Action::Crypto };
    let encrypts = identify.is_some_and(Identify::encrypts_all);
    match action {
        Action::Crypto => true,
        Action::Block => !ways.crypto || encrypts,
        Action::Overwrite => !ways.crypto && !ways.block,
    }
}

fn to_the_end(device: &dyn Device, watch: &mut dyn Watch) -> Result<(), Failure> {
    let mut failed = false;
    let ended = follow(device, watch, |device| {
        let told = status(device).map_err(Refused::error)?;
        failed = told.status == Status::Failed;
        Ok::<_, CommandError>(match told.status {
            Status::Going(progress) => State::Going(progress),
            Status::Idle { completed: true } => State::Done(told.said()),
            Status::Idle { completed: false } | Status::Failed => State::Failed(told.said()),
        })
    });
    if failed {
        let left = exchange::send(device, &LEAVE_FAILURE, Data::None, SHORT);
        watch.log(match left {
            Ok(_) => "the failure was cleared; what was stored may be readable".into(),
            Err(refused) => format!("the failure could not be cleared: {refused}"),
        });
    }
    ended
}
