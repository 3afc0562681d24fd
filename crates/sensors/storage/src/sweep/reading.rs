//! The one reading of the medium from end to end, which goes on where an earlier one ended.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use leaksweep_facts::Time;

use super::{Observation, journal::Kept, rows::Rows};
use crate::{
    Bytes, Run,
    known::Seen,
    media::MediaError,
    triage::{Keep, Pass, State, Suspects},
};

/// How long places that could not be read are tried again.
const PATIENCE: Duration = Duration::from_secs(60);

impl Observation<'_> {
    pub(super) fn triage(
        &self,
        started: Time,
        seen: &Mutex<Seen>,
        rows: &mut Rows,
    ) -> Result<(Time, State), MediaError> {
        let confirm =
            |needle: usize, before: &[u8], rest: &[u8]| self.words.confirm(needle, before, rest);
        let suspects = Suspects::new(self.formats.clone(), self.words.needles(), &confirm);
        let progress = &self.options.progress;
        let watch = |place: u64, bytes: &[u8]| {
            let Some(known) = self.known else { return };
            let mut own = Seen::default();
            known.blocks(bytes, |at, block| own.block(block, place + at as u64));
            seen.lock().unwrap_or_else(PoisonError::into_inner).take(own);
        };
        let journal = self.options.journal.as_deref();
        let mut kept =
            journal.map(|kept| Kept::new(kept, self.medium, &suspects, self.known, started));
        let left = kept.as_ref().map(|kept| self.left(kept, &suspects, seen)).transpose()?;
        let (started, first) = left.flatten().unwrap_or((started, State::default()));
        if let Some(kept) = &mut kept {
            kept.begin(started, &first, seen, &self.medium.bad())?;
        }
        let keep = |state: &State| {
            if let Some(kept) = &kept {
                kept.keep(state, seen, &self.medium.bad());
            }
        };
        progress.begin("reading", self.medium.len());
        let pass = Pass {
            medium: self.medium,
            suspects: &suspects,
            watch: self.known.is_some().then_some(&watch),
            keep: kept.as_ref().map(|kept| Keep { keep: &keep, every: kept.every() }),
            progress: progress.done(),
        };
        let mut state = pass.run(first);
        if self.medium.bad_bytes() > 0 {
            progress.begin("trying bad places again", 0);
            pass.regain(&self.medium.again(Instant::now() + PATIENCE), &mut state);
        }
        rows.problems.extend(kept.and_then(Kept::problem));
        rows.unkept(&state.sights);
        Ok((started, state))
    }

    /// What an earlier sweep saw, and when it began.
    fn left(
        &self,
        kept: &Kept,
        suspects: &Suspects,
        seen: &Mutex<Seen>,
    ) -> Result<Option<(Time, State)>, MediaError> {
        let documents = self.known.map_or(0, |known| known.documents().len());
        let Some(entry) = kept.left(self.medium, suspects, documents)? else { return Ok(None) };
        entry.bad.iter().for_each(|(start, bytes)| self.medium.lose(Run::new(*start, *bytes)));
        seen.lock().unwrap_or_else(PoisonError::into_inner).take(entry.seen);
        Ok(Some((entry.started, entry.state)))
    }
}
