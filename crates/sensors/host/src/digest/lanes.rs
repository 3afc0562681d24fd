//! One core's work: up to sixteen files side by side for MD5, each in a lane of its own. A lane whose
//! file ends takes the next one. Files of which no MD5 is wanted are read through at once.

use std::{
    fs::File,
    io::{self, Read},
    ops::Range,
};

use leaksweep_digest::md5::{self, BLOCK, LANES, State};

use super::{Algorithm, Job, Sum, Sums, hash::Hash};
use crate::root::{Failure, Root};

pub const CHUNK: usize = 128 << 10;
/// So many are done faster one after the other than side by side with nothing.
const FEW: usize = 2;

pub type Done<'a, T> = &'a (dyn Fn(&Job, Result<Sums, Failure>) -> Option<T> + Sync);

pub struct Lanes<'a, T> {
    root: &'a Root,
    cap: u64,
    read: &'a (dyn Fn(u64) + Sync),
    done: Done<'a, T>,
    lanes: [Lane; LANES],
    found: Vec<T>,
}

/// Its buffer outlives its files.
struct Lane {
    buffer: Vec<u8>,
    open: Option<Open>,
}

/// A file that is being read.
struct Open {
    job: Job,
    file: io::Take<File>,
    hashes: Vec<Hash>,
    state: State,
    length: u64,
    /// What the buffer holds and the state does not yet.
    left: Range<usize>,
    /// Whether the end of the message is in the buffer.
    ended: bool,
}

impl<'a, T> Lanes<'a, T> {
    pub fn new(
        root: &'a Root,
        cap: u64,
        read: &'a (dyn Fn(u64) + Sync),
        done: Done<'a, T>,
    ) -> Self {
        let lane = || Lane { buffer: vec![0; CHUNK + 2 * BLOCK], open: None };
        Self { root, cap, read, done, lanes: std::array::from_fn(|_| lane()), found: Vec::new() }
    }

    pub fn run(mut self, next: &dyn Fn() -> Option<Job>) -> Vec<T> {
        loop {
            for at in 0..LANES {
                self.fill(at, next);
            }
            match self.lanes.iter().filter(|lane| lane.open.is_some()).count() {
                0 => return self.found,
                1..=FEW => self.alone(),
                _ => self.together(),
            }
        }
    }

    /// Sees to it that the lane has a block to work on, if there is still a file for it.
    fn fill(&mut self, at: usize, next: &dyn Fn() -> Option<Job>) {
        let Self { root, cap, read, .. } = *self;
        loop {
            let Some(lane) = self.lanes.get_mut(at) else { return };
            let Some(open) = &mut lane.open else {
                let Some(job) = next() else { return };
                match Open::new(root, job, cap) {
                    Ok(open) => lane.open = Some(open),
                    Err((job, failure)) => self.found.extend((self.done)(&job, Err(failure))),
                }
                continue;
            };
            if open.left.len() >= BLOCK {
                return;
            }
            let outcome = match open.ended {
                true => Ok(true),
                false => open.more(&mut lane.buffer, read),
            };
            if let Ok(false) = outcome {
                continue;
            }
            if let Some(open) = lane.open.take() {
                let (job, sums) = open.end();
                self.found.extend((self.done)(&job, outcome.map(|_| sums)));
            }
        }
    }

    /// One block or more of every lane. A lane without a file does another's work for nothing.
    fn together(&mut self) {
        let Some(any) = self.lanes.iter().position(|lane| lane.open.is_some()) else { return };
        let with = |at: usize| if self.lanes[at].open.is_some() { at } else { any };
        let lanes: [usize; LANES] = std::array::from_fn(with);
        let data = lanes.map(|at| self.lanes[at].data());
        let mut states = lanes.map(|at| self.lanes[at].state());
        let taken = md5::together(&mut states, data);
        for (lane, state) in self.lanes.iter_mut().zip(states) {
            lane.take(taken, state);
        }
    }

    /// The last files of all have no others to go with.
    fn alone(&mut self) {
        for lane in self.lanes.iter_mut().filter(|lane| lane.open.is_some()) {
            let mut state = lane.state();
            let taken = md5::alone(&mut state, lane.data());
            lane.take(taken, state);
        }
    }
}

impl Lane {
    fn data(&self) -> &[u8] {
        let left = self.open.as_ref().map(|open| open.left.clone());
        left.and_then(|left| self.buffer.get(left)).unwrap_or_default()
    }

    fn state(&self) -> State {
        self.open.as_ref().map_or(md5::START, |open| open.state)
    }

    fn take(&mut self, blocks: usize, state: State) {
        if let Some(open) = &mut self.open {
            open.left.start += blocks * BLOCK;
            open.state = state;
        }
    }
}

impl Open {
    fn new(root: &Root, job: Job, cap: u64) -> Result<Self, (Job, Failure)> {
        let file = match root.reader(&job.path, cap) {
            Ok(file) => file,
            Err(failure) => return Err((job, failure)),
        };
        let hashes = job.algorithms.iter().filter_map(|algorithm| Hash::new(*algorithm)).collect();
        let (length, left, ended) = (0, 0..0, false);
        Ok(Self { job, file, hashes, state: md5::START, length, left, ended })
    }

    fn wants_md5(&self) -> bool {
        self.job.algorithms.contains(&Algorithm::Md5)
    }

    /// Reads more into the buffer; whether that was all and nothing is left to do.
    fn more(&mut self, buffer: &mut [u8], read: &dyn Fn(u64)) -> Result<bool, Failure> {
        let kept = self.left.len();
        buffer.copy_within(self.left.clone(), 0);
        self.left = 0..kept;
        let space = buffer.get_mut(kept..CHUNK).unwrap_or_default();
        let count = match self.file.read(space) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(false),
            other => other?,
        };
        let full = count == space.len();
        let bytes = space.get(..count).unwrap_or_default();
        self.hashes.iter_mut().for_each(|hash| hash.update(bytes));
        self.length += count as u64;
        read(count as u64);
        // Most files are small: one call less for each.
        let last = count == 0 || (!full && self.length >= self.job.size);
        if !self.wants_md5() {
            return Ok(last);
        }
        self.left.end += count;
        if last {
            let (from, end) = (self.left.end, md5::end(self.length));
            if let Some(space) = buffer.get_mut(from..from + end.len()) {
                space.copy_from_slice(&end);
            }
            self.left.end += end.len();
            self.ended = true;
        }
        Ok(false)
    }

    fn end(self) -> (Job, Sums) {
        let md5 = self.wants_md5().then(|| {
            let value = Box::new(md5::value(self.state));
            Sum { algorithm: Algorithm::Md5, value }
        });
        let hashes = self.hashes.into_iter().map(Hash::end);
        (self.job, hashes.chain(md5).collect())
    }
}
