//! Mounted file systems. Reads `/proc/self/mountinfo`, or `/etc/fstab` on a mounted disk, and from
//! `/sys/dev/block` whether a medium can be taken out. Whoever may mount chooses path and source.

mod table;

use std::path::{Path, PathBuf};

use leaksweep_facts::{Observed, Problem, Table, tables::host::Mount};

use crate::{
    machine::{Kernel, Machine},
    name,
    root::{Failure, TEXT_CAP},
};

pub use table::{Entry, Lines, fstab, mount_info};

const TABLE: &str = Mount::DEF.name;
/// Containers bring many mounts.
const MOUNTS_CAP: u64 = 16 << 20;
/// The size that every file of `/sys` claims to have.
const PAGE: u64 = 64 << 10;
/// A partition lies in its disk's folder, and nothing lies deeper.
const REMOVABLE: [&str; 2] = ["removable", "../removable"];

pub fn collect(machine: &Machine) -> Observed<Mount> {
    let mut seen = Observed::default();
    match machine.kernel(TABLE) {
        Ok(kernel) => live(kernel, &mut seen),
        Err(_) => on_disk(machine, &mut seen),
    }
    seen
}

fn live(kernel: &Kernel, seen: &mut Observed<Mount>) {
    let path = "/proc/self/mountinfo";
    let content = match kernel.proc.read("self/mountinfo", MOUNTS_CAP) {
        Ok(content) => content,
        Err(failure) => return seen.problem(failure.of_required().problem(TABLE, path)),
    };
    let lines = mount_info(&content);
    seen.problems.extend(not_understood(&lines, path));
    for entry in lines.entries {
        let removable = removable(kernel, &entry).unwrap_or_else(|failure| {
            let subject = name::text(&entry.source);
            seen.problem(failure.problem(TABLE, subject).in_columns(&["removable"]));
            None
        });
        seen.rows.push(entry.row("kernel", removable));
    }
}

fn on_disk(machine: &Machine, seen: &mut Observed<Mount>) {
    let path = "/etc/fstab";
    let content = match machine.root.read_if_there(path, TEXT_CAP) {
        Ok(content) => content.unwrap_or_default(),
        Err(failure) => return seen.problem(failure.problem(TABLE, path)),
    };
    let lines = fstab(&content);
    seen.problems.extend(not_understood(&lines, path));
    seen.rows.extend(lines.entries.into_iter().map(|entry| entry.row("fstab", None)));
}

fn not_understood(lines: &Lines, path: &str) -> Option<Problem> {
    let first = lines.not_understood.first()?;
    let detail =
        format!("{} lines make no sense, the first is line {first}", lines.not_understood.len());
    Some(Failure::malformed(detail).problem(TABLE, path))
}

/// None for what has no block device: a share, memory.
fn removable(kernel: &Kernel, entry: &Entry) -> Result<Option<bool>, Failure> {
    let Some((major, minor)) = entry.device.filter(|(major, _)| *major != 0) else {
        return Ok(None);
    };
    let device = PathBuf::from(format!("dev/block/{major}:{minor}"));
    // `..` is meant from where the link leads, not from where it lies.
    let device = match kernel.sys.resolve(&device) {
        Ok(device) => device,
        Err(failure) if failure.is_absence() => return Ok(None),
        Err(failure) => return Err(failure),
    };
    for file in REMOVABLE {
        if let Some(content) = kernel.sys.read_if_there(device.join(Path::new(file)), PAGE)? {
            return Ok(Some(content.starts_with(b"1")));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
