//! Which running programs hold open or have mapped what a trojan would steal. The catalogue's stores ([`stores`]) are
//! held against every open file (`/proc/PID/fd`, by [`crate::descriptors`]) and every mapping (`/proc/PID/maps`), by path
//! and by identity. Reads also `/proc/PID/{fdinfo,stat,cgroup,net}` of readers and of what is one with them.
//!
//! With [`watch`] it goes on for a while. At most 50,000 rows.
//!
//! Limits: who asks PipeWire, an X server or a compositor for sound and pictures holds a socket and nothing else; who
//! reads another process's memory holds no file. Each look is one moment: a file that is read in one go and closed is
//! seen only while the sweep watches, and what is closed and mapped is seen by its mapping.

mod connected;
mod family;
mod info;
mod maps;
mod owners;
mod rows;
mod stores;
mod tree;
mod walk;
mod watch;

#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use leaksweep_facts::{
    Observed, Table, Time,
    tables::host::{Process, Reader},
};

pub use self::{
    info::access,
    maps::{Mappings, files as mapped_files},
    stores::{Found, Stores},
};
use crate::{
    accounts::Accounts,
    descriptors::{Descriptors, Held},
    machine::{Kernel, Machine},
};
use connected::Connected;
use owners::Owners;
use rows::{Rows, Sight};

const TABLE: &str = Reader::DEF.name;
const INFO_CAP: usize = 4096;

/// What the sweep saw open.
#[derive(Clone, Copy)]
pub struct Open<'a> {
    pub processes: &'a [Process],
    pub descriptors: &'a Descriptors,
    pub mappings: &'a Mappings,
    pub stores: &'a Stores,
}

pub fn collect(
    machine: &Machine,
    accounts: &Accounts,
    open: &Open<'_>,
    watch: Duration,
) -> Observed<Reader> {
    let stores = open.stores;
    let kernel = match machine.kernel(TABLE) {
        Ok(kernel) => kernel,
        Err(problem) => return Observed { rows: Vec::new(), problems: vec![problem] },
    };
    let owners = Owners::new(machine, kernel, stores, &accounts.homes);
    let mut rows = Rows::new(owners, stores, &accounts.names);
    let mut problems = stores.problems().to_vec();
    problems.extend(open.descriptors.problems(TABLE, &[], machine.privileged));
    problems.extend(open.mappings.problems(machine.privileged));
    look(kernel, open, &mut rows);
    if !watch.is_zero() {
        let mut watcher = watch::Watcher::new(machine, kernel, &accounts.names, stores);
        problems.extend(watcher.watch(watch, &mut rows));
    }
    let mut seen = rows.done();
    seen.problems.extend(problems);
    seen
}

/// One look: what was held when the sweep walked the descriptors, and what is mapped.
fn look(kernel: &Kernel, open: &Open<'_>, rows: &mut Rows<'_>) {
    let by_pid: HashMap<i64, &Process> = open.processes.iter().map(|one| (one.pid, one)).collect();
    let mut connected = Connected::new(kernel);
    let at = Time::now();
    let all: HashSet<_> = open.descriptors.held.iter().map(passed).collect();
    for held in &open.descriptors.held {
        let Some(process) = by_pid.get(&held.pid) else { continue };
        let Some(access) = access_of(kernel, held) else { continue };
        let from_above = all.contains(&(process.parent, held.number.as_str(), &held.found));
        let by = if from_above { "child" } else { "descriptor" };
        let sight = Sight { found: &held.found, access, by, at };
        rows.see(process, &sight, &mut || connected.of(held.pid));
    }
    for (pid, found) in &open.mappings.found {
        let Some(process) = by_pid.get(pid) else { continue };
        let sight = Sight { found, access: "mapped", by: "mapping", at };
        rows.see(process, &sight, &mut || connected.of(*pid));
    }
}

/// A child has what its parent holds under the same number.
fn passed(held: &Held) -> (i64, &str, &Found) {
    (held.pid, &held.number, &held.found)
}

/// What a descriptor is open for; none where it cannot read.
fn access_of(kernel: &Kernel, held: &Held) -> Option<&'static str> {
    let path = format!("{}/fdinfo/{}", held.pid, held.number);
    match kernel.proc.head(path, INFO_CAP) {
        Ok((content, _)) => access(&content),
        Err(_) => Some("read"),
    }
}
