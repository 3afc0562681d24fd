//! One sweep: the collectors, in their order, and what they need of each other.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
};

use leaksweep_facts::{Manifest, Sweep, Table, Time, sweep::FORMAT, tables::host::*};

use crate::{
    accounts,
    changeable::Judge,
    files, interfaces,
    machine::{Machine, OpenError},
    mounts, ownership, packages, processes, services, sockets, system,
};

/// What to sweep.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The mounted disk of another machine; none for the machine on which this runs.
    pub root: Option<PathBuf>,
    /// The name to give the target; none takes the machine's own.
    pub target: Option<String>,
}

pub fn sweep(options: &Options) -> Result<Sweep, OpenError> {
    let machine = match &options.root {
        Some(path) => Machine::mounted(path)?,
        None => Machine::running()?,
    };
    Ok(observe(&machine, options.target.as_deref()))
}

/// Looks at everything once. Disk and kernel are read at the same time.
pub fn observe(machine: &Machine, target: Option<&str>) -> Sweep {
    let started = Time::now();
    let accounts = accounts::collect(machine);
    let names = &accounts.names;
    let (running, installed) = std::thread::scope(|scope| {
        let installed = scope.spawn(|| packages::collect(machine, &accounts.homes));
        let processes = processes::collect(machine, names);
        let sockets = sockets::collect(machine, names, &processes.rows);
        ((processes, sockets), installed.join().expect("a collector reports and never panics"))
    });
    let (mut processes, mut sockets) = running;
    let mut judge = Judge::new(&machine.root, names);
    let mut services = services::collect(machine, &accounts, &mut judge);
    let mut files = files::collect(machine, &accounts, &mut judge, &processes.rows, &services.rows);
    let system = system::collect(machine);

    let mut paths = HashSet::new();
    paths.extend(processes.rows.iter().filter_map(|row| row.program.clone()));
    paths.extend(services.rows.iter().filter_map(|row| row.program.clone()));
    paths.extend(services.rows.iter().map(|row| row.path.clone()));
    paths.extend(files.rows.iter().map(|row| row.path.clone()));
    let (owners, problems) = ownership::owners(machine, &paths);
    let owner = |path: &Option<String>| path.as_ref().and_then(|path| owners.get(path).cloned());
    for row in &mut processes.rows {
        // In another root folder the same path is another file.
        if row.program_state.as_deref() != Some("elsewhere") {
            row.package = owner(&row.program);
        }
    }
    let packages: HashMap<i64, Option<String>> =
        processes.rows.iter().map(|row| (row.pid, row.package.clone())).collect();
    for row in &mut sockets.rows {
        row.package = row.pid.and_then(|pid| packages.get(&pid).cloned().flatten());
    }
    for row in &mut services.rows {
        row.package = owners.get(&row.path).cloned();
        row.program_package = owner(&row.program);
    }
    for row in &mut files.rows {
        row.package = owners.get(&row.path).cloned();
    }

    let first = system.rows.first();
    let name = target.map(str::to_owned).or(first.map(|row| row.hostname.clone()));
    let mut sweep = Sweep::new(Manifest {
        format: FORMAT,
        tool_version: env!("CARGO_PKG_VERSION").into(),
        sensor: "host".into(),
        target: name.filter(|name| !name.is_empty()).unwrap_or_else(|| "unnamed".into()),
        machine_id: first.and_then(|row| row.machine_id.clone()),
        platform: Some("linux".into()),
        started,
        ended: Time::now(),
        privileged: machine.privileged,
        live: machine.live(),
        parts: Vec::new(),
    });
    sweep.observe(system);
    sweep.observe(installed);
    sweep.observe(processes);
    sweep.observe(sockets);
    sweep.observe(services);
    sweep.observe(accounts.users);
    sweep.observe(accounts.groups);
    sweep.observe(accounts.memberships);
    sweep.observe(interfaces::collect(machine));
    sweep.observe(mounts::collect(machine));
    sweep.observe(files);
    sweep.report(&problems);
    let _ = (System::DEF, ());
    sweep
}
