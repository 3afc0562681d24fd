//! The master boot record: four entries in the first sector, and chains of logical partitions. A chain that leads back,
//! or out of the medium, is cut.

use std::collections::BTreeSet;

use leaksweep_facts::{Observed, Reason};

use super::{Scheme, Slot, State, array, names, problem};
use crate::Bytes;

const MOST_LOGICAL: u32 = 256;
const PROTECTIVE: u8 = 0xEE;

pub struct Mbr {
    pub observed: Observed<Slot>,
    /// Whether it says that there is a GPT.
    pub protective: bool,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    flag: u8,
    kind: u8,
    first: u32,
    sectors: u32,
}

impl Entry {
    fn is_used(self) -> bool {
        self.kind != 0 && self.sectors != 0
    }

    fn is_chain(self) -> bool {
        matches!(self.kind, 0x05 | 0x0F | 0x85)
    }

    /// What chance and the code of boot sectors seldom look like.
    fn is_plausible(self) -> bool {
        matches!(self.flag, 0 | 0x80) && (!self.is_used() || self.first != 0)
    }
}

/// The entries of a sector with the signature of a table.
fn entries(medium: &dyn Bytes, at: u64) -> Option<[Entry; 4]> {
    let sector: [u8; 512] = array(medium, at)?;
    if sector[510..] != [0x55, 0xAA] {
        return None;
    }
    let entry = |number: usize| {
        let bytes = &sector[446 + number * 16..][..16];
        let number =
            |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap_or_default());
        Entry { flag: bytes[0], kind: bytes[4], first: number(8), sectors: number(12) }
    };
    Some([0, 1, 2, 3].map(entry))
}

pub fn read(medium: &dyn Bytes, sector: u64) -> Option<Mbr> {
    let entries = entries(medium, 0)?;
    let real = entries.iter().any(|entry| entry.is_used());
    if !real || !entries.iter().all(|entry| entry.is_plausible()) {
        return None;
    }
    let disk: [u8; 4] = array(medium, 440)?;
    let mut mbr = Mbr { observed: Observed::default(), protective: false };
    let mut chains = Vec::new();
    for (number, entry) in (1..).zip(entries).filter(|(_, entry)| entry.is_used()) {
        match entry {
            _ if entry.kind == PROTECTIVE => mbr.protective = true,
            _ if entry.is_chain() => chains.push(entry),
            _ => mbr.observed.rows.push(slot(number, u64::from(entry.first), entry, sector, disk)),
        }
    }
    let mut number = 5;
    for chain in chains {
        follow(medium, sector, chain, disk, &mut number, &mut mbr.observed);
    }
    Some(mbr)
}

fn slot(number: u32, first: u64, entry: Entry, sector: u64, disk: [u8; 4]) -> Slot {
    let start = first.saturating_mul(sector);
    let bytes = u64::from(entry.sectors).saturating_mul(sector);
    let disk = u32::from_le_bytes(disk);
    Slot {
        kind: Some(names::of_mbr(entry.kind)),
        uuid: (disk != 0).then(|| format!("{disk:08x}-{number:02}")),
        state: Some(State::Whole),
        ..Slot::new(number, Scheme::Mbr, start, bytes)
    }
}

fn follow(
    medium: &dyn Bytes,
    sector: u64,
    chain: Entry,
    disk: [u8; 4],
    number: &mut u32,
    observed: &mut Observed<Slot>,
) {
    let base = u64::from(chain.first);
    let mut at = base;
    let mut seen = BTreeSet::new();
    let cut = loop {
        if !seen.insert(at) {
            break "the chain of logical partitions leads back";
        }
        if seen.len() as u32 > MOST_LOGICAL {
            break "there are more than 256 logical partitions";
        }
        let Some(entries) = entries(medium, at.saturating_mul(sector)) else {
            break "the chain of logical partitions is broken";
        };
        let [logical, next, ..] = entries;
        if logical.is_used() && !logical.is_chain() {
            observed.rows.push(slot(*number, at + u64::from(logical.first), logical, sector, disk));
            *number += 1;
        }
        if !next.is_used() || !next.is_chain() {
            return;
        }
        at = base + u64::from(next.first);
    };
    observed.rows.iter_mut().for_each(|slot| slot.state = Some(State::Damaged));
    observed.problem(problem(Reason::Malformed, cut));
}
