//! Kernels, initramfs archives, EFI programs and the loader's files, as rows.
//!
//! Reads `/boot`, the folders `EFI` of firmware's partitions, and what packages bring of the same
//! kind, to tell copies from others. Limits: 1,000 entries of a folder, 50 archives, 500 programs,
//! two threads, and what `initramfs`, `efi` and `loader` say.

use std::{
    collections::HashMap,
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Observed, Reason, Time, tables::host::BootFile};
use rustix::fs::{FileType, Stat};

use super::{
    copied::Copied,
    efi,
    initramfs::Image,
    loader, places,
    tasks::{self, Done, Task},
};
use crate::{
    machine::Machine,
    mounts, name,
    reading::{Limits, Reading},
    root::{Failure, TEXT_CAP},
};

const LIMITS: Limits = Limits { rows: 50_000, bytes: 32 << 20 };
const MAX_ENTRIES: usize = 1_000;
const MAX_IMAGES: usize = 50;
const MAX_PROGRAMS: usize = 500;
const KERNELS: [&str; 5] = ["vmlinuz", "vmlinux", "bzImage", "kernel-", "Image"];
const IMAGES: [&str; 3] = ["initrd", "initramfs", "acpi_override"];
/// What is read for the table, and what packages bring of the same kind.
pub struct Files<'a> {
    pub reading: Reading<'a, BootFile>,
    copied: Copied,
}

pub fn collect(machine: &Machine) -> Observed<BootFile> {
    let copied = Copied::look(&machine.root);
    let mut files = Files { reading: Reading::new(&machine.root, LIMITS), copied };
    let tasks = files.tasks();
    for done in tasks::all(&machine.root, tasks) {
        match done {
            Done::Image(path, stat, image) => files.image(&path, &stat, image),
            Done::Program(kind, path, stat, program) => files.program(kind, &path, &stat, program),
        }
    }
    loader::collect(&mut files);
    files.not_mounted();
    files.reading.done(machine.privileged)
}

impl Files<'_> {
    fn tasks(&mut self) -> Vec<Task> {
        let mut tasks = Vec::new();
        let (mut images, mut programs) = (0, 0);
        for (path, stat) in self.in_boot() {
            let file = path.file_name().map(name::os).unwrap_or_default();
            let starts = |names: &[&str]| names.iter().any(|name| file.starts_with(name));
            if starts(&IMAGES) {
                images += 1;
                tasks.extend((images <= MAX_IMAGES).then_some(Task::Image(path, stat)));
            } else if starts(&KERNELS) || file == "linux" {
                programs += 1;
                tasks.extend(
                    (programs <= MAX_PROGRAMS).then_some(Task::Program("kernel", path, stat)),
                );
            }
        }
        let found = places::efi_programs(self.reading.root);
        for (folder, failure) in found.failed {
            self.reading.failed(&folder, &[], failure);
        }
        for path in found.found {
            let Ok(stat) = self.reading.root.stat(&path) else { continue };
            programs += 1;
            tasks.extend((programs <= MAX_PROGRAMS).then_some(Task::Program("efi", path, stat)));
        }
        if images > MAX_IMAGES || programs > MAX_PROGRAMS {
            let detail = format!("more than {MAX_IMAGES} archives or {MAX_PROGRAMS} programs");
            self.reading.too_large(Path::new("/boot"), &[], detail);
        }
        tasks
    }

    /// Plain files of `/boot` and of the folders that kernel-install fills below it; of a link, what it leads to.
    fn in_boot(&mut self) -> Vec<(PathBuf, Stat)> {
        let mut found: HashMap<(u64, u64), (PathBuf, Stat)> = HashMap::new();
        for folder in places::FIRMWARE {
            let mut todo = vec![(PathBuf::from(folder), 2)];
            while let Some((folder, depth)) = todo.pop() {
                for path in self.reading.entries(&folder, MAX_ENTRIES) {
                    let Ok(stat) = self.reading.root.stat(&path) else { continue };
                    match FileType::from_raw_mode(stat.st_mode) {
                        FileType::RegularFile => {
                            let path = self.reading.root.resolve(&path).unwrap_or(path);
                            found.insert((stat.st_dev, stat.st_ino), (path, stat));
                        }
                        FileType::Directory if depth > 0 && is_of_machine(&path) => {
                            todo.push((path, depth - 1));
                        }
                        _ => {}
                    }
                }
            }
        }
        let mut found: Vec<_> = found.into_values().collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }

    fn image(&mut self, path: &Path, stat: &Stat, image: Image) {
        let whole = image.failure.is_none();
        self.reading.row(BootFile {
            origin: Some("generated".into()),
            members: whole.then_some(image.members),
            same: whole.then_some(image.same),
            sha256: image.sha256,
            ..row("initramfs", path, stat)
        });
        image.rows.into_iter().for_each(|row| self.reading.row(row));
        if image.more {
            self.reading.too_large(path, &[], "more members that are not on disk".into());
        }
        if let Some(failure) = image.failure {
            self.reading.failed(path, &[], failure);
        }
    }

    fn program(
        &mut self,
        kind: &str,
        path: &Path,
        stat: &Stat,
        program: Result<efi::Program, Failure>,
    ) {
        let program = program.unwrap_or_else(|failure| {
            self.reading.failed(path, &["sha256", "signers", "origin"], failure);
            efi::Program::default()
        });
        if program.senseless {
            self.reading.malformed(path, &["signers"], "its signature makes no sense");
        }
        let copy = self.copied.is_copy(self.reading.root, stat, &program.sha256);
        self.reading.row(BootFile {
            origin: copy.map(str::to_owned),
            signers: program.signers,
            sha256: Some(program.sha256).filter(|digest| !digest.is_empty()),
            ..row(kind, path, stat)
        });
    }

    /// A file of which only the content's digest is of interest.
    pub fn plain(&mut self, path: &Path, kind: &str, origin: Option<&str>) {
        let Ok(stat) = self.reading.root.stat(path) else { return };
        let sha256 = efi::sha256(self.reading.root, path).map_err(|failure| {
            self.reading.failed(path, &["sha256"], failure);
        });
        let origin = origin.map(str::to_owned);
        self.reading.row(BootFile { origin, sha256: sha256.ok(), ..row(kind, path, &stat) });
    }

    /// A partition of its own that is not mounted is not looked at.
    fn not_mounted(&mut self) {
        let table = Path::new("/etc/fstab");
        let Some(content) = self.reading.content(table, TEXT_CAP, &[]) else { return };
        for entry in mounts::fstab(&content).entries {
            let path = Path::new(OsStr::from_bytes(&entry.path));
            let named = places::FIRMWARE.iter().any(|partition| path == Path::new(partition));
            let listing = self.reading.root.list_if_there(path).unwrap_or_default();
            if named && listing.entries.is_empty() {
                let detail = "a partition of its own, which is not mounted here".to_owned();
                self.reading.failed(path, &[], Failure { reason: Reason::Unsupported, detail });
            }
        }
    }
}

/// Folders in `/boot` that hold kernels are named by the machine's id or a version.
fn is_of_machine(path: &Path) -> bool {
    let name = path.file_name().map(name::os).unwrap_or_default();
    let id = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    id || name.starts_with(|c: char| c.is_ascii_digit())
}

pub fn row(kind: &str, path: &Path, stat: &Stat) -> BootFile {
    BootFile {
        kind: kind.into(),
        path: name::path(path),
        size: stat.st_size,
        modified: Some(Time(stat.st_mtime)),
        ..BootFile::default()
    }
}

#[cfg(test)]
mod tests;
