//! File systems where no table names a partition.

use std::collections::BTreeSet;

use super::{Scheme, Slot};

/// The most places that are tried, but for those behind what was found.
const MOST_TRIED: usize = 65_536;
/// Behind so many file systems that were found another one is looked for.
const MOST_FOLLOWED: usize = 4096;
/// Where partitions begin: today, and on old disks.
const STEP: u64 = 1 << 20;
const OLD: [u64; 3] = [63 * 512, 16 * 512, FLASH];
/// Blocks of flash are so large, or a multiple of it.
const FLASH: u64 = 64 * 1024;

/// Looks for file systems in what `slots` leave free: at the places where partitions usually begin, and at those of `also`
/// (where the triage saw the beginning of one), and behind each one that it finds. `probe` tells how many bytes the file
/// system at a place takes. Without any slot one that begins with the medium is what fills it.
pub fn found(
    len: u64,
    slots: &[Slot],
    also: &[u64],
    probe: &mut dyn FnMut(u64) -> Option<u64>,
) -> Vec<Slot> {
    let mut found: Vec<Slot> = Vec::new();
    let mut places = places(len, slots, also);
    while let Some(at) = places.pop_first() {
        let taken = |slot: &Slot| (slot.start..slot.end()).contains(&at);
        // In order of place: only the last that was found can reach here.
        if slots.iter().any(taken) || found.last().is_some_and(taken) {
            continue;
        }
        let Some(bytes) = probe(at).filter(|bytes| *bytes > 0) else { continue };
        let fills = at == 0 && slots.is_empty();
        let scheme = if fills { Scheme::None } else { Scheme::Found };
        let slot = Slot::new(0, scheme, at, bytes.min(len - at));
        if found.len() < MOST_FOLLOWED {
            places.extend(behind(&slot).into_iter().filter(|at| *at < len));
        }
        found.push(slot);
    }
    found
}

/// Where the next one may begin: with the next sector, or the next block of flash.
fn behind(slot: &Slot) -> [u64; 2] {
    [512, FLASH].map(|size| slot.end().checked_next_multiple_of(size).unwrap_or(u64::MAX))
}

fn places(len: u64, slots: &[Slot], also: &[u64]) -> BTreeSet<u64> {
    let edges = slots.iter().map(Slot::end);
    let usual = [0].into_iter().chain(OLD).chain(edges).chain(also.iter().copied());
    let mut places: BTreeSet<u64> = usual.take(MOST_TRIED).collect();
    let left = (MOST_TRIED - places.len()) as u64;
    // On a large medium not every step can be tried: the first ones are, for most tables are there.
    places.extend((1..=left).map_while(|number| number.checked_mul(STEP).filter(|at| *at < len)));
    places.retain(|at| *at < len);
    places
}
