//! What runs and what it runs from: each collector needs the rows of those before it.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use leaksweep_facts::{Observed, Problem, Sweep, Table, tables::host::*};

use super::fault::{fault_in, guarded, whole};
use crate::{
    accounts::Accounts,
    changeable::Judge,
    descriptors::Descriptors,
    files,
    machine::Machine,
    ownership, processes,
    readers::{Mappings, Stores},
    services, sockets,
};

pub struct Runs {
    pub processes: Observed<Process>,
    pub sockets: Observed<Socket>,
    pub services: Observed<Service>,
    pub files: Observed<File>,
    /// What processes hold open.
    pub descriptors: Descriptors,
    pub mappings: Mappings,
    pub stores: Stores,
}

impl Runs {
    pub fn collect(machine: &Machine, accounts: &Accounts) -> Self {
        let names = &accounts.names;
        let mut judge = Judge::new(&machine.root, names);
        let mut processes = guarded(|| processes::collect(machine, names));
        let stores = whole(|| Stores::find(machine, accounts)).unwrap_or_default();
        let descriptors = whole(|| Descriptors::collect(machine, &processes.rows, &stores));
        let mut remotes = processes::Remotes::default();
        let sockets = guarded(|| {
            let descriptors = descriptors.as_ref().expect("a fault in looking at open files");
            sockets::collect(machine, names, &processes.rows, descriptors, &mut remotes)
        });
        let descriptors = descriptors.unwrap_or_default();
        let mut mappings = Mappings::default();
        let mut mapped = |pid, maps: &_| mappings.note(&machine.root, &stores, pid, maps);
        let inside = || processes::look_inside(machine, &mut processes, &remotes, &mut mapped);
        if whole(inside).is_none() {
            let inside = &["standard_streams", "preloads", "odd_code"];
            processes.problem(fault_in(&Process::DEF).in_columns(inside));
        }
        let services = guarded(|| services::collect(machine, accounts, &mut judge));
        let files = guarded(|| {
            files::collect(machine, accounts, &mut judge, &processes.rows, &services.rows)
        });
        if whole(|| add_changers(&mut processes, &mut judge)).is_none() {
            processes.problem(fault_in(&Process::DEF).in_columns(&["changeable_by"]));
        }
        Self { processes, sockets, services, files, descriptors, mappings, stores }
    }

    /// Fills the packages that own what runs.
    pub fn add_owners(&mut self, machine: &Machine) -> Vec<Problem> {
        let (owners, problems) = ownership::owners(machine, &self.paths());
        let owner = |path: Option<&String>| owners.get(path?).cloned();
        for row in &mut self.processes.rows {
            // In another root folder the same path is another file.
            if row.program_state.as_deref() != Some("elsewhere") {
                row.package = owner(row.program.as_ref());
            }
        }
        let packages: HashMap<i64, Option<String>> =
            self.processes.rows.iter().map(|row| (row.pid, row.package.clone())).collect();
        for row in &mut self.sockets.rows {
            row.package = row.pid.and_then(|pid| packages.get(&pid).cloned().flatten());
        }
        for row in &mut self.services.rows {
            row.package = owner(Some(&row.path));
            row.program_package = owner(row.program.as_ref());
        }
        for row in &mut self.files.rows {
            row.package = owner(Some(&row.path));
        }
        problems
    }

    fn paths(&self) -> HashSet<String> {
        let processes = self.processes.rows.iter().filter_map(|row| row.program.as_ref());
        let programs = self.services.rows.iter().filter_map(|row| row.program.as_ref());
        let units = self.services.rows.iter().map(|row| &row.path);
        let files = self.files.rows.iter().map(|row| &row.path);
        processes.chain(programs).chain(units).chain(files).cloned().collect()
    }

    pub fn record(self, sweep: &mut Sweep) {
        sweep.observe(self.processes);
        sweep.observe(self.sockets);
        sweep.observe(self.services);
        sweep.observe(self.files);
    }
}

/// Fills who can change the programs of processes. Many processes share one program.
fn add_changers(processes: &mut Observed<Process>, judge: &mut Judge<'_>) {
    let mut known: HashMap<String, Option<String>> = HashMap::new();
    for row in &mut processes.rows {
        let on_disk = matches!(row.program_state.as_deref(), Some("present" | "replaced"));
        let Some(program) = row.program.as_ref().filter(|_| on_disk) else { continue };
        if let Some(who) = known.get(program) {
            row.changeable_by.clone_from(who);
            continue;
        }
        match judge.by(Path::new(program), None) {
            Ok(who) => row.changeable_by = who,
            Err(failure) => {
                let problem = failure.problem(Process::DEF.name, program);
                processes.problems.push(problem.in_columns(&["changeable_by"]));
            }
        }
        known.insert(program.clone(), row.changeable_by.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts;

    #[test]
    fn who_can_change_a_program_is_told_of_each_process() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("open");
        std::fs::write(&program, "").unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        std::fs::set_permissions(&program, mode).unwrap();
        let machine = crate::fixture::mounted(folder.path());
        let row = |state: &str| Process {
            program: Some("/open".into()),
            program_state: Some(state.into()),
            ..Process::default()
        };
        let rows = vec![row("present"), row("replaced"), row("elsewhere")];
        let mut processes = Observed { rows, problems: Vec::new() };
        let names = accounts::Names::default();
        add_changers(&mut processes, &mut Judge::new(&machine.root, &names));
        let who: Vec<_> = processes.rows.iter().map(|row| row.changeable_by.as_deref()).collect();
        assert_eq!(who, [Some("everyone"), Some("everyone"), None]);
    }
}
