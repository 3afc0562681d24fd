//! From what the machine starts: what its kernels are told, the kernels themselves, what their
//! initramfs archives hold, EFI programs, and the loader's configuration; and the commands that run
//! when a module is loaded or the loader's configuration is made.

mod autostarts;
mod copied;
mod digest;
mod efi;
mod files;
mod initramfs;
mod loader;
mod options;
mod places;
mod tasks;

use leaksweep_facts::{
    Observed,
    tables::host::{Autostart, BootFile, BootOption},
};

use crate::machine::Machine;

pub use autostarts::parse_modprobe;
pub use efi::parse as parse_efi;
pub use initramfs::parse as parse_initramfs;
pub use loader::parse as parse_grub_parts;

/// The loader's script and the variables beside it, for the fuzzer.
pub fn parse_options(bytes: &[u8]) {
    options::parse(bytes);
}

pub fn options(machine: &Machine) -> Observed<BootOption> {
    options::collect(machine)
}

pub fn files(machine: &Machine) -> Observed<BootFile> {
    files::collect(machine)
}

pub fn autostarts(machine: &Machine) -> Observed<Autostart> {
    autostarts::collect(machine)
}
