//! Work on many things by all cores, each in its turn, with results in order.

use std::{
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Hands every thing to `work`, with what `prepare` makes once for each thread. A panic costs the thing's result alone.
pub fn in_turn<T: Sync, S, R: Send>(
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
                    let work = std::panic::AssertUnwindSafe(|| work(&mut state, thing));
                    let result = std::panic::catch_unwind(work).ok();
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
        let results = in_turn(&things, || 0, work);
        assert_eq!(results.len(), 1000);
        assert_eq!(results[500], None);
        assert_eq!((results[0], results[999]), (Some(0), Some(1998)));
        assert!(in_turn(&[] as &[u32], || 0, work).is_empty());
    }
}
