//! Mounts that cover what should be seen. Reads `/proc/self/mountinfo` and, where a folder is
//! covered, the lists of dpkg's packages.

mod packaged;

use leaksweep_facts::{Observed, tables::host::Contradiction};
use rustix::fs::FileType;

use super::{TABLE, add, row};
use crate::{
    machine::{Kernel, Machine},
    mounts::{Entry, mount_info},
    name,
    root::Root,
};

const MOUNTS: &str = "/proc/self/mountinfo";
const MOUNTS_CAP: u64 = 16 << 20;
/// Folders of programs, libraries, configuration and logs.
const SYSTEM: [&str; 14] = [
    "/bin",
    "/boot",
    "/etc",
    "/lib",
    "/lib64",
    "/root",
    "/sbin",
    "/usr/bin",
    "/usr/lib",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local",
    "/usr/sbin",
    "/var/log",
];
/// Files over which container tools and systemd mount their own.
const ORDINARY: [&str; 8] = [
    "/etc/hostname",
    "/etc/hosts",
    "/etc/localtime",
    "/etc/machine-id",
    "/etc/mtab",
    "/etc/resolv.conf",
    "/etc/timezone",
    "/etc/zoneinfo",
];

/// What systemd lays over folders of the system, where somebody installed such a layer.
const LAYERS: [&[u8]; 2] = [b"sysext", b"confext"];

pub fn look(machine: &Machine, kernel: &Kernel, seen: &mut Observed<Contradiction>) {
    let content = match kernel.proc.read("self/mountinfo", MOUNTS_CAP) {
        Ok(content) => content,
        Err(failure) => return seen.problem(failure.of_required().problem(TABLE, MOUNTS)),
    };
    let entries = mount_info(&content).entries;
    let mut rows: Vec<_> = entries.iter().filter_map(|entry| cover(&machine.root, entry)).collect();
    let folders: Vec<String> =
        rows.iter().filter(|row| unsure(row)).map(|row| row.subject.clone()).collect();
    let hidden = packaged::hidden(&machine.root, &folders);
    for row in rows.iter_mut().filter(|row| unsure(row)) {
        if let Some(files) = hidden.get(&row.subject) {
            row.detail +=
                &format!("; none of the {files} files that packages put there is to be seen");
            row.confidence = "likely".into();
        }
    }
    add(seen, rows);
}

/// Logs are emptied by whoever keeps them in memory.
fn unsure(row: &Contradiction) -> bool {
    row.confidence == "possible" && !row.subject.starts_with("/var/")
}

fn cover(root: &Root, entry: &Entry) -> Option<Contradiction> {
    let path = name::text(&entry.path);
    let kind = root.stat_link(&path).map(|stat| FileType::from_raw_mode(stat.st_mode));
    let (confidence, hides) = covers(&path, kind.as_ref().ok().copied(), entry)?;
    let (source, system) = (name::text(&entry.source), name::text(&entry.file_system));
    let part = name::text(&entry.part);
    let detail = format!("{hides}; {system} from {source}, its part {part}");
    let row = row("mount", path.clone(), (MOUNTS, "listing"), detail, confidence);
    Some(Contradiction { pid: process(&path), ..row })
}

/// How sure it is that a mount hides something, and what. One over a single file of the system is
/// seldom honest; one over a folder most often is.
pub fn covers(
    path: &str,
    kind: Option<FileType>,
    entry: &Entry,
) -> Option<(&'static str, &'static str)> {
    if process(path).is_some() {
        return Some(("certain", "a process is covered"));
    }
    let inside = of_system(path) && !SYSTEM.contains(&path);
    match kind {
        Some(FileType::RegularFile) if inside => {
            Some(("likely", "a file of the system is covered"))
        }
        Some(FileType::Directory) if of_system(path) && replaces(entry) => {
            Some(("possible", "a folder of the system is covered"))
        }
        _ => None,
    }
}

/// A folder of the system, or a place in it over which nothing is mounted as a rule.
pub fn of_system(path: &str) -> bool {
    let below = |folder: &&str| {
        path.strip_prefix(*folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    SYSTEM.iter().any(below) && !ORDINARY.contains(&path)
}

/// Whether something else than the whole of a disk's file system is put in the place.
pub fn replaces(entry: &Entry) -> bool {
    let kind = entry.file_system.as_slice();
    let layered = matches!(kind, b"overlay" | b"fuse.overlayfs" | b"fuse-overlayfs" | b"unionfs");
    let of_memory = matches!(kind, b"tmpfs" | b"ramfs");
    let by_systemd = layered && LAYERS.contains(&entry.source.as_slice());
    !by_systemd && (layered || of_memory || entry.part != b"/")
}

/// `/proc/812` and what is below.
pub fn process(path: &str) -> Option<i64> {
    path.strip_prefix("/proc/")?.split('/').next()?.parse().ok()
}

/// Whether `/proc` is mounted so that not everybody is shown everything.
pub fn hides_processes(mountinfo: &[u8]) -> bool {
    let entries = mount_info(mountinfo).entries;
    // The last mount at a path is the one that counts.
    let proc = entries.iter().rev().find(|entry| entry.path == b"/proc");
    proc.is_some_and(|entry| {
        entry.options.iter().any(|option| match option.strip_prefix(b"hidepid=") {
            Some(value) => !matches!(value, b"0" | b"off"),
            None => option == b"subset=pid",
        })
    })
}
