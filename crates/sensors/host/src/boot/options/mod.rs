//! What kernels are told: the running one, every entry from which the machine may start, and what
//! new entries are made from.
//!
//! Reads `/proc/cmdline`; GRUB's `grub.cfg`, `custom.cfg` and `grubenv`, the entries that systemd-boot
//! and GRUB share, syslinux and extlinux, the command line inside unified kernel images;
//! `/etc/default/grub` with its folder, `/etc/kernel/cmdline`, dracut's, flash-kernel's and the
//! Raspberry Pi's. Limits: 4 MiB of a file and 32 MiB of all, 500 entries of a folder, 50,000 rows,
//! and what `loaders` and `words` say. Entries on a disk or partition that is not mounted are not seen.

mod defaults;
mod effect;
pub mod loaders;
mod shell;
mod words;

use std::path::{Path, PathBuf};

use leaksweep_facts::{Observed, tables::host::BootOption};

use self::{loaders::Parsed, shell::Variables};
use super::{efi, places};
use crate::{
    machine::Machine,
    name,
    reading::{Limits, Reading},
    root::TEXT_CAP,
};

const LIMITS: Limits = Limits { rows: 50_000, bytes: 32 << 20 };
const MAX_FILES: usize = 500;
const ENTRIES: [&str; 4] = [
    "/boot/loader/entries",
    "/boot/efi/loader/entries",
    "/efi/loader/entries",
    "/boot/grub2/loader/entries",
];
const SYSLINUX: [&str; 8] = [
    "/boot/extlinux/extlinux.conf",
    "/extlinux/extlinux.conf",
    "/boot/extlinux.conf",
    "/boot/syslinux/syslinux.cfg",
    "/boot/syslinux/extlinux.conf",
    "/boot/efi/syslinux/syslinux.cfg",
    "/boot/efi/EFI/syslinux/syslinux.cfg",
    "/syslinux/syslinux.cfg",
];
/// Shells' assignments, and the folders that add to them.
const ASSIGNMENTS: [(&str, Option<&str>); 4] = [
    ("/etc/default/grub", Some("/etc/default/grub.d")),
    ("/etc/default/flash-kernel", None),
    ("/etc/default/u-boot", None),
    ("/etc/dracut.conf", Some("/etc/dracut.conf.d")),
];
/// Files that hold a command line and nothing else.
const WHOLE: [&str; 5] = [
    "/etc/kernel/cmdline",
    "/usr/lib/kernel/cmdline",
    "/etc/cmdline",
    "/boot/cmdline.txt",
    "/boot/firmware/cmdline.txt",
];
const WHOLE_FOLDERS: [&str; 2] = ["/etc/cmdline.d", "/etc/kernel/cmdline.d"];

type Options<'a> = Reading<'a, BootOption>;

pub fn collect(machine: &Machine) -> Observed<BootOption> {
    let mut reading = Reading::new(&machine.root, LIMITS);
    running(machine, &mut reading);
    let mut variables = Variables::default();
    for path in places::grub_environments() {
        if let Some(content) = reading.content(&path, TEXT_CAP, &[]) {
            loaders::parse_environment(&content, &mut variables);
        }
    }
    for path in places::grub_configurations(&machine.root) {
        file(&mut reading, "entry", &path, |content| loaders::parse_grub(content, &mut variables));
    }
    entries(&mut reading, &variables);
    for path in SYSLINUX {
        file(&mut reading, "entry", Path::new(path), loaders::parse_syslinux);
    }
    images(&mut reading);
    for (path, folder) in ASSIGNMENTS {
        file(&mut reading, "default", Path::new(path), defaults::parse_assignments);
        for path in folder.map_or_else(Vec::new, |folder| in_folder(&mut reading, folder, "")) {
            file(&mut reading, "default", &path, defaults::parse_assignments);
        }
    }
    let folders = WHOLE_FOLDERS.iter().flat_map(|folder| in_folder(&mut reading, folder, ".conf"));
    let whole: Vec<PathBuf> = folders.collect();
    for path in WHOLE.iter().map(PathBuf::from).chain(whole) {
        file(&mut reading, "default", &path, |content| defaults::parse_whole(content, ""));
    }
    reading.done(machine.privileged)
}

/// Every form in turn, for the fuzzer.
pub fn parse(bytes: &[u8]) {
    let mut variables = Variables::default();
    loaders::parse_environment(bytes, &mut variables);
    let forms = [
        loaders::parse_grub(bytes, &mut variables),
        loaders::parse_entry(bytes, "x", &variables),
        loaders::parse_syslinux(bytes),
        defaults::parse_assignments(bytes),
        defaults::parse_whole(bytes, ""),
    ];
    for told in forms.into_iter().flat_map(|parsed| parsed.told) {
        for word in words::words(&told.options).0 {
            let _ = effect::of(&word);
        }
    }
}

fn running(machine: &Machine, reading: &mut Options<'_>) {
    // A mounted disk has no running kernel, and so nothing that one was told.
    let Ok(kernel) = machine.kernel("host_boot_options") else { return };
    let path = Path::new("/proc/cmdline");
    match kernel.proc.read("cmdline", TEXT_CAP) {
        Ok(content) => add(reading, "running", path, defaults::parse_whole(&content, "")),
        Err(failure) => reading.failed(path, &[], failure.of_required()),
    }
}

fn entries(reading: &mut Options<'_>, variables: &Variables) {
    for folder in ENTRIES {
        for path in in_folder(reading, folder, ".conf") {
            let file_name = path.file_stem().map(name::os).unwrap_or_default();
            file(reading, "entry", &path, |content| {
                loaders::parse_entry(content, &file_name, variables)
            });
        }
    }
}

/// Kernels that bring their command line in their own file.
fn images(reading: &mut Options<'_>) {
    for path in places::efi_programs(reading.root).found {
        let Ok(Some(line)) = efi::command_line(reading.root, &path) else { continue };
        add(reading, "entry", &path, defaults::parse_whole(&line, &name::path(&path)));
    }
}

fn in_folder(reading: &mut Options<'_>, folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut files = reading.entries(Path::new(folder), MAX_FILES);
    files.retain(|path| name::path(path).ends_with(ending) && !reading.is_folder(path));
    files
}

fn file(reading: &mut Options<'_>, source: &str, path: &Path, parse: impl FnOnce(&[u8]) -> Parsed) {
    if let Some(content) = reading.content(path, TEXT_CAP, &[]) {
        add(reading, source, path, parse(&content));
    }
}

fn add(reading: &mut Options<'_>, source: &str, path: &Path, parsed: Parsed) {
    let mut cut = parsed.more;
    for told in parsed.told {
        let (words, more) = words::words(&told.options);
        cut |= more;
        for word in words.into_iter().filter(|word| !word.name.is_empty()) {
            reading.row(BootOption {
                source: source.into(),
                entry: told.entry.clone(),
                effect: effect::of(&word).map(str::to_owned),
                name: word.name,
                value: word.value,
                path: name::path(path),
                line: i64::try_from(told.line).ok(),
            });
        }
    }
    if cut {
        reading.too_large(path, &[], "more or longer options than are read".into());
    }
}

#[cfg(test)]
mod tests;
