//! Partition tables: MBR with its chains, GPT with its copy, Apple's map; and file systems that no table names.
//!
//! Every number is held against the medium: what begins behind its end is told as a problem, what reaches behind it is
//! cut. A table with such entries, or with ones that overlap, is `damaged`, and read all the same. Limits: 1024 entries of a
//! GPT, 256 of the others; 65,536 places where a lost partition is looked for, and those behind 4096 that were found.

mod apple;
mod encryption;
mod gpt;
mod lost;
mod mbr;
mod names;

use leaksweep_facts::{Observed, Problem, Reason};

pub use encryption::encryption;
pub use lost::found;

use crate::Bytes;

const TABLE: &str = "storage_partitions";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Gpt,
    Mbr,
    Apple,
    /// A file system fills the medium.
    None,
    /// By its content; no table names it.
    Found,
}

impl Scheme {
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Gpt => "gpt",
            Scheme::Mbr => "mbr",
            Scheme::Apple => "apm",
            Scheme::None => "none",
            Scheme::Found => "found",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Whole,
    /// Only the copy was whole.
    Backup,
    Damaged,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            State::Whole => "whole",
            State::Backup => "backup",
            State::Damaged => "damaged",
        }
    }
}

/// A part of the medium that a file system may fill; see the table storage_partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    pub number: u32,
    pub scheme: Scheme,
    pub start: u64,
    pub bytes: u64,
    pub kind: Option<String>,
    pub name: Option<String>,
    pub uuid: Option<String>,
    /// None without a table.
    pub state: Option<State>,
}

impl Slot {
    fn new(number: u32, scheme: Scheme, start: u64, bytes: u64) -> Self {
        Self { number, scheme, start, bytes, kind: None, name: None, uuid: None, state: None }
    }

    /// All of a medium without a table.
    pub fn whole(bytes: u64) -> Self {
        Self::new(0, Scheme::None, 0, bytes)
    }

    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.bytes)
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end() && other.start < self.end()
    }
}

/// What the tables of a medium name, by place. Where the sector is not known, both common sizes are tried.
pub fn read(medium: &dyn Bytes, sector: Option<u32>) -> Observed<Slot> {
    let sectors = match sector {
        Some(sector) if sector.is_power_of_two() && (512..=65_536).contains(&sector) => {
            vec![sector]
        }
        _ => vec![512, 4096],
    };
    let mut observed = Observed::default();
    let gpt = sectors.iter().find_map(|sector| gpt::read(medium, u64::from(*sector)));
    let mbr = mbr::read(medium, u64::from(sectors[0]));
    match (gpt, mbr) {
        (Some(gpt), mbr) => {
            observed.extend(gpt);
            // Of a hybrid table what the other one lacks.
            let more = mbr.map(|mbr| mbr.observed).unwrap_or_default();
            let known = |slot: &Slot| observed.rows.iter().any(|known| known.start == slot.start);
            let hybrid: Vec<Slot> = more.rows.into_iter().filter(|slot| !known(slot)).collect();
            observed.rows.extend(hybrid);
        }
        (None, Some(mbr)) => {
            if mbr.protective {
                observed.problem(problem(
                    Reason::Malformed,
                    "neither copy of the GPT that should be there can be read",
                ));
            }
            observed.extend(mbr.observed);
        }
        (None, None) => observed.extend(apple::read(medium).unwrap_or_default()),
    }
    hold(medium.len(), &mut observed);
    observed
}

fn problem(reason: Reason, detail: impl Into<String>) -> Problem {
    Problem::new(TABLE, "partition table", reason, detail)
}

/// Holds all slots against the medium and each other.
fn hold(len: u64, observed: &mut Observed<Slot>) {
    let mut damaged = Vec::new();
    observed.rows.retain(|slot| {
        if slot.start >= len {
            damaged.push((
                slot.scheme,
                format!("partition {} begins behind the end of the medium", slot.number),
            ));
        }
        slot.start < len
    });
    for slot in &mut observed.rows {
        if slot.end() > len {
            damaged.push((
                slot.scheme,
                format!("partition {} reaches behind the end of the medium", slot.number),
            ));
            slot.bytes = len - slot.start;
        }
    }
    observed.rows.sort_by_key(|slot| (slot.start, slot.number));
    for pair in observed.rows.windows(2) {
        if pair[0].overlaps(&pair[1]) && pair[0].scheme == pair[1].scheme {
            damaged.push((
                pair[0].scheme,
                format!("partitions {} and {} overlap", pair[0].number, pair[1].number),
            ));
        }
    }
    for slot in &mut observed.rows {
        if damaged.iter().any(|(scheme, _)| *scheme == slot.scheme) {
            slot.state = slot.state.max(Some(State::Damaged));
        }
    }
    for (_, detail) in damaged.into_iter().take(64) {
        observed.problem(problem(Reason::Malformed, detail));
    }
}

/// Exactly `N` bytes, none where the medium ends before.
fn array<const N: usize>(medium: &dyn Bytes, at: u64) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    (medium.read_at(at, &mut bytes) == N).then_some(bytes)
}

#[cfg(test)]
mod tests;
