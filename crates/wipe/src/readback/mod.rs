//! Reads a medium after it was wiped, all of it, past the page cache: what stands where it should, what is left over, what cannot be
//! read, and whether a block from before is there at any sector.

mod expected;
mod left_over;
mod sampling;
#[cfg(test)]
mod tests;

pub use expected::Expected;
pub use left_over::{LeftOvers, Teller};
pub use sampling::{Sampled, Sampling};

use std::ops::Range;

use leaksweep_facts::certificate::{self, Share};
use leaksweep_formats::{
    block::{self, BLOCK, Class},
    fingerprint::{Chain, SEALED, Seal},
};

use crate::{
    device::Device,
    manifest::{Edges, Looking, Seam, Search},
    method::Failure,
    overwrite::Attempt,
    places::Places,
    portions::Portions,
    pulse::Pulse,
};
use left_over::Found;

/// Survivors that are kept one by one.
const MOST_SURVIVORS: usize = 1000;

/// How far the reading has come, and what it found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    pub done: u64,
    classes: [u64; Class::ALL.len()],
    pub left: LeftOvers,
    pub bad: Places,
    chain: Chain,
    pub survivors: u64,
    pub first_survivors: Vec<certificate::Range>,
}

pub struct Reading<'a> {
    pub device: &'a dyn Device,
    pub expected: &'a Expected,
    pub search: Option<&'a Search<'a>>,
    pub teller: &'a dyn Teller,
    pub pulse: &'a Pulse,
}

/// What one portion gave.
#[derive(Default)]
struct Portion {
    classes: [u64; Class::ALL.len()],
    left: Vec<Found>,
    bad: Vec<Range<u64>>,
    seals: Vec<Seal>,
    survivors: Vec<u64>,
    edges: Edges,
}

impl Reading<'_> {
    /// From the first byte to the last.
    pub fn run(&self) -> Result<State, Failure> {
        let end = self.device.bytes();
        self.pulse.begin(0, end);
        let mut state = State::default();
        let mut seam = self.search.map(|search| Seam::new(search, self.device));
        Portions::new(0..end).each(
            |at, buffer| self.portion(at, buffer),
            |range, portion| {
                let across = match &mut seam {
                    Some(seam) => seam.take(range.start, &portion.edges)?,
                    None => Vec::new(),
                };
                state.survive(across);
                state.take(range.end, portion);
                Ok(())
            },
        )?;
        Ok(state)
    }

    fn portion(&self, at: u64, buffer: &mut [u8]) -> Result<Portion, Failure> {
        self.pulse.turn(self.device, buffer.len() as u64)?;
        let bad = Attempt { device: self.device }.read(at, buffer)?;
        let mut portion = Portion { bad, ..Portion::default() };
        match block::uniform(buffer) {
            Some(byte) => {
                portion.see(self, at, buffer, Some(byte));
                portion.edges =
                    self.search.map(|search| search.uniform(buffer)).unwrap_or_default();
            }
            None => self.pieces(&mut portion, at, buffer),
        }
        self.pulse.add(buffer.len() as u64);
        Ok(portion)
    }

    /// A block at a time, so that it is near the processor for all that is asked of it.
    fn pieces(&self, portion: &mut Portion, at: u64, buffer: &[u8]) {
        let mut looking = self.search.map(Search::begin);
        for (number, bytes) in buffer.chunks(SEALED).enumerate() {
            let start = number * SEALED;
            let uniform = block::uniform(bytes);
            if let Some(looking) = &mut looking {
                looking.at(start, buffer, uniform.is_some(), |place| {
                    portion.survivors.push(at + place as u64);
                });
            }
            portion.see(self, at + start as u64, bytes, uniform);
        }
        portion.edges = looking.map(Looking::end).unwrap_or_default();
    }
}

impl Portion {
    /// `uniform` is the byte of which all of it is.
    fn see(&mut self, reading: &Reading<'_>, at: u64, bytes: &[u8], uniform: Option<u8>) {
        if uniform != Some(0) {
            self.seals.extend(Seal::of(at, bytes));
        }
        let class = match uniform {
            Some(byte) => reading.expected.is_all_of_one(byte),
            None => reading.expected.is_all_of(at, bytes),
        };
        match class {
            Some(class) if !self.is_bad(at, bytes.len()) => {
                self.classes[class as usize] += bytes.len() as u64;
            }
            _ => {
                for (number, four) in bytes.chunks(BLOCK).enumerate() {
                    let place = at + (number * BLOCK) as u64;
                    match self.is_bad(place, four.len()) {
                        true => self.classes[Class::Bad as usize] += four.len() as u64,
                        false => self.block(reading, place, four),
                    }
                }
            }
        }
    }

    fn is_bad(&self, at: u64, bytes: usize) -> bool {
        self.bad.iter().any(|range| range.start < at + bytes as u64 && at < range.end)
    }

    fn block(&mut self, reading: &Reading<'_>, place: u64, bytes: &[u8]) {
        let class = block::look(bytes).class;
        self.classes[class as usize] += bytes.len() as u64;
        if reading.expected.is(place, bytes, class) {
            return;
        }
        left_over::add(&mut self.left, place, class, bytes, reading.teller);
    }
}

impl State {
    fn take(&mut self, end: u64, portion: Portion) {
        for (sum, bytes) in self.classes.iter_mut().zip(portion.classes) {
            *sum += bytes;
        }
        portion.left.into_iter().for_each(|found| self.left.take(found));
        for range in portion.bad {
            self.bad.add(range.start, range.end - range.start);
        }
        portion.seals.iter().for_each(|seal| self.chain.take(seal));
        self.survive(portion.survivors);
        self.done = end;
    }

    fn survive(&mut self, places: Vec<u64>) {
        self.survivors += places.len() as u64;
        let room = MOST_SURVIVORS.saturating_sub(self.first_survivors.len());
        let bytes = SEALED as u64;
        let first = places.into_iter().take(room);
        self.first_survivors.extend(first.map(|start| certificate::Range { start, bytes }));
    }

    pub fn shares(&self) -> Vec<Share> {
        let all = Class::ALL.into_iter().zip(self.classes).filter(|(_, bytes)| *bytes > 0);
        all.map(|(class, bytes)| Share { class: class.as_str().into(), bytes }).collect()
    }

    pub fn bytes_of(&self, class: Class) -> u64 {
        self.classes[class as usize]
    }

    /// Of a medium that was read to its end.
    pub fn fingerprint(&self) -> String {
        self.chain.finish(self.done).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
