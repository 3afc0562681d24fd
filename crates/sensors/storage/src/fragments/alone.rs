//! Whether a joint is the only one that does: of content that repeats itself others do as well, and then nothing is sure.

use std::iter;

use super::{Joint, Place, Search, Tried};
use crate::{
    Run,
    formats::{Family, Proof, Walked},
};

/// The most clusters before the second piece that are tried as its own.
const MOST: usize = 64;
/// Clusters by which split and next place may be off.
const OFF: [(i64, i64); 2] = [(-1, -1), (1, 1)];
/// Those by which the pieces leave out more, and less.
const SHORTER: [(i64, i64); 2] = [(-1, 0), (0, 1)];
const LONGER: [(i64, i64); 2] = [(1, 0), (0, -1)];

impl Search<'_, '_> {
    /// A joint that is sure, unless it is not the only one.
    pub(super) fn settled(
        &self,
        place: &Place,
        joint: Joint,
        tried: Tried,
    ) -> Option<(Vec<Run>, Walked)> {
        let (joint, tried) = self.grown(place, joint, tried)?;
        let walked = tried.walked?;
        self.is_alone(place, joint).then(|| self.closed(place, joint, walked))
    }

    /// The joint that leaves out the least: content that repeats itself may go on as well where clusters of one piece are
    /// missing. Where they may be missing of both, nearly everything fits, and nothing is sure; but for a print job of which nothing in
    /// the gap could be a part: commands are short, and so it goes on at many places.
    fn grown(&self, place: &Place, joint: Joint, tried: Tried) -> Option<(Joint, Tried)> {
        let holds = |by: &(i64, i64)| self.tried_off(place, joint, *by).is_some();
        // A checksum holds the length.
        if tried.walked.as_ref().is_some_and(|walked| walked.proof == Proof::Checksum) {
            return Some((joint, tried));
        }
        let job = self.torn.format.kind.family == Family::PrintJob;
        let longer = LONGER.iter().any(holds);
        match SHORTER.iter().filter(|by| holds(by)).count() {
            0 if !longer && !job => return Some((joint, tried)),
            2 if longer || !job => return None,
            _ => {}
        }
        let grown = self.earlier(place, joint).unwrap_or((joint, tried));
        let grown = self.later(place, grown.0).unwrap_or(grown);
        // Of a job all is sound up to the split, or something else plainly begins there.
        let split = grown.0.split;
        (!job || split >= place.end() || self.clusters.is_edge(split)).then_some(grown)
    }

    /// The joint whose second piece begins earliest, among clusters that look alike.
    fn earlier(&self, place: &Place, joint: Joint) -> Option<(Joint, Tried)> {
        let cluster = self.torn.cluster;
        let before = |next: &u64| {
            let free = !self.clusters.is_edge(*next) && *next - joint.split > cluster;
            free.then(|| *next - cluster)
        };
        let all: Vec<u64> = iter::successors(before(&joint.next), before).take(MOST).collect();
        let mut tries = all.into_iter().rev().filter(|_| !self.is_over());
        tries.find_map(|next| self.sure(place, Joint { next, ..joint }))
    }

    /// The joint whose first piece ends latest, where that is sound.
    fn later(&self, place: &Place, joint: Joint) -> Option<(Joint, Tried)> {
        let cluster = self.torn.cluster;
        let sound = place.end().saturating_sub(joint.split).div_ceil(cluster).max(1);
        let most = sound.min((joint.next - joint.split) / cluster - 1);
        let splits = (1..=most).rev().map(|count| joint.split + count * cluster);
        let mut tries = splits.filter(|_| !self.is_over()).map(|split| Joint { split, ..joint });
        tries.find_map(|joint| self.sure(place, joint))
    }

    fn sure(&self, place: &Place, joint: Joint) -> Option<(Joint, Tried)> {
        let tried = self.walk(place, joint);
        tried.is_sure().then_some((joint, tried))
    }

    /// Whether no joint that is a cluster off does as well with other bytes: of locked members and foreign streams a checksum
    /// says nothing.
    fn is_alone(&self, place: &Place, joint: Joint) -> bool {
        OFF.iter().all(|by| self.tried_off(place, joint, *by).is_none())
    }

    /// A joint that is so many clusters off, where that is sure, too, and takes in nothing foreign.
    fn tried_off(&self, place: &Place, joint: Joint, by: (i64, i64)) -> Option<(Joint, Tried)> {
        let moved = |at: u64, by: i64| at.checked_add_signed(by * self.torn.cluster as i64);
        let (split, next) = (moved(joint.split, by.0)?, moved(joint.next, by.1)?);
        let possible = split > place.last && next > split && next < self.torn.medium.len();
        if !possible || self.is_foreign(joint, split, next) {
            return None;
        }
        self.sure(place, Joint { split, next })
    }

    /// Whether a moved joint takes in what is another's, or nothing but what stands there anyway.
    fn is_foreign(&self, joint: Joint, split: u64, next: u64) -> bool {
        let cluster = self.torn.cluster;
        let (more, less) = (split > joint.split, split < joint.split);
        let (early, late) = (next < joint.next, next > joint.next);
        let used = |at: u64| self.clusters.used(at);
        let same = less && early && self.clusters.alike(split, next)
            || more && late && self.clusters.alike(joint.split, joint.next);
        same || more && used(joint.split) || early && used(joint.next - cluster)
    }
}
