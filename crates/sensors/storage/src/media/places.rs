//! Places of a medium, merged where they touch.

use std::collections::BTreeMap;

use crate::Run;

/// The most stretches that are remembered; of more, only the bytes are counted.
pub const MOST: usize = 65_536;

#[derive(Debug, Default, Clone)]
pub struct Places {
    /// Ends, by starts.
    runs: BTreeMap<u64, u64>,
    unlisted: u64,
}

impl Places {
    pub fn add(&mut self, run: Run) {
        let (mut start, mut end) = (run.start, run.end());
        if start == end {
            return;
        }
        if let Some((before, until)) = self.runs.range(..=start).next_back() {
            if *until >= end {
                return;
            }
            if *until >= start {
                start = *before;
            }
        }
        let touched: Vec<u64> = self.runs.range(start..=end).map(|(start, _)| *start).collect();
        for key in touched {
            end = end.max(self.runs.remove(&key).unwrap_or(end));
        }
        if self.runs.len() < MOST {
            self.runs.insert(start, end);
        } else {
            self.unlisted = self.unlisted.saturating_add(end - start);
        }
    }

    /// Whether a part of the run is among them.
    pub fn touches(&self, run: Run) -> bool {
        let before = self.runs.range(..run.end()).next_back();
        before.is_some_and(|(_, end)| *end > run.start)
    }

    pub fn remove(&mut self, run: Run) {
        let touched: Vec<(u64, u64)> = self
            .runs
            .range(..run.end())
            .rev()
            .take_while(|(_, end)| **end > run.start)
            .map(|(start, end)| (*start, *end))
            .collect();
        for (start, end) in touched {
            self.runs.remove(&start);
            if start < run.start {
                self.runs.insert(start, run.start);
            }
            if end > run.end() {
                self.runs.insert(run.end(), end);
            }
        }
    }

    /// The first place that covers `at` or comes after it.
    pub fn next(&self, at: u64) -> Option<Run> {
        let covers = self.runs.range(..=at).next_back().filter(|(_, end)| **end > at);
        let found = covers.or_else(|| self.runs.range(at..).next());
        found.map(|(start, end)| Run::new(*start, end - start))
    }

    pub fn runs(&self) -> Vec<Run> {
        self.runs.iter().map(|(start, end)| Run::new(*start, end - start)).collect()
    }

    pub fn bytes(&self) -> u64 {
        let listed = self.runs.iter().map(|(start, end)| end - start);
        listed.fold(self.unlisted, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(places: &Places) -> Vec<(u64, u64)> {
        places.runs().into_iter().map(|run| (run.start, run.end())).collect()
    }

    #[test]
    fn places_merge_and_part_again() {
        let mut places = Places::default();
        for (start, bytes) in [(10, 5), (20, 5), (15, 5), (40, 2), (38, 10), (0, 0), (41, 1)] {
            places.add(Run::new(start, bytes));
        }
        assert_eq!(runs(&places), [(10, 25), (38, 48)]);
        assert_eq!(places.bytes(), 25);
        places.remove(Run::new(12, 30));
        assert_eq!(runs(&places), [(10, 12), (42, 48)]);
        places.remove(Run::new(44, 2));
        assert_eq!(runs(&places), [(10, 12), (42, 44), (46, 48)]);
        let next = |at| places.next(at).map(|run| (run.start, run.end()));
        assert_eq!([next(0), next(11), next(12)], [Some((10, 12)), Some((10, 12)), Some((42, 44))]);
        assert_eq!(next(48), None);
    }

    #[test]
    fn random_changes_agree_with_a_plain_list() {
        let mut places = Places::default();
        let mut plain = [false; 200];
        let mut seed = 7_u32;
        let mut chance = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) % below
        };
        for _ in 0..5000 {
            let (start, bytes) = (u64::from(chance(180)), u64::from(chance(20)));
            let add = chance(2) == 0;
            plain[start as usize..(start + bytes) as usize].fill(add);
            let run = Run::new(start, bytes);
            if add {
                places.add(run)
            } else {
                places.remove(run)
            }
            let listed: Vec<u64> = runs(&places).iter().flat_map(|(a, b)| *a..*b).collect();
            let expected: Vec<u64> = (0..200).filter(|at| plain[*at as usize]).collect();
            assert_eq!(listed, expected);
        }
    }

    #[test]
    fn too_many_places_are_only_counted() {
        let mut places = Places::default();
        for at in 0..MOST as u64 + 10 {
            places.add(Run::new(at * 4, 1));
        }
        assert_eq!((places.runs().len(), places.bytes()), (MOST, MOST as u64 + 10));
    }
}
