//! What an extent that is left over is, by its first bytes.

use leaksweep_storage::{Stretch, formats, volumes};
use leaksweep_wipe::readback::Teller;

pub struct Forms;

impl Teller for Forms {
    fn kind(&self, first: &[u8]) -> Option<String> {
        let system = || volumes::probe(&mut Stretch::new(&first)).map(|(_, volume)| volume.name);
        formats::suspected(first).map(|format| format.kind.name).or_else(system).map(str::to_owned)
    }
}
