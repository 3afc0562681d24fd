//! Erases a chip of eMMC from its first sector to its last, and sanitizes it.

use std::time::Duration;

use super::{
    commands::{self, Kind},
    ext_csd::ExtendedCsd,
    extended_csd,
};
use crate::{
    device::{Data, Device, Set},
    hardware::{SHORT, ask, failure},
    method::{Failure, Watch},
};

const SHORTEST: Duration = Duration::from_secs(60);
const SANITIZE: Duration = Duration::from_secs(4 * 3600);
/// In a stretch, between which it can be stopped.
const GROUPS: u64 = 64;

pub fn erase(kind: Kind, device: &dyn Device, watch: &mut dyn Watch) -> Result<(), Failure> {
    let card = extended_csd(device).map_err(|error| failure("extended CSD", error))?;
    if card.bytes() != device.bytes() {
        return Err(Failure::Failed("the device is not the whole user area of the chip".into()));
    }
    watch.committed()?;
    // Without groups of a known size, all of it is one stretch.
    let stretch = card.group.map_or(card.bytes(), |group| group * GROUPS);
    let mut at = 0;
    while at < card.bytes() {
        if watch.stopped() {
            return Err(Failure::Stopped);
        }
        let end = (at + stretch).min(card.bytes());
        erase_stretch(&card, at, end, kind, device)?;
        at = end;
        watch.progress(at, card.bytes());
    }
    watch.log(format!("CMD35, CMD36, CMD38: {} bytes erased", card.bytes()));
    Ok(())
}

fn erase_stretch(
    card: &ExtendedCsd,
    from: u64,
    to: u64,
    kind: Kind,
    device: &dyn Device,
) -> Result<(), Failure> {
    let what = format!("erase from byte {from}");
    let address =
        |byte| card.address(byte).ok_or_else(|| Failure::Failed(format!("{what}: too far")));
    let set = commands::erase(address(from)?, address(to - 512)?, kind);
    let groups = (to - from).div_ceil(card.group.unwrap_or(512 << 10));
    let patience = card.takes(groups, kind == Kind::SecureErase).max(SHORTEST);
    carry_out(&what, set, patience, device)
}

pub fn sanitize(device: &dyn Device, watch: &mut dyn Watch) -> Result<(), Failure> {
    carry_out("SANITIZE_START", commands::sanitize(), SANITIZE, device)?;
    watch.log("CMD6, SANITIZE_START: done".into());
    Ok(())
}

/// Sends a command, and asks for the card's status after it: errors of what it did while it was busy stand there.
fn carry_out(what: &str, set: Set, patience: Duration, device: &dyn Device) -> Result<(), Failure> {
    let well = |status: u32| match commands::failure(status) {
        None => Ok(()),
        Some(said) => Err(Failure::Failed(format!("{what}: {said}"))),
    };
    let answer = ask(device, set, Data::None, patience).map_err(|error| failure(what, error))?;
    well(answer.status)?;
    let after = ask(device, commands::status(), Data::None, SHORT);
    well(after.map_err(|error| failure(what, error))?.status)
}
