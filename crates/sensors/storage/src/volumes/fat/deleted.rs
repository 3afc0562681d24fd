//! Where a deleted file or folder lay: its first cluster is known, its chain is not.

use std::collections::HashSet;

use super::{
    entries::{self, SIZE},
    table::{Chains, Next, Runs},
};
use crate::{
    Run,
    volumes::{Content, fields::Fields, tell::Teller},
};

/// How many free clusters are looked at for folders that nothing names.
pub const MOST_LOOKED_AT: u64 = 262_144;
/// How many bytes such clusters may span: a disk has to seek for each.
pub const MOST_SPANNED: u64 = 1 << 30;
/// The most clusters of a deleted folder.
const MOST_CLUSTERS: usize = 256;
/// How far its next cluster may lie behind the last.
const MOST_BETWEEN: usize = 1024;

pub struct Deleted {
    steps: u64,
    /// Whether lost folders were found, and there are more free clusters than are looked at for them.
    cut: bool,
}

impl Deleted {
    pub fn new(chains: &Chains) -> Self {
        Self {
            steps: chains.clusters.held(chains.bytes).saturating_mul(16).saturating_add(1 << 20),
            cut: false,
        }
    }

    /// Tells what was not looked for to its end, once all is told.
    pub fn tell(&self, teller: &mut Teller) {
        if self.steps == 0 {
            teller.too_large("its deleted files have more clusters than are looked at");
        }
        if self.cut {
            teller.too_large(
                "it has lost folders, and more free clusters than are looked at for them",
            );
        }
    }

    /// From the first of the places that is free now, and on over the free ones.
    pub fn content(&mut self, chains: &mut Chains, places: [u32; 2], bytes: u64) -> Content {
        if bytes == 0 {
            return Content::Runs(Vec::new());
        }
        if places[0] == 0 {
            return Content::Absent("its place is not recorded");
        }
        let free = |chains: &mut Chains, first: u32| {
            chains.clusters.has(first) && chains.next(first) == Next::Free
        };
        match places.into_iter().find(|first| free(chains, *first)) {
            Some(first) => Content::Runs(self.free_from(chains, first, bytes).cut(bytes)),
            None => Content::Absent("overwritten"),
        }
    }

    fn free_from(&mut self, chains: &mut Chains, first: u32, bytes: u64) -> Runs {
        let mut runs = Runs::default();
        let mut cluster = first;
        while runs.bytes < bytes && chains.clusters.has(cluster) && self.steps > 0 {
            self.steps -= 1;
            let run = chains.clusters.run(cluster, 1).unwrap_or(Run::new(0, 0));
            if chains.next(cluster) == Next::Free && !runs.push(run) {
                break;
            }
            let Some(next) = cluster.checked_add(1) else { break };
            cluster = next;
        }
        runs
    }

    /// The clusters of a deleted folder: the first names itself, the others hold nothing but entries. What lies between belonged to
    /// its files, which grew as it did.
    pub fn folder(
        &mut self,
        chains: &mut Chains,
        first: u32,
        high: bool,
        seen: &HashSet<u32>,
    ) -> Option<Runs> {
        if chains.next(first) != Next::Free || own_number(chains, first, high)? != first {
            return None;
        }
        let mut runs = Runs::default();
        let mut ends = folder_cluster(chains, first)?;
        runs.push(chains.clusters.run(first, 1)?);
        let (mut cluster, mut gap) = (first, 0);
        while !ends && gap < MOST_BETWEEN && runs.runs.len() < MOST_CLUSTERS && self.steps > 0 {
            cluster = cluster.checked_add(1)?;
            self.steps -= 1;
            gap += 1;
            let free = chains.next(cluster) == Next::Free && !seen.contains(&cluster);
            if !free || own_number(chains, cluster, high).is_some() {
                continue;
            }
            if let Some(last) = folder_cluster(chains, cluster) {
                runs.push(chains.clusters.run(cluster, 1)?);
                (ends, gap) = (last, 0);
            }
        }
        Some(runs)
    }

    /// First clusters of folders that nothing names any more, those outside of others first.
    pub fn orphans(&mut self, chains: &mut Chains, seen: &HashSet<u32>) -> Vec<u32> {
        let high = chains.table.width == super::table::Width::Bits32;
        let (mut found, mut all) = (Vec::new(), HashSet::new());
        let mut left = MOST_LOOKED_AT.min(MOST_SPANNED / chains.clusters.size);
        let last = chains.clusters.held(chains.bytes).saturating_add(1);
        for cluster in 2..=u32::try_from(last).unwrap_or(u32::MAX) {
            if self.steps == 0 {
                break;
            }
            self.steps -= 1;
            if chains.next(cluster) != Next::Free || seen.contains(&cluster) {
                continue;
            }
            if left == 0 {
                // Of a volume without any nothing is left out that is known of.
                self.cut = !found.is_empty();
                break;
            }
            left -= 1;
            if own_number(chains, cluster, high) == Some(cluster) {
                all.insert(cluster);
                found.push((parent(chains, cluster, high), cluster));
            }
        }
        found.sort_by_key(|(parent, cluster)| (all.contains(parent), *cluster));
        found.into_iter().map(|(_, cluster)| cluster).collect()
    }
}

fn number(raw: &[u8], high: bool) -> u32 {
    let fields = Fields(raw);
    let upper = if high { u32::from(fields.u16(20)) << 16 } else { 0 };
    upper | u32::from(fields.u16(26))
}

fn head(chains: &Chains, cluster: u32) -> Option<[u8; 2 * SIZE]> {
    let mut head = [0; 2 * SIZE];
    let run = chains.clusters.run(cluster, 1)?;
    (chains.bytes.read_at(run.start, &mut head) == head.len()).then_some(head)
}

/// What the `.` of a folder says where it begins; none where no folder begins.
fn own_number(chains: &Chains, cluster: u32, high: bool) -> Option<u32> {
    let head = head(chains, cluster)?;
    let dots =
        |at: usize, name: &[u8; 11]| head[at..at + 11] == *name && head[at + 11] & 0x18 == 0x10;
    let folder = dots(0, b".          ") && dots(SIZE, b"..         ");
    folder.then(|| number(&head, high))
}

fn parent(chains: &Chains, cluster: u32, high: bool) -> u32 {
    head(chains, cluster).map_or(0, |head| number(&head[SIZE..], high))
}

/// Whether it holds entries alone; and then, whether the folder ends in it.
fn folder_cluster(chains: &mut Chains, cluster: u32) -> Option<bool> {
    let clusters = chains.clusters;
    let run = clusters.run(cluster, 1)?;
    for at in (run.start..run.end()).step_by(SIZE) {
        let raw: [u8; SIZE] = chains.content.array(at)?;
        if raw[0] == 0 {
            return (at != run.start).then_some(true);
        }
        let first = number(&raw, false);
        if !entries::fits(&raw) || (first != 0 && !clusters.has(first)) {
            return None;
        }
    }
    Some(false)
}
