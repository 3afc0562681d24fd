//! Joints of forms whose content proves little: the file's own records tell where its parts lie, and what stands in the gap plainly
//! is none of its own: used by others, filler, text or chance from the first cluster of the gap to the last, and nothing like it on
//! either side. Of several that would do none is taken. At most [`SEEN`] clusters are looked at.

use std::ops::Range;

use super::{Joint, Place, Search};
use crate::{
    Run,
    formats::{Walked, picture::is_noise},
    stretch::Checkpoints,
};

const SEEN: usize = 4096;

/// What surely is foreign among content that is not like it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Foreign {
    Used,
    Filler(u8),
    Text,
    Chance,
}

/// Clusters in a row, and the place behind them.
struct Strange {
    split: u64,
    next: u64,
    kind: Foreign,
}

impl Search<'_, '_> {
    pub fn plain(&self) -> Option<(Vec<Run>, Walked)> {
        let torn = self.torn;
        let checkpoints = &Checkpoints::default();
        let place = Place { before: &[], last: torn.start, checkpoints, sound: 0 };
        let mut found: Option<(Joint, Walked)> = None;
        for joint in self.candidates() {
            if self.is_over() {
                return None;
            }
            let length = joint.split - torn.start;
            let whole = self.walk(&place, joint).walked.filter(Walked::is_whole);
            let Some(walked) = whole.filter(|walked| walked.length > length) else { continue };
            if found.is_some() {
                return None;
            }
            found = Some((joint, walked));
        }
        let (joint, walked) = found?;
        Some(self.closed(&place, joint, walked))
    }

    fn candidates(&self) -> Vec<Joint> {
        let torn = self.torn;
        let mut joints: Vec<Joint> = Vec::new();
        if self.is_over() {
            return joints;
        }
        for told in self.told() {
            for run in self.foreign(&told.split) {
                let gap = match (told.gap, run.kind) {
                    (0, _) => run.next - run.split,
                    // Of filler that stands on both sides any part will do.
                    (gap, Foreign::Filler(_)) => gap.min(run.next - run.split),
                    (gap, _) if gap == run.next - run.split => gap,
                    _ => continue,
                };
                let joint = Joint { split: run.split, next: run.split + gap };
                let inside = told.split.contains(&(run.split - torn.start));
                let fits = gap <= torn.limit && (told.gap == 0 || told.gap == gap);
                let new = joints
                    .iter()
                    .all(|other| (other.split, other.next) != (joint.split, joint.next));
                if inside && fits && new && joint.next < torn.medium.len() {
                    joints.push(joint);
                }
            }
        }
        joints
    }

    /// Runs of clusters that are foreign in one way, and begin where the file may be torn.
    fn foreign(&self, lengths: &Range<u64>) -> Vec<Strange> {
        let (torn, cluster) = (self.torn, self.torn.cluster);
        let first = lengths.start.div_ceil(cluster).max(1);
        let last = lengths.end.saturating_add(torn.limit) / cluster + 1;
        let mut runs = Vec::new();
        // What others use may be filler; and filler stands in the medium's own, too.
        for used_first in [false, true] {
            let mut open: Option<(u64, Foreign)> = None;
            for count in (first..=last).take(SEEN) {
                let at = torn.start.saturating_add(count.saturating_mul(cluster));
                let inside = at < torn.medium.len() && count < last;
                let seen = if inside { self.foreign_at(at, used_first) } else { None };
                if let Some((split, kind)) = open
                    && seen != Some(kind)
                {
                    runs.push(Strange { split, next: at, kind });
                    open = None;
                }
                open = open.or(seen.map(|kind| (at, kind)));
            }
        }
        runs
    }

    fn foreign_at(&self, at: u64, used_first: bool) -> Option<Foreign> {
        let used = self.clusters.used(at);
        if used && used_first {
            return Some(Foreign::Used);
        }
        let bytes = self.clusters.bytes(at);
        let first = *bytes.first()?;
        match () {
            () if bytes.iter().all(|byte| *byte == first) => Some(Foreign::Filler(first)),
            () if used => Some(Foreign::Used),
            () if self.clusters.is_text(at) => Some(Foreign::Text),
            () if is_noise(&bytes) => Some(Foreign::Chance),
            () => None,
        }
    }
}
