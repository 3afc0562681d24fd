//! What the command sets of devices offer for wiping, and how each is carried out to its end: NVMe, ATA, SCSI, eMMC, and the
//! kernel's own ways. The levels are those of NIST SP 800-88r2 with the techniques of IEEE 2883-2022; where a technique's reach is
//! not certain, the lower level stands, and the offer says why.

pub mod ata;
mod follow;
pub mod kernel;
pub mod mmc;
pub mod nvme;
pub mod rank;
pub mod scsi;
pub(crate) mod sense;
mod text;
#[cfg(test)]
pub(crate) mod trials;

use std::time::Duration;

use crate::{
    device::{Answer, Command, CommandError, Data, Device, Set},
    method::{Failure, Hardware},
};

/// For commands that only ask.
const SHORT: Duration = Duration::from_secs(30);
/// For commands that come back when all is done and do not say how long that takes.
const LONG: Duration = Duration::from_secs(24 * 3600);

/// Everything that may know a device on such a bus, as certificates name buses.
/// The password is the one that the user gives, or to go on with a Security Erase that was interrupted `Password::ours()`.
pub fn of(bus: &str, password: Option<ata::Password>) -> Vec<Box<dyn Hardware>> {
    let kernel = Box::new(kernel::Kernel);
    match bus {
        "nvme" => vec![Box::new(nvme::Nvme), kernel],
        "ata" => vec![Box::new(ata::Ata { password }), kernel],
        // Disks of ATA stand behind bridges and adapters too.
        "scsi" | "usb" => vec![Box::new(ata::Ata { password }), Box::new(scsi::Scsi), kernel],
        "mmc" => vec![Box::new(mmc::Mmc), kernel],
        "virtual" | "loop" => vec![kernel],
        _ => Vec::new(),
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bus_has_its_hardware() {
        for (bus, count) in
            [("nvme", 2), ("ata", 2), ("scsi", 3), ("usb", 3), ("mmc", 2), ("loop", 1), ("file", 0)]
        {
            assert_eq!(of(bus, None).len(), count, "{bus}");
        }
    }
}
