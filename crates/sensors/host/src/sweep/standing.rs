//! By what somebody or something stays on the machine, and who is in: on disk, and while it runs.

use leaksweep_facts::{Observed, Sweep, tables::host::*};

use super::{
    Options,
    fault::{fault, guarded, whole},
    runs::Runs,
};
use crate::{
    accounts::Accounts,
    agents, boot, bpf, browser_policies, containers, contradictions, editors, keys, libraries,
    logins::{self, Logins},
    machine::Machine,
    modules, pam, readers, rights, sessions, web,
};

/// A struct of tables: what holds them is there once, whether they were seen, failed or are recorded.
macro_rules! tables {
    ($(#[doc = $doc:literal])+ $name:ident { $($field:ident: $row:ty,)+ }) => {
        $(#[doc = $doc])+
        pub struct $name { $(pub $field: Observed<$row>,)+ }

        impl $name {
            pub fn fault() -> Self {
                Self { $($field: fault(),)+ }
            }

            pub fn record(self, sweep: &mut Sweep) {
                $(sweep.observe(self.$field);)+
            }
        }
    };
}

tables! {
    /// What needs nothing but the disk and its accounts.
    OnDisk {
        rights: Right,
        pam_rules: PamRule,
        ssh_keys: SshKey,
        library_rules: LibraryRule,
        boot_options: BootOption,
        boot_files: BootFile,
        logins: Login,
        login_logs: LoginLog,
        containers: Container,
        editor_extensions: EditorExtension,
        browser_policies: BrowserPolicy,
        web_files: WebFile,
    }
}

tables! {
    /// What is there only while the machine runs, beside what runs.
    Alive {
        modules: Module,
        sessions: Session,
        agents: Agent,
        bpf_objects: BpfObject,
        contradictions: Contradiction,
        readers: Reader,
    }
}

impl OnDisk {
    pub fn collect(machine: &Machine, accounts: &Accounts) -> Self {
        let records = whole(|| logins::collect(machine, accounts));
        let Logins { logins, logs: login_logs } =
            records.unwrap_or_else(|| Logins { logins: fault(), logs: fault() });
        Self {
            rights: guarded(|| rights::collect(machine, accounts)),
            pam_rules: guarded(|| pam::collect(machine)),
            ssh_keys: guarded(|| keys::collect(machine, accounts)),
            library_rules: guarded(|| libraries::collect(machine, accounts)),
            boot_options: guarded(|| boot::options(machine)),
            boot_files: guarded(|| boot::files(machine)),
            logins,
            login_logs,
            containers: guarded(|| containers::collect(machine, &accounts.homes)),
            editor_extensions: guarded(|| editors::collect(machine, &accounts.homes)),
            browser_policies: guarded(|| browser_policies::collect(machine)),
            web_files: guarded(|| web::collect(machine, accounts)),
        }
    }
}

impl Alive {
    pub fn collect(machine: &Machine, accounts: &Accounts, runs: &Runs, options: &Options) -> Self {
        let (processes, sockets) = (&runs.processes.rows, &runs.sockets.rows);
        let names = &accounts.names;
        let bpf_objects = guarded(|| bpf::collect(machine, names, processes, &runs.descriptors));
        Self {
            modules: guarded(|| modules::collect(machine)),
            sessions: guarded(|| sessions::collect(machine, accounts, processes, sockets)),
            agents: guarded(|| agents::collect(machine, accounts, processes, sockets)),
            contradictions: guarded(|| {
                contradictions::collect(machine, processes, sockets, &bpf_objects.rows)
            }),
            bpf_objects,
            readers: guarded(|| {
                let open = readers::Open {
                    processes,
                    descriptors: &runs.descriptors,
                    mappings: &runs.mappings,
                    stores: &runs.stores,
                };
                readers::collect(machine, accounts, &open, options.watch)
            }),
        }
    }
}
