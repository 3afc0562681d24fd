//! Many printers at once: a bounded number of them, each under its own time and caps. What is done comes in the order in
//! which the printers were named.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use leaksweep_facts::Sweep;

use crate::{Options, sweep};

/// How many are looked at at once, and how many are done.
pub struct Crew {
    pub at_once: usize,
    done: AtomicUsize,
}

impl Crew {
    pub fn new(at_once: usize) -> Self {
        Self { at_once: at_once.clamp(1, 256), done: AtomicUsize::new(0) }
    }

    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }
}

/// Looks at all of them; none for one whose sweep failed by a fault of ours.
pub fn many(crew: &Crew, printers: &[Options]) -> Vec<Option<Sweep>> {
    let results: Vec<Mutex<Option<Sweep>>> = printers.iter().map(|_| Mutex::default()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let (Some(options), Some(result)) = (printers.get(at), results.get(at)) else { return };
            let swept = catch_unwind(AssertUnwindSafe(|| sweep(options))).ok();
            *result.lock().unwrap_or_else(PoisonError::into_inner) = swept;
            crew.done.fetch_add(1, Ordering::Relaxed);
        }
    };
    thread::scope(|scope| {
        for _ in 0..crew.at_once.min(printers.len()) {
            scope.spawn(work);
        }
    });
    let taken =
        |result: Mutex<Option<Sweep>>| result.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.into_iter().map(taken).collect()
}
