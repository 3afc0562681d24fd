//! The map of a medium: stretches of one class, in order, of a number that is bounded whatever the medium is like.

use serde::{Deserialize, Serialize};

use super::class::{Class, Look};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    pub start: u64,
    pub bytes: u64,
    pub class: Class,
    /// Entropy times bytes: the mean is what is shown.
    weight: u128,
}

impl Extent {
    pub fn new(start: u64, bytes: u64, look: Look) -> Self {
        Self {
            start,
            bytes,
            class: look.class,
            weight: u128::from(look.entropy) * u128::from(bytes),
        }
    }

    pub fn entropy(&self) -> u64 {
        (self.weight / u128::from(self.bytes.max(1))) as u64
    }

    pub fn end(&self) -> u64 {
        self.start + self.bytes
    }

    /// Takes what follows; of two classes the whole is mixed.
    pub fn take(&mut self, other: Extent) {
        self.bytes += other.bytes;
        self.weight += other.weight;
        if self.class != other.class {
            self.class = Class::Mixed;
        }
    }
}

/// Thousandths of a bit that a byte can have.
const HIGHEST: u16 = 8000;
/// The most extents that a map keeps.
pub const MOST: usize = 4096;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Map {
    extents: Vec<Extent>,
    /// Extents shorter than this are one with their neighbours; zero while there are few.
    grain: u64,
    /// Bytes of each class, counted before anything is merged.
    pub totals: [u64; Class::ALL.len()],
}

impl Default for Map {
    fn default() -> Self {
        Self { extents: Vec::new(), grain: 0, totals: [0; Class::ALL.len()] }
    }
}

impl Map {
    /// Takes what follows the last.
    pub fn push(&mut self, extent: Extent) {
        self.totals[extent.class as usize] += extent.bytes;
        self.append(extent);
        if self.extents.len() > MOST * 2 {
            self.coarsen();
        }
    }

    pub fn total(&self, class: Class) -> u64 {
        self.totals[class as usize]
    }

    fn append(&mut self, extent: Extent) {
        match self.extents.last_mut() {
            Some(last) if last.class == extent.class => last.take(extent),
            Some(last) if last.bytes < self.grain && extent.bytes < self.grain => last.take(extent),
            Some(last) if last.class == Class::Mixed && extent.bytes < self.grain => {
                last.take(extent)
            }
            _ => self.extents.push(extent),
        }
    }

    /// What counted as bad is this, as was seen later. In a stretch of several classes it is counted, and not shown.
    pub fn regain(&mut self, extent: Extent) {
        let bad = &mut self.totals[Class::Bad as usize];
        let Some(left) = bad.checked_sub(extent.bytes) else { return };
        *bad = left;
        self.totals[extent.class as usize] += extent.bytes;
        let at = self.extents.partition_point(|held| held.end() <= extent.start);
        let Some(held) = self.extents.get(at).copied() else { return };
        if held.class != Class::Bad || held.end() < extent.end() || held.start > extent.start {
            return;
        }
        let look = Look { class: Class::Bad, entropy: 0 };
        let before = Extent::new(held.start, extent.start - held.start, look);
        let after = Extent::new(extent.end(), held.end() - extent.end(), look);
        let pieces = [before, extent, after].into_iter().filter(|piece| piece.bytes > 0);
        self.extents.splice(at..=at, pieces);
        if self.extents.len() > MOST * 2 {
            self.coarsen();
        }
    }

    fn coarsen(&mut self) {
        let before = std::mem::take(&mut self.extents);
        self.grain = (self.grain * 2).max(64 * 1024);
        before.into_iter().for_each(|extent| self.append(extent));
    }

    /// Whether it is a map of just so many bytes: each belongs to one extent, and is counted once.
    pub fn is_of(&self, bytes: u64) -> bool {
        let mut end = 0_u64;
        let follows = self.extents.iter().all(|extent| {
            let most = u128::from(HIGHEST) * u128::from(extent.bytes);
            let here = extent.start == end && extent.bytes > 0 && extent.weight <= most;
            end = extent.start.saturating_add(extent.bytes);
            here
        });
        let counted = self.totals.iter().try_fold(0_u64, |sum, total| sum.checked_add(*total));
        follows && end == bytes && counted == Some(bytes) && self.extents.len() <= MOST * 2
    }

    /// All extents, at most [`MOST`].
    pub fn extents(&self) -> Vec<Extent> {
        let mut fewer = self.clone();
        while fewer.extents.len() > MOST {
            fewer.coarsen();
        }
        fewer.extents
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(map: &mut Map, start: u64, bytes: u64, class: Class) {
        map.push(Extent::new(start, bytes, Look { class, entropy: 4000 }));
    }

    #[test]
    fn neighbours_of_one_class_are_one() {
        let mut map = Map::default();
        push(&mut map, 0, 4096, Class::Zero);
        push(&mut map, 4096, 4096, Class::Zero);
        push(&mut map, 8192, 4096, Class::Text);
        assert_eq!((map.total(Class::Zero), map.total(Class::Text)), (8192, 4096));
        let extents = map.extents();
        assert_eq!(extents.len(), 2);
        assert_eq!((extents[1].start, extents[1].end(), extents[1].entropy()), (8192, 12288, 4000));
    }

    #[test]
    fn what_could_be_read_later_is_no_longer_bad() {
        let mut map = Map::default();
        push(&mut map, 0, 8192, Class::Text);
        push(&mut map, 8192, 40_960, Class::Bad);
        let text = Look { class: Class::Text, entropy: 4000 };
        map.regain(Extent::new(12_288, 4096, text));
        map.regain(Extent::new(45_056, 4096, text));
        // Of another class, or counted already.
        map.regain(Extent::new(0, 4096, text));
        let shown: Vec<_> =
            map.extents().iter().map(|extent| (extent.start, extent.bytes, extent.class)).collect();
        let expected = [
            (0, 8192, Class::Text),
            (8192, 4096, Class::Bad),
            (12_288, 4096, Class::Text),
            (16_384, 28_672, Class::Bad),
            (45_056, 4096, Class::Text),
        ];
        assert_eq!(shown, expected);
        assert!(map.is_of(49_152));
        assert_eq!((map.total(Class::Bad), map.total(Class::Text)), (28_672, 20_480));
    }

    #[test]
    fn a_medium_that_changes_all_the_time_has_a_bounded_map() {
        let mut map = Map::default();
        let classes = [Class::Text, Class::Random, Class::Structured];
        let count = 300_000_u64;
        for at in 0..count {
            push(&mut map, at * 4096, 4096, classes[at as usize % 3]);
        }
        push(&mut map, count * 4096, 1 << 40, Class::Zero);
        assert_eq!(map.total(Class::Text), 100_000 * 4096);
        let extents = map.extents();
        assert!(extents.len() <= MOST && extents.len() >= 2, "{}", extents.len());
        assert!(extents.windows(2).all(|pair| pair[0].end() == pair[1].start));
        assert_eq!(extents[0].class, Class::Mixed);
        let last = extents.last().unwrap();
        assert_eq!((last.start, last.bytes, last.class), (count * 4096, 1 << 40, Class::Zero));
    }
}
