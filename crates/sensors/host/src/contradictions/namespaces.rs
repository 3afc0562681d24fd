//! Processes that see other mounts than the rest of the machine, and what only they see. Reads the
//! links `/proc/PID/ns/{mnt,user}` and, of one process in each namespace, `/proc/PID/mountinfo`.
//!
//! What containers, snaps, Flatpak and systemd's sandboxes make is passed over. In a namespace of an
//! ordinary user, as a browser's sandbox makes it, everything is only possible. 4,096 namespaces,
//! 16 MiB of each table of mounts, 64 MiB of all.

use std::{
    collections::{BTreeMap, HashSet},
    path::PathBuf,
};

use leaksweep_facts::{
    Observed, Problem, Reason,
    tables::host::{Contradiction, Process},
};

use super::{TABLE, add, mounts, pause, row};
use crate::{
    machine::Kernel,
    mounts::{Entry, mount_info},
    name,
};

const MOUNTS: &str = "/proc/PID/mountinfo";
const MOST: usize = 4_096;
const MOUNTS_CAP: u64 = 16 << 20;
const BUDGET: usize = 64 << 20;
const MOST_TOLD: usize = 8;
/// Parts of the names of control groups in which containers, virtual machines, snaps and Flatpak run.
const CONTAINERS: [&str; 13] = [
    "/docker-",
    "/docker/",
    "/libpod-",
    "/crio-",
    "cri-containerd",
    "/kubepods",
    "/lxc.payload",
    "/lxc/",
    "/machine.slice/",
    "/snap.",
    "/app-flatpak-",
    "/app-org.flatpak",
    "/buildkit",
];
/// Where systemd mounts something of its own in each namespace that it makes for a service.
const SYSTEMD: [&[u8]; 3] =
    [b"/run/systemd/incoming", b"/run/systemd/unit-root", b"/run/systemd/mount-rootfs"];
/// File systems in which nobody can put a file.
const OF_KERNEL: [&[u8]; 16] = [
    b"autofs",
    b"binfmt_misc",
    b"bpf",
    b"cgroup",
    b"cgroup2",
    b"configfs",
    b"debugfs",
    b"devpts",
    b"fusectl",
    b"mqueue",
    b"nsfs",
    b"proc",
    b"pstore",
    b"securityfs",
    b"sysfs",
    b"tracefs",
];

pub fn look(kernel: &Kernel, processes: &[Process], seen: &mut Observed<Contradiction>) {
    let Ok(ours) = kernel.proc.read("self/mountinfo", MOUNTS_CAP) else { return };
    let ours = mount_info(&ours).entries;
    let found = others(kernel, processes);
    if found.len() > MOST {
        let detail = format!("{} mount namespaces; only {MOST} are looked at", found.len());
        seen.problem(Problem::new(TABLE, MOUNTS, Reason::TooLarge, detail));
    }
    let mut told: Vec<(PathBuf, Vec<Contradiction>)> = Vec::new();
    let mut left = BUDGET;
    for (link, inside) in found.into_iter().take(MOST) {
        let Some(theirs) = inside.mounts(kernel, &mut left) else { continue };
        let rows = inside.rows(kernel, &name::path(&link), &ours, &theirs);
        told.extend(Some(rows).filter(|rows| !rows.is_empty()).map(|rows| (link, rows)));
    }
    if left == 0 {
        let detail = format!("more than {BUDGET} bytes of mounts in all");
        seen.problem(Problem::new(TABLE, MOUNTS, Reason::TooLarge, detail));
    }
    if told.is_empty() {
        return;
    }
    // What is being started may be on its way into another namespace.
    pause();
    let still = others(kernel, processes);
    add(
        seen,
        told.into_iter()
            .filter(|(link, _)| still.contains_key(link))
            .flat_map(|one| one.1)
            .collect(),
    );
}

/// The processes of one namespace, in the order of their numbers.
struct Inside<'a>(Vec<&'a Process>);

/// The namespaces that are neither ours nor that of the first process.
fn others<'a>(kernel: &Kernel, processes: &'a [Process]) -> BTreeMap<PathBuf, Inside<'a>> {
    let mounts = |pid: &str| kernel.proc.link(format!("{pid}/ns/mnt")).ok();
    let ordinary = [mounts("self"), mounts("1")];
    let mut others: BTreeMap<PathBuf, Inside<'a>> = BTreeMap::new();
    for process in processes.iter().filter(|one| one.program_state.as_deref() != Some("kernel")) {
        let Some(link) = mounts(&process.pid.to_string()) else { continue };
        if !ordinary.iter().flatten().any(|one| *one == link) {
            others.entry(link).or_insert_with(|| Inside(Vec::new())).0.push(process);
        }
    }
    others
}

impl Inside<'_> {
    /// As one process that is still there sees them.
    fn mounts(&self, kernel: &Kernel, left: &mut usize) -> Option<Vec<Entry>> {
        let read = |process: &&Process| {
            let cap = MOUNTS_CAP.min(*left as u64);
            kernel.proc.read(format!("{}/mountinfo", process.pid), cap).ok()
        };
        let content = self.0.iter().take(MOST_TOLD).find_map(read)?;
        *left = left.saturating_sub(content.len());
        Some(mount_info(&content).entries)
    }

    fn rows(
        &self,
        kernel: &Kernel,
        link: &str,
        ours: &[Entry],
        theirs: &[Entry],
    ) -> Vec<Contradiction> {
        let covered = theirs.iter().filter_map(|entry| covered(link, entry));
        covered.chain(self.apart(kernel, link, ours, theirs)).collect()
    }

    fn apart(
        &self,
        kernel: &Kernel,
        link: &str,
        ours: &[Entry],
        theirs: &[Entry],
    ) -> Option<Contradiction> {
        let first = self.0.first()?;
        if explained(first, theirs) {
            return None;
        }
        let only = only_theirs(ours, theirs);
        let sure = !only.is_empty() && self.of_the_machine(kernel);
        let others = self.0.len() - 1;
        let who = match others {
            0 => format!("'{}' sees mounts of its own", first.name),
            _ => format!("'{}' and {others} more see mounts of their own", first.name),
        };
        let what: Vec<String> = only.iter().take(MOST_TOLD).map(|entry| shown(entry)).collect();
        let what = match only.len() {
            0 => "nothing in them that others cannot see".to_owned(),
            more if more > MOST_TOLD => {
                format!("{} and {} more", what.join(", "), more - MOST_TOLD)
            }
            _ => what.join(", "),
        };
        let (ways, detail) = ((MOUNTS, "/proc/self/mountinfo"), format!("{who}: {what}"));
        let row = row("namespace", link, ways, detail, if sure { "likely" } else { "possible" });
        Some(Contradiction { pid: Some(first.pid), ..row })
    }

    /// Whether root made it, for an ordinary user can only make one together with users of its own.
    fn of_the_machine(&self, kernel: &Kernel) -> bool {
        let users = |pid: &str| kernel.proc.link(format!("{pid}/ns/user")).ok();
        let ours = users("self");
        let pids = self.0.iter().take(MOST_TOLD).map(|process| process.pid.to_string());
        ours.is_some() && pids.into_iter().any(|pid| users(&pid) == ours)
    }
}

fn covered(link: &str, entry: &Entry) -> Option<Contradiction> {
    let path = name::text(&entry.path);
    let pid = mounts::process(&path)?;
    let detail = format!("a process is covered in {link}; {}", shown(entry));
    let row = row("mount", path, (MOUNTS, "listing"), detail, "certain");
    Some(Contradiction { pid: Some(pid), ..row })
}

/// Made by a container tool, or by systemd for a service of its own.
fn explained(process: &Process, theirs: &[Entry]) -> bool {
    let group = &process.control_group;
    let of_service = process.unit.as_deref().is_some_and(|unit| unit.ends_with(".service"));
    let of_systemd = |entry: &Entry| SYSTEMD.iter().any(|place| entry.path.starts_with(place));
    CONTAINERS.iter().any(|part| group.contains(part))
        || (of_service && theirs.iter().any(of_systemd))
}

/// What nobody else sees: a file system that is not mounted elsewhere, or something over a place of
/// the system.
fn only_theirs<'a>(ours: &[Entry], theirs: &'a [Entry]) -> Vec<&'a Entry> {
    let devices: HashSet<_> = ours.iter().map(|entry| entry.device).collect();
    let same = |one: &Entry, other: &Entry| {
        (one.device, &one.part, &one.path) == (other.device, &other.part, &other.path)
    };
    let apart = |entry: &&Entry| {
        let kernels = OF_KERNEL.contains(&entry.file_system.as_slice());
        let new = !devices.contains(&entry.device);
        let path = name::text(&entry.path);
        !kernels
            && !ours.iter().any(|one| same(one, entry))
            && (new || mounts::of_system(&path) && mounts::replaces(entry))
    };
    theirs.iter().filter(apart).collect()
}

fn shown(entry: &Entry) -> String {
    let [system, part, path] =
        [&entry.file_system, &entry.part, &entry.path].map(|text| name::text(text));
    match part.as_str() {
        "/" => format!("{system} at {path}"),
        _ => format!("{part} of {system} at {path}"),
    }
}
