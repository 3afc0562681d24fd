//! Whether a joint is the only one that does: of content that repeats itself others do as well, and then nothing is sure.

use super::{Joint, Place, Search, Tried};
use crate::{
    Run,
    formats::{Proof, Walked},
};

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
    /// missing. Where they may be missing of both, nearly everything fits, and nothing is sure.
    fn grown(&self, place: &Place, joint: Joint, tried: Tried) -> Option<(Joint, Tried)> {
        let off = |by: (i64, i64)| self.tried_off(place, joint, by);
        let holds = |by: &(i64, i64)| off(*by).is_some();
        // A checksum holds the length.
        if tried.walked.as_ref().is_some_and(|walked| walked.proof == Proof::Checksum) {
            return Some((joint, tried));
        }
        match SHORTER.iter().filter(|by| holds(by)).count() {
            0 if !LONGER.iter().any(holds) => return Some((joint, tried)),
            2 => return None,
            _ => {}
        }
        let most = (joint.next - joint.split) / self.torn.cluster;
        let gaps = (1..most).rev().filter(|_| !self.is_over());
        let longer = gaps.map(|count| (0, -(count as i64))).find_map(off);
        let (joint, tried) = longer.unwrap_or((joint, tried));
        Some(self.tried_off(place, joint, LONGER[0]).unwrap_or((joint, tried)))
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
        let tried = self.walk(place, Joint { split, next });
        tried.is_sure().then_some((Joint { split, next }, tried))
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
