//! Places of a medium that could not be read. Of more than can be listed neighbours become one, with what lies between them.

use crate::{Run, ranges::Ranges};

/// The most stretches that are remembered.
pub const MOST: usize = 65_536;

#[derive(Debug, Default, Clone)]
pub struct Places {
    listed: Ranges,
    are_joined: bool,
}

impl Places {
    /// The run is among them then, whatever their number.
    pub fn add(&mut self, run: Run) {
        self.listed.add(run);
        if self.listed.len() > MOST {
            self.listed.join_nearest(run.start);
            self.are_joined = true;
        }
    }

    /// What was joined stays lost where taking it apart would make too many again.
    pub fn remove(&mut self, run: Run) {
        if self.listed.len() < MOST * 2 {
            self.listed.remove(run);
        }
    }

    /// Whether something between them counts as lost that might be read.
    pub fn are_joined(&self) -> bool {
        self.are_joined
    }

    pub fn touches(&self, run: Run) -> bool {
        self.listed.touches(run)
    }

    /// The first place that covers `at` or comes after it.
    pub fn next(&self, at: u64) -> Option<Run> {
        self.listed.next(at)
    }

    pub fn runs(&self) -> Vec<Run> {
        self.listed.iter().collect()
    }

    pub fn bytes(&self) -> u64 {
        self.listed.iter().fold(0, |sum, run| sum.saturating_add(run.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_places_the_nearest_become_one() {
        let mut places = Places::default();
        for at in 0..MOST as u64 {
            places.add(Run::new(at * 4, 1));
        }
        assert!(!places.are_joined());
        for at in MOST as u64..MOST as u64 + 10 {
            places.add(Run::new(at * 4, 1));
            assert!(places.touches(Run::new(at * 4, 1)));
        }
        assert!(places.are_joined());
        let last = places.runs().pop().unwrap();
        assert_eq!((last.start, last.bytes), (MOST as u64 * 4 - 4, 41));
        assert_eq!((places.runs().len(), places.bytes()), (MOST, MOST as u64 - 1 + 41));
    }
}
