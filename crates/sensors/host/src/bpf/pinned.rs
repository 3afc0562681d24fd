//! Names under which BPF objects are pinned: the entries of every BPF file system that is mounted where
//! the sweep sees it. They are described and not opened. 20,000 entries, 16 folders deep.

use std::{
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Observed, Problem, Reason, Time, tables::host::BpfObject};
use rustix::fs::FileType;

use super::TABLE;
use crate::{
    accounts::Names,
    machine::{Kernel, Machine},
    mounts::mount_info,
    name,
};

const MOUNTS_CAP: u64 = 16 << 20;
const MOST: usize = 20_000;
const DEPTH: usize = 16;

pub fn look(machine: &Machine, kernel: &Kernel, names: &Names, seen: &mut Observed<BpfObject>) {
    let mounts = match kernel.proc.read("self/mountinfo", MOUNTS_CAP) {
        Ok(content) => mount_info(&content).entries,
        Err(failure) => {
            return seen.problem(failure.of_required().problem(TABLE, "/proc/self/mountinfo"));
        }
    };
    let mut left = MOST;
    let mut known = Vec::new();
    for mount in mounts.iter().filter(|mount| mount.file_system == b"bpf") {
        // One file system may be mounted in several places.
        let identity = (mount.device, mount.part.clone());
        if !known.contains(&identity) {
            known.push(identity);
            let path = PathBuf::from(OsStr::from_bytes(&mount.path));
            folder(machine, names, path, &mut left, seen);
        }
    }
    if left == 0 {
        let detail = format!("only {MOST} entries are looked at");
        seen.problem(Problem::new(TABLE, "pinned objects", Reason::TooLarge, detail));
    }
}

fn folder(
    machine: &Machine,
    names: &Names,
    top: PathBuf,
    left: &mut usize,
    seen: &mut Observed<BpfObject>,
) {
    let mut todo = vec![(top, 0)];
    while let Some((path, depth)) = todo.pop() {
        let listing = match machine.root.list(&path) {
            Ok(listing) => listing,
            Err(failure) if failure.is_absence() => continue,
            Err(failure) => {
                seen.problem(failure.problem(TABLE, name::path(&path)));
                continue;
            }
        };
        for entry in listing.entries {
            if *left == 0 {
                return;
            }
            *left -= 1;
            let path = path.join(&entry.name);
            match entry.kind {
                FileType::Directory if depth < DEPTH => todo.push((path, depth + 1)),
                FileType::RegularFile => seen.rows.extend(row(machine, names, &path)),
                _ => {}
            }
        }
    }
}

fn row(machine: &Machine, names: &Names, path: &Path) -> Option<BpfObject> {
    let stat = machine.root.stat_link(path).ok()?;
    Some(BpfObject {
        kind: "pinned".into(),
        user: names.user(stat.st_uid),
        path: Some(name::path(path)),
        mode: Some(format!("{:04o}", stat.st_mode & 0o7777)),
        modified: Some(Time(stat.st_mtime)),
        ..BpfObject::default()
    })
}
