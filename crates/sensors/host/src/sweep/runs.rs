//! What runs and what it runs from: each collector needs the rows of those before it.

use std::{collections::HashMap, path::Path};

use leaksweep_facts::{Observed, Sweep, Table, tables::host::*};

use super::fault::{fault_in, guarded, whole};
use crate::{
    accounts::Accounts,
    changeable::Judge,
    descriptors::Descriptors,
    machine::Machine,
    processes,
    readers::{Mappings, Stores},
    services, sockets,
};

pub struct Runs {
    pub processes: Observed<Process>,
    pub sockets: Observed<Socket>,
    pub services: Observed<Service>,
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
        if whole(|| add_changers(&mut processes, &mut judge)).is_none() {
            processes.problem(fault_in(&Process::DEF).in_columns(&["changeable_by"]));
        }
        Self { processes, sockets, services, descriptors, mappings, stores }
    }

    pub fn record(self, sweep: &mut Sweep) {
        sweep.observe(self.processes);
        sweep.observe(self.sockets);
        sweep.observe(self.services);
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
