//! Writes every byte of a medium: one pass of a scheme at a time, by several threads, with what could not be written listed.
//!
//! Its state is kept only after the device said that what was written survives a power cut.

mod filling;
mod patient;
mod scheme;

pub use filling::{Filling, Key};
pub use patient::Attempt;
pub use scheme::{Pass, Scheme};

use std::{
    ops::Range,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::{
    device::Device, medium::aligned::Aligned, method::Failure, places::Places, portions::Portions,
    pulse::Pulse,
};

/// How far a pass has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct State {
    /// Everything before it is written and flushed, but for what is bad.
    pub done: u64,
    pub bad: Places,
}

pub struct Writing<'a> {
    pub device: &'a dyn Device,
    pub filling: &'a Filling,
    pub pulse: &'a Pulse,
    /// The state is kept so often.
    pub every: Duration,
}

/// So many bytes without one that could be written, and the device counts as dead.
const DEAD: u64 = 256 << 20;

impl Writing<'_> {
    /// Writes everything behind `state.done`. `keep` is called with a state that survives a power cut.
    pub fn run(
        &self,
        state: State,
        keep: &mut (dyn FnMut(&State) -> Result<(), Failure> + Send),
    ) -> Result<State, Failure> {
        let end = self.device.bytes();
        self.pulse.begin(state.done, end);
        let mut order = Order { writing: self, state, keep, kept: Instant::now(), dead: 0 };
        let portions = Portions::new(order.state.done..end);
        let same = self.same(&portions);
        let result = portions.each(
            |at, buffer| self.portion(at, buffer, same.as_deref()),
            |portion, bad| order.take(portion, bad),
        );
        // What was written before a stop is not lost.
        match result {
            Err(Failure::Gone) => return Err(Failure::Gone),
            Err(failure) => {
                order.keep()?;
                return Err(failure);
            }
            Ok(()) => order.keep()?,
        }
        Ok(order.state)
    }

    /// What every portion holds, where all hold the same: it is made once.
    fn same(&self, portions: &Portions) -> Option<Aligned> {
        self.filling.repeats().then(|| {
            let mut same = Aligned::new(portions.bytes);
            self.filling.fill(portions.of.start, &mut same);
            same
        })
    }

    fn portion(
        &self,
        at: u64,
        buffer: &mut [u8],
        same: Option<&[u8]>,
    ) -> Result<Vec<Range<u64>>, Failure> {
        self.pulse.turn(self.device, buffer.len() as u64)?;
        let bytes = match same.and_then(|same| same.get(..buffer.len())) {
            Some(same) => same,
            None => {
                self.filling.fill(at, buffer);
                &*buffer
            }
        };
        let bad = Attempt { device: self.device }.write(at, bytes)?;
        self.pulse.add(buffer.len() as u64);
        Ok(bad)
    }
}

struct Order<'a> {
    writing: &'a Writing<'a>,
    state: State,
    keep: &'a mut (dyn FnMut(&State) -> Result<(), Failure> + Send),
    kept: Instant,
    dead: u64,
}

impl Order<'_> {
    fn take(&mut self, portion: Range<u64>, bad: Vec<Range<u64>>) -> Result<(), Failure> {
        let lost: u64 = bad.iter().map(|range| range.end - range.start).sum();
        let len = portion.end - portion.start;
        self.dead = if lost == len { self.dead + len } else { 0 };
        bad.into_iter().for_each(|range| self.state.bad.add(range.start, range.end - range.start));
        self.state.done = portion.end;
        if self.dead >= DEAD {
            return Err(Failure::Failed("the device takes no more writes".into()));
        }
        if self.kept.elapsed() >= self.writing.every {
            self.keep()?;
        }
        Ok(())
    }

    fn keep(&mut self) -> Result<(), Failure> {
        self.writing.device.flush().map_err(|error| patient::failure(&error))?;
        (self.keep)(&self.state)?;
        self.kept = Instant::now();
        Ok(())
    }
}
