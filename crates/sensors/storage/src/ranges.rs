//! Ranges of places that do not overlap, merged where they touch.

use std::collections::BTreeMap;

use crate::Run;

/// Ends, by starts.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Ranges(BTreeMap<u64, u64>);

impl Ranges {
    pub fn add(&mut self, run: Run) {
        let (mut start, mut end) = (run.start, run.end());
        if start >= end {
            return;
        }
        if let Some((before, until)) = self.0.range(..=start).next_back() {
            if *until >= end {
                return;
            }
            if *until >= start {
                start = *before;
            }
        }
        let touched: Vec<u64> = self.0.range(start..=end).map(|(start, _)| *start).collect();
        for key in touched {
            end = end.max(self.0.remove(&key).unwrap_or(end));
        }
        self.0.insert(start, end);
    }

    pub fn remove(&mut self, run: Run) {
        // Nothing within a range would split it in two that touch.
        if run.bytes == 0 {
            return;
        }
        let before = self.0.range(..run.end()).rev();
        let touched: Vec<(u64, u64)> = before
            .take_while(|(_, end)| **end > run.start)
            .map(|(start, end)| (*start, *end))
            .collect();
        for (start, end) in touched {
            self.0.remove(&start);
            if start < run.start {
                self.0.insert(start, run.start);
            }
            if end > run.end() {
                self.0.insert(run.end(), end);
            }
        }
    }

    /// Makes one of the range that holds `at` and its nearer neighbour, with what lies between them.
    pub fn join_nearest(&mut self, at: u64) {
        let Some((start, end)) = self.0.range(..=at).next_back().map(|(from, to)| (*from, *to))
        else {
            return;
        };
        let before = self.0.range(..start).next_back().map(|(_, end)| Run::new(*end, start - end));
        let after = self.0.range(end..).next().map(|(next, _)| Run::new(end, next - end));
        if let Some(between) = before.into_iter().chain(after).min_by_key(|run| run.bytes) {
            self.add(between);
        }
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = Run> {
        self.0.iter().map(|(start, end)| Run::new(*start, end - start))
    }

    pub fn holds(&self, place: u64) -> bool {
        self.0.range(..=place).next_back().is_some_and(|(_, end)| *end > place)
    }

    /// Whether a part of the run is among them.
    pub fn touches(&self, run: Run) -> bool {
        let before = self.0.range(..run.end()).next_back();
        before.is_some_and(|(_, end)| *end > run.start)
    }

    /// The first that covers `at` or comes after it.
    pub fn next(&self, at: u64) -> Option<Run> {
        let covers = self.0.range(..=at).next_back().filter(|(_, end)| **end > at);
        let found = covers.or_else(|| self.0.range(at..).next());
        found.map(|(start, end)| Run::new(*start, end - start))
    }

    /// What of a run is not among them.
    pub fn without(&self, run: Run) -> Vec<Run> {
        let mut free = Vec::new();
        let mut at = run.start;
        while at < run.end() {
            let taken = self.next(at).filter(|taken| taken.start < run.end());
            let until = taken.map_or(run.end(), |taken| taken.start.max(at));
            if until > at {
                free.push(Run::new(at, until - at));
            }
            at = taken.map_or(run.end(), Run::end);
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(ranges: &Ranges) -> Vec<(u64, u64)> {
        ranges.iter().map(|run| (run.start, run.end())).collect()
    }

    #[test]
    fn they_merge_and_part_again() {
        let mut ranges = Ranges::default();
        for (start, bytes) in [(10, 5), (20, 5), (15, 5), (40, 2), (38, 10), (0, 0), (41, 1)] {
            ranges.add(Run::new(start, bytes));
        }
        assert_eq!(listed(&ranges), [(10, 25), (38, 48)]);
        ranges.remove(Run::new(12, 30));
        assert_eq!(listed(&ranges), [(10, 12), (42, 48)]);
        ranges.remove(Run::new(11, 0));
        ranges.remove(Run::new(44, 2));
        assert_eq!(listed(&ranges), [(10, 12), (42, 44), (46, 48)]);
        let next = |at| ranges.next(at).map(|run| (run.start, run.end()));
        assert_eq!([next(0), next(11), next(12)], [Some((10, 12)), Some((10, 12)), Some((42, 44))]);
        assert_eq!(next(48), None);
        let free = ranges.without(Run::new(11, 35));
        assert_eq!(free, [Run::new(12, 30), Run::new(44, 2)]);
        assert_eq!(ranges.without(Run::new(42, 2)), []);
        ranges.add(Run::new(0, u64::MAX));
        assert_eq!(ranges.len(), 1);
    }

    #[test]
    fn the_nearer_neighbour_is_joined() {
        let mut ranges = Ranges::default();
        for (at, bytes) in [(0, 2), (10, 2), (15, 5), (40, 1)] {
            ranges.add(Run::new(at, bytes));
        }
        ranges.join_nearest(11);
        assert_eq!(listed(&ranges), [(0, 2), (10, 20), (40, 41)]);
        ranges.join_nearest(0);
        assert_eq!(listed(&ranges), [(0, 20), (40, 41)]);
        ranges.join_nearest(40);
        ranges.join_nearest(5);
        assert_eq!(listed(&ranges), [(0, 41)]);
    }

    #[test]
    fn random_changes_agree_with_a_plain_list() {
        let mut ranges = Ranges::default();
        let mut plain = [false; 200];
        for change in crate::chance::noise(3, 20_000).chunks(4) {
            let (start, bytes) = (u64::from(change[0]) % 180, u64::from(change[1]) % 20);
            let add = change[2] % 2 == 0;
            plain[start as usize..(start + bytes) as usize].fill(add);
            let run = Run::new(start, bytes);
            if add {
                ranges.add(run)
            } else {
                ranges.remove(run)
            }
            let held: Vec<u64> = (0..200).filter(|at| ranges.holds(*at)).collect();
            let expected: Vec<u64> = (0..200).filter(|at| plain[*at as usize]).collect();
            assert_eq!(held, expected);
            let free = ranges.without(Run::new(0, 200)).into_iter();
            let free: Vec<u64> = free.flat_map(|run| run.start..run.end()).collect();
            assert_eq!(free, (0..200).filter(|at| !plain[*at as usize]).collect::<Vec<u64>>());
        }
    }
}
