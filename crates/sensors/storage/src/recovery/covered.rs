//! Which places belong to finds already: what lies inside a picture's file or a document is no find of its own.

use std::collections::BTreeMap;

use super::find::Find;
use crate::Run;

/// Ranges that do not overlap, by their starts.
#[derive(Debug, Default, Clone)]
pub struct Covered(BTreeMap<u64, u64>);

impl Covered {
    pub fn add(&mut self, run: Run) {
        let (mut start, mut end) = (run.start, run.end());
        if start >= end {
            return;
        }
        if let Some((before, until)) = self.0.range(..=start).next_back()
            && *until >= start
        {
            start = *before;
            end = end.max(*until);
        }
        let inside: Vec<u64> = self.0.range(start..=end).map(|(begins, _)| *begins).collect();
        for begins in inside {
            end = end.max(self.0.remove(&begins).unwrap_or(end));
        }
        self.0.insert(start, end);
    }

    pub fn holds(&self, place: u64) -> bool {
        self.0.range(..=place).next_back().is_some_and(|(_, end)| *end > place)
    }

    /// What of a run is free.
    pub fn without(&self, run: Run) -> Vec<Run> {
        let mut free = Vec::new();
        let mut at = match self.0.range(..=run.start).next_back() {
            Some((_, end)) => run.start.max(*end),
            None => run.start,
        };
        for (begins, end) in self.0.range(run.start.saturating_add(1)..run.end().max(run.start + 1))
        {
            if *begins > at {
                free.push(Run::new(at, begins - at));
            }
            at = at.max(*end);
        }
        if run.end() > at {
            free.push(Run::new(at, run.end() - at));
        }
        free
    }

    pub fn add_find(&mut self, find: &Find) {
        if find.keeps_its_inside() {
            find.own_runs().into_iter().for_each(|run| self.add(run));
        }
    }
}

/// Leaves out what begins inside another find: threads that worked side by side did not see each other's.
/// What a file system names stays.
pub fn without_inner(mut finds: Vec<Find>) -> Vec<Find> {
    finds.sort_by_key(|find| (find.start().unwrap_or(u64::MAX), std::cmp::Reverse(find.bytes)));
    let mut covered = Covered::default();
    // What lies in pieces, or is known from elsewhere, may cover what begins before it.
    for find in finds.iter().filter(|find| find.runs.len() > 1 && find.is_whole()) {
        find.own_runs().into_iter().skip(1).for_each(|run| covered.add(run));
    }
    finds.retain(|find| {
        let inside = find.start().is_some_and(|start| covered.holds(start));
        let stays = find.names.is_some() || !inside;
        if stays {
            covered.add_find(find);
        }
        stays
    });
    finds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_grow_together() {
        let mut covered = Covered::default();
        for (start, bytes) in [(10, 5), (30, 5), (12, 10), (40, 0), (20, 11)] {
            covered.add(Run::new(start, bytes));
        }
        assert_eq!(covered.0.iter().collect::<Vec<_>>(), [(&10, &35)]);
        let inside = [9, 10, 34, 35, 40].map(|place| covered.holds(place));
        assert_eq!(inside, [false, true, true, false, false]);
        let free = covered.without(Run::new(5, 40));
        assert_eq!(free, [Run::new(5, 5), Run::new(35, 10)]);
        assert_eq!(covered.without(Run::new(12, 5)), []);
        covered.add(Run::new(0, u64::MAX));
        assert_eq!(covered.0.len(), 1);
    }
}
