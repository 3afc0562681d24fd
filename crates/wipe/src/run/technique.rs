//! Carries out the ways to wipe, one after the other until one completes.

use leaksweep_facts::{Time, certificate::Step};

use super::{Wipe, keep};
use crate::{
    journal::{Journal, Keeper, Phase},
    method::{Failure, Watch},
    overwrite::{Filling, State, Writing},
    plan::Way,
    pulse::Pulse,
};

/// Lines of a device's own words that are kept for each step.
const MOST_LINES: usize = 1000;

impl<'a> Wipe<'a> {
    /// The way that completed; none where all of them failed.
    pub(super) fn technique(&mut self, journal: &mut Journal) -> Result<Option<&'a Way>, Failure> {
        let attempts = self.attempts;
        if journal.phase == Phase::Written {
            let last = journal.steps.last().filter(|step| step.completed);
            let method = last.map(|step| step.method.as_str());
            return Ok(attempts.iter().find(|way| Some(way.offer.method) == method));
        }
        self.pulse.stage("wiping");
        self.give_up_what_is_not_offered(journal)?;
        for way in attempts {
            let failed = |step: &Step| step.method == way.offer.method && !step.completed;
            if journal.steps.iter().any(failed) || is_ahead(journal, way) {
                continue;
            }
            let mut step = begun(journal, way);
            match self.attempt(way, &mut step, journal) {
                Ok(()) => step.completed = true,
                Err(Failure::Failed(reason)) => step.log.push(reason),
                Err(failure) => return Err(failure),
            }
            step.ended = Time::now().to_string();
            let completed = step.completed;
            journal.steps.push(step);
            journal.phase = Phase::Before;
            self.keep(journal)?;
            if completed {
                return Ok(Some(way));
            }
        }
        Ok(None)
    }

    /// A way that was interrupted and that the device does not offer any more must not keep the others from being tried.
    fn give_up_what_is_not_offered(&self, journal: &mut Journal) -> Result<(), Failure> {
        let (Phase::Committed { step } | Phase::Overwriting { step, .. }) = &journal.phase else {
            return Ok(());
        };
        if self.attempts.iter().any(|way| way.offer.method == step.method) {
            return Ok(());
        }
        let mut step = step.clone();
        step.log.push("it was interrupted, and is not offered any more".into());
        step.ended = Time::now().to_string();
        journal.steps.push(step);
        journal.phase = Phase::Before;
        self.keep(journal)
    }

    fn attempt(
        &mut self,
        way: &Way,
        step: &mut Step,
        journal: &mut Journal,
    ) -> Result<(), Failure> {
        match way.by {
            None => self.overwrite(step, journal),
            Some(number) => {
                journal.phase = Phase::Committed { step: step.clone() };
                self.keep(journal)?;
                let hardware = self.hardware.get(number);
                let hardware =
                    hardware.ok_or_else(|| Failure::Failed("no such hardware".into()))?;
                let (keeper, pulse) = (self.keeper, self.pulse);
                let mut watch = Watcher { keeper, pulse, journal, step };
                hardware.run(&way.offer, self.device, &mut watch)
            }
        }
    }

    fn overwrite(&self, step: &mut Step, journal: &mut Journal) -> Result<(), Failure> {
        let (first, mut state) = match &journal.phase {
            Phase::Overwriting { pass, state, .. } => (*pass, state.clone()),
            _ => (0, State::default()),
        };
        let passes = journal.scheme.passes.clone();
        for (number, pass) in passes.iter().enumerate().skip(first) {
            let filling = Filling::of(pass, number, &journal.key);
            let writing = Writing {
                device: self.device,
                filling: &filling,
                pulse: self.pulse,
                every: self.wish.every,
            };
            let mut kept = |state: &State| {
                let (step, state) = (step.clone(), state.clone());
                journal.phase = Phase::Overwriting { step, pass: number, state };
                self.keep(journal)
            };
            kept(&state)?;
            let written = writing.run(state, &mut kept)?;
            step.log.push(told(number + 1, passes.len(), &written));
            state = State::default();
        }
        Ok(())
    }
}

fn told(pass: usize, of: usize, state: &State) -> String {
    match state.bad.bytes() {
        0 => format!("pass {pass} of {of}: every byte was written and flushed"),
        bad => format!("pass {pass} of {of}: {bad} bytes could not be written"),
    }
}

/// Whether an interrupted run had come to a later way than this.
fn is_ahead(journal: &Journal, way: &Way) -> bool {
    let under_way = match &journal.phase {
        Phase::Committed { step } | Phase::Overwriting { step, .. } => step.method.as_str(),
        _ => return false,
    };
    under_way != way.offer.method
}

/// The step that was interrupted, or a new one.
fn begun(journal: &Journal, way: &Way) -> Step {
    match &journal.phase {
        Phase::Committed { step } | Phase::Overwriting { step, .. } => step.clone(),
        _ => begin(way.offer.method, way.offer.commands.clone()),
    }
}

pub(super) fn begin(method: &str, commands: Vec<String>) -> Step {
    Step {
        method: method.into(),
        commands,
        started: Time::now().to_string(),
        ended: String::new(),
        completed: false,
        log: Vec::new(),
        interruptions: 0,
    }
}

struct Watcher<'a> {
    keeper: &'a dyn Keeper,
    pulse: &'a Pulse,
    journal: &'a mut Journal,
    step: &'a mut Step,
}

impl Watch for Watcher<'_> {
    fn progress(&mut self, done: u64, of: u64) {
        self.pulse.begin(done, of);
    }

    fn log(&mut self, line: String) {
        if self.step.log.len() < MOST_LINES {
            self.step.log.push(line);
        }
    }

    fn committed(&mut self) -> Result<(), Failure> {
        self.journal.phase = Phase::Committed { step: self.step.clone() };
        keep(self.keeper, self.journal)
    }

    fn stopped(&self) -> bool {
        self.pulse.stopped()
    }
}
