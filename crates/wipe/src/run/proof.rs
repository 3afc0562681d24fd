//! Reads everything back, and says what was found as the certificate has it.

use leaksweep_facts::{
    Time,
    certificate::{Differential, Proof},
};

use super::{RunError, Wipe, random};
use crate::{
    device::Device,
    journal::Journal,
    manifest::{Manifest, Search},
    method::{Failure, Leaves},
    overwrite::Filling,
    plan::Way,
    pulse::Pulse,
    readback::{Expected, Reading, Sampled, Sampling, State, Teller},
};

impl Wipe<'_> {
    pub(super) fn proof(
        &self,
        journal: &Journal,
        completed: Option<&Way>,
        manifest: Option<&Manifest>,
    ) -> Result<Proof, RunError> {
        let leaves = completed.map(|way| way.offer.leaves);
        let own = completed.is_some_and(|way| way.by.is_none());
        let expected = match leaves {
            Some(_) if own => Expected::last_of(&journal.scheme, &journal.key),
            Some(Leaves::Zeros) => Expected::Filling(Filling::Pattern(vec![0]), "zeros".into()),
            _ => Expected::Anything,
        };
        self.pulse.stage("reading back");
        let checking = Checking {
            device: self.device,
            expected: &expected,
            manifest,
            teller: self.teller,
            pulse: self.pulse,
        };
        checking.run(self.wish.sample)
    }
}

/// The reading back by itself, also of what others wiped.
pub struct Checking<'a> {
    pub device: &'a dyn Device,
    pub expected: &'a Expected,
    pub manifest: Option<&'a Manifest>,
    pub teller: &'a dyn Teller,
    pub pulse: &'a Pulse,
}

impl Checking<'_> {
    /// `sample` in thousandths; none for everything.
    pub fn run(&self, sample: Option<u32>) -> Result<Proof, RunError> {
        let started = Time::now().to_string();
        let whole = sample.is_none_or(|share| share >= 1000);
        let read = if whole { self.whole()? } else { self.part(sample.unwrap_or(1))? };
        Ok(self.told(started, whole, read))
    }

    fn whole(&self) -> Result<(State, u64, Option<Sampled>), Failure> {
        let search = self.manifest.map(Search::new);
        let reading = Reading {
            device: self.device,
            expected: self.expected,
            search: search.as_ref(),
            teller: self.teller,
            pulse: self.pulse,
        };
        let state = reading.run()?;
        let read = state.done - state.bad.bytes();
        Ok((state, read, None))
    }

    fn part(&self, share: u32) -> Result<(State, u64, Option<Sampled>), RunError> {
        let sampling = Sampling {
            device: self.device,
            expected: self.expected,
            teller: self.teller,
            pulse: self.pulse,
            share,
            key: random()?,
        };
        let sampled = sampling.run()?;
        Ok((sampled.state.clone(), sampled.read, Some(sampled)))
    }

    fn told(&self, started: String, whole: bool, read: (State, u64, Option<Sampled>)) -> Proof {
        let (state, read_bytes, sampled) = read;
        let differential = self.manifest.filter(|_| whole).map(|manifest| Differential {
            manifest: manifest.sealed().1,
            made: Time(manifest.made).to_string(),
            blocks: manifest.blocks(),
            survivors: state.survivors,
            first: state.first_survivors.clone(),
        });
        Proof {
            started,
            ended: Time::now().to_string(),
            read_bytes,
            bytes: self.device.bytes(),
            expected: self.expected.to_string(),
            classes: state.shares(),
            left_over_count: state.left.count,
            left_over_bytes: state.left.bytes,
            bad: state.bad.ranges().iter().take(1000).copied().collect(),
            bad_bytes: state.bad.bytes(),
            sample: sampled.map(|sampled| sampled.sample),
            differential,
            fingerprint: if whole { state.fingerprint() } else { String::new() },
            left_over: state.left.first,
        }
    }
}
