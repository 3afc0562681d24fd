//! Reads a part of a medium alone, where the user asks for that: one block of chance in each of equal stretches.

use leaksweep_facts::certificate::Sample;
use leaksweep_formats::{
    block::{self, BLOCK},
    fingerprint::SEALED,
};

use super::{Expected, State, Teller, left_over};
use crate::{
    device::Device, medium::aligned::Aligned, method::Failure, overwrite::Attempt, pulse::Pulse,
};

pub struct Sampling<'a> {
    pub device: &'a dyn Device,
    pub expected: &'a Expected,
    pub teller: &'a dyn Teller,
    pub pulse: &'a Pulse,
    /// Thousandths of the medium.
    pub share: u32,
    /// Chooses the blocks; nobody can know it before.
    pub key: [u8; 32],
}

/// What a sample found, and what it can rule out.
pub struct Sampled {
    pub state: State,
    pub read: u64,
    pub sample: Sample,
}

impl Sampling<'_> {
    pub fn run(&self) -> Result<Sampled, Failure> {
        let all = self.device.bytes().div_ceil(SEALED as u64).max(1);
        let blocks =
            (u128::from(all) * u128::from(self.share.clamp(1, 1000))).div_ceil(1000) as u64;
        self.pulse.begin(0, blocks * SEALED as u64);
        let (mut state, mut read) = (State::default(), 0);
        let mut buffer = Aligned::new(SEALED);
        for number in 0..blocks {
            let at = self.chosen(number, blocks, all) * SEALED as u64;
            let len = (self.device.bytes().saturating_sub(at)).min(SEALED as u64) as usize;
            self.pulse.turn(self.device, len as u64)?;
            self.see(at, &mut buffer[..len], &mut state)?;
            read += len as u64;
            self.pulse.add(SEALED as u64);
        }
        Ok(Sampled { state, read, sample: Sample { blocks, of: all, bound: bound(blocks, all) } })
    }

    /// A block of the stretch that is this one's.
    fn chosen(&self, number: u64, blocks: u64, all: u64) -> u64 {
        let edge = |number: u64| (u128::from(all) * u128::from(number) / u128::from(blocks)) as u64;
        let (from, to) = (edge(number), edge(number + 1));
        let chance = blake3::keyed_hash(&self.key, &number.to_le_bytes());
        let [a, b, c, d, e, f, g, h, ..] = *chance.as_bytes();
        from + u64::from_le_bytes([a, b, c, d, e, f, g, h]) % (to - from).max(1)
    }

    fn see(&self, at: u64, bytes: &mut [u8], state: &mut State) -> Result<(), Failure> {
        let bad = Attempt { device: self.device }.read(at, bytes)?;
        for range in &bad {
            state.bad.add(range.start, range.end - range.start);
        }
        let mut found = Vec::new();
        for (number, four) in bytes.chunks(BLOCK).enumerate() {
            let place = at + (number * BLOCK) as u64;
            if bad.iter().any(|range| range.contains(&place)) {
                state.classes[block::Class::Bad as usize] += four.len() as u64;
                continue;
            }
            let class = block::look(four).class;
            state.classes[class as usize] += four.len() as u64;
            if !self.expected.is(place, four, class) {
                left_over::add(&mut found, place, class, four, self.teller);
            }
        }
        found.into_iter().for_each(|found| state.left.take(found));
        Ok(())
    }
}

/// The rule of three: n blocks without a hit leave at most 3/n of all at 95 %.
fn bound(blocks: u64, all: u64) -> String {
    if blocks >= all {
        return "every block was read".into();
    }
    let share = 300.0 / blocks as f64;
    format!(
        "{blocks} of {all} blocks of 64 KiB were read; if none is left over, at most {:.3} % of them all are, at a confidence of \
         95 %; a single block that is left over is missed {:.1} times in 100",
        share.min(100.0),
        100.0 * (1.0 - blocks as f64 / all as f64)
    )
}
