//! NTFS: the file table `$MFT` by its own runs (its first record from `$MFTMirr` where the first is damaged), each record with its
//! fixups, attribute lists, streams in the record, in runs, sparse and compressed (LZNT1), and names with the folders that they point to.
//!
//! A deleted file keeps its record until another takes it: it is told with its path where its folders' numbers still fit, else below `?/`.
//! Where `$Bitmap` gives one of its clusters to somebody else now, its place is not recorded any more. What EFS encrypts is absent. Files of
//! the system itself (records below 16, and those in `$Extend`) are not told, nor what the slack of folder indexes still names.
//!
//! Limits: one record at a time is held, and the names of folders (64 MiB); 262,144 runs for each file, 128 folders above a file, 4096 further
//! records for each file, packed files to 16 MiB. A file with more holes than the volume has bytes is absent.

mod attributes;
mod boot;
mod content;
mod file;
mod folders;
mod lznt1;
mod mft;
mod record;
mod runs;
#[cfg(test)]
pub(super) mod tests;
mod told;

use super::{FileSystem, Named, Volume, tell::Teller};
use crate::{Bytes, Stretch};
use boot::Boot;
use leaksweep_facts::Problem;
use mft::Mft;

pub const NTFS: FileSystem = FileSystem { probe, read };

fn probe(volume: &mut Stretch) -> Option<Volume> {
    let boot = Boot::find(volume)?;
    Some(Volume {
        name: "ntfs",
        label: mft::label(volume, &boot),
        uuid: Some(format!("{:016X}", boot.serial)),
        bytes: boot.bytes.min(volume.len()),
        cluster: boot.cluster,
        encryption: None,
    })
}

fn read(bytes: &dyn Bytes, volume: &Volume, tell: &mut dyn FnMut(Named)) -> Vec<Problem> {
    let mut teller = Teller::new(volume.name, volume.bytes, tell);
    let boot = Boot::find(&mut Stretch::new(bytes));
    let runs = boot.as_ref().and_then(|boot| mft::runs(bytes, boot));
    match (boot, runs) {
        (Some(boot), Some(runs)) => {
            let table = crate::Pieces::new(bytes, &runs);
            told::tell(bytes, Mft::new(&table, &boot, volume.bytes), &mut teller);
        }
        (None, _) => teller.malformed("its boot sector is not there any more"),
        (_, None) => teller.malformed("neither its file table nor the copy can be read"),
    }
    teller.problems()
}
