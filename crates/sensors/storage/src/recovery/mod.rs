//! Brings all ways of finding to one row for each find: what file systems name, what begins with a signature, what lies in pieces.
//!
//! 1. `named` walks what file systems name. 2. `carve` walks every candidate that lies in nothing found before. 3. `swallowed` ends what took a part of the next. 4. `torn` joins what broke off. 5. `plain` takes what is text and belongs to nothing.
//!
//! A find whose first byte is that of another is the same find, with both ways.

mod allowance;
mod carve;
mod covered;
mod find;
mod first;
mod named;
mod plain;
mod swallowed;
#[cfg(test)]
mod tests;
mod threads;
mod torn;

use std::{sync::atomic::AtomicU64, time::Instant};

use crate::{
    Bytes, Stretch,
    formats::{Format, Walked},
    triage::Candidate,
};
pub use allowance::{Allowance, Stored};
pub use find::{Find, Names, State};
pub use named::{Held, Place, read as read_volume};
pub use plain::texts;
pub use threads::Faults;
pub(crate) use threads::in_turn;

/// What recovery works on.
pub struct Recovery<'a> {
    pub medium: &'a dyn Bytes,
    pub formats: &'a [&'static Format],
    /// Bytes that were walked, for whoever shows progress.
    pub progress: &'a AtomicU64,
    pub faults: &'a Faults,
    pub allowance: &'a Allowance,
    /// When joining pieces ends.
    pub deadline: Instant,
}

impl Recovery<'_> {
    /// What the walk of a candidate says, as far as it may still look.
    fn walk(&self, stretch: &mut Stretch, candidate: Candidate) -> Option<Walked> {
        let number = usize::from(candidate.format);
        let purse = self.allowance.purse(number)?;
        let reach = purse.reach()?;
        let before = stretch.cost();
        stretch.aim(candidate.at, reach);
        let walked = (self.formats[number].walk)(stretch);
        let claimed = walked.as_ref().map_or(0, |walked| walked.length);
        purse.spend(reach, (stretch.cost() - before).saturating_sub(claimed));
        self.faults.notice(stretch);
        walked.filter(|walked| walked.length > 0)
    }

    /// Everything, in order of place: `named` are the finds of file systems, `clusters` says of a place how long its clusters are.
    pub fn run(
        &self,
        named: Vec<Find>,
        mut candidates: Vec<Candidate>,
        clusters: &(dyn Fn(u64) -> u64 + Sync),
        zeros: &(dyn Fn(u64) -> bool + Sync),
    ) -> Vec<Find> {
        candidates.sort_unstable();
        candidates.dedup();
        let finds = carve::carve(self, named, &candidates);
        let mut finds = swallowed::give_up(self, finds, &candidates);
        let is_kept = |start| self.allowance.carved.keeps(start);
        finds.retain(|find| find.names.is_some() || find.start().is_none_or(is_kept));
        let finds = torn::join(self, finds, clusters, zeros);
        covered::without_inner(finds)
    }
}
