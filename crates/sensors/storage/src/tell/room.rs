//! For which finds a preview is made: those whose preview is kept.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Previews are kept of the first finds that have one: none is made where enough stand before it.
pub struct Room {
    most: usize,
    /// Numbers of the finds that have one, in order.
    taken: Mutex<Vec<i64>>,
}

impl Room {
    pub fn new(most: usize) -> Self {
        Self { most, taken: Mutex::default() }
    }

    fn taken(&self) -> MutexGuard<'_, Vec<i64>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn is_left(&self, number: i64) -> bool {
        self.taken().partition_point(|other| *other < number) < self.most
    }

    pub fn take(&self, number: i64) {
        let mut taken = self.taken();
        let at = taken.partition_point(|other| *other < number);
        taken.insert(at, number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn previews_are_those_of_the_first_finds_whoever_comes_first() {
        let room = Room::new(2);
        [7, 3].into_iter().for_each(|number| room.take(number));
        let left = |number| room.is_left(number);
        assert_eq!([1, 3, 5, 7, 8].map(left), [true, true, true, true, false]);
        room.take(5);
        assert_eq!([5, 6, 7, 8].map(left), [true, false, false, false]);
        assert!(!Room::new(0).is_left(1));
    }
}
