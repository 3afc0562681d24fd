//! JFFS2 of both byte orders: every node on the flash by its checksums, obsolete ones too. The highest version of a name
//! stands; earlier ones are deleted files, whose nodes often are still there.
//!
//! Nothing says how large one is: it ends with its volume, or where another file system begins ([`end`]).
//!
//! Limits: files of up to 16 MiB, for they lie packed in pieces; [`MOST_NODES`] nodes; pieces packed with rubin are
//! not unpacked, their bytes stay zeros.

mod nodes;
#[cfg(test)]
mod tests;
mod tree;

use leaksweep_facts::Problem;

use super::{
    EXFAT, FAT, FileSystem, ISO9660, NTFS, Named, SQUASHFS, Volume,
    ext::EXT,
    tell::Teller,
    ubifs::{UBIFS, ubi_begins},
    xfs::XFS,
};
use crate::{Bytes, Stretch};

pub static JFFS2: FileSystem = FileSystem { probe, read };

const MOST_NODES: usize = 1_500_000;
/// How far into a volume its first node may be: erased or bad blocks may come first.
const FIRST: u64 = 256 * 1024;
/// The largest: places in it have 32 bits.
const LARGEST: u64 = 1 << 32;
/// Another file system is looked for at each so many bytes; blocks of flash begin there.
const STEP: u64 = 64 * 1024;
/// What may stand behind it; of UBI the first header alone is asked for, because that looks into its volumes for JFFS2 too.
const OTHERS: [&FileSystem; 8] = [&NTFS, &EXFAT, &FAT, &ISO9660, &SQUASHFS, &EXT, &XFS, &UBIFS];

fn probe(volume: &mut Stretch) -> Option<Volume> {
    let head = volume.peek(0, 4);
    let marked = matches!(head, [0x85, 0x19, ..] | [0x19, 0x85, ..] | [0xFF, 0xFF, 0xFF, 0xFF]);
    if !marked {
        return None;
    }
    let whole = volume.whole();
    let first = first_node(&whole)?;
    let bytes = end(&whole, first);
    // Where the other one comes first, the node is behind it.
    (first < bytes).then(|| Volume { name: "jffs2", bytes, cluster: 4, ..Volume::default() })
}

fn first_node(volume: &dyn Bytes) -> Option<u64> {
    let mut first = None;
    nodes::scan(volume, FIRST.min(volume.len()), &mut |place, _| {
        first = Some(place);
        false
    });
    first
}

/// Nothing says where the chip's blocks begin: with the volume, or with the sector of its first node. Each place is looked
/// at once here and, behind the end, once by whoever looks on from there.
fn end(volume: &dyn Bytes, first: u64) -> u64 {
    let most = volume.len().min(LARGEST);
    let shifts = [0, first / 512 * 512 % STEP];
    let shifts = if shifts[1] == 0 { &shifts[..1] } else { &shifts };
    let steps = (0..most).step_by(STEP as usize);
    let places = steps.flat_map(|at| shifts.iter().map(move |shift| at + shift)).skip(1);
    let mut stretch = Stretch::new(volume);
    let mut inside = places.filter(|at| *at < most);
    inside.find(|at| begins_another(&mut stretch, *at)).unwrap_or(most)
}

fn begins_another(stretch: &mut Stretch, at: u64) -> bool {
    stretch.aim(at, u64::MAX);
    let own = matches!(stretch.peek(0, 2), [0x85, 0x19] | [0x19, 0x85]);
    let other = |stretch: &mut Stretch| {
        ubi_begins(stretch) || OTHERS.iter().any(|system| (system.probe)(stretch).is_some())
    };
    !own && other(stretch)
}

fn read(volume: &dyn Bytes, _: &Volume, told: &mut dyn FnMut(Named)) -> Vec<Problem> {
    let mut tree = tree::Tree::default();
    nodes::scan(volume, volume.len(), &mut |_, node| tree.take(node));
    let mut teller = Teller::new("jffs2", volume.len(), told);
    tree.tell(volume, &mut teller);
    teller.problems()
}
