//! Walks the folders, live and deleted; a set's checksum keeps chance out.

use std::collections::HashSet;

use super::{boot::Boot, sets, sets::Set};
use crate::{
    Bytes, Pieces, Run, Stretch,
    volumes::{
        Content, Named, What,
        fat::table::{Chains, Next, Runs},
        fields::{Fields, wide},
        tell::{Pending, Teller, below},
    },
};

/// The most bytes of one folder that are read. So many more are known of one that is larger.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
const MORE: u64 = MOST_BYTES + 1;
/// What cannot be read is at least so large.
const SECTOR: u64 = 512;
const BITMAP: u8 = 0x81;
const LABEL: u8 = 0x83;
/// The bitmap has a bit for each cluster; one that is larger than any volume's is not read.
const MOST_BITMAP: u64 = 1 << 29;

struct Folder {
    runs: Vec<Run>,
    deleted: bool,
}

pub struct Walk<'a> {
    bytes: &'a dyn Bytes,
    chains: Chains<'a>,
    root: Vec<Run>,
    bitmap: Vec<Run>,
    seen: HashSet<u32>,
    /// Clusters whose bits are looked at for deleted files, all together.
    looks: u64,
}

impl<'a> Walk<'a> {
    pub fn new(bytes: &'a dyn Bytes, boot: &Boot, teller: &mut Teller) -> Self {
        let mut chains = Chains::new(bytes, boot.table, boot.clusters);
        let root = chains.follow(boot.root, MORE).runs;
        let bitmap = bitmap(bytes, &root, &mut chains);
        if bitmap.is_empty() {
            teller.malformed("its allocation bitmap is not there");
        }
        let looks = boot.clusters.held(bytes).saturating_mul(16).saturating_add(1 << 20);
        Self { bytes, chains, root, bitmap, seen: HashSet::from([boot.root]), looks }
    }

    pub fn all(mut self, teller: &mut Teller) {
        let root = Folder { runs: std::mem::take(&mut self.root), deleted: false };
        let bitmap = Pieces::new(self.bytes, &self.bitmap);
        let mut bits = Stretch::new(&bitmap);
        let mut pending = Pending::new("", root);
        // Deleted folders come last: what lives has a better right to a cluster.
        let mut deleted = Pending::empty();
        while let Some((path, folder)) = pending.pop().or_else(|| deleted.pop()) {
            for set in self.sets(&folder, teller) {
                let set = Set { deleted: set.deleted || folder.deleted, ..set };
                let path = below(&path, &set.name);
                let named = self.named(path.clone(), &set, &mut bits);
                let runs = match &named.content {
                    Content::Runs(runs) if set.folder => runs.clone(),
                    _ => Vec::new(),
                };
                let fresh = !runs.is_empty() && self.seen.insert(set.first);
                let content = if set.folder { Content::Runs(Vec::new()) } else { named.content };
                teller.tell(Named { content, ..named });
                if fresh {
                    let into = if set.deleted { &mut deleted } else { &mut pending };
                    into.push(path, Folder { runs, deleted: set.deleted }, teller);
                }
            }
            if teller.full() {
                break;
            }
        }
        self.chains.tell(teller);
        if self.looks == 0 {
            teller.too_large("its deleted files have more clusters than are looked at");
        }
    }

    fn sets(&self, folder: &Folder, teller: &mut Teller) -> Vec<Set> {
        let pieces = Pieces::new(self.bytes, &folder.runs);
        let mut content = Stretch::new(&pieces);
        let mut found = Vec::new();
        let (mut at, end) = (0, pieces.len().min(MOST_BYTES));
        let (mut unread, mut ended) = (false, false);
        while at < end {
            let blank = content.peek(at, sets::SIZE).iter().all(|byte| *byte == 0);
            if !teller.slot(blank) {
                break;
            }
            // What could not be read reads as zeros, and ends nothing.
            if at.is_multiple_of(SECTOR) {
                unread = blank && pieces.is_bad(at, SECTOR);
            }
            if unread {
                teller.unread_folder();
            }
            ended |= blank && !unread;
            let count = sets::begins(content.peek(at, 2)).unwrap_or(1);
            let set = sets::parse(content.peek(at, count * sets::SIZE));
            // One that is not whole is stepped over by one entry: others stand in it.
            at += if set.is_some() { count * sets::SIZE } else { sets::SIZE } as u64;
            found.extend(set.filter(|set| !set.deleted || self.could_be(set)));
        }
        if pieces.len() > MOST_BYTES && !ended {
            teller.too_large("some of its folders are larger than are read");
        }
        found
    }

    fn could_be(&self, set: &Set) -> bool {
        let clusters = self.chains.clusters;
        set.bytes <= clusters.count.saturating_mul(clusters.size)
    }

    fn named(&mut self, path: String, set: &Set, bits: &mut Stretch) -> Named {
        let bytes = if set.folder { set.bytes.min(MORE) } else { set.bytes };
        let (content, recorded) = match set.deleted {
            false => (Content::Runs(written(self.live(set, bytes), set)), true),
            true => self.deleted(set, bytes, bits),
        };
        Named {
            path,
            what: if set.folder { What::Folder } else { What::File },
            bytes: if set.folder { 0 } else { set.bytes },
            content,
            deleted: set.deleted,
            owner: None,
            created: set.created,
            modified: set.modified,
            deleted_at: None,
            way: if set.deleted { "exfat deleted entry" } else { "exfat" },
            recorded,
        }
    }

    fn live(&mut self, set: &Set, bytes: u64) -> Runs {
        if !set.one_piece {
            return self.chains.follow(set.first, bytes);
        }
        let clusters = self.chains.clusters;
        let left = (clusters.count + 2).saturating_sub(u64::from(set.first));
        let count = bytes.div_ceil(clusters.size).min(left);
        let mut runs = Runs::default();
        if let Some(run) = clusters.run(set.first, count) {
            runs.push(run);
        }
        runs
    }

    /// Where it lay, and whether that is still recorded: its piece or chain, while nobody else has its clusters now.
    fn deleted(&mut self, set: &Set, bytes: u64, bits: &mut Stretch) -> (Content, bool) {
        if bytes == 0 {
            return (Content::Runs(Vec::new()), true);
        }
        if !self.chains.clusters.has(set.first) || self.used(set.first, bits) {
            return (Content::Absent("overwritten"), true);
        }
        let chained = set.one_piece || self.chains.next(set.first) != Next::Free;
        let runs = if chained { self.live(set, bytes) } else { Runs::default() };
        if runs.bytes >= bytes && self.free(&runs.runs, bits) {
            return (Content::Runs(written(runs, set)), true);
        }
        (
            Content::Runs(written(self.free_from(set.first, bytes, bits), set)),
            bytes <= self.chains.clusters.size,
        )
    }

    fn used(&mut self, cluster: u32, bits: &mut Stretch) -> bool {
        self.looks = self.looks.saturating_sub(1);
        let bit = u64::from(cluster.saturating_sub(2));
        bits.u8(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 != 0)
    }

    fn free(&mut self, runs: &[Run], bits: &mut Stretch) -> bool {
        let clusters = self.chains.clusters;
        // Of what lies behind the volume's end nothing is there to be anybody's.
        let held = clusters.start + clusters.held(self.bytes) * clusters.size;
        let places = runs
            .iter()
            .flat_map(|run| (run.start..run.end().min(held)).step_by(clusters.size as usize));
        for place in places {
            let cluster = (place - clusters.start) / clusters.size + 2;
            if self.looks == 0 || self.used(cluster as u32, bits) {
                return false;
            }
        }
        true
    }

    fn free_from(&mut self, first: u32, bytes: u64, bits: &mut Stretch) -> Runs {
        let mut runs = Runs::default();
        let mut cluster = first;
        let end = self.chains.clusters.held(self.bytes) + 2;
        while runs.bytes < bytes && self.looks > 0 && u64::from(cluster) < end {
            let Some(run) = self.chains.clusters.run(cluster, 1) else { break };
            if !self.used(cluster, bits) && !runs.push(run) {
                break;
            }
            let Some(next) = cluster.checked_add(1) else { break };
            cluster = next;
        }
        runs
    }
}

/// What was never written reads as zeros.
fn written(runs: Runs, set: &Set) -> Vec<Run> {
    let had = runs.bytes;
    if set.folder || set.written >= set.bytes {
        return runs.cut(set.bytes);
    }
    let mut runs = runs.cut(set.written);
    let hole = set.bytes.min(had).saturating_sub(set.written);
    runs.extend((hole > 0).then_some(Run::new(Run::HOLE, hole)));
    runs
}

/// The first entry of a kind in the root.
fn root_entry(bytes: &dyn Bytes, root: &[Run], kind: u8) -> Option<[u8; sets::SIZE]> {
    let pieces = Pieces::new(bytes, root);
    let mut content = Stretch::new(&pieces);
    let places = (0..pieces.len().min(MOST_BYTES)).step_by(sets::SIZE);
    places.map_while(|at| content.array(at)).find(|raw| raw[0] == kind)
}

fn bitmap(bytes: &dyn Bytes, root: &[Run], chains: &mut Chains) -> Vec<Run> {
    let Some(raw) = root_entry(bytes, root, BITMAP) else { return Vec::new() };
    let needed = chains.clusters.count.div_ceil(8).min(MOST_BITMAP);
    chains.follow(Fields(&raw).u32(20), needed).runs
}

pub fn label(volume: &mut Stretch, boot: &Boot) -> Option<String> {
    let run = boot.clusters.run(boot.root, 1)?;
    let places = (run.start..run.end().min(run.start + MOST_BYTES)).step_by(sets::SIZE);
    let raw: [u8; sets::SIZE] =
        places.map_while(|at| volume.array(at)).find(|raw: &[u8; sets::SIZE]| raw[0] == LABEL)?;
    let count = usize::from(raw[1]).min(11);
    crate::volumes::fields::label(&wide(Fields(&raw).units(2, count)))
}
