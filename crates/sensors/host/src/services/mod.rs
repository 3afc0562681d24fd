//! What starts by itself: systemd units on disk, of the system and of each user, and init scripts.
//!
//! Reads the folders in which systemd looks for units, and `/etc/init.d` with its `rc?.d` links.
//! Limits: what a bus name, a device or a hotplug event sets off counts as started only when it is
//! enabled; conditions of a unit are not weighed; a unit that a program keeps in memory alone is not
//! on disk. In a value `%` specifiers stay as they are written.

mod aliases;
mod command;
mod drop_ins;
mod enablement;
mod environment;
mod folders;
mod init_scripts;
mod systemd;
mod unit_file;

#[cfg(test)]
mod tests;

use leaksweep_facts::{Observed, tables::host::Service};

use crate::{
    accounts::{Accounts, Home},
    changeable::Judge,
    machine::Machine,
    root::Root,
};
use folders::Units;

pub use init_scripts::parse as parse_init_script;
pub use unit_file::parse as parse_unit;

const TABLE: &str = "host_services";

pub fn collect(machine: &Machine, accounts: &Accounts, judge: &mut Judge<'_>) -> Observed<Service> {
    let root = &machine.root;
    let mut services = Observed::default();
    let system = Units::find(root, &folders::system(), &mut services.problems);
    let global = Units::find(root, &folders::everyone(), &mut services.problems);
    services.extend(systemd::rows(root, system.clone(), systemd::Owner::System, judge));
    services.extend(systemd::rows(root, global, systemd::Owner::Everyone, judge));
    for home in &accounts.homes {
        services.extend(of_home(root, home, judge));
    }
    services.extend(init_scripts::rows(root, &system, judge));
    services
}

/// The units in a home folder, and those of everyone that it enables or changes.
fn of_home(root: &Root, home: &Home, judge: &mut Judge<'_>) -> Observed<Service> {
    let own = folders::own(&home.path);
    if own.iter().all(|folder| root.stat(folder).is_err_and(|failure| failure.is_absence())) {
        return Observed::default();
    }
    let mut services = Observed::default();
    let units = Units::find(root, &folders::home(&home.path), &mut services.problems);
    services.extend(systemd::rows(root, units, systemd::Owner::Home(home), judge));
    services
}
