//! One sweep: the collectors, in their order, and what they need of each other.

mod fault;
mod runs;
mod standing;
mod told;
mod traced;

use std::{path::PathBuf, sync::Arc, time::Duration};

use leaksweep_catalogue::{remote::Tool, remote_tools_with};
use leaksweep_facts::{Extent, Manifest, Sweep, Time, sweep::FORMAT, tables::host::System};

use crate::{
    accounts::{self, Accounts},
    files,
    machine::{Machine, OpenError},
    origins::deep::Progress,
    remote::{self, Remote},
};
use fault::{accounts_fault, fault, whole};
use runs::Runs;
use standing::{Alive, OnDisk};
use told::Told;
use traced::Rows;

/// What to sweep.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The mounted disk of another machine; none for the machine on which this runs.
    pub root: Option<PathBuf>,
    /// The name to give the target; none takes the machine's own.
    pub target: Option<String>,
    /// Remote-control tools beside the built-in ones; they take the place of those of the same id.
    pub tools: Vec<Tool>,
    /// Whether to compare every file of every package with what the package recorded.
    pub deep: bool,
    /// Hears how far that comparison is.
    pub progress: Arc<Progress>,
    /// For how long to watch who reads what; zero looks once.
    pub watch: Duration,
}

pub fn sweep(options: &Options) -> Result<Sweep, OpenError> {
    let machine = match &options.root {
        Some(path) => Machine::mounted(path)?,
        None => Machine::running()?,
    };
    Ok(observe(&machine, options))
}

/// Looks at everything once.
pub fn observe(machine: &Machine, options: &Options) -> Sweep {
    let started = Time::now();
    let accounts = whole(|| accounts::collect(machine)).unwrap_or_else(accounts_fault);
    let (told, (mut runs, searched)) = std::thread::scope(|scope| {
        let told = scope
            .spawn(|| (Told::collect(machine, &accounts), OnDisk::collect(machine, &accounts)));
        let runs = Runs::collect(machine, &accounts);
        (told.join(), (runs, whole(|| files::search(machine, &accounts))))
    });
    let (mut told, mut on_disk) = told.unwrap_or_else(|_| (Told::fault(), OnDisk::fault()));
    let alive = whole(|| Alive::collect(machine, &accounts, &runs, options));
    let mut alive = alive.unwrap_or_else(Alive::fault);
    let rows = Rows { told: &mut told, on_disk: &mut on_disk, runs: &mut runs, alive: &mut alive };
    let files = rows.trace(machine, &accounts, searched, options);
    let remote = remote(machine, &accounts, &told, &runs, &options.tools);
    let mut sweep = Sweep::new(manifest(machine, options, started, told.system.rows.first()));
    told.record(&mut sweep);
    runs.record(&mut sweep);
    on_disk.record(&mut sweep);
    alive.record(&mut sweep);
    sweep.observe(files);
    sweep.observe(remote.tools);
    sweep.observe(remote.signs);
    sweep.observe(remote.settings);
    sweep.observe(accounts.users);
    sweep.observe(accounts.groups);
    sweep.observe(accounts.memberships);
    sweep.report(&accounts.home_problems);
    sweep.manifest.ended = Time::now();
    sweep
}

/// What all the others' rows say together.
fn remote(
    machine: &Machine,
    accounts: &Accounts,
    told: &Told,
    runs: &Runs,
    tools: &[Tool],
) -> Remote {
    let seen = remote::Seen {
        packages: &told.packages.rows,
        processes: &runs.processes.rows,
        sockets: &runs.sockets.rows,
        services: &runs.services.rows,
        autostarts: &told.autostarts.rows,
        extensions: &told.extensions.rows,
        usb_devices: &told.usb_devices.rows,
    };
    let tools = remote_tools_with(tools);
    whole(|| remote::collect(machine, &accounts.homes, &seen, &tools)).unwrap_or_else(|| Remote {
        tools: fault(),
        signs: fault(),
        settings: fault(),
    })
}

fn manifest(
    machine: &Machine,
    options: &Options,
    started: Time,
    system: Option<&System>,
) -> Manifest {
    let name = options.target.clone().or(system.map(|row| row.hostname.clone()));
    Manifest {
        format: FORMAT,
        tool_version: env!("CARGO_PKG_VERSION").into(),
        sensor: "host".into(),
        target: name.filter(|name| !name.is_empty()).unwrap_or_else(|| "unnamed".into()),
        machine_id: system.and_then(|row| row.machine_id.clone()),
        platform: Some("linux".into()),
        started,
        ended: started,
        privileged: machine.privileged,
        live: machine.live(),
        extent: Extent {
            deep: options.deep,
            watched_seconds: options.watch.as_secs(),
            ..Extent::default()
        },
        parts: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_of_an_empty_disk_has_every_table() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { target: Some("empty".into()), ..Options::default() };
        let sweep = observe(&crate::fixture::mounted(folder.path()), &options);
        let tables: Vec<_> = sweep.tables().map(|(name, _)| name.to_owned()).collect();
        let host = leaksweep_facts::tables::ALL.iter().filter(|table| table.sensor() == "host");
        // An earlier sweep is compared with a whole one, by whoever has both.
        let host = host.filter(|table| table.name != "host_changes");
        for table in host {
            assert!(tables.contains(&table.name.to_owned()), "{}", table.name);
        }
        assert_eq!(sweep.manifest.target, "empty");
    }
}
