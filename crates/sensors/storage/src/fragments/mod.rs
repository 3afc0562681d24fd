//! Joins a file that lies in two or three pieces: its walk broke off, and goes on behind a gap of whole clusters.
//!
//! A split and a gap are right where the walk over both pieces is whole, with everything decoded or a checksum that holds,
//! and where no neighbouring split does the same with other bytes; a print job, whose short commands go on at many places, where it
//! leaves out nothing that fits. Splits are tried from the last sound cluster backwards;
//! gaps that end where a cluster like those before comes after something else stand first. A try that breaks before its split says
//! that the split is too late, and ends it at once. Bounds: gaps up to the limit, [`BACK`] splits before the sound end, [`WORK`]
//! bytes read and [`PATIENCE`] for each file, [`MOST_PIECES`] pieces, and the deadline.

mod alone;
mod clusters;
mod plain;

use std::{
    cell::{Cell, OnceCell},
    collections::BTreeSet,
    time::{Duration, Instant},
};

use crate::{
    Bytes, Pieces, Run, Stretch,
    formats::{Format, Joint as Told, Proof, Walked},
    landmarks::Landmarks,
    recovery::Faults,
    stretch::Checkpoints,
};
use clusters::Clusters;

/// Clusters before the sound end at which it may have been torn: so long may foreign bytes go unnoticed.
const BACK: u64 = 12;
/// Clusters behind it, for walks that only tell in which block something is wrong.
const AHEAD: u64 = 128;
/// Gaps that are tried for those.
const AHEAD_GAPS: usize = 8;
/// The most bytes that are read for one file, beside eight times what is sound of it. What can be joined mostly is so at
/// one of the first ten tries.
const WORK: u64 = 12 << 20;
const TIMES: u64 = 8;
/// The most time for one file: many break off, and few go on.
const PATIENCE: Duration = Duration::from_secs(1);
const MOST_PIECES: usize = 3;
/// Bytes behind a joint that may be chance where no checksum covers them: a form feed ends a page.
const LEAST: u64 = 16;
const SECTOR: u64 = 512;
/// So many clusters behind a joint show that it is right, though the file is torn again.
const CONVINCING: u64 = 4;

/// A file that breaks off, or is wrong inside.
pub struct Torn<'a> {
    pub medium: &'a dyn Bytes,
    pub format: &'static Format,
    pub start: u64,
    pub cluster: u64,
    pub walked: &'a Walked,
    /// The most bytes of the gap.
    pub limit: u64,
    /// Whether a cluster surely belongs to something else, or is zeros.
    pub used: &'a dyn Fn(u64) -> bool,
    pub deadline: Instant,
    pub landmarks: &'a Landmarks<'a>,
    pub faults: &'a Faults,
}

/// The pieces and what the walk over them says; none where no joint is sure.
pub fn join(torn: &Torn) -> Option<(Vec<Run>, Walked)> {
    let possible = torn.cluster >= SECTOR && torn.limit >= torn.cluster && !torn.walked.is_whole();
    // What begins elsewhere stands in another file: that one is torn.
    let possible = possible && torn.start.is_multiple_of(SECTOR);
    if !possible || torn.start >= torn.medium.len() {
        return None;
    }
    let deadline = torn.deadline.min(Instant::now() + PATIENCE);
    let work = WORK.saturating_add(torn.walked.sound().saturating_mul(TIMES));
    let (clusters, left, told) = (Clusters::new(torn), Cell::new(work), OnceCell::new());
    let search = Search { torn, clusters, left, deadline, told };
    search
        .plain()
        .or_else(|| search.recorded())
        .or_else(|| search.pieces(&[], torn.start, torn.walked.sound()))
}

struct Search<'s, 'a> {
    torn: &'s Torn<'a>,
    clusters: Clusters<'s, 'a>,
    left: Cell<u64>,
    deadline: Instant,
    /// What the file's own records tell, once they were read.
    told: OnceCell<Vec<Told>>,
}

/// Where one piece ends and the next one begins, on the medium.
#[derive(Debug, Clone, Copy)]
struct Joint {
    split: u64,
    next: u64,
}

/// What came of a joint.
struct Tried {
    /// Bytes behind the joint that are sound; none where something before it is wrong.
    beyond: Option<u64>,
    walked: Option<Walked>,
}

impl Tried {
    fn is_sure(&self) -> bool {
        let (Some(walked), Some(beyond)) = (&self.walked, self.beyond) else { return false };
        let least = if walked.proof == Proof::Checksum { 1 } else { LEAST };
        walked.is_whole() && walked.proof >= Proof::Decoded && beyond >= least
    }
}

/// Pieces that are closed, and where the open one behind them begins.
struct Place<'p> {
    before: &'p [Run],
    last: u64,
    checkpoints: &'p Checkpoints,
    /// How much of the file is sound, from its first byte on.
    sound: u64,
}

impl Place<'_> {
    /// Bytes of the closed pieces.
    fn ahead(&self) -> u64 {
        self.before.iter().map(|run| run.bytes).sum()
    }

    /// Where on the medium the sound part of the open piece ends.
    fn end(&self) -> u64 {
        self.last.saturating_add(self.sound.saturating_sub(self.ahead()))
    }
}

impl Search<'_, '_> {
    fn is_over(&self) -> bool {
        self.left.get() == 0 || Instant::now() >= self.deadline
    }

    /// The closed pieces, the open one up to the split, and what is open behind the gap.
    fn runs(&self, place: &Place, joint: Joint) -> Vec<Run> {
        let own = Run::new(place.last, joint.split - place.last);
        let open = Run::new(joint.next, self.torn.medium.len().saturating_sub(joint.next));
        place.before.iter().copied().chain([own, open]).collect()
    }

    fn walk(&self, place: &Place, joint: Joint) -> Tried {
        let runs = self.runs(place, joint);
        let length: u64 = runs.iter().rev().skip(1).map(|run| run.bytes).sum();
        let pieces = Pieces::new(self.torn.medium, &runs);
        let proven = length.min(place.sound);
        let mut stretch = Stretch::proven(&pieces, proven, place.checkpoints);
        let walked = (self.torn.format.walk)(&mut stretch);
        let sound = walked.as_ref().map_or(0, Walked::sound);
        self.left.set(self.left.get().saturating_sub(stretch.cost().max(4096)));
        Tried { beyond: sound.checked_sub(length), walked }
    }

    /// The pieces that the walk says are all, the last one closed.
    fn closed(&self, place: &Place, joint: Joint, walked: Walked) -> (Vec<Run>, Walked) {
        let mut runs = self.runs(place, joint);
        let length: u64 = runs.iter().rev().skip(1).map(|run| run.bytes).sum();
        if let Some(open) = runs.last_mut() {
            open.bytes = walked.length.saturating_sub(length);
        }
        (runs, walked)
    }

    fn told(&self) -> &[Told] {
        self.told.get_or_init(|| {
            let torn = self.torn;
            let Some(joints) = torn.format.joints() else { return Vec::new() };
            let mut stretch = Stretch::beside(torn.medium, torn.landmarks);
            stretch.aim(torn.start, u64::MAX);
            let mut told = joints(&mut stretch, torn.walked, torn.limit);
            torn.faults.notice(&mut stretch);
            told.retain(|joint| joint.gap.is_multiple_of(torn.cluster));
            told
        })
    }

    /// Joins where the file's own records tell how long the gap is.
    fn recorded(&self) -> Option<(Vec<Run>, Walked)> {
        let torn = self.torn;
        let sound = torn.walked.sound();
        let checkpoints = &Checkpoints::default();
        let place = Place { before: &[], last: torn.start, checkpoints, sound };
        let end = place.end();
        if self.is_over() {
            return None;
        }
        for joint in self.told().iter().filter(|joint| joint.gap > 0) {
            for split in self.clusters.inside(joint.split.clone(), end) {
                let joint = Joint { split, next: split.saturating_add(joint.gap) };
                if self.is_over() {
                    return None;
                }
                if joint.next >= torn.medium.len() || self.clusters.used(joint.next) {
                    continue;
                }
                let tried = self.walk(&place, joint);
                if tried.is_sure() {
                    return self.settled(&place, joint, tried);
                }
            }
        }
        None
    }

    /// Joins behind the pieces before, of which, with the open one, so many bytes are sound.
    fn pieces(&self, before: &[Run], last: u64, sound: u64) -> Option<(Vec<Run>, Walked)> {
        let place = Place { before, last, checkpoints: &Checkpoints::default(), sound };
        (sound >= place.ahead()).then_some(())?;
        let end = place.end();
        let mut best: Option<(u64, Joint)> = None;
        let mut late = BTreeSet::new();
        for joint in self.likely(last, end) {
            if self.is_over() {
                return None;
            }
            if late.contains(&joint.split) {
                continue;
            }
            let tried = self.walk(&place, joint);
            if tried.is_sure() {
                return self.settled(&place, joint, tried);
            }
            match tried.beyond {
                Some(beyond) if best.is_none_or(|(most, _)| beyond > most) => {
                    best = Some((beyond, joint));
                }
                // What is wrong before the split stays wrong, unless it is the block that the split tears.
                None if joint.split < end => {
                    late.insert(joint.split);
                }
                _ => {}
            }
        }
        self.torn_again(&place, best).or_else(|| self.in_a_block(&place, end))
    }

    /// Splits and gaps of the piece that begins at `last` and is sound up to `end`. A likely gap of the next split stands before an
    /// unlikely one of the first.
    fn likely(&self, last: u64, end: u64) -> Vec<Joint> {
        let mut joints = Vec::new();
        for (order, split) in self.clusters.splits(last, end, BACK).into_iter().enumerate() {
            let gaps = self.clusters.after(last, split, end).into_iter().enumerate();
            joints.extend(gaps.map(|(gap, next)| (order * 6 + gap, Joint { split, next })));
        }
        joints.sort_by_key(|(doubt, _)| *doubt);
        joints.into_iter().map(|(_, joint)| joint).collect()
    }

    /// A joint that convinces, behind which the file is torn once more.
    fn torn_again(&self, place: &Place, best: Option<(u64, Joint)>) -> Option<(Vec<Run>, Walked)> {
        let (beyond, joint) = best?;
        let convinces = beyond >= CONVINCING * self.torn.cluster;
        let mut runs = self.runs(place, joint);
        runs.pop();
        if !convinces || runs.len() + 2 > MOST_PIECES {
            return None;
        }
        let sound = runs.iter().map(|run| run.bytes).sum::<u64>().saturating_add(beyond);
        self.pieces(&runs, joint.next, sound)
    }

    /// Behind the sound end, only where something else plainly begins.
    fn in_a_block(&self, place: &Place, end: u64) -> Option<(Vec<Run>, Walked)> {
        for split in self.clusters.edges_behind(end, AHEAD) {
            for next in self.clusters.after(place.last, split, end).into_iter().take(AHEAD_GAPS) {
                if self.is_over() {
                    return None;
                }
                let joint = Joint { split, next };
                let tried = self.walk(place, joint);
                if tried.is_sure() {
                    return self.settled(place, joint, tried);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
