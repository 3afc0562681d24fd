//! Running processes. Reads `/proc/PID/{stat,status,cmdline,cgroup}` and the links `exe`, `root` and
//! `ns/user`; every byte of them may be a process's own invention. At most 100,000 processes are
//! listed and 32 KiB of a command line are kept.

mod arguments;
mod capabilities;
mod code;
mod group;
mod inside;
mod places;
mod preloads;
mod program;
mod state;
mod streams;

use std::path::{Path, PathBuf};

use leaksweep_facts::{Observed, Problem, Reason, Table, Time, tables::host::Process};

use crate::{
    accounts::Names,
    machine::{Kernel, Machine},
    name,
    root::{Entry, Failure, LIST_CAP, TEXT_CAP},
    tally::Tally,
};

pub use self::{
    arguments::quoted,
    capabilities::effective as effective_capabilities,
    group::{control_group, unit},
    inside::look_inside,
    state::{Stat, boot_time, stat, user_ids},
    streams::Remotes,
};
use program::{Program, Viewer};

const TABLE: &str = Process::DEF.name;
/// `stat` is one line.
const HEAD_CAP: usize = 4096;
/// The groups of a process, of which there may be 65,536, stand before its capabilities.
const STATUS_CAP: usize = 1 << 20;
const ARGUMENTS_CAP: usize = 32 << 10;
/// What `/proc` counts time in, on every architecture for which this is built.
const TICKS_PER_SECOND: i64 = 100;

pub fn collect(machine: &Machine, names: &Names) -> Observed<Process> {
    let mut seen = Observed::default();
    let kernel = match machine.kernel(TABLE) {
        Ok(kernel) => kernel,
        Err(problem) => return Observed { rows: Vec::new(), problems: vec![problem] },
    };
    let pids = match pids(kernel, &mut seen.problems) {
        Ok(pids) => pids,
        Err(failure) => {
            seen.problem(failure.problem(TABLE, name::path(kernel.proc.path())));
            return seen;
        }
    };
    let booted = booted(kernel, &mut seen.problems);
    let mut reader = Reader::new(machine, kernel, names, booted);
    for pid in pids {
        match reader.process(pid) {
            Ok(row) => seen.rows.push(row),
            Err(failure) => reader.tally.add(&[], format!("process {pid}"), failure),
        }
    }
    seen.problems.extend(reader.tally.problems(TABLE, machine.privileged));
    seen
}

/// The process ids in `/proc`, ascending.
fn pids(kernel: &Kernel, problems: &mut Vec<Problem>) -> Result<Vec<i64>, Failure> {
    let listing = kernel.proc.list("")?;
    let mut pids: Vec<i64> = listing.entries.iter().filter_map(pid).collect();
    pids.sort_unstable();
    if listing.cut {
        let detail = format!("only the first {LIST_CAP} entries were read");
        problems.push(Problem::new(TABLE, "/proc", Reason::TooLarge, detail));
    }
    // Every process sees process 1, unless /proc is mounted so as to hide what is another user's.
    if pids.first() != Some(&1) {
        let detail = "process 1 is not shown, so others may be hidden too";
        problems.push(Problem::new(TABLE, "/proc", Reason::Denied, detail));
    }
    Ok(pids)
}

fn pid(entry: &Entry) -> Option<i64> {
    let name = entry.name.to_str()?;
    let digits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    if digits { name.parse().ok().filter(|pid| *pid > 0) } else { None }
}

/// When the machine was started, which process start times are counted from.
fn booted(kernel: &Kernel, problems: &mut Vec<Problem>) -> Option<Time> {
    match machine_booted(kernel) {
        Ok(time) => Some(time),
        Err(failure) => {
            problems.push(failure.problem(TABLE, "/proc/stat").in_columns(&["started"]));
            None
        }
    }
}

/// When the machine was started, by `/proc/stat`.
pub fn machine_booted(kernel: &Kernel) -> Result<Time, Failure> {
    let content = kernel.proc.read("stat", TEXT_CAP).map_err(Failure::of_required)?;
    boot_time(&content).ok_or_else(|| Failure::malformed("no line 'btime'"))
}

struct Reader<'a> {
    kernel: &'a Kernel,
    names: &'a Names,
    viewer: Viewer<'a>,
    booted: Option<Time>,
    tally: Tally,
}

/// What one process is at any moment, for who watches.
pub struct Facts<'a>(Reader<'a>);

impl<'a> Facts<'a> {
    pub fn new(machine: &'a Machine, kernel: &'a Kernel, names: &'a Names) -> Self {
        Self(Reader::new(machine, kernel, names, machine_booted(kernel).ok()))
    }

    /// None where it has ended.
    pub fn of(&mut self, pid: i64) -> Option<Process> {
        self.0.process(pid).ok()
    }
}

impl<'a> Reader<'a> {
    fn new(
        machine: &'a Machine,
        kernel: &'a Kernel,
        names: &'a Names,
        booted: Option<Time>,
    ) -> Self {
        let viewer = Viewer::new(machine, kernel);
        Self { kernel, names, viewer, booted, tally: Tally::default() }
    }
}

impl Reader<'_> {
    fn process(&mut self, pid: i64) -> Result<Process, Failure> {
        let folder = PathBuf::from(pid.to_string());
        let stat = self.stat(&folder)?;
        let status = self.kernel.proc.head(folder.join("status"), STATUS_CAP)?.0;
        let (uid, effective_uid) =
            user_ids(&status).ok_or_else(|| Failure::malformed("no user in 'status'"))?;
        let program = self.program(pid, &folder, &stat)?;
        let control_group = self.control_group(pid, &folder);
        Ok(Process {
            pid,
            parent: stat.parent,
            name: name::text(&stat.name),
            program: program.path,
            program_state: program.state.map(str::to_owned),
            arguments: self.arguments(pid, &folder),
            uid: i64::from(uid),
            effective_uid: i64::from(effective_uid),
            user: self.names.user(effective_uid),
            started: self.started(&stat),
            unit: control_group.as_deref().and_then(unit),
            control_group: control_group.unwrap_or_default(),
            capabilities: self.capabilities(pid, &folder, effective_uid, &status),
            tracer: capabilities::tracer(&status),
            ..Process::default()
        })
    }

    fn stat(&self, folder: &Path) -> Result<Stat, Failure> {
        let line = self.kernel.proc.head(folder.join("stat"), HEAD_CAP)?.0;
        stat(&line).ok_or_else(|| Failure::malformed("'stat' does not have its fields"))
    }

    /// A process that ends loses its program first; only then does its folder go.
    fn program(&mut self, pid: i64, folder: &Path, stat: &Stat) -> Result<Program, Failure> {
        if stat.kernel_thread {
            return Ok(Program::of_kernel());
        }
        let failure = match self.viewer.program(folder) {
            Ok(program) => return Ok(program),
            Err(failure) => failure,
        };
        if !failure.is_absence() {
            self.tally.add(&["program", "program_state"], format!("process {pid}"), failure);
        } else if !stat.ended && !self.stat(folder)?.ended {
            let failure = Failure::malformed("it shows no program");
            self.tally.add(&["program", "program_state"], format!("process {pid}"), failure);
        }
        Ok(Program::default())
    }

    /// Root has them all, and in a user namespace of its own a process has them over nothing else.
    fn capabilities(
        &mut self,
        pid: i64,
        folder: &Path,
        effective_uid: u32,
        status: &[u8],
    ) -> Option<String> {
        let set = capabilities::effective(status).filter(|set| *set != 0 && effective_uid != 0)?;
        let ours = self.kernel.proc.link("self/ns/user").ok();
        match self.kernel.proc.link(folder.join("ns/user")) {
            Ok(theirs) if Some(&theirs) != ours.as_ref() => None,
            Err(failure) if !failure.is_absence() => {
                self.tally.add(&["capabilities"], format!("process {pid}"), failure);
                None
            }
            _ => capabilities::names(set),
        }
    }

    fn arguments(&mut self, pid: i64, folder: &Path) -> String {
        match self.kernel.proc.head(folder.join("cmdline"), ARGUMENTS_CAP) {
            Ok((content, more)) => quoted(&content, more),
            Err(failure) => self.lacks(&["arguments"], pid, failure),
        }
    }

    fn control_group(&mut self, pid: i64, folder: &Path) -> Option<String> {
        match self.kernel.proc.read(folder.join("cgroup"), TEXT_CAP) {
            Ok(content) => control_group(&content),
            Err(failure) => {
                self.lacks(&["unit", "control_group"], pid, failure);
                None
            }
        }
    }

    /// Absence is no failure here: kernels without control groups, and processes that just end.
    fn lacks(&mut self, columns: &'static [&'static str], pid: i64, failure: Failure) -> String {
        if !failure.is_absence() {
            self.tally.add(columns, format!("process {pid}"), failure);
        }
        String::new()
    }

    fn started(&self, stat: &Stat) -> Option<Time> {
        let since_boot = stat.started / TICKS_PER_SECOND;
        Some(Time(self.booted?.0.saturating_add(since_boot)))
    }
}

pub fn parse_maps(content: &[u8]) {
    code::odd(content, None, &|_| "deleted");
}

pub fn parse_environ(content: &[u8]) {
    preloads::preloads(content);
}

#[cfg(test)]
mod tests;
