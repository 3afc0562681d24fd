//! Kernel modules: those that are loaded, those that are loaded at start-up, and the files of those
//! that lie beside what a kernel's package brings.
//!
//! Reads `/proc/modules`, `/lib/modules/RELEASE/modules.dep` of the running or the newest kernel, the
//! folders in `/lib/modules/RELEASE` but `kernel` of every release, and what names modules to load.
//! Who signed a module stands at the end of its file; of compressed files that is not told.
//!
//! At most 10,000 loaded modules, 50 releases, 16 MiB of `modules.dep`, 20,000 entries of the other
//! folders to a depth of 8, 256 KiB of a signature.

mod configured;
mod files;
mod loaded;
mod signature;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use leaksweep_facts::{Observed, Table, Time, tables::host::Module};

use crate::{
    machine::Machine,
    name,
    reading::{Limits, Reading},
};
use files::Releases;

pub use self::{
    configured::names as configured_names,
    files::dependencies,
    loaded::{Loaded, loaded},
    signature::signer,
};

const TABLE: &str = Module::DEF.name;
const LIMITS: Limits = Limits { rows: 50_000, bytes: 64 << 20 };
/// A signature and the certificates that may come with it.
const SIGNATURE_CAP: u64 = 256 << 10;
/// `/proc/modules` has a line of some 60 bytes for each.
const LOADED_CAP: usize = 4 << 20;

pub fn collect(machine: &Machine) -> Observed<Module> {
    let mut reading = Reading::new(&machine.root, LIMITS);
    let loaded = read_loaded(machine, &mut reading);
    let configured = configured::read(&mut reading);
    let releases = Releases::read(machine, &mut reading);
    let mut told = Told { releases: &releases, paths: BTreeSet::new() };
    let names: BTreeSet<&String> = loaded.iter().map(|one| &one.name).collect();
    for one in &loaded {
        let mut row = told.named(&one.name, &configured, &mut reading);
        row.loaded = Some(true);
        row.taints.clone_from(&one.taints);
        row.size = Some(one.size);
        reading.row(row);
    }
    let alive = machine.live().then_some(false);
    for name in configured.keys().filter(|name| !names.contains(name)) {
        let row = told.named(name, &configured, &mut reading);
        reading.row(Module { loaded: alive, ..row });
    }
    for path in &releases.beside {
        if !told.paths.contains(path) {
            let row = told.file(path, &mut reading);
            reading.row(Module { loaded: alive, ..row });
        }
    }
    reading.done(machine.privileged)
}

/// A kernel without modules has no list of them.
fn read_loaded(machine: &Machine, reading: &mut Reading<'_, Module>) -> Vec<Loaded> {
    let Ok(kernel) = machine.kernel(TABLE) else { return Vec::new() };
    match kernel.proc.head("modules", LOADED_CAP) {
        Ok((content, more)) => {
            if more {
                let detail = format!("only the first {LOADED_CAP} bytes were read");
                reading.too_large(Path::new("/proc/modules"), &[], detail);
            }
            loaded(&content)
        }
        Err(failure) => {
            if !failure.is_absence() {
                reading.failed(Path::new("/proc/modules"), &[], failure);
            }
            Vec::new()
        }
    }
}

struct Told<'a> {
    releases: &'a Releases,
    /// The files that have a row.
    paths: BTreeSet<String>,
}

impl Told<'_> {
    /// A module by its name.
    fn named(
        &mut self,
        module: &str,
        configured: &BTreeMap<String, BTreeSet<String>>,
        reading: &mut Reading<'_, Module>,
    ) -> Module {
        let mut row = match self.releases.path(module) {
            Some(path) => self.file(path, reading),
            None => Module::default(),
        };
        module.clone_into(&mut row.name);
        let files = configured.get(module).into_iter().flatten();
        row.loaded_by = files.cloned().collect::<Vec<_>>().join(" ");
        row
    }

    fn file(&mut self, path: &str, reading: &mut Reading<'_, Module>) -> Module {
        self.paths.insert(path.to_owned());
        let file = Path::new(path);
        let modified = reading.root.stat(file).map(|stat| Time(stat.st_mtime)).ok();
        Module {
            name: files::module_name(file.file_name().map(name::os).unwrap_or_default().as_str())
                .unwrap_or_default(),
            signer: read_signer(file, reading),
            modified,
            path: Some(path.to_owned()),
            ..Module::default()
        }
    }
}

/// Null for a compressed file, and for one that could not be read.
fn read_signer(path: &Path, reading: &mut Reading<'_, Module>) -> Option<String> {
    if path.extension().is_none_or(|extension| extension != "ko") {
        return None;
    }
    match reading.root.tail(path, SIGNATURE_CAP, 1) {
        Ok((tail, _)) => signer(&tail),
        Err(failure) => {
            if !failure.is_absence() {
                reading.failed(path, &["signer"], failure);
            }
            None
        }
    }
}

#[cfg(test)]
mod tests;
