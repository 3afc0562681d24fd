//! The first of many by place, whoever of several threads comes first.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Room for so many, which those further back lose to those before them.
#[derive(Debug)]
pub struct First {
    most: usize,
    places: Mutex<BTreeSet<u64>>,
    refused: AtomicU64,
}

impl First {
    pub fn new(most: usize) -> Self {
        Self { most, places: Mutex::default(), refused: AtomicU64::new(0) }
    }

    fn places(&self) -> MutexGuard<'_, BTreeSet<u64>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is room for what begins there, as far as is known so far.
    pub fn take(&self, place: u64) -> bool {
        let mut places = self.places();
        places.insert(place);
        if places.len() <= self.most {
            return true;
        }
        self.refused.fetch_add(1, Ordering::Relaxed);
        places.pop_last() != Some(place)
    }

    /// Whether it is one of the first, once all are known.
    pub fn keeps(&self, place: u64) -> bool {
        self.places().contains(&place)
    }

    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_kept_whoever_comes_first() {
        for order in [[3, 9, 5, 7, 1], [9, 7, 5, 3, 1], [1, 3, 5, 7, 9]] {
            let first = First::new(2);
            order.into_iter().for_each(|place| {
                first.take(place);
            });
            let kept = [1, 3, 5, 7, 9].map(|place| first.keeps(place));
            assert_eq!((kept, first.refused()), ([true, true, false, false, false], 3));
        }
        let first = First::new(1);
        assert!(first.take(5) && first.take(5) && !first.take(7) && first.take(3));
        assert_eq!(first.refused(), 2);
    }
}
