//! One sweep: the collectors, in their order, and what they need of each other.

mod fault;
mod runs;
mod standing;
mod told;
mod traced;

use std::{path::PathBuf, sync::Arc, time::Duration};

use leaksweep_catalogue::{remote::Tool, remote_tools_with};
use leaksweep_facts::{
    Extent, Manifest, Observed, Sweep, Time,
    sweep::FORMAT,
    tables::host::{File, System},
};

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
    let tools = remote_tools_with(&options.tools);
    let (rows, files, copies) = std::thread::scope(|scope| {
        let remote = || remote::OnDisk::look(machine, &accounts.homes, &tools);
        let remote = scope.spawn(move || whole(remote));
        let (rows, files) = seen(machine, &accounts, options);
        (rows, files, remote.join().ok().flatten())
    });
    let Seen { told, on_disk, runs, alive } = rows;
    let remote = remote(machine, &accounts, &told, &runs, &tools, copies);
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

/// The rows of all collectors but the last.
struct Seen {
    told: Told,
    on_disk: OnDisk,
    runs: Runs,
    alive: Alive,
}

fn seen(machine: &Machine, accounts: &Accounts, options: &Options) -> (Seen, Observed<File>) {
    let (told, (mut runs, searched)) = std::thread::scope(|scope| {
        let told =
            scope.spawn(|| (Told::collect(machine, accounts), OnDisk::collect(machine, accounts)));
        let runs = Runs::collect(machine, accounts);
        (told.join(), (runs, whole(|| files::search(machine, accounts))))
    });
    let (mut told, mut on_disk) = told.unwrap_or_else(|_| (Told::fault(), OnDisk::fault()));
    let alive = whole(|| Alive::collect(machine, accounts, &runs, options));
    let mut alive = alive.unwrap_or_else(Alive::fault);
    let rows = Rows { told: &mut told, on_disk: &mut on_disk, runs: &mut runs, alive: &mut alive };
    let files = rows.trace(machine, accounts, searched, options);
    (Seen { told, on_disk, runs, alive }, files)
}

/// What all the others' rows say together.
fn remote(
    machine: &Machine,
    accounts: &Accounts,
    told: &Told,
    runs: &Runs,
    tools: &[Tool],
    on_disk: Option<remote::OnDisk<'_>>,
) -> Remote {
    let none = || Remote { tools: fault(), signs: fault(), settings: fault() };
    let Some(on_disk) = on_disk else { return none() };
    let seen = remote::Seen {
        packages: &told.packages.rows,
        processes: &runs.processes.rows,
        sockets: &runs.sockets.rows,
        services: &runs.services.rows,
        autostarts: &told.autostarts.rows,
        extensions: &told.extensions.rows,
        usb_devices: &told.usb_devices.rows,
    };
    let collect = || remote::collect(machine, &accounts.homes, &seen, tools, on_disk);
    whole(collect).unwrap_or_else(none)
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
    #[test]
    fn a_fault_in_the_search_of_the_disk_is_a_problem_of_the_tables_of_remote_control() {
        let folder = tempfile::tempdir().unwrap();
        let machine = crate::fixture::mounted(folder.path());
        let accounts = accounts::collect(&machine);
        let runs = Runs::collect(&machine, &accounts);
        let found = remote(&machine, &accounts, &Told::fault(), &runs, &[], None);
        let Remote { tools, signs, settings } = found;
        let problems = [tools.problems, signs.problems, settings.problems].concat();
        let tables: Vec<_> = problems.iter().map(|problem| problem.table).collect();
        assert_eq!(tables, ["host_remote_tools", "host_remote_signs", "host_remote_settings"]);
    }
}
