//! What single clusters look like, and by that which splits and gaps are likely.

use std::{cell::RefCell, collections::HashMap, ops::Range};

use super::Torn;
use crate::Stretch;

/// So much of a cluster is looked at.
const SEEN: u64 = 4096;
/// The most splits of one recorded gap.
const MOST_SPLITS: usize = 4096;

/// What a cluster looks like; those of one file mostly look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Filler,
    Text,
    /// Like chance, but behind FF stands 00: the coded data of JPEG.
    Stuffed,
    /// Like chance, but without FF: coded data of a plain picture, or many short commands.
    Quiet,
    Dense,
    Other,
}

impl Look {
    fn of(bytes: &[u8]) -> Self {
        let Some((first, _)) = bytes.split_first() else { return Look::Filler };
        // The last cluster of a file is filled up.
        let own =
            bytes.iter().rposition(|byte| !matches!(byte, 0 | 0xFF)).map_or(0, |last| last + 1);
        if own == 0 || bytes.iter().all(|byte| byte == first) {
            return Look::Filler;
        }
        let own = &bytes[..own];
        let text =
            own.iter().filter(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')).count();
        if text * 20 >= own.len() * 19 {
            return Look::Text;
        }
        let mut seen = [0_u16; 256];
        own.iter().for_each(|byte| seen[usize::from(*byte)] += 1);
        let most = usize::from(seen.iter().max().copied().unwrap_or(0));
        if most * 10 > own.len() {
            return Look::Other;
        }
        let behind = |wanted: fn(u8) -> bool| {
            own.windows(2).filter(|two| two[0] == 0xFF && wanted(two[1])).count()
        };
        let stuffed = behind(|next| matches!(next, 0 | 0xD0..=0xD7));
        // Between scans stand tables.
        let others = behind(|next| !matches!(next, 0 | 0xC4 | 0xD0..=0xDA | 0xDD));
        // Chance makes eight other ones in two thousand bytes.
        match (stuffed, others) {
            (1.., 0) => Look::Stuffed,
            (0, 0) if own.len() >= 1024 => Look::Quiet,
            _ => Look::Dense,
        }
    }

    /// How badly a cluster of another look continues one of this.
    fn differs(self, next: Self) -> u8 {
        match (self, next) {
            _ if self == next => 0,
            (_, Look::Filler) => 3,
            (Look::Stuffed, Look::Quiet) | (Look::Quiet, Look::Stuffed) => 0,
            (Look::Stuffed, Look::Dense) | (Look::Text, _) | (_, Look::Text) => 2,
            _ => 1,
        }
    }

    /// Whether a file that looks like this never goes on like that.
    fn forbids(self, next: Self) -> bool {
        next == Look::Filler || self == Look::Stuffed && matches!(next, Look::Dense | Look::Text)
    }
}

pub struct Clusters<'s, 'a> {
    torn: &'s Torn<'a>,
    /// The medium: clusters that follow each other are read many at once.
    stretch: RefCell<Stretch<'a>>,
    looks: RefCell<HashMap<u64, Look>>,
    used: RefCell<HashMap<u64, bool>>,
}

impl<'s, 'a> Clusters<'s, 'a> {
    pub fn new(torn: &'s Torn<'a>) -> Self {
        let stretch = RefCell::new(Stretch::new(torn.medium));
        Self { torn, stretch, looks: RefCell::default(), used: RefCell::default() }
    }

    pub fn bytes(&self, at: u64) -> Vec<u8> {
        self.seen(at, <[u8]>::to_vec)
    }

    fn seen<R>(&self, at: u64, what: impl FnOnce(&[u8]) -> R) -> R {
        what(self.stretch.borrow_mut().peek(at, self.torn.cluster.min(SEEN) as usize))
    }

    /// Whether a cluster surely belongs to something else, or is zeros.
    pub fn used(&self, at: u64) -> bool {
        *self.used.borrow_mut().entry(at).or_insert_with(|| (self.torn.used)(at))
    }

    fn look(&self, at: u64) -> Look {
        *self.looks.borrow_mut().entry(at).or_insert_with(|| self.seen(at, Look::of))
    }

    pub fn is_text(&self, at: u64) -> bool {
        self.look(at) == Look::Text
    }

    pub fn alike(&self, one: u64, other: u64) -> bool {
        let (mut one, mut other) = (one, other);
        let mut left = self.torn.cluster;
        while left > 0 {
            let (a, b) = (self.bytes(one), self.bytes(other));
            if a != b || a.is_empty() {
                return false;
            }
            let step = (a.len() as u64).min(left);
            (one, other, left) = (one + step, other + step, left - step);
        }
        true
    }

    /// Whether something else begins here.
    pub fn is_edge(&self, at: u64) -> bool {
        let before = at.saturating_sub(self.torn.cluster);
        self.used(at) || self.look(before).differs(self.look(at)) > 1
    }

    /// Ends of a piece that begins at `last` and is sound up to `end`: the likeliest first. Of walks that go block by block the
    /// sound part ends before the split.
    pub fn splits(&self, last: u64, end: u64, most: u64) -> Vec<u64> {
        let cluster = self.torn.cluster;
        let near = last + (end - last).div_ceil(cluster) * cluster;
        let all = (0..=most).filter_map(|count| Some((count, near.checked_sub(count * cluster)?)));
        let possible = all.filter(|(_, at)| *at > last && *at < self.torn.medium.len());
        let doubt =
            |(count, at): (u64, u64)| (count * 2 + if self.is_edge(at) { 0 } else { 3 }, at);
        let mut splits: Vec<(u64, u64)> = possible.map(doubt).collect();
        // Some walks take zeros for their own for long.
        splits.extend(self.first_used(last, end).map(|at| (1, at)));
        splits.sort_unstable();
        splits.dedup_by_key(|(_, at)| *at);
        splits.into_iter().map(|(_, at)| at).collect()
    }

    /// The first cluster of a piece that belongs to something else.
    fn first_used(&self, last: u64, end: u64) -> Option<u64> {
        let cluster = self.torn.cluster;
        let count = ((end - last) / cluster).min(MOST_SPLITS as u64);
        (1..=count).map(|count| last + count * cluster).find(|at| self.used(*at))
    }

    /// Splits between two lengths of the first piece: the likeliest first, by what begins there and how near the sound end is.
    pub fn inside(&self, lengths: Range<u64>, end: u64) -> Vec<u64> {
        let (cluster, start) = (self.torn.cluster, self.torn.start);
        let first = lengths.start.div_ceil(cluster).max(1);
        let all = (first..).map(|count| start.saturating_add(count.saturating_mul(cluster)));
        let until = start.saturating_add(lengths.end).min(self.torn.medium.len());
        let own = |at: &u64| *at < until && !self.used(*at - cluster);
        let doubt = |at: u64| (!self.is_edge(at), at.abs_diff(end), at);
        let mut splits: Vec<(bool, u64, u64)> =
            all.take_while(own).take(MOST_SPLITS).map(doubt).collect();
        splits.sort_unstable();
        splits.into_iter().map(|(.., at)| at).collect()
    }

    /// Places behind `end` at which something else begins.
    pub fn edges_behind(&self, end: u64, most: u64) -> Vec<u64> {
        let cluster = self.torn.cluster;
        let start = self.torn.start;
        let near = start + (end - start) / cluster * cluster;
        let all = (1..=most).map(|count| near.saturating_add(count * cluster));
        all.take_while(|at| *at < self.torn.medium.len() && !self.used(*at - cluster))
            .filter(|at| self.is_edge(*at))
            .collect()
    }

    /// What the last bytes before `end` look like, of a piece that begins at `last`. The first cluster of a file has its head in it.
    fn own_look(&self, last: u64, end: u64) -> Look {
        let from = end.saturating_sub(SEEN / 2).max(last);
        let mut bytes = vec![0; (end - from.min(end)) as usize];
        let read = self.torn.medium.read_at(from, &mut bytes);
        Look::of(&bytes[..read])
    }

    /// Where the file may go on behind a split, of a piece that begins at `last` and is sound up to `end`: the likeliest first.
    pub fn after(&self, last: u64, split: u64, end: u64) -> Vec<u64> {
        let cluster = self.torn.cluster;
        let like = self.own_look(last, end.min(split));
        let most = self.torn.limit / cluster;
        let all = (1..=most).map(|count| split.saturating_add(count * cluster));
        let free = all.filter(|at| *at < self.torn.medium.len() && !self.used(*at));
        let ranked = free.filter_map(|at| {
            let look = self.look(at);
            let differs = like.differs(look);
            (!like.forbids(look)).then(|| (differs, !self.is_edge(at), at))
        });
        let mut ranked: Vec<(u8, bool, u64)> = ranked.collect();
        ranked.sort_unstable();
        ranked.into_iter().map(|(.., at)| at).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_told_apart() {
        let mut seed = 1_u64;
        let mut chance = |count: usize| -> Vec<u8> {
            let next = |_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (seed >> 56) as u8
            };
            (0..count).map(next).collect()
        };
        let dense = chance(4096);
        let mut stuffed: Vec<u8> = Vec::new();
        for byte in chance(3500) {
            stuffed.push(byte);
            if byte == 0xFF {
                stuffed.push(0);
            }
        }
        assert_eq!(Look::of(&dense), Look::Dense);
        assert_eq!(Look::of(&stuffed), Look::Stuffed);
        stuffed.extend([0xFF, 0xD9]);
        stuffed.resize(4096, 0);
        assert_eq!(Look::of(&stuffed), Look::Stuffed);
        assert_eq!(Look::of(&[0; 4096]), Look::Filler);
        assert_eq!(Look::of(&[0xFF; 4096]), Look::Filler);
        assert_eq!(Look::of("some words of text\n".repeat(100).as_bytes()), Look::Text);
        assert_eq!(Look::of(&[0, 1, 2, 0, 0, 0, 9].repeat(500)), Look::Other);
        assert_eq!(Look::of(&[]), Look::Filler);
    }
}
