//! Files of interest, and where every file that any table names comes from: one look at the records
//! of packages once all rows are there.

use std::collections::{BTreeSet, HashMap};

use leaksweep_facts::{Observed, Table, tables::host::*};

use super::{
    Options,
    fault::{fault, fault_in, whole},
    runs::Runs,
    standing::{Alive, OnDisk},
    told::Told,
};
use crate::{
    accounts::Accounts,
    digest,
    files::{self, Files, Searched, Starts},
    machine::Machine,
    origins::{self, Inquiry, deep, fill::Fillable},
    web,
};

/// Every collector's rows.
pub struct Rows<'a> {
    pub told: &'a mut Told,
    pub on_disk: &'a mut OnDisk,
    pub runs: &'a mut Runs,
    pub alive: &'a mut Alive,
}

impl Rows<'_> {
    /// Gives the files, and fills the packages and origins of every table.
    pub fn trace(
        mut self,
        machine: &Machine,
        accounts: &Accounts,
        searched: Option<Searched>,
        options: &Options,
    ) -> Observed<File> {
        let described =
            searched.and_then(|found| whole(|| self.describe(machine, accounts, found, options)));
        let mut files = described.unwrap_or_else(|| Files::without_rows(fault()));
        if whole(|| self.fill(machine, accounts, &mut files)).is_none() {
            self.tables(&mut files.table).into_iter().for_each(|table| table.fault(fault_in));
        }
        if whole(|| files.finish(machine, accounts)).is_none() {
            files.table.problem(fault_in(&File::DEF));
        }
        files.table
    }

    fn describe(
        &self,
        machine: &Machine,
        accounts: &Accounts,
        searched: Searched,
        options: &Options,
    ) -> Files {
        let odd = match options.deep {
            true => deep::look(machine, &options.progress),
            false => deep::Odd::default(),
        };
        let starts = Starts {
            services: &self.runs.services.rows,
            autostarts: &self.told.autostarts.rows,
            processes: &self.runs.processes.rows,
            sockets: &self.runs.sockets.rows,
            pam_rules: &self.on_disk.pam_rules.rows,
            library_rules: &self.on_disk.library_rules.rows,
            modules: &self.alive.modules.rows,
        };
        let mut files = files::describe(machine, accounts, searched, &starts, odd.paths);
        files.table.problems.extend(odd.problems);
        files
    }

    fn fill(&mut self, machine: &Machine, accounts: &Accounts, files: &mut Files) {
        let mut paths = BTreeSet::new();
        self.tables(&mut files.table).into_iter().for_each(|table| table.paths(&mut paths));
        let inquiry = Inquiry::new(machine, &accounts.homes, paths);
        let jobs = inquiry.jobs().into_iter().chain(files.jobs()).collect();
        let digests = digest::all(&machine.root, jobs, origins::LARGEST);
        files.take(&digests);
        let answers = inquiry.settle(&digests);
        for table in self.tables(&mut files.table) {
            table.fill(&answers, machine.privileged);
        }
        self.on_disk.web_files.rows.retain(web::matters);
        self.follow_processes();
    }

    /// Every table that names files.
    fn tables<'t>(&'t mut self, files: &'t mut Observed<File>) -> Vec<&'t mut dyn Fillable> {
        let Self { told, on_disk, runs, alive } = self;
        vec![
            files,
            &mut told.autostarts,
            &mut runs.processes,
            &mut runs.sockets,
            &mut runs.services,
            &mut on_disk.rights,
            &mut on_disk.pam_rules,
            &mut on_disk.library_rules,
            &mut on_disk.boot_files,
            &mut on_disk.editor_extensions,
            &mut on_disk.browser_policies,
            &mut on_disk.web_files,
            &mut alive.modules,
            &mut alive.readers,
        ]
    }

    /// What has no path of its own, or one that is another machine's, has what its process has.
    fn follow_processes(&mut self) {
        let processes: HashMap<i64, &Process> =
            self.runs.processes.rows.iter().map(|row| (row.pid, row)).collect();
        for row in &mut self.runs.sockets.rows {
            let process = row.pid.and_then(|pid| processes.get(&pid));
            row.package = process.and_then(|process| process.package.clone());
        }
        for row in &mut self.alive.readers.rows {
            let elsewhere = processes
                .get(&row.pid)
                .is_some_and(|process| process.program_state.as_deref() == Some("elsewhere"));
            if elsewhere {
                (row.package, row.origin) = (None, None);
            }
        }
    }
}
