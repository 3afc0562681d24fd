//! What is inside running processes: where their standard streams go, what their environment makes
//! them load, and what code they have mapped. Reads `/proc/PID/fd/{0,1,2}`, `environ` (128 KiB) and
//! `maps` (16 MiB of one process, 256 MiB of all).

use std::{
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Observed, Reason, tables::host::Process};

use super::{
    TABLE, code, preloads,
    streams::{self, Remotes},
};
use crate::{
    machine::{Kernel, Machine},
    root::{Failure, Root},
    tally::Tally,
};

const ENVIRON_CAP: usize = 128 << 10;
const MAPS_CAP: usize = 16 << 20;
const MAPS_BUDGET: usize = 256 << 20;

/// What `maps` shows of each process, for whom else it concerns.
pub type Mapped<'a> = dyn FnMut(i64, &Result<(Vec<u8>, bool), Failure>) + 'a;

pub fn look_inside(
    machine: &Machine,
    processes: &mut Observed<Process>,
    remotes: &Remotes,
    mapped: &mut Mapped<'_>,
) {
    let Ok(kernel) = machine.kernel(TABLE) else { return };
    let (disk, tally) = (&machine.root, Tally::default());
    let mut look = Look { kernel, disk, remotes, mapped, budget: MAPS_BUDGET, tally };
    for row in &mut processes.rows {
        // A kernel thread has nothing of its own.
        if row.program_state.as_deref() != Some("kernel") {
            look.process(row);
        }
    }
    processes.problems.extend(look.tally.problems(TABLE, machine.privileged));
}

struct Look<'a, 'b> {
    kernel: &'a Kernel,
    disk: &'a Root,
    remotes: &'a Remotes,
    mapped: &'a mut Mapped<'b>,
    budget: usize,
    tally: Tally,
}

impl Look<'_, '_> {
    fn process(&mut self, row: &mut Process) {
        let folder = PathBuf::from(row.pid.to_string());
        let streams = streams::standard(&self.kernel.proc, &folder, self.remotes);
        // What has ended has no program, and its streams are closed.
        let told = self.told(&["standard_streams"], row.pid, streams);
        row.standard_streams = told.filter(|told| row.program.is_some() || !told.is_empty());
        let environ = self.kernel.proc.head(folder.join("environ"), ENVIRON_CAP);
        if let Some((environ, more)) = self.told(&["preloads"], row.pid, environ) {
            row.preloads = preloads::preloads(&environ);
            if more {
                self.cut(&["preloads"], row.pid, ENVIRON_CAP);
            }
        }
        row.odd_code = self.code(&folder, row);
    }

    fn code(&mut self, folder: &Path, row: &Process) -> Option<String> {
        let cap = MAPS_CAP.min(self.budget);
        let maps = self.kernel.proc.head(folder.join("maps"), cap);
        (self.mapped)(row.pid, &maps);
        let (maps, more) = self.told(&["odd_code"], row.pid, maps)?;
        self.budget = self.budget.saturating_sub(maps.len());
        if more {
            self.cut(&["odd_code"], row.pid, cap);
        }
        let disk = self.disk;
        let gone = |path: &[u8]| match disk.stat_link(Path::new(OsStr::from_bytes(path))) {
            Ok(_) => "replaced",
            Err(_) => "deleted",
        };
        code::odd(&maps, row.program.as_deref(), &gone)
    }

    /// A process that ended has nothing to tell.
    fn told<T>(
        &mut self,
        columns: &'static [&'static str],
        pid: i64,
        found: Result<T, Failure>,
    ) -> Option<T> {
        match found {
            Ok(found) => Some(found),
            Err(failure) if failure.is_absence() => None,
            Err(failure) => {
                self.tally.add(columns, format!("process {pid}"), failure);
                None
            }
        }
    }

    fn cut(&mut self, columns: &'static [&'static str], pid: i64, cap: usize) {
        let detail = format!("only the first {cap} bytes were read");
        let failure = Failure { reason: Reason::TooLarge, detail };
        self.tally.add(columns, format!("process {pid}"), failure);
    }
}
