//! Which find holds a place of the medium.

use crate::{Run, recovery::Find};

/// Runs of finds with their numbers, by start.
pub struct Places(Vec<(Run, i64)>);

impl Places {
    /// Of finds that are numbered on from `before`.
    pub fn of(finds: &[Find], before: i64) -> Self {
        let runs = (before + 1..).zip(finds).flat_map(|(number, find)| {
            let runs = find.runs.iter().filter(|run| run.start != Run::HOLE);
            runs.map(move |run| (*run, number))
        });
        let mut places: Vec<_> = runs.collect();
        places.sort_by_key(|(run, _)| run.start);
        Self(places)
    }

    /// The number of the find that begins last of those that hold the place.
    pub fn holder(&self, place: u64) -> Option<i64> {
        let after = self.0.partition_point(|(run, _)| run.start <= place);
        // Finds seldom overlap: what lies further back holds nothing here but in made-up file systems.
        let near = self.0[..after].iter().rev().take(64);
        near.filter(|(run, _)| run.end() > place).map(|(_, number)| *number).next()
    }
}
