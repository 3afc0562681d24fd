//! The machine and its operating system. Reads `os-release`, the machine's name and id, the names in
//! `/lib/modules`, the firmware's words in `/sys/class/dmi`, and when the package managers last
//! wrote their records.

mod changes;
mod os_release;

use leaksweep_facts::{
    Observed, Problem, Reason, Table, Time, sweep::hashed_machine_id, tables::host::System,
};

use crate::{
    machine::{Kernel, Machine},
    name, processes,
    root::Failure,
};

pub use os_release::{Release, os_release};

const TABLE: &str = System::DEF.name;
/// Each of these files is a few lines.
const FILE_CAP: u64 = 64 << 10;
/// What firmware says of a board that nobody named.
const UNNAMED: [&str; 5] = [
    "to be filled by o.e.m.",
    "system manufacturer",
    "system product name",
    "default string",
    "none",
];

pub fn collect(machine: &Machine) -> Observed<System> {
    let mut reader = Reader { machine, problems: Vec::new() };
    let release = reader.release();
    let system = System {
        hostname: reader.hostname(),
        kernel: reader.kernel_line("sys/kernel/osrelease", &["kernel"]),
        newest_kernel: reader.newest_kernel(),
        architecture: reader.architecture(),
        vendor: reader.firmware("sys_vendor", &["vendor"]),
        model: reader.firmware("product_name", &["model"]),
        machine_id: reader.machine_id(),
        booted: reader.booted(),
        observed: Time::now(),
        live: machine.live(),
        packages_changed: reader.newest(&changes::PACKAGES, &["packages_changed"]),
        lists_refreshed: reader.newest(&changes::LISTS, &["lists_refreshed"]),
        restart_required: reader.restart_required(),
        os_id: release.id,
        os_like: release.like,
        os_name: release.name,
        os_version: release.version,
        os_codename: release.codename,
        support_ends: release.support_ends,
    };
    Observed { rows: vec![system], problems: reader.problems }
}

/// The newest kernel by the names of its folders.
pub fn newest(mut names: Vec<String>) -> Option<String> {
    names.retain(|name| name.starts_with(|first: char| first.is_ascii_digit()));
    names.into_iter().max_by(|a, b| changes::by_version(a, b))
}

type Columns = &'static [&'static str];

struct Reader<'a> {
    machine: &'a Machine,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn lacks(&mut self, columns: Columns, subject: &str, failure: &Failure) {
        self.problems.push(failure.problem(TABLE, subject).in_columns(columns));
    }

    /// The first of these files that is there.
    fn first(&mut self, paths: &[&str], columns: Columns) -> Option<Vec<u8>> {
        for path in paths {
            match self.machine.root.read_if_there(path, FILE_CAP) {
                Ok(None) => {}
                Ok(content) => return content,
                Err(failure) => self.lacks(columns, path, &failure),
            }
        }
        None
    }

    fn release(&mut self) -> Release {
        let columns: Columns =
            &["os_id", "os_like", "os_name", "os_version", "os_codename", "support_ends"];
        let known = self.problems.len();
        match self.first(&["/etc/os-release", "/usr/lib/os-release"], columns) {
            Some(content) => os_release(&content),
            None => {
                if self.problems.len() == known {
                    let failure = Failure::absent();
                    self.lacks(columns, "/etc/os-release", &failure);
                }
                Release::default()
            }
        }
    }

    fn hostname(&mut self) -> String {
        if self.machine.live() {
            return self.kernel_line("sys/kernel/hostname", &["hostname"]);
        }
        let content = self.first(&["/etc/hostname"], &["hostname"]).unwrap_or_default();
        let mut lines = content.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let named = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"));
        name::text(named.unwrap_or_default())
    }

    /// A line of `/proc`; empty on a mounted disk, where it is not to be had.
    fn kernel_line(&mut self, path: &str, columns: Columns) -> String {
        let Ok(kernel) = self.machine.kernel(TABLE) else { return String::new() };
        match kernel.proc.read(path, FILE_CAP).map_err(Failure::of_required) {
            Ok(content) => name::text(content.trim_ascii()),
            Err(failure) => {
                self.lacks(columns, &format!("/proc/{path}"), &failure);
                String::new()
            }
        }
    }

    fn newest_kernel(&mut self) -> Option<String> {
        let mut names = Vec::new();
        for folder in ["/lib/modules", "/usr/lib/modules"] {
            match self.machine.root.list_if_there(folder) {
                Ok(listing) => {
                    let entries = listing.entries.iter();
                    names.extend(entries.map(|entry| name::os(&entry.name)));
                }
                Err(failure) => self.lacks(&["newest_kernel"], folder, &failure),
            }
        }
        newest(names)
    }

    /// Of a mounted disk, by the loader that its programs need.
    fn architecture(&mut self) -> String {
        if self.machine.live() {
            return name::text(rustix::system::uname().machine().to_bytes());
        }
        let there = |path: &str| self.machine.root.stat(path).is_ok();
        let found = changes::LOADERS.iter().find(|(path, _)| there(path));
        found.map_or(String::new(), |(_, architecture)| (*architecture).to_owned())
    }

    fn firmware(&mut self, file: &str, columns: Columns) -> Option<String> {
        let kernel: &Kernel = self.machine.kernel(TABLE).ok()?;
        let path = format!("class/dmi/id/{file}");
        let content = kernel.sys.read_if_there(&path, FILE_CAP).unwrap_or_else(|failure| {
            self.lacks(columns, &format!("/sys/{path}"), &failure);
            None
        })?;
        let said = name::text(content.trim_ascii());
        let named = !said.is_empty() && !UNNAMED.contains(&said.to_ascii_lowercase().as_str());
        named.then_some(said)
    }

    /// Images carry an empty file, or the word that systemd leaves until the first start.
    fn machine_id(&mut self) -> Option<String> {
        let paths = ["/etc/machine-id", "/var/lib/dbus/machine-id"];
        let content = self.first(&paths, &["machine_id"])?;
        let id = std::str::from_utf8(content.trim_ascii()).ok()?;
        let valid = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        valid.then(|| hashed_machine_id(id))
    }

    fn booted(&mut self) -> Option<Time> {
        let kernel = self.machine.kernel(TABLE).ok()?;
        match processes::machine_booted(kernel) {
            Ok(time) => Some(time),
            Err(failure) => {
                self.lacks(&["booted"], "/proc/stat", &failure);
                None
            }
        }
    }

    fn newest(&mut self, places: &[changes::Place], columns: Columns) -> Option<Time> {
        let mut newest = None;
        let before = self.problems.len();
        for place in places {
            match place.changed(&self.machine.root) {
                Ok(time) => newest = newest.max(time),
                Err(failure) => self.lacks(columns, place.path, &failure),
            }
        }
        // Without any trace nobody can say that it was long ago, nor that it was not.
        if newest.is_none() && self.problems.len() == before {
            let detail = "no package manager that this version knows left a trace of it";
            let problem = Problem::new(TABLE, "package managers", Reason::Unsupported, detail);
            self.problems.push(problem.in_columns(columns));
        }
        newest
    }

    fn restart_required(&mut self) -> bool {
        let mut required = false;
        for path in ["/run/reboot-required", "/var/run/reboot-required"] {
            match self.machine.root.stat_link(path) {
                Ok(_) => required = true,
                Err(failure) if failure.is_absence() => {}
                Err(failure) => self.lacks(&["restart_required"], path, &failure),
            }
        }
        required
    }
}

#[cfg(test)]
mod tests;
