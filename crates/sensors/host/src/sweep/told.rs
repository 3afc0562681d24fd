//! What needs nothing of the other collectors.

use leaksweep_facts::{Observed, Sweep, tables::host::*};

use super::fault::{fault, guarded};
use crate::{
    accounts::Accounts, autostarts, boot, extensions, interfaces, machine::Machine, mounts,
    packages, pam, system, usb,
};

pub struct Told {
    pub packages: Observed<Package>,
    pub system: Observed<System>,
    interfaces: Observed<Interface>,
    mounts: Observed<Mount>,
    pub usb_devices: Observed<UsbDevice>,
    pub extensions: Observed<BrowserExtension>,
    pub autostarts: Observed<Autostart>,
}

impl Told {
    pub fn collect(machine: &Machine, accounts: &Accounts) -> Self {
        Self {
            packages: guarded(|| packages::collect(machine, &accounts.homes)),
            system: guarded(|| system::collect(machine)),
            interfaces: guarded(|| interfaces::collect(machine)),
            mounts: guarded(|| mounts::collect(machine)),
            usb_devices: guarded(|| usb::collect(machine)),
            extensions: guarded(|| extensions::collect(machine, &accounts.homes)),
            autostarts: together([
                guarded(|| autostarts::collect(machine, &accounts.homes)),
                guarded(|| boot::autostarts(machine)),
                guarded(|| pam::autostarts(machine)),
            ]),
        }
    }

    pub fn fault() -> Self {
        Self {
            packages: fault(),
            system: fault(),
            interfaces: fault(),
            mounts: fault(),
            usb_devices: fault(),
            extensions: fault(),
            autostarts: fault(),
        }
    }

    pub fn record(self, sweep: &mut Sweep) {
        sweep.observe(self.system);
        sweep.observe(self.packages);
        sweep.observe(self.interfaces);
        sweep.observe(self.mounts);
        sweep.observe(self.usb_devices);
        sweep.observe(self.extensions);
        sweep.observe(self.autostarts);
    }
}

/// What several collectors say for one table.
fn together<T, const N: usize>(parts: [Observed<T>; N]) -> Observed<T> {
    let mut whole = Observed { rows: Vec::new(), problems: Vec::new() };
    for part in parts {
        whole.rows.extend(part.rows);
        whole.problems.extend(part.problems);
    }
    whole
}
