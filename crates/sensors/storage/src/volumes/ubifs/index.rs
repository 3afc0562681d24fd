//! The index, a tree: which nodes stood at the last commit, and from which sequence number on newer ones were written.

use std::collections::HashSet;

use super::{
    super::fields::Fields,
    nodes::{COMMIT, Geometry, INDEX, MASTER, read, scan},
};
use crate::{Bytes, Pieces};

/// The deepest tree that is followed.
const DEEPEST: u16 = 32;
const MOST_LEAVES: usize = 1_500_000;

pub struct Standing {
    /// The places of nodes.
    pub leaves: HashSet<u64>,
    /// Nodes with a higher number were written since.
    pub commit: u64,
}

/// None where any part of it is broken.
pub fn standing(volume: &dyn Bytes, geometry: &Geometry) -> Option<Standing> {
    let master = [1, 2].into_iter().find_map(|block| last_master(volume, geometry, block))?;
    let place = |block: u32, offset: u32| u64::from(block) * geometry.block + u64::from(offset);
    let commit =
        commit(volume, place(Fields(&master).u32(44), 0), geometry, Fields(&master).u64(32));
    let commit = commit.unwrap_or_else(|| Fields(&master).u64(8));
    let mut standing = Standing { leaves: HashSet::new(), commit };
    let root = place(Fields(&master).u32(48), Fields(&master).u32(52));
    let mut seen = HashSet::new();
    let whole = branch(volume, geometry, root, DEEPEST, &mut seen, &mut standing.leaves);
    whole.then_some(standing)
}

fn last_master(volume: &dyn Bytes, geometry: &Geometry, block: u64) -> Option<Vec<u8>> {
    let part = Pieces::part(volume, block * geometry.block, geometry.block);
    let mut last: Option<(u64, Vec<u8>)> = None;
    scan(&part, part.len(), &mut |head, raw| {
        if head.kind == MASTER
            && last.as_ref().is_none_or(|(sequence, _)| *sequence <= head.sequence)
        {
            last = Some((head.sequence, raw.to_vec()));
        }
        true
    });
    last.map(|(_, raw)| raw)
}

/// The number of the node that began the commit.
fn commit(volume: &dyn Bytes, place: u64, geometry: &Geometry, number: u64) -> Option<u64> {
    let part = Pieces::part(volume, place, geometry.block);
    let mut found = None;
    scan(&part, part.len(), &mut |head, raw| {
        if head.kind == COMMIT && Fields(raw).u64(24) == number {
            found = Some(head.sequence);
        }
        found.is_none()
    });
    found
}

/// Whether this part of the tree is whole. Each node is followed once.
fn branch(
    volume: &dyn Bytes,
    geometry: &Geometry,
    place: u64,
    depth: u16,
    seen: &mut HashSet<u64>,
    leaves: &mut HashSet<u64>,
) -> bool {
    let node = read(volume, place).filter(|node| Fields(node).u8(20) == INDEX);
    let Some(node) = node.filter(|_| depth > 0 && seen.insert(place)) else { return false };
    let (count, level) = (usize::from(Fields(&node).u16(24)), Fields(&node).u16(26));
    for branch_at in (0..count).map(|at| 28 + at * 20) {
        if branch_at + 20 > node.len() || leaves.len() >= MOST_LEAVES {
            return false;
        }
        let (block, offset) = (Fields(&node).u32(branch_at), Fields(&node).u32(branch_at + 4));
        let child = u64::from(block) * geometry.block + u64::from(offset);
        if level == 0 {
            leaves.insert(child);
        } else if !branch(volume, geometry, child, depth - 1, seen, leaves) {
            return false;
        }
    }
    true
}
