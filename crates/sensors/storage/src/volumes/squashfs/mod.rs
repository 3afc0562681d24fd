//! squashfs 4: folders from the root's inode on, files in packed blocks and shared fragments, by every packer (gzip, lzma, lzo, xz, lz4, zstd).
//! Nothing is ever deleted on one.
//!
//! A file whose blocks are all stored lies on the medium as it is; others are unpacked, to 16 MiB each, and larger ones are absent. All that is
//! unpacked, tables included, is at most 32 times the volume and 256 MiB.
//!
//! Limits: blocks of 1 MiB, folders of 16 MiB, 1,048,576 blocks for each file. Versions before 4 are not read.

mod content;
mod folders;
mod inodes;
mod metadata;
mod packer;
mod superblock;
#[cfg(test)]
pub(super) mod tests;

use super::{FileSystem, Named, Volume, tell::Teller};
use crate::{Bytes, Stretch};
use leaksweep_facts::{Problem, Reason};
use packer::Packer;
use superblock::Superblock;

pub const SQUASHFS: FileSystem = FileSystem { probe, read };

fn probe(volume: &mut Stretch) -> Option<Volume> {
    let superblock = Superblock::find(volume)?;
    Some(Volume {
        name: "squashfs",
        bytes: superblock.bytes.min(volume.len()),
        // Blocks lie at any place.
        cluster: 512,
        ..Volume::default()
    })
}

fn read(bytes: &dyn Bytes, volume: &Volume, tell: &mut dyn FnMut(Named)) -> Vec<Problem> {
    let mut teller = Teller::new(volume.name, volume.bytes, tell);
    let superblock = Superblock::find(&mut Stretch::new(bytes));
    let packer = superblock.as_ref().and_then(|superblock| Packer::new(superblock.packer));
    match (superblock, packer) {
        (Some(superblock), Some(packer)) => {
            folders::Walk::new(bytes, superblock, packer).all(&mut teller);
        }
        (None, _) => teller.malformed("its superblock is not there any more"),
        (_, None) => teller.problem(Reason::Unsupported, "its packer is not known"),
    }
    teller.problems()
}
