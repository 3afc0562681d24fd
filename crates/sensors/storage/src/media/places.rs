//! Places of a medium that could not be read: of more than can be listed, only the bytes are counted.

use crate::{Run, ranges::Ranges};

/// The most stretches that are remembered.
pub const MOST: usize = 65_536;

#[derive(Debug, Default, Clone)]
pub struct Places {
    listed: Ranges,
    unlisted: u64,
}

impl Places {
    pub fn add(&mut self, run: Run) {
        self.listed.add(run);
        if self.listed.len() > MOST {
            self.listed.remove(run);
            self.unlisted = self.unlisted.saturating_add(run.bytes);
        }
    }

    pub fn remove(&mut self, run: Run) {
        self.listed.remove(run);
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
        self.listed.iter().fold(self.unlisted, |sum, run| sum.saturating_add(run.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_places_are_only_counted() {
        let mut places = Places::default();
        for at in 0..MOST as u64 + 10 {
            places.add(Run::new(at * 4, 1));
        }
        assert_eq!((places.runs().len(), places.bytes()), (MOST, MOST as u64 + 10));
    }
}
