//! Ends finds where another begins that cannot lie in them: a job that broke off takes what follows for its own where its form
//! only counts bytes, and a few bytes too many where it decodes them.

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

/// Shortens what swallowed another, and finds what was swallowed. `candidates` are in order.
pub fn give_up(recovery: &Recovery, mut finds: Vec<Find>, candidates: &[Candidate]) -> Vec<Find> {
    let doubtful: Vec<usize> = (0..finds.len()).filter(|at| is_doubtful(&finds[*at])).collect();
    let prepare = || Stretch::new(recovery.medium);
    let ends = in_turn(recovery.faults, &doubtful, prepare, |stretch, at| {
        Outer::of(&finds[*at])?.end(recovery, stretch, candidates)
    });
    let mut freed = Ranges::default();
    for (at, end) in doubtful.into_iter().zip(ends) {
        let (Some(end), Some(start)) = (end.flatten(), finds[at].start()) else { continue };
        freed.add(Run::new(end, start + finds[at].bytes - end));
        finds[at].end_at(end - start);
    }
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

    /// Where it must end; none where nothing speaks against it.
    fn end(
        &self,
        recovery: &Recovery,
        stretch: &mut Stretch,
        candidates: &[Candidate],
    ) -> Option<u64> {
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
            let format = recovery.formats[usize::from(candidate.format)];
            stretch.aim(candidate.at, u64::MAX);
            let walked = (format.walk)(stretch);
            recovery.faults.notice(stretch);
            let Some(walked) = walked else { continue };
            if self.denies(candidate.at, &walked) {
                let text = self.counted.then(|| self.text(recovery, candidate.at)).flatten();
                return Some(text.unwrap_or(candidate.at));
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
