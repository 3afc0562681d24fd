//! SCSI: SANITIZE and FORMAT UNIT, followed through REQUEST SENSE to their ends, by SPC-5 and SBC-4.
//!
//! What a disk has is known from REPORT SUPPORTED OPERATION CODES alone; one that does not answer it is offered no SANITIZE.
//! SCSI has no field that says that a disk encrypts everything, so that a change of keys counts as Clear.

pub mod answers;
mod commands;
mod exchange;
mod offers;
mod run;
mod state;
#[cfg(test)]
mod tests;

use leaksweep_facts::certificate::Medium;

use crate::{
    device::Device,
    hardware::{text, unknown},
    method::{Failure, Hardware, Offer, Told, Watch},
};
use answers::Inquiry;
use commands::Action;

pub struct Scsi;

const SANITIZE: [(&str, Action); 3] = [
    ("scsi-sanitize-block", Action::Block),
    ("scsi-sanitize-overwrite", Action::Overwrite),
    ("scsi-sanitize-crypto", Action::Crypto),
];
const FORMAT: &str = "scsi-format";

fn methods() -> [&'static str; 4] {
    let [a, b, c] = SANITIZE.map(|(method, _)| method);
    [a, b, c, FORMAT]
}

impl Hardware for Scsi {
    fn look(&self, device: &dyn Device, medium: &mut Medium) -> Told {
        let inquiry = match exchange::read(device, &commands::inquiry()) {
            Ok(bytes) => Inquiry::parse(&bytes),
            Err(error) => {
                let reason = format!("the device does not answer INQUIRY: {error}");
                let denials = text::denials(&methods(), &reason, None);
                return Told { denials, ..Told::default() };
            }
        };
        match inquiry {
            // Its own command set tells more.
            Some(inquiry) if inquiry.is_ata() => Told::default(),
            Some(inquiry) if inquiry.is_disk() => offers::tell(device, &inquiry, medium),
            _ => {
                let denials = text::denials(&methods(), "it is no disk of SCSI", None);
                Told { denials, ..Told::default() }
            }
        }
    }

    fn run(
        &self,
        offer: &Offer,
        device: &mut dyn Device,
        watch: &mut dyn Watch,
    ) -> Result<(), Failure> {
        if offer.method == FORMAT {
            return run::format(device, watch);
        }
        let (_, action) = SANITIZE
            .iter()
            .find(|(method, _)| *method == offer.method)
            .ok_or_else(|| unknown(offer.method))?;
        run::sanitize(*action, device, watch)
    }
}
