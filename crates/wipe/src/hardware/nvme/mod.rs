//! NVMe: Sanitize, followed through its log to the end, and Format NVM with secure erase, by the NVM Express Base Specification.
//!
//! A sanitize operation reaches all namespaces of the NVM subsystem, and spare and retired blocks; it goes on after a power cut.
//! Nothing of NVMe reaches replay-protected memory or boot partitions.

mod commands;
mod exchange;
pub mod identify;
pub mod log;
mod offers;
mod run;
mod target;
#[cfg(test)]
mod tests;

use leaksweep_facts::certificate::Medium;

use crate::{
    device::Device,
    hardware::{text, unknown},
    method::{Failure, Hardware, Offer, Told, Watch},
};
use commands::{Action, Erase};

pub struct Nvme;

const SANITIZE: [(&str, Action); 3] = [
    ("nvme-sanitize-block", Action::Block),
    ("nvme-sanitize-crypto", Action::Crypto),
    ("nvme-sanitize-overwrite", Action::Overwrite),
];
const FORMAT: [(&str, Erase); 2] =
    [("nvme-format-erase", Erase::UserData), ("nvme-format-crypto", Erase::Crypto)];

fn methods() -> [&'static str; 5] {
    let [a, b, c] = SANITIZE.map(|(method, _)| method);
    let [d, e] = FORMAT.map(|(method, _)| method);
    [a, b, c, d, e]
}

impl Hardware for Nvme {
    fn look(&self, device: &dyn Device, medium: &mut Medium) -> Told {
        match exchange::controller(device) {
            Ok(controller) => offers::tell(device, &controller, medium),
            Err(error) => {
                let reason = format!("the device does not answer Identify: {error}");
                let denials = text::denials(&methods(), &reason, None);
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
        let named = |(method, _): &&(&str, _)| *method == offer.method;
        if let Some((_, action)) = SANITIZE.iter().find(named) {
            return run::sanitize(*action, device, watch);
        }
        let named = |(method, _): &&(&str, _)| *method == offer.method;
        let (_, erase) = FORMAT.iter().find(named).ok_or_else(|| unknown(offer.method))?;
        run::format(*erase, device, watch)
    }
}
