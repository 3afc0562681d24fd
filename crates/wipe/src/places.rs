//! Stretches of a medium: those that are bad, in order, joined where they touch.

use leaksweep_facts::certificate::Range;
use serde::{Deserialize, Serialize};

/// The most stretches that are kept one by one; behind them only bytes are counted.
const MOST: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Places {
    ranges: Vec<Range>,
    bytes: u64,
    /// Some were not kept.
    more: bool,
}

impl Places {
    pub fn add(&mut self, start: u64, bytes: u64) {
        if bytes == 0 {
            return;
        }
        let end = start.saturating_add(bytes);
        // All that touch it become one with it.
        let first = self.ranges.partition_point(|range| range.end() < start);
        let last = self.ranges.partition_point(|range| range.start <= end);
        let touched = &self.ranges[first..last];
        let from = touched.first().map_or(start, |range| range.start.min(start));
        let to = touched.last().map_or(end, |range| range.end().max(end));
        if touched.is_empty() && self.ranges.len() >= MOST {
            self.more = true;
            self.bytes += bytes;
            return;
        }
        let before: u64 = touched.iter().map(|range| range.bytes).sum();
        let joined = Range { start: from, bytes: to - from };
        self.bytes += joined.bytes - before;
        self.ranges.splice(first..last, [joined]);
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    pub fn ranges(&self) -> &[Range] {
        &self.ranges
    }

    /// Whether [`Places::ranges`] are all.
    pub fn is_whole(&self) -> bool {
        !self.more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(of: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let mut places = Places::default();
        of.iter().for_each(|(start, bytes)| places.add(*start, *bytes));
        let ranges: Vec<_> =
            places.ranges().iter().map(|range| (range.start, range.bytes)).collect();
        assert_eq!(places.bytes(), ranges.iter().map(|(_, bytes)| bytes).sum::<u64>());
        ranges
    }

    #[test]
    fn what_touches_is_joined() {
        assert_eq!(ranges(&[(10, 5), (30, 5), (15, 5)]), [(10, 10), (30, 5)]);
        assert_eq!(ranges(&[(10, 5), (30, 5), (12, 20)]), [(10, 25)]);
        assert_eq!(ranges(&[(10, 5), (10, 5), (11, 1), (0, 0)]), [(10, 5)]);
        assert_eq!(ranges(&[(30, 5), (10, 5), (0, 10)]), [(0, 15), (30, 5)]);
        assert_eq!(ranges(&[(0, u64::MAX), (5, 1)]), [(0, u64::MAX)]);
    }

    #[test]
    fn more_than_can_be_kept_are_counted() {
        let mut places = Places::default();
        (0..MOST as u64 + 7).for_each(|number| places.add(number * 10, 2));
        assert_eq!((places.ranges().len(), places.bytes()), (MOST, 2 * (MOST as u64 + 7)));
        assert!(!places.is_whole());
    }
}
