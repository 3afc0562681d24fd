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

use crate::{
    Options,
    sweep::{Seen, lost, sweep},
};

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

/// Looks at all of them.
pub fn many(crew: &Crew, printers: &[Options]) -> Vec<Seen> {
    let results: Vec<Mutex<Option<Seen>>> = printers.iter().map(|_| Mutex::default()).collect();
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
    let taken = |(result, options): (Mutex<Option<Seen>>, &Options)| {
        result.into_inner().unwrap_or_else(PoisonError::into_inner).unwrap_or_else(|| lost(options))
    };
    results.into_iter().zip(printers).map(taken).collect()
}
