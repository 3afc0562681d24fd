//! UBIFS, bare or inside UBI. The index says what stands; what was written since the last commit is laid over it. Where the
//! index is broken, the latest node of each name and file stands. Older nodes that still lie there are deleted files.
//!
//! UBI's blocks are put in order by their headers, the latest of each; every volume is read by the file system that is
//! in it, and one without any is told as a file.
//!
//! Limits: files of up to 16 MiB, for they lie packed in pieces; [`MOST_NODES`] nodes; blocks of flash of a power of two.

mod files;
mod index;
mod nodes;
#[cfg(test)]
mod tests;
mod ubi;

use leaksweep_facts::{Problem, Reason};

pub use self::ubi::{UBI, begins as ubi_begins};
use super::{FileSystem, Named, Volume, fields::Fields};
use crate::{Bytes, Stretch};
use nodes::{Geometry, Head};

pub static UBIFS: FileSystem = FileSystem { probe, read };

const MOST_NODES: usize = 1_500_000;

fn probe(volume: &mut Stretch) -> Option<Volume> {
    if !volume.starts(0, &nodes::MAGIC) {
        return None;
    }
    let raw = volume.peek(0, 4096).to_vec();
    let geometry = Geometry::parse(&raw)?;
    Some(Volume {
        name: "ubifs",
        label: None,
        uuid: Fields(&raw).uuid(108),
        bytes: geometry.block.saturating_mul(geometry.blocks).min(volume.len()),
        cluster: geometry.step,
        encryption: encrypted(&volume.whole()).then_some("fscrypt"),
    })
}

/// Whether one of the first inodes says so.
fn encrypted(volume: &dyn Bytes) -> bool {
    const MOST_ASKED: u64 = 16 * 1024 * 1024;
    let mut found = false;
    nodes::scan(volume, volume.len().min(MOST_ASKED), &mut |head: Head, raw| {
        found |= head.kind == nodes::INODE && nodes::Inode::parse(raw).encrypted;
        !found
    });
    found
}

fn read(volume: &dyn Bytes, _: &Volume, told: &mut dyn FnMut(Named)) -> Vec<Problem> {
    let mut raw = vec![0; 4096];
    volume.read_at(0, &mut raw);
    let Some(geometry) = Geometry::parse(&raw) else {
        return vec![problem("the superblock is gone")];
    };
    let mut files = files::Files::default();
    let whole = nodes::scan(volume, volume.len(), &mut |head, raw| files.take(head, raw));
    let standing = index::standing(volume, &geometry);
    let mut problems = Vec::new();
    if standing.is_none() {
        problems.push(problem("the index is broken; deleted files may be told as if they stood"));
    }
    if !whole {
        problems.push(Problem {
            reason: Reason::TooLarge,
            ..problem("more bytes of nodes that do not hold together than are looked at")
        });
    }
    problems.extend(files.tell(volume, standing.as_ref(), told));
    problems
}

fn problem(detail: &str) -> Problem {
    Problem::new("storage_artifacts", "ubifs", Reason::Malformed, detail)
}
