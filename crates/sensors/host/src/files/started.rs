//! Files that something on the machine starts or loads by itself, what does, and with whom their
//! processes talk.
//!
//! Reads: the rows of the other collectors. A script that an interpreter runs counts beside its
//! interpreter, where the command line names it by its whole path. Limits: 20,000 files, eight
//! starters of a file, 32 addresses; the command lines' own limits.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
};

use leaksweep_facts::tables::host::{
    Autostart, LibraryRule, Module, PamRule, Process, Service, Socket,
};
use rustix::fs::FileType;

use crate::{remote::command, root::Root};

pub const MOST: usize = 20_000;
pub const MOST_STARTERS: usize = 8;
const MOST_ADDRESSES: usize = 32;

/// The rows that tell what starts.
pub struct Starts<'a> {
    pub services: &'a [Service],
    pub autostarts: &'a [Autostart],
    pub processes: &'a [Process],
    pub sockets: &'a [Socket],
    pub pam_rules: &'a [PamRule],
    pub library_rules: &'a [LibraryRule],
    pub modules: &'a [Module],
}

/// What starts one file.
#[derive(Debug, PartialEq, Eq)]
pub struct Starters {
    pub names: Vec<String>,
    pub why: Why,
}

/// Of several the last counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It would be loaded when somebody asks for it: of interest only if it is odd.
    Lies,
    /// Its process is there.
    Runs,
    /// Something starts or loads it.
    Starts,
}

/// Each started file with what starts it.
pub type Started = BTreeMap<String, Starters>;

impl Starts<'_> {
    pub fn of(&self, root: &Root) -> Started {
        let mut found = Collecting { root, started: Started::new() };
        for row in self.services.iter().filter(|row| row.starts && row.state != "masked") {
            found.add(row.program.as_deref(), &row.name, Why::Starts);
            row.command.lines().for_each(|line| found.scripts(line, &row.name));
        }
        for row in self.autostarts.iter().filter(|row| row.starts) {
            let name = entry(&row.way, &row.path, row.line);
            found.add(row.program.as_deref(), &name, Why::Starts);
            found.scripts(&row.command, &name);
        }
        for row in self.processes.iter().filter(|row| is_ours(row)) {
            let name = format!("process {}", row.name);
            found.add(row.program.as_deref(), &name, Why::Runs);
            found.script_of_process(row, &name);
        }
        for row in self.pam_rules {
            found.add(
                row.module_path.as_deref(),
                &entry("pam", &row.path, Some(row.line)),
                Why::Starts,
            );
        }
        for row in self.library_rules.iter().filter(|row| row.kind != "folder") {
            found.add(row.library.as_deref(), &entry(&row.kind, &row.path, row.line), Why::Starts);
        }
        for row in self.modules {
            found.add(row.path.as_deref(), &format!("module {}", row.name), Why::Lies);
        }
        found.started
    }

    /// For each program the addresses with which its processes are connected.
    pub fn addresses(&self) -> HashMap<&str, BTreeSet<String>> {
        let programs: HashMap<i64, &str> = self
            .processes
            .iter()
            .filter(|row| is_ours(row))
            .filter_map(|row| Some((row.pid, row.program.as_deref()?)))
            .collect();
        let mut found: HashMap<&str, BTreeSet<String>> = HashMap::new();
        for socket in self.sockets.iter().filter(|socket| socket.state == "established") {
            let program = socket.pid.and_then(|pid| programs.get(&pid));
            if let Some((program, address)) = program.zip(address(socket)) {
                let addresses = found.entry(program).or_default();
                if addresses.len() < MOST_ADDRESSES {
                    addresses.insert(address);
                }
            }
        }
        found
    }
}

/// Whether the program's path is one of this machine.
fn is_ours(row: &Process) -> bool {
    matches!(row.program_state.as_deref(), Some("present" | "replaced"))
}

fn entry(way: &str, path: &str, line: Option<i64>) -> String {
    match line {
        Some(line) => format!("{way} {path}:{line}"),
        None => format!("{way} {path}"),
    }
}

/// The other machine's, not this one's own.
fn address(socket: &Socket) -> Option<String> {
    let address = socket.remote_address.as_deref()?;
    let bare = address.strip_prefix("::ffff:").unwrap_or(address);
    let own = bare.starts_with("127.") || ["::1", "0.0.0.0", "::"].contains(&bare);
    let port = socket.remote_port?;
    let bracketed = if bare.contains(':') { format!("[{bare}]") } else { bare.to_owned() };
    (!own && socket.family.starts_with("ip")).then(|| format!("{bracketed}:{port}"))
}

struct Collecting<'a> {
    root: &'a Root,
    started: Started,
}

impl Collecting<'_> {
    fn add(&mut self, path: Option<&str>, by: &str, why: Why) {
        let Some(path) = path.filter(|path| path.starts_with('/')) else { return };
        if self.started.len() > MOST && !self.started.contains_key(path) {
            return;
        }
        let first = || Starters { names: Vec::new(), why };
        let starters = self.started.entry(path.to_owned()).or_insert_with(first);
        starters.why = starters.why.max(why);
        starters.name(by);
    }

    /// The scripts and further programs of a command line.
    fn scripts(&mut self, line: &str, by: &str) {
        for (program, arguments) in command::programs(line) {
            if self.is(&program, |mode| mode & 0o111 != 0) {
                self.add(Some(&program), by, Why::Starts);
            }
            let name = program.rsplit('/').next().unwrap_or_default();
            self.script(command::script_of(name, &arguments), by, Why::Starts);
        }
    }

    /// What the first word of its line says is the process's choice; its program is not.
    fn script_of_process(&mut self, row: &Process, by: &str) {
        let Some(program) = &row.program else { return };
        let name = program.rsplit('/').next().unwrap_or_default();
        let words = command::words(&row.arguments);
        let script = command::script_of(name, words.get(1..).unwrap_or_default());
        self.script(script, by, Why::Runs);
    }

    fn script(&mut self, path: Option<&str>, by: &str, why: Why) {
        if let Some(path) = path.filter(|path| self.is(path, |_| true)) {
            self.add(Some(path), by, why);
        }
    }

    /// Whether there is a plain file of such a mode.
    fn is(&self, path: &str, mode: impl Fn(u32) -> bool) -> bool {
        path.starts_with('/')
            && self.root.stat(Path::new(path)).is_ok_and(|stat| {
                FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile && mode(stat.st_mode)
            })
    }
}

impl Starters {
    fn name(&mut self, by: &str) {
        if self.names.len() < MOST_STARTERS && !self.names.iter().any(|known| known == by) {
            self.names.push(by.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::write;

    #[test]
    fn scripts_count_beside_their_interpreters_and_arguments_do_not() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["opt/y.py", "opt/x.sh", "etc/tool.conf", "opt/job", "opt/z.pl"] {
            write(&folder.path().join(path), b"");
        }
        let root = Root::open(folder.path()).unwrap();
        let service = |name: &str, program: &str, command: &str| Service {
            name: name.into(),
            starts: true,
            program: Some(program.into()),
            command: command.into(),
            ..Service::default()
        };
        let services = [
            service("a.service", "/usr/bin/python3", "/usr/bin/python3 -u /opt/y.py --x"),
            service("b.service", "/usr/bin/tool", "/usr/bin/tool --config /etc/tool.conf"),
            Service { state: "masked".into(), ..service("c.service", "/opt/job", "/opt/job") },
        ];
        let autostarts = [Autostart {
            way: "cron".into(),
            path: "/etc/cron.d/x".into(),
            line: Some(3),
            starts: true,
            program: Some("sh".into()),
            command: "sh -c '/bin/sh /opt/x.sh'".into(),
            ..Autostart::default()
        }];
        let processes = [Process {
            name: "odd".into(),
            program: Some("/usr/bin/perl".into()),
            program_state: Some("present".into()),
            arguments: "[kworker] /opt/z.pl".into(),
            ..Process::default()
        }];
        let starts = Starts {
            services: &services,
            autostarts: &autostarts,
            processes: &processes,
            sockets: &[],
            pam_rules: &[],
            library_rules: &[],
            modules: &[],
        };
        let told: Vec<_> =
            starts.of(&root).into_iter().map(|(path, by)| (path, by.names.join("; "))).collect();
        let expected = [
            ("/opt/x.sh", "cron /etc/cron.d/x:3"),
            ("/opt/y.py", "a.service"),
            ("/opt/z.pl", "process odd"),
            ("/usr/bin/perl", "process odd"),
            ("/usr/bin/python3", "a.service"),
            ("/usr/bin/tool", "b.service"),
        ];
        assert_eq!(told, expected.map(|(path, by)| (path.to_owned(), by.to_owned())));
    }

    #[test]
    fn addresses_are_those_of_other_machines() {
        let socket = |address: &str, family: &str| Socket {
            remote_address: Some(address.into()),
            remote_port: Some(443),
            family: family.into(),
            ..Socket::default()
        };
        assert_eq!(address(&socket("192.0.2.7", "ip4")).as_deref(), Some("192.0.2.7:443"));
        assert_eq!(address(&socket("2001:db8::1", "ip6")).as_deref(), Some("[2001:db8::1]:443"));
        for own in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(address(&socket(own, "ip6")), None, "{own}");
        }
    }
}
