//! Walks every place where a file may begin, except those that lie inside a find already.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError, RwLock, atomic::Ordering},
};

use super::{Recovery, covered::Covered, find::Find, threads::in_turn};
use crate::{
    Stretch,
    formats::{Format, Walked},
    triage::Candidate,
};

/// Candidates that one thread takes at once: in order, so that most of what lies inside is seen to.
const BATCH: usize = 64;

/// `candidates` are in order.
pub fn carve(recovery: &Recovery, named: Vec<Find>, candidates: &[Candidate]) -> Vec<Find> {
    let mut covered = Covered::default();
    named.iter().filter(|find| find.is_whole()).for_each(|find| covered.add_find(find));
    let known = NamedFinds { starts: starts(&named), finds: Mutex::new(named) };
    let covered = RwLock::new(covered);
    let places = by_place(candidates);
    let batches: Vec<&[&[Candidate]]> = places.chunks(BATCH).collect();
    let prepare = || Stretch::new(recovery.medium);
    let found = in_turn(recovery.faults, &batches, prepare, |stretch, batch| {
        let mut at = |place: &&[Candidate]| {
            recovery.faults.guard(|| at_place(recovery, stretch, place, &covered, &known)).flatten()
        };
        batch.iter().filter_map(&mut at).collect()
    });
    let mut finds = known.finds.into_inner().unwrap_or_else(PoisonError::into_inner);
    finds.extend(found.into_iter().flatten().flat_map(|found: Vec<Find>| found));
    finds
}

/// What file systems name already.
struct NamedFinds {
    starts: HashMap<u64, usize>,
    finds: Mutex<Vec<Find>>,
}

fn starts(named: &[Find]) -> HashMap<u64, usize> {
    let starts = named.iter().enumerate();
    starts.filter_map(|(number, find)| Some((find.start()?, number))).collect()
}

fn by_place(candidates: &[Candidate]) -> Vec<&[Candidate]> {
    candidates.chunk_by(|one, other| one.at == other.at).collect()
}

/// The find that begins at one place, if there is one and nobody has it.
fn at_place(
    recovery: &Recovery,
    stretch: &mut Stretch,
    place: &[Candidate],
    covered: &RwLock<Covered>,
    known: &NamedFinds,
) -> Option<Find> {
    let at = place.first()?.at;
    let named = known.starts.get(&at).copied();
    if let Some(number) = named
        && known.is_settled(number)
    {
        return None;
    }
    let inside = covered.read().unwrap_or_else(PoisonError::into_inner).holds(at);
    if inside && named.is_none() {
        return None;
    }
    let mut best = Best::default();
    for candidate in place {
        let format = recovery.formats[usize::from(candidate.format)];
        let walked = recovery.walk(stretch, *candidate);
        if walked.is_some_and(|walked| best.take(format, walked)) {
            break;
        }
    }
    let (format, walked) = best.0?;
    recovery.progress.fetch_add(walked.length, Ordering::Relaxed);
    let find = Find::carved(at, format, walked);
    covered.write().unwrap_or_else(PoisonError::into_inner).add_find(&find);
    match named {
        Some(number) => {
            known.merge(number, find);
            None
        }
        None => recovery.allowance.carved.take(at).then_some(find),
    }
}

/// The first whole one, or the longest of the others.
#[derive(Default)]
pub struct Best(pub Option<(&'static Format, Walked)>);

impl Best {
    /// Whether it is whole: then no other is asked.
    pub fn take(&mut self, format: &'static Format, walked: Walked) -> bool {
        let whole = walked.is_whole();
        if whole || self.0.as_ref().is_none_or(|(_, other)| walked.sound() > other.sound()) {
            self.0 = Some((format, walked));
        }
        whole
    }
}

impl NamedFinds {
    /// Whether nothing could be added but the way; that is.
    fn is_settled(&self, number: usize) -> bool {
        let mut finds = self.finds.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(find) = finds.get_mut(number) else { return false };
        let settled = find.is_whole() && find.format.is_some();
        if settled && !find.ways.contains(&"carved") {
            find.ways.push("carved");
        }
        settled
    }

    fn merge(&self, number: usize, other: Find) {
        let mut finds = self.finds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(find) = finds.get_mut(number) {
            find.merge(other);
        }
    }
}
