use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::{
    class::Class,
    pass::{PORTION, Pass, State},
    sieve::Needle,
    suspects::{Hit, Suspects},
};
use crate::{
    Bytes, Gap, Run, Stretch,
    formats::{Family, Format, Kind, Signature, Walked},
    ranges::Ranges,
};

fn never(_: &mut Stretch) -> Option<Walked> {
    None
}

const KIND: Kind = Kind { name: "sample", family: Family::Other, extension: "bin" };

static ANYWHERE: Format = Format {
    kind: KIND,
    signatures: &[Signature::new(b"MAGIC"), Signature::new(b"LATE").at(2000)],
    looks: |head| !head.starts_with(b"MAGIC-BAIT"),
    walk: never,
    texts: None,
    picture: None,
};

static ON_SECTORS: Format = Format {
    kind: KIND,
    signatures: &[Signature::new(&[0x1F, 0x8B]).aligned()],
    looks: |_| true,
    walk: never,
    texts: None,
    picture: None,
};

fn run(medium: &dyn Bytes, state: State) -> State {
    let words = vec![Needle::folded(*b"secret")];
    let confirm =
        |_: usize, before: &[u8], after: &[u8]| !before.ends_with(b"top-") && after.len() >= 6;
    let suspects = Suspects::new(vec![&ANYWHERE, &ON_SECTORS], words, &confirm);
    let progress = AtomicU64::new(0);
    Pass { medium, suspects: &suspects, watch: None, keep: None, progress: &progress }.run(state)
}

fn places(state: &State) -> Vec<(u64, u16)> {
    let mut places: Vec<_> = state.sights.candidates.iter().map(|c| (c.at, c.format)).collect();
    places.sort_unstable();
    places
}

fn put(medium: &mut [u8], at: usize, bytes: &[u8]) {
    medium[at..at + bytes.len()].copy_from_slice(bytes);
}

#[test]
fn what_begins_at_any_place_is_seen_once() {
    let mut medium = vec![0_u8; PORTION * 3 + 777];
    // On sectors, between them, across blocks and portions, in the last bytes.
    let anywhere = [0, 5, 4094, 8191, PORTION - 2, PORTION * 2 - 5, PORTION * 3 + 772];
    for at in anywhere {
        put(&mut medium, at, b"MAGIC");
    }
    put(&mut medium, 20_000, b"MAGIC-BAIT");
    put(&mut medium, PORTION + 500, b"LATE");
    for at in [1024, 1500, PORTION + 512] {
        put(&mut medium, at, &[0x1F, 0x8B, 1]);
    }
    let state = run(&medium, State::default());
    let mut expected: Vec<_> = anywhere.map(|at| (at as u64, 0)).to_vec();
    expected.extend([(1024, 1), (PORTION as u64 + 512, 1), (PORTION as u64 - 1500, 0)]);
    expected.sort_unstable();
    assert_eq!(places(&state), expected);
    assert_eq!(state.done, medium.len() as u64);
}

#[test]
fn words_are_confirmed_by_what_stands_around_them() {
    let mut medium = vec![0_u8; PORTION * 3];
    for at in [100, PORTION - 3] {
        put(&mut medium, at, b"SeCrEt");
    }
    // What stands before a word may lie in another portion.
    for at in [5000, PORTION * 2 - 4] {
        put(&mut medium, at, b"top-secret");
    }
    let hits = run(&medium, State::default()).sights.hits;
    assert_eq!(hits, [100, PORTION as u64 - 3].map(|at| Hit { at, needle: 0 }));
}

#[test]
fn a_block_that_begins_in_a_portions_last_sector_is_shown_whole() {
    let medium = crate::chance::noise(1, PORTION * 2);
    let suspects = Suspects::new(Vec::new(), Vec::new(), &|_, _, _| true);
    let (progress, shown) = (AtomicU64::new(0), std::sync::Mutex::new(Vec::new()));
    let watch = |place: u64, bytes: &[u8]| {
        let same = medium[place as usize..].starts_with(bytes);
        shown.lock().unwrap().push((place, bytes.len(), same));
    };
    let pass = Pass {
        medium: &medium,
        suspects: &suspects,
        watch: Some(&watch),
        keep: None,
        progress: &progress,
    };
    pass.run(State::default());
    let mut shown = shown.into_inner().unwrap();
    shown.sort_unstable();
    assert_eq!(shown, [(0, PORTION + 4096 - 512, true), (PORTION as u64, PORTION, true)]);
}

#[test]
fn the_map_covers_the_medium() {
    let mut medium = vec![0_u8; PORTION + 5000];
    medium[8192..16384].fill(0xFF);
    medium[PORTION..].fill(b'a');
    let state = run(&medium, State::default());
    let totals = [Class::Zero, Class::Ones, Class::Pattern].map(|class| state.map.total(class));
    assert_eq!(totals, [PORTION as u64 - 8192, 8192, 5000]);
    let extents = state.map.extents();
    let starts: Vec<_> = extents.iter().map(|extent| extent.start).collect();
    assert_eq!(starts, [0, 8192, 16384, PORTION as u64]);
}

#[test]
fn the_fingerprint_is_that_of_content_and_place() {
    let mut medium = vec![0_u8; PORTION * 2];
    put(&mut medium, 70_000, b"content");
    let print = |medium: &Vec<u8>| run(medium, State::default()).fingerprint();
    let before = print(&medium);
    assert_eq!(before, print(&medium));
    let mut moved = vec![0_u8; PORTION * 2];
    put(&mut moved, 70_000 + 64 * 1024, b"content");
    assert_ne!(before, print(&moved));
    medium.push(0);
    assert_ne!(before, print(&medium));
}

/// A medium that loses its end while it is read, has a hole, and a place that cannot be read.
struct Odd(Vec<u8>);

impl Bytes for Odd {
    fn len(&self) -> u64 {
        self.0.len() as u64 + 10_000
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        assert!(
            at + (PORTION as u64) <= HOLE || at + 32 >= HOLE + PORTION as u64,
            "the hole is not read"
        );
        self.0.read_at(at, into)
    }

    fn gap(&self, at: u64, _: u64) -> Option<Gap> {
        (at == HOLE).then(|| Gap::zeros(HOLE + PORTION as u64))
    }

    fn is_bad(&self, at: u64, _: u64) -> bool {
        at == 4096
    }
}

const HOLE: u64 = PORTION as u64;

#[test]
fn what_cannot_be_read_is_bad_and_not_zero() {
    let state = run(&Odd(vec![0; PORTION * 2 + 100]), State::default());
    assert_eq!(state.map.total(Class::Bad), 4096 + 10_000);
    assert_eq!(state.done, PORTION as u64 * 2 + 10_100);
}

#[test]
fn a_pass_that_was_interrupted_ends_the_same() {
    let mut medium = vec![0_u8; PORTION * 4];
    for at in [9, PORTION + 9, PORTION * 2 - 2, PORTION * 3] {
        put(&mut medium, at, b"MAGIC");
    }
    let whole = run(&medium, State::default());
    let mut first = run(&medium[..PORTION * 2].to_vec(), State::default());
    // What lies across the place of the interruption was seen by the first half as far as it went.
    first.sights.candidates.retain(|candidate| candidate.at < PORTION as u64 * 2 - 5);
    let second = run(&medium, first);
    assert_eq!(second.fingerprint(), whole.fingerprint());
    assert_eq!(second.map, whole.map);
    assert_eq!(places(&second).len() + 1, places(&whole).len());
}

/// A stretch of it cannot be read at first.
struct Late {
    bytes: Vec<u8>,
    lost: Run,
    is_well: AtomicBool,
}

impl Bytes for Late {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        let read = self.bytes.read_at(at, into);
        if !self.is_well.load(Ordering::Relaxed) {
            for (place, byte) in (at..).zip(&mut into[..read]) {
                if (self.lost.start..self.lost.end()).contains(&place) {
                    *byte = 0;
                }
            }
        }
        read
    }

    fn is_bad(&self, at: u64, bytes: u64) -> bool {
        !self.is_well.load(Ordering::Relaxed)
            && at < self.lost.end()
            && at + bytes > self.lost.start
    }
}

#[test]
fn what_can_be_read_later_is_looked_at_as_well() {
    let mut bytes = vec![b' '; PORTION * 3 + 5000];
    let lost = Run::new(PORTION as u64 - 5120, 2 * PORTION as u64);
    // Across both borders, inside, and across a portion's.
    for at in [lost.start as usize - 3, PORTION, PORTION * 2 - 2, lost.end() as usize - 2] {
        put(&mut bytes, at, b"MAGIC");
        put(&mut bytes, at + 100, b"secret---");
    }
    put(&mut bytes, PORTION + 1024, &[0x1F, 0x8B]);
    let whole = run(&bytes, State::default());
    let medium = Late { bytes, lost, is_well: AtomicBool::new(false) };
    let suspects = Suspects::new(
        vec![&ANYWHERE, &ON_SECTORS],
        vec![Needle::folded(*b"secret")],
        &|_: usize, _: &[u8], after: &[u8]| after.len() >= 6,
    );
    let (progress, watched) = (AtomicU64::new(0), AtomicU64::new(0));
    let watch = |_: u64, bytes: &[u8]| {
        watched.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    };
    let pass = Pass {
        medium: &medium,
        suspects: &suspects,
        watch: Some(&watch),
        keep: None,
        progress: &progress,
    };
    let mut state = pass.run(State::default());
    assert_eq!(state.map.total(Class::Bad), 2 * PORTION as u64 + 4096, "whole blocks");
    assert!(state.fingerprint().is_some() && places(&state).len() < places(&whole).len());
    medium.is_well.store(true, Ordering::Relaxed);
    let before = watched.load(Ordering::Relaxed);
    // In pieces that share blocks.
    let mut gained = Ranges::default();
    gained.add(Run::new(lost.start, 1024));
    gained.add(Run::new(lost.start + 1536, lost.bytes - 1536));
    pass.regain(&gained, &mut state);
    assert!(watched.load(Ordering::Relaxed) - before > lost.bytes);
    assert_eq!(places(&state), places(&whole));
    let hits = |state: &State| {
        let mut hits = state.sights.hits.clone();
        hits.sort_unstable();
        hits
    };
    assert_eq!(hits(&state), hits(&whole));
    assert_eq!(state.map.totals, whole.map.totals);
    assert_eq!((state.fingerprint(), state.regained), (None, lost.bytes - 512));
}
