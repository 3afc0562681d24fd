//! exFAT: boot sector, allocation bitmap, folders of entry sets with their checksums; files in one piece without a chain, others by the
//! table that FAT has too.
//!
//! Deletion clears one bit of each entry of a set and leaves the rest, checksum included; a file without a chain is then still recorded
//! whole. A chain often stands in the table after deletion too, since the bitmap alone says what is in use.
//!
//! Limits: 16 MiB for each folder, 262,144 runs for each file; a chain that comes back to itself is cut, and all chains together take at
//! most four steps for each cluster.

mod boot;
mod folders;
mod sets;
#[cfg(test)]
pub(super) mod tests;

use super::{FileSystem, Named, Volume, tell::Teller};
use crate::{Bytes, Stretch};
use boot::Boot;
use leaksweep_facts::Problem;

pub const EXFAT: FileSystem = FileSystem { probe, read };

fn probe(volume: &mut Stretch) -> Option<Volume> {
    let boot = Boot::find(volume)?;
    Some(Volume {
        name: "exfat",
        label: folders::label(volume, &boot),
        uuid: Some(format!("{:04X}-{:04X}", boot.serial >> 16, boot.serial & 0xFFFF)),
        bytes: boot.bytes.min(volume.len()),
        cluster: boot.clusters.size,
        encryption: None,
    })
}

fn read(bytes: &dyn Bytes, volume: &Volume, tell: &mut dyn FnMut(Named)) -> Vec<Problem> {
    let mut teller = Teller::new(volume.name, volume.bytes, tell);
    match Boot::find(&mut Stretch::new(bytes)) {
        Some(boot) => folders::Walk::new(bytes, &boot, &mut teller).all(&mut teller),
        None => teller.malformed("its boot sector is not there any more"),
    }
    teller.problems()
}
