//! FAT12, FAT16 and FAT32: boot sector, allocation table, folders with their long names; live entries by their chains, deleted
//! ones from where they began.
//!
//! A deleted entry keeps its first cluster and its size; its chain is gone. Its clusters are then guessed: those from the first on
//! that no file uses now. Where one cluster holds the whole file, and no other deleted entry begins there, the place counts as recorded.
//! Folders that nothing names any more are known by their `.` and `..`, looked for in the
//! first [`deleted::MOST_LOOKED_AT`] free clusters, or [`deleted::MOST_SPANNED`] bytes of them.
//!
//! Limits: 4 MiB for each folder, 262,144 runs for each file, a chain that comes back to itself is cut, and all chains together take at most
//! four steps for each cluster of the volume (deleted files sixteen).

mod boot;
mod deleted;
mod entries;
mod folders;
pub(super) mod table;
#[cfg(test)]
pub(super) mod tests;

use super::{FileSystem, Named, Volume, tell::Teller};
use crate::{Bytes, Stretch};
use boot::Boot;
use leaksweep_facts::Problem;

pub const FAT: FileSystem = FileSystem { probe, read };

fn probe(volume: &mut Stretch) -> Option<Volume> {
    let boot = Boot::find(volume)?;
    Some(Volume {
        name: boot.name(),
        label: folders::label(volume, &boot).or_else(|| boot.label.clone()),
        uuid: Some(format!("{:04X}-{:04X}", boot.serial >> 16, boot.serial & 0xFFFF)),
        bytes: boot.bytes.min(volume.len()),
        cluster: boot.clusters.size,
        encryption: None,
    })
}

fn read(bytes: &dyn Bytes, volume: &Volume, tell: &mut dyn FnMut(Named)) -> Vec<Problem> {
    let mut teller = Teller::new(volume.name, volume.bytes, tell);
    match Boot::find(&mut Stretch::new(bytes)) {
        Some(boot) => folders::Walk::new(bytes, &boot).all(&mut teller),
        None => teller.malformed("its boot sector is not there any more"),
    }
    teller.problems()
}
