//! The files of modules. Those of the kernel itself are found through `modules.dep`; what lies in
//! `updates`, `extra`, `weak-updates` and the like, or at the top, is looked for.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use leaksweep_facts::tables::host::Module;
use rustix::fs::FileType;

use super::{TABLE, loaded::normal};
use crate::{machine::Machine, name, reading::Reading, root::TEXT_CAP, system};

const DEPENDENCIES_CAP: u64 = 16 << 20;
const MOST_RELEASES: usize = 50;
const MOST_ENTRIES: usize = 20_000;
const DEPTH: usize = 8;
const ENDINGS: [&str; 4] = [".ko", ".ko.xz", ".ko.zst", ".ko.gz"];

#[derive(Debug, Default)]
pub struct Releases {
    /// Of the running or the newest kernel, by the module's name.
    by_name: BTreeMap<String, String>,
    /// Of every kernel: what lies outside the folder `kernel`.
    pub beside: BTreeSet<String>,
}

impl Releases {
    pub fn read(machine: &Machine, reading: &mut Reading<'_, Module>) -> Self {
        let mut found = Self::default();
        // `/lib` is a link to `/usr/lib` on most machines.
        let top = reading.root.resolve("/lib/modules").unwrap_or_else(|_| "/lib/modules".into());
        let folders = reading.entries(&top, MOST_RELEASES);
        let mut left = MOST_ENTRIES;
        for folder in &folders {
            if reading.is_folder(folder) {
                found.walk(folder, reading, &mut left);
            }
        }
        let names = folders.iter().filter_map(|folder| folder.file_name()).map(name::os);
        if let Some(release) = running(machine).or_else(|| system::newest(names.collect())) {
            let folder = top.join(release);
            found.take_dependencies(&folder, reading);
            found.take_beside(&folder);
        }
        found
    }

    pub fn path(&self, module: &str) -> Option<&String> {
        self.by_name.get(module)
    }

    /// modprobe prefers what lies in `updates`, and says so in `modules.dep`.
    fn take_dependencies(&mut self, folder: &Path, reading: &mut Reading<'_, Module>) {
        let path = folder.join("modules.dep");
        let Some(content) = reading.content(&path, DEPENDENCIES_CAP, &["path"]) else { return };
        for relative in dependencies(&content) {
            let path = name::path(&folder.join(&relative));
            if let Some(module) = module_name(&path) {
                self.by_name.insert(module, path);
            }
        }
    }

    /// What is there and not yet in `modules.dep`.
    fn take_beside(&mut self, folder: &Path) {
        let folder = format!("{}/", name::path(folder));
        for path in self.beside.iter().filter(|path| path.starts_with(&folder)) {
            if let Some(module) = module_name(path) {
                self.by_name.entry(module).or_insert_with(|| path.clone());
            }
        }
    }

    /// Links are not followed: `build` and `source` lead to the kernel's sources.
    fn walk(&mut self, release: &Path, reading: &mut Reading<'_, Module>, left: &mut usize) {
        let mut todo: Vec<(PathBuf, usize)> = vec![(release.to_owned(), 0)];
        while let Some((folder, depth)) = todo.pop() {
            let listing = match reading.root.list_if_there(&folder) {
                Ok(listing) => listing,
                Err(failure) => {
                    reading.failed(&folder, &[], failure);
                    continue;
                }
            };
            if listing.cut || listing.entries.len() > *left {
                reading.too_large(&folder, &[], format!("more than {MOST_ENTRIES} entries"));
            }
            for entry in listing.entries.iter().take(*left) {
                let path = folder.join(&entry.name);
                let kernels = depth == 0 && entry.name == "kernel";
                match entry.kind {
                    FileType::Directory if !kernels && depth < DEPTH => {
                        todo.push((path, depth + 1))
                    }
                    FileType::RegularFile if module_name(&name::path(&path)).is_some() => {
                        self.beside.insert(name::path(&path));
                    }
                    _ => {}
                }
            }
            *left = left.saturating_sub(listing.entries.len());
        }
    }
}

fn running(machine: &Machine) -> Option<String> {
    let kernel = machine.kernel(TABLE).ok()?;
    let release = kernel.proc.read("sys/kernel/osrelease", TEXT_CAP).ok()?;
    Some(name::text(release.trim_ascii())).filter(|release| !release.contains('/'))
}

/// `kernel/fs/ext4/ext4.ko.xz: kernel/lib/crc16.ko.xz`: the paths before the colons.
pub fn dependencies(content: &[u8]) -> Vec<PathBuf> {
    let lines = String::from_utf8_lossy(content);
    let paths = lines.lines().filter_map(|line| line.split_once(':')).map(|(path, _)| path.trim());
    let inside = |path: &&str| !path.is_empty() && !path.split('/').any(|part| part == "..");
    paths.filter(inside).map(PathBuf::from).collect()
}

/// The name of the module in a file; none for other files.
pub fn module_name(path: &str) -> Option<String> {
    let file = path.rsplit('/').next()?;
    let stem = ENDINGS.iter().find_map(|ending| file.strip_suffix(ending))?;
    (!stem.is_empty()).then(|| normal(stem))
}
