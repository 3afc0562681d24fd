//! Ends finds where another begins that cannot lie in them: a job that broke off takes what follows for its own where its form
//! only counts bytes, and a few bytes too many where it decodes them.

use std::collections::HashSet;

use super::{Recovery, carve, find::Find, threads::in_turn};
use crate::{
    Run, Stretch,
    formats::{Format, Proof, Walked, document::text},
    ranges::Ranges,
    triage::Candidate,
};

/// How far a broken find may have read into the next: a sector, or a page of a database where the next goes beyond it.
const SLACK: u64 = 512;
const PAGE: u64 = 4096;
/// So long a find of ordered bytes alone does not come about among points.
const LONG: u64 = 256;
/// The least of a find that is itself broken, and of a text.
const LEAST: u64 = 1024;
/// The last words of a job may be the first of another: a UEL ends and begins.
const WORDS: u64 = 16;

/// Shortens what swallowed another, and finds what was swallowed. `candidates` are in order.
pub fn give_up(recovery: &Recovery, mut finds: Vec<Find>, candidates: &[Candidate]) -> Vec<Find> {
    let doubtful: Vec<usize> = (0..finds.len()).filter(|at| is_doubtful(&finds[*at])).collect();
    let prepare = || Stretch::new(recovery.medium);
    let borders = in_turn(recovery.faults, &doubtful, prepare, |stretch, at| {
        Outer::of(&finds[*at])?.border(recovery, stretch, candidates)
    });
    let mut freed = Ranges::default();
    let mut early = HashSet::new();
    for (at, border) in doubtful.into_iter().zip(borders) {
        let (Some(border), Some(start)) = (border.flatten(), finds[at].start()) else { continue };
        match border {
            Border::Inside(end) => {
                freed.add(Run::new(end, start + finds[at].bytes - end));
                finds[at].end_at(end - start);
            }
            Border::Behind(begun) => {
                early.insert(begun);
                freed.add(Run::new(start + finds[at].bytes, 1));
            }
        }
    }
    finds.retain(|find| find.names.is_some() || find.start().is_none_or(|at| !early.contains(&at)));
    let again = candidates.iter().filter(|candidate| freed.holds(candidate.at));
    let again: Vec<Candidate> = again.copied().collect();
    if again.is_empty() { finds } else { carve::carve(recovery, finds, &again) }
}

/// What was carved in one piece, and is broken or proven by its structure alone.
fn is_doubtful(find: &Find) -> bool {
    find.names.is_none()
        && find.runs.len() == 1
        && find.walked.as_ref().is_some_and(|it| !it.is_whole() || it.proof == Proof::Structure)
}

/// Where a find ends before another.
enum Border {
    /// The other begins here, in what the find took for its own.
    Inside(u64),
    /// The find ends where it said: the other, which seemed to begin here, begins behind it as well.
    Behind(u64),
}

struct Outer {
    run: Run,
    whole: bool,
    /// Whether its inside is only counted.
    counted: bool,
}

impl Outer {
    fn of(find: &Find) -> Option<Self> {
        let run = Run::new(find.start()?, find.bytes);
        let counted = find.proof() == Some(Proof::Structure);
        let counted = counted && find.format.is_some_and(Format::only_counts);
        Some(Self { run, whole: find.is_whole(), counted })
    }

    /// None where nothing speaks against its end.
    fn border(
        &self,
        recovery: &Recovery,
        stretch: &mut Stretch,
        candidates: &[Candidate],
    ) -> Option<Border> {
        let back = if self.whole || self.counted { self.run.bytes } else { PAGE };
        let from = self.run.end().saturating_sub(back).max(self.run.start + 1);
        let first = candidates.partition_point(|candidate| candidate.at < from);
        let inside = candidates[first..].iter().take_while(|it| it.at < self.run.end());
        // Behind what lies in it whole: what is nested there was walked with that.
        let mut done = from;
        for candidate in inside {
            if candidate.at < done {
                continue;
            }
            let Some(walked) = recovery.walk(stretch, *candidate) else { continue };
            if self.denies(candidate.at, &walked) {
                let inner = Run::new(candidate.at, walked.length);
                if self.only_words(inner) && self.is_behind(recovery, stretch, candidates, inner) {
                    return Some(Border::Behind(inner.start));
                }
                let text = self.counted.then(|| self.text(recovery, candidate.at)).flatten();
                return Some(Border::Inside(text.unwrap_or(candidate.at)));
            }
            if walked.is_whole() {
                done = candidate.at + walked.length;
            }
        }
        None
    }

    /// Whether what begins there cannot be a part of this one: it goes beyond its end, or nothing else may lie in this one.
    fn denies(&self, at: u64, inner: &Walked) -> bool {
        let crosses = at + inner.sound() > self.run.end();
        let last = !self.whole && at + SLACK >= self.run.end();
        let sure = inner.proof > Proof::Structure || self.counted && inner.length >= LONG;
        match inner.is_whole() {
            true => last || crosses && (sure || !self.whole) || self.counted && sure,
            false => crosses && inner.proof == Proof::Checksum && inner.sound() >= LEAST,
        }
    }

    /// Whether no more than the last words of this one lie in the other.
    fn only_words(&self, inner: Run) -> bool {
        self.whole && inner.start + WORDS >= self.run.end()
    }

    /// Whether the other begins at the end of this one just as well.
    fn is_behind(
        &self,
        recovery: &Recovery,
        stretch: &mut Stretch,
        candidates: &[Candidate],
        inner: Run,
    ) -> bool {
        let end = self.run.end();
        let first = candidates.partition_point(|candidate| candidate.at < end);
        candidates[first..].iter().take_while(|it| it.at == end).any(|candidate| {
            recovery
                .walk(stretch, *candidate)
                .is_some_and(|walked| walked.is_whole() && end + walked.length == inner.end())
        })
    }

    /// Where a text begins in what is only counted, before the place at which it surely is over.
    fn text(&self, recovery: &Recovery, before: u64) -> Option<u64> {
        let mut first = None;
        let within = Run::new(self.run.start, before - self.run.start);
        text::runs(recovery.medium, within, &mut |start, walked| {
            let inside = start > self.run.start + SLACK && start < before;
            if inside && walked.length >= LEAST {
                first = first.or(Some(start));
            }
        });
        first
    }
}
