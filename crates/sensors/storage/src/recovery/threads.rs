//! Work on many things by all cores, each in its turn, with results in order; and what a fault of ours costs.

use std::{
    num::NonZero,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
};

use leaksweep_facts::{Problem, Reason};

use crate::Stretch;

/// How often a walk failed by a fault of ours. Each costs one find, and is told.
#[derive(Debug, Default)]
pub struct Faults {
    panics: AtomicU64,
    circles: AtomicU64,
}

impl Faults {
    /// What the work gives; none where it panicked.
    pub fn guard<R>(&self, work: impl FnOnce() -> R) -> Option<R> {
        let result = catch_unwind(AssertUnwindSafe(work)).ok();
        if result.is_none() {
            self.panics.fetch_add(1, Ordering::Relaxed);
        }
        result
    }

    /// Counts what was walked where the walk never came to an end.
    pub fn notice(&self, stretch: &mut Stretch) {
        self.circles.fetch_add(u64::from(stretch.gave_up()), Ordering::Relaxed);
    }

    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        let counts = [
            (&self.panics, "failed at"),
            (&self.circles, "was led round in circles, and gave up, at"),
        ];
        counts.into_iter().filter_map(|(count, what)| {
            let count = count.load(Ordering::Relaxed);
            let detail = format!("leaksweep {what} {count} places; please report this");
            let problem = Problem::new("storage_artifacts", "the medium", Reason::Failed, detail);
            (count > 0).then_some(problem)
        })
    }
}

/// Hands every thing to `work`, with what `prepare` makes once for each thread; none where it panicked.
pub fn in_turn<T: Sync, S, R: Send>(
    faults: &Faults,
    things: &[T],
    prepare: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<Option<R>> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(things.len()));
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(8);
    thread::scope(|scope| {
        for _ in 0..threads.min(things.len()) {
            scope.spawn(|| {
                let mut state = prepare();
                while let Some((at, thing)) = claim(&next, things) {
                    let result = faults.guard(|| work(&mut state, thing));
                    if result.is_none() {
                        state = prepare();
                    }
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_unstable_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

fn claim<'t, T>(next: &AtomicUsize, things: &'t [T]) -> Option<(usize, &'t T)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    things.get(at).map(|thing| (at, thing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_a_fault_costs_one() {
        let things: Vec<u32> = (0..1000).collect();
        let work = |count: &mut u32, thing: &u32| {
            *count += 1;
            assert!(*thing != 500, "a planted fault");
            thing * 2
        };
        let faults = Faults::default();
        assert_eq!(faults.problems().count(), 0);
        let results = in_turn(&faults, &things, || 0, work);
        assert_eq!(results.len(), 1000);
        assert_eq!(results[500], None);
        assert_eq!((results[0], results[999]), (Some(0), Some(1998)));
        assert!(faults.problems().all(|problem| problem.detail.contains("failed at 1 places")));
        assert_eq!(faults.problems().count(), 1);
        assert!(in_turn(&faults, &[] as &[u32], || 0, work).is_empty());
    }
}
