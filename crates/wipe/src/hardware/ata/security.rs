//! ATA's SECURITY ERASE UNIT. Where no password is set, one of ours is set first, which the erase removes; a disk whose power was cut
//! in between is locked with it, and the erase is begun again.

use std::time::Duration;

use leaksweep_formats::ata::{Identify, Security};

use super::{
    commands::{AtaCommand, DISABLE_PASSWORD, ERASE_PREPARE, ERASE_UNIT, SET_PASSWORD, UNLOCK},
    exchange::{self, Refused},
    password::Password,
};
use crate::{
    device::{Data, Device},
    hardware::{LONG, SHORT},
    method::{Failure, Watch},
};

/// The disk's own estimate is seldom exceeded; a wrong one must not end an erase that goes on.
pub fn patience(minutes: Option<u32>) -> Duration {
    let told = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60 * 3 + 3600);
    minutes.map_or(LONG, told).min(LONG * 14)
}

fn security(device: &dyn Device) -> Result<Security, Failure> {
    let identify =
        exchange::identify(device).map_err(|refused| refused.failure("IDENTIFY DEVICE"))?;
    of(&identify)
}

fn of(identify: &Identify) -> Result<Security, Failure> {
    identify.security().ok_or_else(|| Failure::Failed("the disk knows no passwords".into()))
}

/// Opens a locked disk, so that it takes other commands.
pub fn unlock(
    identify: &Identify,
    password: Option<Password>,
    device: &dyn Device,
    watch: &mut dyn Watch,
) -> Result<(), Failure> {
    if !identify.security().is_some_and(|security| security.locked) {
        return Ok(());
    }
    let password = password.ok_or_else(|| Failure::Failed("the disk is locked".into()))?;
    send(device, &UNLOCK, &password.block(false), SHORT, watch)
}

pub fn run(
    enhanced: bool,
    password: Option<Password>,
    device: &dyn Device,
    watch: &mut dyn Watch,
) -> Result<(), Failure> {
    let before = security(device)?;
    if before.frozen || before.expired {
        return Err(Failure::Failed(
            "the disk takes no command of security before a power cycle".into(),
        ));
    }
    watch.committed()?;
    let password = password.unwrap_or_else(Password::ours);
    let password = if before.set { password } else { password.as_user() };
    if !before.set {
        send(device, &SET_PASSWORD, &password.block(false), SHORT, watch)?;
    }
    let minutes = if enhanced { before.enhanced_minutes } else { before.minutes };
    let erased = erase(enhanced, &password, patience(minutes), device, watch);
    if let Err(Failure::Failed(_)) = erased
        && (!before.set || password == Password::ours())
    {
        give_back(&password, device, watch);
    }
    erased?;
    end(&password, device, watch)
}

fn erase(
    enhanced: bool,
    password: &Password,
    patience: Duration,
    device: &dyn Device,
    watch: &mut dyn Watch,
) -> Result<(), Failure> {
    watch.log(ERASE_PREPARE.name.into());
    exchange::send(device, &ERASE_PREPARE, Data::None, SHORT)
        .map_err(|refused| refused.failure(ERASE_PREPARE.name))?;
    send(device, &ERASE_UNIT, &password.block(enhanced), patience, watch)
}

/// The erase has removed the password, by the standard; a disk that kept it is opened.
fn end(password: &Password, device: &dyn Device, watch: &mut dyn Watch) -> Result<(), Failure> {
    if security(device)?.set {
        watch.log("the disk still has its password after the erase".into());
        give_back(password, device, watch);
    }
    Ok(())
}

/// Leaves no password of ours behind. What fails here is told and changes nothing.
fn give_back(password: &Password, device: &dyn Device, watch: &mut dyn Watch) {
    let now = security(device);
    if now.as_ref().is_ok_and(|now| !now.set) {
        return;
    }
    let opened = if now.is_ok_and(|now| now.locked) {
        send(device, &UNLOCK, &password.block(false), SHORT, watch)
    } else {
        Ok(())
    };
    let removed =
        opened.and_then(|()| send(device, &DISABLE_PASSWORD, &password.block(false), SHORT, watch));
    if let Err(error) = removed {
        watch.log(format!("the password could not be removed: {error}"));
    }
}

fn send(
    device: &dyn Device,
    command: &AtaCommand,
    block: &[u8],
    patience: Duration,
    watch: &mut dyn Watch,
) -> Result<(), Failure> {
    let sent = exchange::send(device, command, Data::Out(block), patience);
    watch.log(match &sent {
        Ok(_) => format!("{}: done", command.name),
        Err(refused) => format!("{}: {refused}", command.name),
    });
    sent.map(drop).map_err(|refused: Refused| refused.failure(command.name))
}
