//! eMMC: ERASE over the whole user area, then SANITIZE_START; secure erase on older chips (JESD84-B51).
//!
//! Boot partitions, general purpose partitions and replay-protected memory are named and left as they are: they are devices of their
//! own, and what boots the machine may lie there. Memory cards of SD have no such commands and are denied.

mod commands;
pub mod ext_csd;
mod offers;
mod run;
#[cfg(test)]
mod tests;

use leaksweep_facts::certificate::Medium;

use crate::{
    device::{CommandError, Data, Device},
    hardware::{SHORT, ask, text, unknown},
    method::{Failure, Hardware, Offer, Told, Watch},
};
use commands::Kind;
use ext_csd::ExtendedCsd;

pub struct Mmc;

const SANITIZE: &str = "emmc-sanitize";
const SECURE_ERASE: &str = "emmc-secure-erase";
const ERASE: &str = "emmc-erase";
const METHODS: [&str; 3] = [SANITIZE, SECURE_ERASE, ERASE];

fn extended_csd(device: &dyn Device) -> Result<ExtendedCsd, CommandError> {
    let mut bytes = vec![0; ext_csd::BYTES];
    ask(device, commands::extended_csd(), Data::In(&mut bytes), SHORT)?;
    let none = || CommandError::Other(std::io::Error::other("the extended CSD cannot be read"));
    ExtendedCsd::parse(&bytes).ok_or_else(none)
}

impl Hardware for Mmc {
    fn look(&self, device: &dyn Device, medium: &mut Medium) -> Told {
        match extended_csd(device) {
            Ok(card) => offers::tell(device, &card, medium),
            Err(error) => {
                let reason = format!("it does not answer as a chip of eMMC does: {error}");
                let hint = "cards of SD have no commands that erase for good: overwrite them";
                Told { denials: text::denials(&METHODS, &reason, Some(hint)), ..Told::default() }
            }
        }
    }

    fn run(
        &self,
        offer: &Offer,
        device: &mut dyn Device,
        watch: &mut dyn Watch,
    ) -> Result<(), Failure> {
        let kind = match offer.method {
            SANITIZE | ERASE => Kind::Erase,
            SECURE_ERASE => Kind::SecureErase,
            other => return Err(unknown(other)),
        };
        run::erase(kind, device, watch)?;
        if offer.method == SANITIZE { run::sanitize(device, watch) } else { Ok(()) }
    }
}
