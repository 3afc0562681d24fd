//! Programs inside the kernel that watch or change its functions, and who holds them. Reads the
//! links in `/proc/PID/fd` and, of those that lead to BPF, `fdinfo`. Security products hold such
//! programs too, so this is never more than possible.

use std::{collections::BTreeMap, os::unix::ffi::OsStrExt};

use leaksweep_facts::{
    Observed,
    tables::host::{Contradiction, Process},
};

use super::{add, row};
use crate::machine::Kernel;

const MOST_FILES: usize = 200_000;
const INFO_CAP: usize = 4096;
/// The kernel's numbers of the kinds that see functions: kprobe, tracepoint, raw tracepoint, the
/// same writable, tracing, lsm.
const KINDS: [(u32, &str); 6] = [
    (2, "kprobe"),
    (5, "tracepoint"),
    (17, "raw tracepoint"),
    (24, "raw tracepoint"),
    (26, "tracing"),
    (29, "lsm"),
];

pub fn look(kernel: &Kernel, processes: &[Process], seen: &mut Observed<Contradiction>) {
    let mut left = MOST_FILES;
    let mut rows = Vec::new();
    for process in processes.iter().filter(|one| one.program.is_some()) {
        let held = held(kernel, process.pid, &mut left);
        if held.is_empty() {
            continue;
        }
        let kinds: Vec<String> = held.iter().map(|(kind, many)| format!("{many} {kind}")).collect();
        let detail = format!("'{}' holds BPF programs: {}", process.name, kinds.join(", "));
        let subject = format!("process {}", process.pid);
        let row = row("hook", subject, ("/proc/PID/fdinfo", ""), detail, "possible");
        rows.push(Contradiction { pid: Some(process.pid), ..row });
    }
    add(seen, rows);
}

fn held(kernel: &Kernel, pid: i64, left: &mut usize) -> BTreeMap<&'static str, usize> {
    let mut held = BTreeMap::new();
    let entries = kernel.proc.list(format!("{pid}/fd")).unwrap_or_default().entries;
    for entry in entries.iter().take(*left) {
        let number = entry.name.display();
        let link = kernel.proc.link(format!("{pid}/fd/{number}")).unwrap_or_default();
        if link.as_os_str().as_bytes() == b"anon_inode:bpf-prog" {
            let path = format!("{pid}/fdinfo/{number}");
            let info = kernel.proc.head(path, INFO_CAP).unwrap_or_default().0;
            if let Some(kind) = kind(&info) {
                *held.entry(kind).or_default() += 1;
            }
        }
    }
    *left = left.saturating_sub(entries.len());
    held
}

/// `prog_type: 2`, with a tab between
fn kind(info: &[u8]) -> Option<&'static str> {
    let lines = info.split(|byte| *byte == b'\n');
    let value = lines.filter_map(|line| line.strip_prefix(b"prog_type:")).next()?;
    let number: u32 = std::str::from_utf8(value).ok()?.trim().parse().ok()?;
    KINDS.iter().find(|(known, _)| *known == number).map(|(_, kind)| *kind)
}
