//! ATA: SANITIZE DEVICE and SECURITY ERASE UNIT through ATA PASS-THROUGH, by ACS-4 and SAT-4, and what a disk hides.
//!
//! A disk behind a bridge that passes nothing through is denied. Frozen disks are: only a power cycle or a suspend helps. A locked
//! one is opened with a password that the user gives, or erased with it.

mod commands;
mod exchange;
mod hidden;
mod offers;
mod password;
mod sanitize;
mod security;
#[cfg(test)]
mod tests;

use leaksweep_facts::certificate::Medium;

use crate::{
    device::Device,
    hardware::unknown,
    method::{Failure, Hardware, Offer, Opened, Told, Watch},
};
use commands::Action;

pub use hidden::{configuration, open_hidden};
pub use password::Password;

#[derive(Debug, Clone, Copy, Default)]
pub struct Ata {
    /// What the user says opens the disk. To go on after an interrupted Security Erase: `Password::ours()`.
    pub password: Option<Password>,
}

const SANITIZE: [(&str, Action); 3] = [
    ("ata-sanitize-block", Action::Block),
    ("ata-sanitize-crypto", Action::Crypto),
    ("ata-sanitize-overwrite", Action::Overwrite),
];
/// And whether it is the enhanced one.
const SECURITY: [(&str, bool); 2] =
    [("ata-security-erase-enhanced", true), ("ata-security-erase", false)];

fn methods() -> [&'static str; 5] {
    let [a, b, c] = SANITIZE.map(|(method, _)| method);
    let [d, e] = SECURITY.map(|(method, _)| method);
    [a, b, c, d, e]
}

impl Hardware for Ata {
    fn look(&self, device: &dyn Device, medium: &mut Medium) -> Told {
        match exchange::identify(device) {
            Ok(identify) => offers::tell(self.password, device, &identify, medium),
            // Disks of SCSI know no such command; the one of them that says what it is stands elsewhere.
            Err(_) if medium.bus == "scsi" => Told::default(),
            Err(refused) => offers::deaf(&refused, &medium.bus),
        }
    }

    fn open_hidden(&self, device: &mut dyn Device) -> Result<Option<Opened>, Failure> {
        hidden::open_hidden(device).map(Some)
    }

    fn run(
        &self,
        offer: &Offer,
        device: &mut dyn Device,
        watch: &mut dyn Watch,
    ) -> Result<(), Failure> {
        if let Some((_, action)) = SANITIZE.iter().find(|(method, _)| *method == offer.method) {
            let identify = match exchange::identify(device) {
                Ok(identify) => Some(identify),
                // Older disks tell nothing while they sanitize.
                Err(exchange::Refused::Disk(_)) => None,
                Err(refused) => return Err(refused.failure("IDENTIFY DEVICE")),
            };
            if let Some(identify) = &identify {
                security::unlock(identify, self.password, device, watch)?;
            }
            return sanitize::run(*action, identify.as_ref(), device, watch);
        }
        let (_, enhanced) = SECURITY
            .iter()
            .find(|(method, _)| *method == offer.method)
            .ok_or_else(|| unknown(offer.method))?;
        security::run(*enhanced, self.password, device, watch)
    }
}
