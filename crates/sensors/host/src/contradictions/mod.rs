//! What one way of looking shows and another does not: the traces of what hides. Nothing here can
//! prove that nothing hides, for a kernel that lies well lies everywhere alike.
//!
//! | kind | shown by | and not by |
//! |---|---|---|
//! | process | `cgroup.procs`, the signal 0, `children` | the listing of `/proc` |
//! | thread, count | `/proc/PID/stat`, `/proc/loadavg` | the listings of `/proc/PID/task` |
//! | module | `/sys/module`, `/proc/kallsyms`, ftrace's list, other modules | `/proc/modules` |
//! | port | `/proc/net/sockstat` | `/proc/net/tcp` and its like; `/proc/PID/fd` |
//! | port | `sock_diag` or `/proc/net/tcp`, `unix` and the like | the other of the two |
//! | file | a folder's number of links, a path, a size | the folder's listing, the content |
//! | mount | `/proc/self/mountinfo` | what lies below |
//! | namespace | `/proc/PID/mountinfo` | `/proc/self/mountinfo` |
//! | interface | `/sys/class/net` | `/proc/net/packet` |
//! | hook | ftrace and kprobes, `/proc/PID/fdinfo` for BPF | |
//!
//! Whatever is suspected is looked at three times more, with a pause between. It is a contradiction
//! where what shows it did so before and after the other way of looking did not; where numbers are
//! compared, only while the kernel counted no birth and no change meanwhile. So what begins or
//! ends while this looks is none.
//!
//! The last 65,536 process numbers are tried; 20,000 control groups and 100,000 processes are looked
//! at, 64 MiB of each of the kernel's lists, 256 rows of a kind are kept.

mod bpf;
mod census;
mod counts;
mod files;
mod hooks;
mod interfaces;
mod listeners;
mod modules;
mod mounts;
mod namespaces;
mod netlink;
mod ports;
mod processes;
mod symbols;
mod view;

use std::{thread, time::Duration};

use leaksweep_facts::{
    Observed, Problem, Reason, Table,
    tables::host::{BpfObject, Contradiction, Process, Socket},
};

use crate::{
    machine::{Kernel, Machine},
    processes::effective_capabilities,
    root::TEXT_CAP,
};

use netlink::Handlers;

pub use self::{
    hooks::{enabled, probes},
    netlink::answer as socket_answer,
    ports::{in_use, sockets as counted_sockets},
    symbols::bracketed,
};

const TABLE: &str = Contradiction::DEF.name;
/// How often what is suspected is looked at again.
const ROUNDS: usize = 3;
const PAUSE: Duration = Duration::from_millis(4);
const MOST_ROWS: usize = 256;
/// The kernel's own lists, of which `/proc/kallsyms` is the longest.
const LIST_CAP: usize = 64 << 20;
/// The inode that the kernel gives to the first namespace of process numbers.
const FIRST_NAMESPACE: &str = "pid:[4026531836]";
/// cap_sys_ptrace, which sees what is hidden from others.
const SEES_ALL: u64 = 1 << 19;

pub fn collect(
    machine: &Machine,
    processes: &[Process],
    sockets: &[Socket],
    bpf_objects: &[BpfObject],
) -> Observed<Contradiction> {
    let kernel = match machine.kernel(TABLE) {
        Ok(kernel) => kernel,
        Err(problem) => return Observed { rows: Vec::new(), problems: vec![problem] },
    };
    let mut seen = Observed::default();
    if !machine.privileged {
        let detail = "only root is shown everything in every way";
        seen.problem(Problem::new(TABLE, "/proc", Reason::Denied, detail));
        return seen;
    }
    let whole = whole(kernel);
    match comparable(kernel) {
        Ok(()) => {
            processes::look(kernel, Some(&view::answers), &mut seen);
            counts::look(kernel, whole, &mut seen);
        }
        Err(problem) => seen.problem(problem),
    }
    modules::look(kernel, &mut seen);
    ports::look(kernel, &mut seen);
    if own_view(kernel) {
        netlink::look(kernel, &Handlers::of(machine, kernel), &netlink::ask, &mut seen);
    }
    if whole {
        listeners::look(kernel, sockets, &mut seen);
    }
    hooks::look(kernel, &mut seen);
    bpf::look(bpf_objects, &mut seen);
    files::look(machine, kernel, &mut seen);
    mounts::look(machine, kernel, &mut seen);
    namespaces::look(kernel, processes, &mut seen);
    interfaces::look(kernel, sockets, &mut seen);
    seen
}

/// Whether what `/proc` lists may be held against what the kernel is asked.
fn comparable(kernel: &Kernel) -> Result<(), Problem> {
    let problem = |reason, detail| Err(Problem::new(TABLE, "/proc", reason, detail));
    if !own_view(kernel) {
        return problem(
            Reason::Unsupported,
            "the process numbers of /proc are of another namespace",
        );
    }
    if !shows_all(kernel) {
        return problem(Reason::Denied, "/proc is mounted so as to hide processes, even from root");
    }
    Ok(())
}

/// In another namespace `self` leads nowhere.
fn own_view(kernel: &Kernel) -> bool {
    let own = rustix::process::getpid().as_raw_nonzero().to_string();
    kernel.proc.link("self").is_ok_and(|link| link.to_str() == Some(&own))
}

/// Whether every process of the machine has a number here, as it has not inside a container.
fn whole(kernel: &Kernel) -> bool {
    kernel.proc.link("self/ns/pid").is_ok_and(|link| link.to_str() == Some(FIRST_NAMESPACE))
}

fn shows_all(kernel: &Kernel) -> bool {
    let mounts = kernel.proc.read("self/mountinfo", TEXT_CAP).unwrap_or_default();
    if !mounts::hides_processes(&mounts) {
        return true;
    }
    let status = kernel.proc.head("self/status", TEXT_CAP as usize).unwrap_or_default().0;
    effective_capabilities(&status).is_some_and(|set| set & SEES_ALL != 0)
}

fn pause() {
    thread::sleep(PAUSE);
}

/// A row; the pid and more are set by struct update.
fn row(
    kind: &str,
    subject: impl Into<String>,
    (seen_by, not_seen_by): (&str, &str),
    detail: impl Into<String>,
    confidence: &str,
) -> Contradiction {
    Contradiction {
        kind: kind.into(),
        subject: subject.into(),
        seen_by: seen_by.into(),
        not_seen_by: not_seen_by.into(),
        pid: None,
        detail: detail.into(),
        confidence: confidence.into(),
    }
}

/// Adds rows of one kind, of too many the first.
fn add(seen: &mut Observed<Contradiction>, rows: Vec<Contradiction>) {
    if rows.len() > MOST_ROWS {
        let subject = rows.first().map(|row| row.kind.clone()).unwrap_or_default();
        let detail = format!("{} of them; only the first {MOST_ROWS} are kept", rows.len());
        seen.problem(Problem::new(TABLE, subject, Reason::TooLarge, detail));
    }
    seen.rows.extend(rows.into_iter().take(MOST_ROWS));
}

#[cfg(test)]
mod tests;
