//! File systems: what they name, live and deleted, and where it lies. Nothing is mounted; every structure is read
//! from the medium itself and may lie.

mod exfat;
pub(crate) mod ext;
mod fat;
mod fields;
#[cfg(test)]
mod hostile;
mod iso9660;
pub(crate) mod jffs2;
mod layout;
pub(crate) mod moments;
mod ntfs;
mod packed;
mod paths;
#[cfg(test)]
mod samples;
mod squashfs;
mod tell;
pub(crate) mod ubifs;
pub(crate) mod xfs;

use leaksweep_facts::Problem;

pub use exfat::EXFAT;
pub use fat::FAT;
pub use iso9660::ISO9660;
pub use ntfs::NTFS;
pub use squashfs::SQUASHFS;

use crate::{Bytes, Run, Stretch};

/// A file system that is known.
pub struct FileSystem {
    /// Whether the volume begins with one. Its stretch is the whole volume.
    pub probe: fn(&mut Stretch) -> Option<Volume>,
    /// Tells every file, folder and link, live and deleted, once. Bounded in time and memory by what the volume can really
    /// hold: loops are cut, and after [`MOST_FILES`] it stops with a problem.
    pub read: Read,
}

pub type Read = fn(&dyn Bytes, &Volume, &mut dyn FnMut(Named)) -> Vec<Problem>;

/// The most files of one volume that are told.
pub const MOST_FILES: usize = 500_000;

/// What a file system says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Volume {
    /// `ext4`, `fat32`; see the table storage_partitions.
    pub name: &'static str,
    pub label: Option<String>,
    pub uuid: Option<String>,
    /// How many bytes it takes, from the volume's first; at most what is there.
    pub bytes: u64,
    /// Bytes of a cluster or block: files begin on such places.
    pub cluster: u64,
    /// What encrypts it, or parts of it.
    pub encryption: Option<&'static str>,
}

/// A file, folder or link that a file system names.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// From the volume's root, with `/` between; foreign bytes replaced by U+FFFD. A deleted file whose folder is not known
    /// stands below `?/`.
    pub path: String,
    pub what: What,
    pub bytes: u64,
    pub content: Content,
    pub deleted: bool,
    pub owner: Option<u32>,
    /// Seconds since 1970.
    pub created: Option<i64>,
    pub modified: Option<i64>,
    pub deleted_at: Option<i64>,
    /// `ext4`, `ext4 deleted inode`, `ext4 journal`, `fat32 deleted entry`, `ntfs stream`; a part of the column `ways`.
    pub way: &'static str,
    /// Whether the places are recorded; false where they are a guess (a deleted FAT file whose chain is gone), which stands
    /// only if its content has a form that walks whole.
    pub recorded: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    File,
    Folder,
    Link,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Where it lies in the volume, in order, holes included; together `bytes` long, or fewer where the rest is lost.
    Runs(Vec<Run>),
    /// Its bytes, because they lie packed or inside a record; at most [`MOST_HELD`].
    Held(Vec<u8>),
    /// Why it cannot be read: `encrypted`, `overwritten`, `too large` …
    Absent(&'static str),
}

/// The most bytes of one packed file that are unpacked.
pub const MOST_HELD: u64 = 16 * 1024 * 1024;

/// The explicit list. What begins alike is told apart by the probes themselves.
pub const ALL: &[&FileSystem] = &[
    &NTFS,
    &EXFAT,
    &FAT,
    &ISO9660,
    &SQUASHFS,
    &ext::EXT,
    &xfs::XFS,
    &jffs2::JFFS2,
    &ubifs::UBIFS,
    &ubifs::UBI,
    // The last: what it finds may be of an earlier file system.
    &ext::EXT_COPY,
];

/// The file system at a volume's first byte.
pub fn probe(volume: &mut Stretch) -> Option<(&'static FileSystem, Volume)> {
    ALL.iter().find_map(|system| (system.probe)(volume).map(|found| (*system, found)))
}
