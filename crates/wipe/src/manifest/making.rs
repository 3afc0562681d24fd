//! Reads a whole medium before it is wiped.

use std::{collections::BTreeMap, ops::Range};

use leaksweep_facts::certificate::{Findings, Share};
use leaksweep_formats::{
    block::{self, BLOCK, Class},
    fingerprint::SEALED,
};

use super::{Digester, MOST_BLOCKS, Manifest, Of, is_plain, rolling::STEP};
use crate::{
    device::Device, medium::aligned::Aligned, method::Failure, overwrite::Attempt,
    portions::Portions, pulse::Pulse,
};

pub struct Making<'a> {
    pub device: &'a dyn Device,
    pub pulse: &'a Pulse,
    pub key: [u8; 32],
}

/// What is known of the medium so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    digests: Vec<u64>,
    plain: u64,
    unread: u64,
    classes: BTreeMap<Class, u64>,
}

struct Portion {
    digests: Vec<u64>,
    plain: u64,
    unread: u64,
    classes: [u64; Class::ALL.len()],
}

impl Making<'_> {
    /// The manifest, and what the blocks look like.
    pub fn run(&self, of: Of, made: i64) -> Result<(Manifest, Findings), Failure> {
        let digester = Digester::new(&self.key);
        self.pulse.begin(0, self.device.bytes());
        let mut state = State::default();
        let portions = Portions::new(0..self.device.bytes());
        portions.each(
            |at, buffer| self.portion(&digester, at, buffer),
            |_, portion| state.take(portion),
        )?;
        let State { mut digests, plain, unread, classes } = state;
        digests.extend(self.last(&digester)?);
        digests.sort_unstable();
        digests.dedup();
        let manifest = Manifest { of, key: self.key, made, plain, unread, digests };
        Ok((manifest, findings(&classes)))
    }

    fn portion(&self, digester: &Digester, at: u64, buffer: &mut [u8]) -> Result<Portion, Failure> {
        self.pulse.turn(self.device, buffer.len() as u64)?;
        let bad = Attempt { device: self.device }.read(at, buffer)?;
        let mut portion = Portion::empty(&bad);
        if block::uniform(buffer) == Some(0) {
            portion.plain += (buffer.len() / SEALED) as u64;
            portion.classes[Class::Zero as usize] += buffer.len() as u64;
        } else {
            portion.fill(digester, buffer);
        }
        let zeros = &mut portion.classes[Class::Zero as usize];
        *zeros = zeros.saturating_sub(portion.unread);
        portion.classes[Class::Bad as usize] += portion.unread;
        self.pulse.add(buffer.len() as u64);
        Ok(portion)
    }
}

impl Making<'_> {
    /// The end of a medium that is no multiple of a block: the last block that ends with a whole sector.
    fn last(&self, digester: &Digester) -> Result<Option<u64>, Failure> {
        let bytes = self.device.bytes();
        let Some(start) = bytes.checked_sub(SEALED as u64).map(|start| start - start % STEP as u64)
        else {
            return Ok(None);
        };
        if start.is_multiple_of(SEALED as u64) {
            return Ok(None);
        }
        let mut block = Aligned::new(SEALED);
        let bad = Attempt { device: self.device }.read(start, &mut block)?;
        Ok((bad.is_empty() && !is_plain(&block)).then(|| digester.digest(&block)))
    }
}

impl Portion {
    fn empty(bad: &[Range<u64>]) -> Self {
        let unread = bad.iter().map(|range| range.end - range.start).sum();
        Self { digests: Vec::new(), plain: 0, unread, classes: Default::default() }
    }

    fn fill(&mut self, digester: &Digester, bytes: &[u8]) {
        for four in bytes.chunks(BLOCK) {
            self.classes[block::look(four).class as usize] += four.len() as u64;
        }
        // A medium's last bytes may be no whole block: see `last`.
        for block in bytes.as_chunks::<SEALED>().0 {
            match is_plain(block) {
                true => self.plain += 1,
                false => self.digests.push(digester.digest(block)),
            }
        }
    }
}

impl State {
    fn take(&mut self, portion: Portion) -> Result<(), Failure> {
        if self.digests.len() as u64 + portion.digests.len() as u64 > MOST_BLOCKS {
            return Err(Failure::Failed(format!(
                "it holds more than {} TB that a manifest can remember",
                MOST_BLOCKS * SEALED as u64 / 1_000_000_000_000
            )));
        }
        self.digests.extend(portion.digests);
        self.plain += portion.plain;
        self.unread += portion.unread;
        for (class, bytes) in Class::ALL.into_iter().zip(portion.classes) {
            if bytes > 0 {
                *self.classes.entry(class).or_default() += bytes;
            }
        }
        Ok(())
    }
}

fn findings(classes: &BTreeMap<Class, u64>) -> Findings {
    let share =
        |(class, bytes): (&Class, &u64)| Share { class: class.as_str().into(), bytes: *bytes };
    Findings { classes: classes.iter().map(share).collect(), ..Findings::default() }
}
