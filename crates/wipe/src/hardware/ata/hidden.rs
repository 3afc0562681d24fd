//! What an ATA disk hides behind its visible end: a host-protected area, an accessible maximum below the native one, a device
//! configuration overlay. Opened before a wipe, for good; a disk takes most of these commands once in a power cycle.

use leaksweep_formats::ata::Identify;

use super::{
    commands::{
        AtaCommand, CONFIGURATION_IDENTIFY, CONFIGURATION_RESTORE, GET_NATIVE_MAX, READ_NATIVE_MAX,
        READ_NATIVE_MAX_EXT, set_accessible_max, set_max, set_max_ext,
    },
    exchange::{self, BLOCK, Refused},
};
use crate::{
    device::{Data, Device},
    hardware::{SHORT, text::little},
    method::{Failure, Opened},
};

/// Bytes behind the visible end; none where the disk knows ways to hide something, and does not tell.
pub fn behind(device: &dyn Device, identify: &Identify) -> Option<u64> {
    let (native, overlay) = (native(device, identify), overlay(device, identify));
    let silent = native.is_err() || identify.has_overlay() && !matches!(overlay, Ok(Some(_)));
    let known = native.ok().flatten().max(overlay.ok().flatten()).unwrap_or(0);
    let sectors = known.saturating_sub(identify.sectors());
    if silent && sectors == 0 {
        return None;
    }
    Some(sectors.saturating_mul(identify.sector()))
}

pub fn open_hidden(device: &mut dyn Device) -> Result<Opened, Failure> {
    let identify = told(device)?;
    let mut opened = Opened { before: visible(&identify), ..Opened::default() };
    widen(device, &identify, &mut opened.log)?;
    let full = overlay(device, &identify).or_else(|refused| heard(refused, &mut opened.log))?;
    let reached = told(device)?;
    if full.is_some_and(|full| full > reached.sectors()) {
        let restored = plain(device, &CONFIGURATION_RESTORE, &mut opened.log)?;
        if restored {
            let restored = told(device)?;
            widen(device, &restored, &mut opened.log)?;
        }
    }
    device.resize().map_err(|error| Failure::Failed(format!("its new size: {error}")))?;
    let identify = told(device)?;
    opened.after = visible(&identify);
    opened.still_hidden = behind(device, &identify);
    if device.bytes() < opened.after {
        let bytes = device.bytes();
        opened
            .log
            .push(format!("the kernel still takes it for {bytes} bytes: plug the disk in again"));
    }
    Ok(opened)
}

fn told(device: &dyn Device) -> Result<Identify, Failure> {
    exchange::identify(device).map_err(|refused| refused.failure("IDENTIFY DEVICE"))
}

fn visible(identify: &Identify) -> u64 {
    identify.sectors().saturating_mul(identify.sector())
}

/// Makes the native end the visible one.
fn widen(device: &dyn Device, identify: &Identify, log: &mut Vec<String>) -> Result<(), Failure> {
    let native = native(device, identify).or_else(|refused| heard(refused, log))?;
    let Some(native) = native.filter(|native| *native > identify.sectors()) else { return Ok(()) };
    let last = native - 1;
    let command = match () {
        () if identify.has_accessible_maximum() => set_accessible_max(last),
        () if identify.wide() => set_max_ext(last),
        () => set_max(last),
    };
    // The standard wants the question right before; nothing was sent in between.
    plain(device, &command, log).map(drop)
}

/// A refusal of the disk is told and changes nothing; whether it was carried out.
fn plain(
    device: &dyn Device,
    command: &AtaCommand,
    log: &mut Vec<String>,
) -> Result<bool, Failure> {
    match exchange::send(device, command, Data::None, SHORT) {
        Ok(_) => {
            log.push(format!("{}: done", command.name));
            Ok(true)
        }
        Err(Refused::Disk(registers)) => {
            let refused = Refused::Disk(registers);
            log.push(format!("{}: {refused}; after a power cycle it may be taken", command.name));
            Ok(false)
        }
        Err(refused) => Err(refused.failure(command.name)),
    }
}

fn heard(refused: Refused, log: &mut Vec<String>) -> Result<Option<u64>, Failure> {
    match refused {
        Refused::Disk(_) => {
            log.push(format!("what it hides: {refused}"));
            Ok(None)
        }
        Refused::Way(error) => Err(crate::hardware::failure("what it hides", error)),
    }
}

/// Sectors up to the native end; none where the disk has none but the visible one.
fn native(device: &dyn Device, identify: &Identify) -> Result<Option<u64>, Refused> {
    let command = match () {
        () if identify.has_accessible_maximum() => GET_NATIVE_MAX,
        () if !identify.has_protected_area() => return Ok(None),
        () if identify.wide() => READ_NATIVE_MAX_EXT,
        () => READ_NATIVE_MAX,
    };
    let registers = exchange::registers(device, &command, Data::None, SHORT)?;
    let last = match command.wide {
        true => registers.sector,
        false => registers.sector & 0xFF_FFFF | u64::from(registers.device & 0xF) << 24,
    };
    Ok((last != 0).then_some(last).and_then(|last| last.checked_add(1)))
}

/// Sectors that the disk has without an overlay.
fn overlay(device: &dyn Device, identify: &Identify) -> Result<Option<u64>, Refused> {
    if !identify.has_overlay() {
        return Ok(None);
    }
    let mut block = [0; BLOCK];
    exchange::send(device, &CONFIGURATION_IDENTIFY, Data::In(&mut block), SHORT)?;
    Ok(configuration(&block))
}

/// Words 3 to 6 of DEVICE CONFIGURATION IDENTIFY are the last sector's number; the sum of all bytes is zero.
pub fn configuration(block: &[u8]) -> Option<u64> {
    let sum = block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    let last = u64::from_le_bytes(little(block, 6));
    let valid = block.len() == BLOCK && block.get(510) == Some(&0xA5) && sum == 0 && last != 0;
    valid.then(|| last.checked_add(1)).flatten()
}
