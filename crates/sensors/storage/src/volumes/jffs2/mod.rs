//! JFFS2 of both byte orders: every node on the flash by its checksums, obsolete ones too. The highest version of a name
//! stands; earlier ones are deleted files, whose nodes often are still there.
//!
//! Limits: files of up to 16 MiB, for they lie packed in pieces; [`MOST_NODES`] nodes; pieces packed with rubin are
//! not unpacked, their bytes stay zeros.

mod nodes;
#[cfg(test)]
mod tests;
mod tree;

use leaksweep_facts::Problem;

use super::{FileSystem, Named, Volume, tell::Teller};
use crate::{Bytes, Stretch};

pub static JFFS2: FileSystem = FileSystem { probe, read };

const MOST_NODES: usize = 1_500_000;
/// How far into a volume its first node may be: erased or bad blocks may come first.
const FIRST: u64 = 256 * 1024;

fn probe(volume: &mut Stretch) -> Option<Volume> {
    let head = volume.peek(0, 4);
    let marked = matches!(head, [0x85, 0x19, ..] | [0x19, 0x85, ..] | [0xFF, 0xFF, 0xFF, 0xFF]);
    if !marked {
        return None;
    }
    let whole = volume.whole();
    let mut seen = 0;
    let first = Stretch::new(&whole).len().min(FIRST);
    nodes::scan(&whole, first, &mut |_| {
        seen += 1;
        seen < 2
    });
    (seen > 0).then(|| Volume {
        name: "jffs2",
        bytes: volume.len(),
        cluster: 4,
        ..Volume::default()
    })
}

fn read(volume: &dyn Bytes, _: &Volume, told: &mut dyn FnMut(Named)) -> Vec<Problem> {
    let mut tree = tree::Tree::default();
    nodes::scan(volume, volume.len(), &mut |node| tree.take(node));
    let mut teller = Teller::new("jffs2", volume.len(), told);
    tree.tell(volume, &mut teller);
    teller.problems()
}
