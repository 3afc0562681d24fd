//! A medium in portions: several threads work on them, and what each gave is taken in the order of their places.
//!
//! Memory: one buffer for each thread, and the results of at most as many portions that wait for an earlier one.

use std::{
    collections::BTreeMap,
    num::NonZero,
    ops::Range,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use crate::{medium::aligned::Aligned, method::Failure};

/// Large enough that a disk is kept busy, small enough to stay near the processor.
const PORTION: u64 = 1 << 20;
const SMALLEST: u64 = 64 * 1024;

pub struct Portions {
    /// Begins at a multiple of a sector.
    pub of: Range<u64>,
    pub bytes: usize,
    pub threads: usize,
}

impl Portions {
    pub fn new(of: Range<u64>) -> Self {
        // More than a small machine has processors: most of them wait for the device.
        let threads = thread::available_parallelism().map_or(1, NonZero::get).clamp(4, 8);
        // A small medium has portions for all threads, too.
        let bytes = (of.end / 64).next_multiple_of(SMALLEST).clamp(SMALLEST, PORTION) as usize;
        Self { of, bytes, threads }
    }

    /// `work` gets a place and a buffer as long as the portion; `take` what it gave, in order. The first failure ends it.
    pub fn each<T: Send>(
        &self,
        work: impl Fn(u64, &mut [u8]) -> Result<T, Failure> + Sync,
        take: impl FnMut(Range<u64>, T) -> Result<(), Failure> + Send,
    ) -> Result<(), Failure> {
        let queue = Queue {
            line: Mutex::new(Line {
                next: self.of.start,
                due: self.of.start,
                waiting: BTreeMap::new(),
                failure: None,
                take,
            }),
            moved: Condvar::new(),
        };
        thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                scope.spawn(|| self.run(&queue, &work));
            }
        });
        let line = queue.line.into_inner().unwrap_or_else(PoisonError::into_inner);
        line.failure.map_or(Ok(()), Err)
    }

    fn run<T, W, F>(&self, queue: &Queue<T, F>, work: &W)
    where
        W: Fn(u64, &mut [u8]) -> Result<T, Failure>,
        F: FnMut(Range<u64>, T) -> Result<(), Failure>,
    {
        let mut buffer = Aligned::new(self.bytes);
        while let Some(portion) = queue.claim(self) {
            let len = (portion.end - portion.start) as usize;
            let result = work(portion.start, &mut buffer[..len]);
            queue.give(portion, result);
        }
    }
}

struct Queue<T, F> {
    line: Mutex<Line<T, F>>,
    moved: Condvar,
}

struct Line<T, F> {
    next: u64,
    /// All before it was taken.
    due: u64,
    waiting: BTreeMap<u64, (u64, T)>,
    failure: Option<Failure>,
    take: F,
}

impl<T, F: FnMut(Range<u64>, T) -> Result<(), Failure>> Queue<T, F> {
    fn lock(&self) -> MutexGuard<'_, Line<T, F>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claim(&self, portions: &Portions) -> Option<Range<u64>> {
        let mut line = self.lock();
        // Nobody runs far ahead of a portion that takes long.
        while line.failure.is_none() && line.waiting.len() > portions.threads {
            line = self.moved.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
        let start = line.next;
        if line.failure.is_some() || start >= portions.of.end {
            return None;
        }
        let end = start.saturating_add(portions.bytes as u64).min(portions.of.end);
        line.next = end;
        Some(start..end)
    }

    fn give(&self, portion: Range<u64>, result: Result<T, Failure>) {
        let mut line = self.lock();
        match result {
            Ok(result) => line.put(portion, result),
            Err(failure) => line.failure = line.failure.take().or(Some(failure)),
        }
        self.moved.notify_all();
    }
}

impl<T, F: FnMut(Range<u64>, T) -> Result<(), Failure>> Line<T, F> {
    fn put(&mut self, portion: Range<u64>, result: T) {
        self.waiting.insert(portion.start, (portion.end, result));
        while self.failure.is_none()
            && let Some((end, result)) = self.waiting.remove(&self.due)
        {
            let taken = (self.take)(self.due..end, result);
            self.due = end;
            self.failure = taken.err();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn every_portion_is_worked_on_once_and_taken_in_order() {
        let portions = Portions { of: 4096..100_000, bytes: 4096, threads: 5 };
        let worked = AtomicUsize::new(0);
        let mut places = Vec::new();
        let result = portions.each(
            |at, buffer| {
                worked.fetch_add(1, Ordering::Relaxed);
                if at % 3 == 0 {
                    thread::yield_now();
                }
                Ok((at, buffer.len()))
            },
            |portion, (at, len)| {
                assert_eq!((portion.start, portion.end - portion.start), (at, len as u64));
                places.push(portion);
                Ok(())
            },
        );
        result.unwrap();
        assert_eq!((worked.into_inner(), places.len()), (24, 24));
        assert!(places.windows(2).all(|two| two[0].end == two[1].start));
        assert_eq!((places[0].start, places[23].end), (4096, 100_000));
    }

    #[test]
    fn the_first_failure_ends_it_and_nothing_behind_it_is_taken() {
        let portions = Portions { of: 0..1 << 20, bytes: 4096, threads: 4 };
        let mut taken = 0;
        let fails = |at, _: &mut [u8]| if at == 40_960 { Err(Failure::Gone) } else { Ok(()) };
        let failed = portions.each(fails, |portion, ()| {
            taken = portion.end;
            Ok(())
        });
        assert!(matches!(failed, Err(Failure::Gone)));
        assert!(taken <= 40_960, "{taken}");
        let refused = portions.each(
            |_, _| Ok(()),
            |portion, ()| match portion.start {
                8192 => Err(Failure::Stopped),
                _ => Ok(()),
            },
        );
        assert!(matches!(refused, Err(Failure::Stopped)));
    }

    #[test]
    fn nothing_is_nothing() {
        let portions = Portions { of: 5..5, bytes: 4096, threads: 2 };
        portions.each(|_, _| Ok(()), |_, ()| panic!("no portion is there")).unwrap();
    }
}
