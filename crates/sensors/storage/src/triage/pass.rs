//! One sequential read of a medium by all cores: portions in turn, what each holds brought into order behind them.
//!
//! Memory: one portion for each thread, what at most [`MOST_WAITING`] portions hold that wait for one before them, the map, and what
//! [`Sights`] keeps; none of it grows with the medium.

use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use leaksweep_formats::fingerprint::{Chain, Seal};
use serde::{Deserialize, Serialize};

use super::{
    class::{self, BLOCK, Class, Look},
    map::{Extent, Map},
    suspects::{AROUND, Sights, Suspects},
};
use crate::{Bytes, known};

/// What a thread reads at once: small enough to stay near the processor.
pub const PORTION: usize = 1 << 20;

/// Sees every portion that is not zeros, with its place, and what a block behind it needs that begins in its last sector.
pub type Watch<'a> = &'a (dyn Fn(u64, &[u8]) + Sync);

/// Sees every now and then how far the pass has come; the portions before that place have been watched.
#[derive(Clone, Copy)]
pub struct Keep<'a> {
    pub keep: &'a (dyn Fn(&State) + Sync),
    pub every: Duration,
}

/// How far the pass has come; it can begin there again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct State {
    /// Everything before this place is done.
    pub done: u64,
    pub map: Map,
    pub sights: Sights,
    pub chain: Chain,
    /// Bytes that could be read behind the pass alone.
    #[serde(skip)]
    pub regained: u64,
}

pub struct Pass<'a> {
    pub medium: &'a dyn Bytes,
    pub suspects: &'a Suspects<'a>,
    pub watch: Option<Watch<'a>>,
    pub keep: Option<Keep<'a>>,
    /// Bytes that were passed, for whoever shows progress.
    pub progress: &'a AtomicU64,
}

/// What one portion holds.
pub struct Portion {
    bytes: u64,
    pub extents: Vec<Extent>,
    sights: Sights,
    seals: Vec<Seal>,
}

/// Hands out portions, and brings what they hold into order.
struct Line<'a> {
    order: Mutex<Order<'a>>,
    /// Told when a portion was taken.
    taken: Condvar,
}

struct Order<'a> {
    /// The first place that nobody reads yet.
    next: u64,
    state: State,
    keep: Option<Keep<'a>>,
    kept: Instant,
    waiting: BTreeMap<u64, Portion>,
    /// Whether a thread ended before its time: what waits for its portion waits for ever.
    is_broken: bool,
}

/// Portions that wait for one before them: beyond a place that is read for minutes nobody reads on.
const MOST_WAITING: usize = 64;
/// What is passed at once where nothing is to be read.
const LONGEST_GAP: u64 = 1 << 40;

impl Pass<'_> {
    /// Reads everything behind `state.done`.
    pub fn run(&self, state: State) -> State {
        let first = state.done;
        let order = Order {
            next: first,
            state,
            keep: self.keep,
            kept: Instant::now(),
            waiting: BTreeMap::new(),
            is_broken: false,
        };
        let line = Line { order: Mutex::new(order), taken: Condvar::new() };
        self.progress.store(first, Ordering::Relaxed);
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(8);
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| self.work(&line));
            }
        });
        line.order.into_inner().unwrap_or_else(PoisonError::into_inner).state
    }

    fn work(&self, line: &Line<'_>) {
        let _alarm = Alarm(line);
        let mut buffer = vec![0; AROUND + PORTION + self.suspects.overlap()];
        while let Some((place, known)) = line.next(self.medium) {
            let portion = known.unwrap_or_else(|| self.portion(place, &mut buffer));
            self.progress.fetch_add(portion.bytes, Ordering::Relaxed);
            line.take(place, portion);
        }
    }

    fn portion(&self, place: u64, buffer: &mut [u8]) -> Portion {
        let bytes = (self.medium.len() - place).min(PORTION as u64);
        let mut portion = Portion::new(bytes);
        // A word is decided by what stands before it, too.
        let lead = place.min(AROUND as u64) as usize;
        let read = self.medium.read_at(place - lead as u64, buffer).max(lead);
        let seen = &buffer[..read];
        let own = &seen[lead..read.min(lead + bytes as usize)];
        let mut searched = Searched { from: None, place: place - lead as u64, first: lead };
        for (number, block) in own.chunks(BLOCK).enumerate() {
            let at = number * BLOCK;
            let mut look = class::look(block);
            // What is beside a bad sector, or of a chunk with a wrong checksum, is searched all the same.
            let dull = matches!(look.class, Class::Zero | Class::Ones);
            if self.medium.is_bad(place + at as u64, block.len() as u64) {
                look = Look { class: Class::Bad, entropy: 0 };
            }
            portion.extent(Extent::new(place + at as u64, block.len() as u64, look));
            searched.step(self.suspects, seen, lead + at, dull, &mut portion.sights);
        }
        searched.step(self.suspects, seen, lead + own.len(), true, &mut portion.sights);
        if portion.extents.iter().any(|extent| extent.class != Class::Zero) {
            portion.seals.extend(Seal::of(place, own));
            if let Some(watch) = self.watch {
                let end = seen.len().min(lead + own.len() + known::BLOCK - known::STEP);
                watch(place, &seen[lead..end]);
            }
        }
        // What a medium that shrank no longer has.
        let missing = bytes - own.len() as u64;
        if missing > 0 {
            let bad = Look { class: Class::Bad, entropy: 0 };
            portion.extent(Extent::new(place + own.len() as u64, missing, bad));
        }
        portion
    }
}

/// The stretch of blocks that must be searched, as it grows: dull blocks are left out.
struct Searched {
    from: Option<usize>,
    place: u64,
    /// The portion's own first byte: what stands before it is another's.
    first: usize,
}

/// So far into a dull block a signature can reach that begins in it and goes on behind it.
const MARGIN: usize = 64;

impl Searched {
    fn step(
        &mut self,
        suspects: &Suspects,
        seen: &[u8],
        at: usize,
        dull: bool,
        sights: &mut Sights,
    ) {
        match (self.from, dull) {
            (None, false) => self.from = Some(at.saturating_sub(MARGIN).max(self.first)),
            (Some(from), true) => {
                suspects.search(seen, from..at, self.place, sights);
                self.from = None;
            }
            _ => {}
        }
    }
}

impl Portion {
    pub fn new(bytes: u64) -> Self {
        Self { bytes, extents: Vec::new(), sights: Sights::default(), seals: Vec::new() }
    }

    /// One or many portions at `place` of which nothing has to be read.
    fn known(medium: &dyn Bytes, place: u64) -> Option<Self> {
        let left = medium.len() - place;
        let gap = medium.gap(place, place.saturating_add(LONGEST_GAP))?;
        let there = gap.end.saturating_sub(place);
        let whole = if there >= left { left } else { there / PORTION as u64 * PORTION as u64 };
        let class = if gap.lost { Class::Bad } else { Class::Zero };
        let mut portion = Self::new(whole);
        portion.extents.push(Extent::new(place, whole, Look { class, entropy: 0 }));
        (whole > 0).then_some(portion)
    }

    pub fn extent(&mut self, extent: Extent) {
        match self.extents.last_mut() {
            Some(last) if last.class == extent.class && last.end() == extent.start => {
                last.take(extent);
            }
            _ => self.extents.push(extent),
        }
    }
}

impl<'a> Line<'a> {
    fn order(&self) -> MutexGuard<'_, Order<'a>> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next place to read, or what is known there without reading; none at the end.
    fn next(&self, medium: &dyn Bytes) -> Option<(u64, Option<Portion>)> {
        let full = |order: &mut Order| order.waiting.len() >= MOST_WAITING && !order.is_broken;
        let waited = self.taken.wait_while(self.order(), full);
        let mut order = waited.unwrap_or_else(PoisonError::into_inner);
        let place = order.next;
        if place >= medium.len() {
            return None;
        }
        let known = Portion::known(medium, place);
        let bytes = known.as_ref().map_or(PORTION as u64, |portion| portion.bytes);
        order.next = place.saturating_add(bytes);
        Some((place, known))
    }

    fn take(&self, place: u64, portion: Portion) {
        self.order().take(place, portion);
        self.taken.notify_all();
    }
}

/// Lets no thread wait for one that fell.
struct Alarm<'l, 'a>(&'l Line<'a>);

impl Drop for Alarm<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.order().is_broken = true;
            self.0.taken.notify_all();
        }
    }
}
impl Order<'_> {
    fn take(&mut self, place: u64, portion: Portion) {
        let before = self.state.done;
        self.waiting.insert(place, portion);
        while let Some(portion) = self.waiting.remove(&self.state.done) {
            self.state.done += portion.bytes;
            portion.extents.into_iter().for_each(|extent| self.state.map.push(extent));
            self.state.sights.take(portion.sights);
            portion.seals.iter().for_each(|seal| self.state.chain.take(seal));
        }
        if let Some(keep) = self.keep
            && self.state.done > before
            && self.kept.elapsed() >= keep.every
        {
            (keep.keep)(&self.state);
            self.kept = Instant::now();
        }
    }
}

impl State {
    /// Whether a pass over a medium of so many bytes can have left it.
    pub fn holds(&self, bytes: u64) -> bool {
        let on_a_portion = self.done == bytes || self.done.is_multiple_of(PORTION as u64);
        self.done <= bytes && on_a_portion && self.map.is_of(self.done) && self.sights.hold(bytes)
    }

    /// The fingerprint of a medium of which this is all, and which was read in one go.
    pub fn fingerprint(&self) -> Option<[u8; 32]> {
        (self.regained == 0).then(|| self.chain.finish(self.done))
    }
}
