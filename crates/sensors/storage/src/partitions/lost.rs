//! File systems where no table names a partition.

use super::{Scheme, Slot};

/// The most places that are tried.
const MOST_TRIED: usize = 65_536;
/// Where partitions begin: today, and on old disks.
const STEP: u64 = 1 << 20;
const OLD: [u64; 3] = [63 * 512, 16 * 512, 64 * 1024];

/// Looks for file systems in what `slots` leave free: at the places where partitions usually begin, and at those of `also`
/// (where the triage saw the beginning of one). `probe` tells how many bytes the file system at a place takes. Without any
/// slot one that begins with the medium is what fills it.
pub fn found(
    len: u64,
    slots: &[Slot],
    also: &[u64],
    probe: &mut dyn FnMut(u64) -> Option<u64>,
) -> Vec<Slot> {
    let mut found: Vec<Slot> = Vec::new();
    for at in places(len, slots, also) {
        let taken = |slot: &Slot| (slot.start..slot.end()).contains(&at);
        // In order of place: only the last that was found can reach here.
        if slots.iter().any(taken) || found.last().is_some_and(taken) {
            continue;
        }
        let Some(bytes) = probe(at).filter(|bytes| *bytes > 0) else { continue };
        let fills = at == 0 && slots.is_empty();
        let scheme = if fills { Scheme::None } else { Scheme::Found };
        found.push(Slot::new(0, scheme, at, bytes.min(len - at)));
    }
    found
}

/// In order, each once.
fn places(len: u64, slots: &[Slot], also: &[u64]) -> Vec<u64> {
    let edges = slots.iter().map(Slot::end);
    let mut places: Vec<u64> =
        [0].into_iter().chain(OLD).chain(edges).chain(also.iter().copied()).collect();
    places.truncate(MOST_TRIED);
    let left = (MOST_TRIED - places.len()) as u64;
    // On a large medium not every step can be tried: the first ones are, for most tables are there.
    places.extend((1..=left).map_while(|number| number.checked_mul(STEP).filter(|at| *at < len)));
    places.retain(|at| *at < len);
    places.sort_unstable();
    places.dedup();
    places
}
