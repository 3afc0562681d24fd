//! BPF objects: programs inside the kernel, their maps and links. Reads `/proc/PID/fdinfo` of every
//! descriptor that [`crate::descriptors`] found to be one (4 KiB of each, 50,000 in all), and the names
//! in BPF file systems (`pinned`).
//!
//! Limits: nothing is asked by the call `bpf`, for that would open the objects: what is attached to a
//! network device or a control group and that no process holds and no name keeps is not seen, nor is
//! to which object a name leads.

mod info;
mod pinned;

use leaksweep_facts::{
    Observed, Problem, Reason, Table,
    tables::host::{BpfObject, Process},
};

use crate::{
    accounts::Names,
    descriptors::Descriptors,
    machine::{Kernel, Machine},
    tally::Tally,
};

pub use info::{Kind, parse};

const TABLE: &str = BpfObject::DEF.name;
const INFO_CAP: usize = 4096;
const MOST: usize = 50_000;

/// An open descriptor of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub pid: i64,
    pub number: String,
    pub kind: Kind,
}

pub fn collect(
    machine: &Machine,
    names: &Names,
    processes: &[Process],
    descriptors: &Descriptors,
) -> Observed<BpfObject> {
    let mut seen = Observed::default();
    let kernel = match machine.kernel(TABLE) {
        Ok(kernel) => kernel,
        Err(problem) => return Observed { rows: Vec::new(), problems: vec![problem] },
    };
    seen.problems.extend(descriptors.problems(TABLE, &[], machine.privileged));
    held(kernel, processes, descriptors, machine.privileged, &mut seen);
    // One process may hold an object by several descriptors.
    seen.rows.sort_by(|a, b| (a.pid, &a.kind, a.number).cmp(&(b.pid, &b.kind, b.number)));
    seen.rows.dedup();
    pinned::look(machine, kernel, names, &mut seen);
    seen
}

fn held(
    kernel: &Kernel,
    processes: &[Process],
    descriptors: &Descriptors,
    privileged: bool,
    seen: &mut Observed<BpfObject>,
) {
    let mut tally = Tally::default();
    let of = |open: &Open| processes.iter().find(|process| process.pid == open.pid);
    for open in descriptors.bpf.iter().take(MOST) {
        let Some(process) = of(open) else { continue };
        let path = format!("{}/fdinfo/{}", open.pid, open.number);
        match kernel.proc.head(path, INFO_CAP) {
            Ok((content, _)) => seen.rows.push(row(open, process, &content)),
            Err(failure) if failure.is_absence() => {}
            Err(failure) => {
                tally.add(&[], format!("a BPF object of process {}", open.pid), failure)
            }
        }
    }
    seen.problems.extend(tally.problems(TABLE, privileged));
    if descriptors.bpf.len() > MOST {
        let detail = format!("only {MOST} open objects are looked at");
        seen.problem(Problem::new(TABLE, "/proc/PID/fdinfo", Reason::TooLarge, detail));
    }
}

fn row(open: &Open, process: &Process, content: &[u8]) -> BpfObject {
    let info = open.kind.info(content);
    let form = info.form.as_deref().filter(|_| open.kind == Kind::Program);
    BpfObject {
        kind: open.kind.word().into(),
        number: info.number,
        effect: form.and_then(info::effect).map(str::to_owned),
        form: info.form,
        tag: info.tag,
        pid: Some(process.pid),
        process: Some(process.name.clone()),
        program: process.program.clone(),
        user: process.user.clone(),
        ..BpfObject::default()
    }
}

#[cfg(test)]
mod tests;
