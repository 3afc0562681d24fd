//! Which of the sweeps that were named with `wipe --before` is of which medium.

use anyhow::Result;
use leaksweep_facts::{Time, certificate::Proof};
use leaksweep_wipe::{
    Pulse,
    journal::{Journal, Keeper},
    readback::Expected,
    run::Checking,
};

use super::{candidate::Candidate, many::Job, swept::Told, teller::Forms};
use crate::{failure::hint, progress};

/// Each sweep to its medium; one that is of none of them is refused before anything is written.
pub fn shared_out(told: Vec<Told>, jobs: &mut [Job]) -> Result<()> {
    for told in told {
        let mut its_own = None;
        for job in jobs.iter_mut() {
            if is_of(&told, job)? {
                its_own = Some(job);
                break;
            }
        }
        let Some(job) = its_own else { return Err(told.of_another()) };
        if job.swept.is_some() {
            return Err(hint(
                format!(
                    "{} is the second sweep of {}",
                    told.path().display(),
                    job.candidate.name()
                ),
                "name the one that counts",
            ));
        }
        job.swept = Some(told.findings);
    }
    Ok(())
}

/// Of a wipe that goes on only what was there before it began is told.
fn is_of(told: &Told, job: &Job) -> Result<bool> {
    let medium = &job.candidate.subject.medium;
    let left = job.store.journal().left().ok().flatten();
    let journal = left.and_then(|left| Journal::parse(&left, medium).ok());
    if let Some(journal) = &journal
        && told.is_the_same(journal.before.as_ref())
    {
        return Ok(true);
    }
    let is_of = match told.is_of(medium, None) {
        true => true,
        false if told.needs_content(medium) => {
            told.is_of(medium, Some(&content(&job.candidate)?.fingerprint))
        }
        false => false,
    };
    let began = journal.and_then(|journal| Time::parse(&journal.started));
    match began.filter(|began| is_of && told.ended > *began) {
        Some(began) => Err(told.later(&format!("the wipe that goes on began, {began}"))),
        None => Ok(is_of),
    }
}

/// All of it is read, as a sweep read it.
fn content(candidate: &Candidate) -> Result<Proof> {
    let (medium, pulse) = (candidate.reading()?, Pulse::default());
    pulse.stage("comparing it with the sweep");
    let expected = &Expected::Anything;
    let checking =
        Checking { device: &medium, expected, manifest: None, teller: &Forms, pulse: &pulse };
    Ok(progress::of_phases(
        || checking.run(None),
        || {
            let (stage, done, of) = pulse.now();
            (stage, progress::Bytes { done, of })
        },
    )?)
}
