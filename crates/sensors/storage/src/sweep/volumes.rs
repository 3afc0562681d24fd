//! Every file system on a medium: where the partition table says, and where it says nothing.

#[cfg(test)]
mod tests;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, btree_map::Entry},
};

use leaksweep_facts::{Problem, Reason, tables::storage::Partition};

use super::rows::Rows;
use crate::{
    Bytes, Pieces, Stretch,
    formats::Format,
    media::Medium,
    partitions::{self, Slot},
    recovery::{self, Allowance, Faults, Find},
    tell::signed,
    volumes::{self, FileSystem, Volume},
};

/// One part of the medium, and the file system that it holds.
struct Held {
    row: Partition,
    start: u64,
    bytes: u64,
    system: Option<(&'static FileSystem, Volume)>,
}

pub struct Volumes<'a> {
    medium: &'a Medium,
    formats: &'a [&'static Format],
    held: Vec<Held>,
    faults: &'a Faults,
    allowance: &'a Allowance,
    problems: Vec<Problem>,
}

impl<'a> Volumes<'a> {
    pub fn of(
        medium: &'a Medium,
        formats: &'a [&'static Format],
        faults: &'a Faults,
        allowance: &'a Allowance,
    ) -> Self {
        let named = partitions::read(medium, medium.about().sector);
        let bytes_of = &mut |place: u64| {
            probed(medium, faults, place, medium.len() - place).map(|(_, volume)| volume.bytes)
        };
        let lost = partitions::found(medium.len(), &named.rows, &[], bytes_of);
        let slots: Vec<Slot> = named.rows.into_iter().chain(lost).collect();
        let whole = slots.is_empty().then(|| encrypted(medium)).flatten();
        let held =
            slots.into_iter().chain(whole).map(|slot| Held::new(medium, faults, slot)).collect();
        Self { medium, formats, held, faults, allowance, problems: named.problems }
    }

    /// What all of them name. Packed files are told at once.
    pub fn read(&mut self, told: recovery::Held) -> Vec<Find> {
        let chosen = self.chosen();
        let later = (0..chosen.len() as u64).rev();
        chosen.iter().zip(later).flat_map(|(at, later)| self.read_one(*at, later, told)).collect()
    }

    /// Those that are read, the smallest first: what it leaves of its share is for the larger ones.
    fn chosen(&mut self) -> Vec<usize> {
        let with_system = |at: &usize| self.held[*at].system.is_some();
        let mut order: Vec<usize> = (0..self.held.len()).filter(with_system).collect();
        // Of those that begin at one place the longest: it holds what a shorter one has.
        order.sort_by_key(|at| Reverse(self.held[*at].bytes));
        let mut longest: BTreeMap<u64, i64> = BTreeMap::new();
        order.retain(|at| {
            let held = &self.held[*at];
            match longest.entry(held.start) {
                Entry::Vacant(entry) => {
                    entry.insert(held.row.number);
                    true
                }
                Entry::Occupied(entry) => {
                    self.problems.push(twice(held.row.number, *entry.get()));
                    false
                }
            }
        });
        order.sort_by_key(|at| self.held[*at].bytes);
        order
    }

    fn read_one(&mut self, at: usize, later: u64, told: recovery::Held) -> Vec<Find> {
        let held = &mut self.held[at];
        let Some((system, volume)) = &held.system else { return Vec::new() };
        let here = recovery::Place {
            medium: self.medium,
            faults: self.faults,
            allowance: self.allowance,
            formats: self.formats,
            partition: u32::try_from(held.row.number).unwrap_or(0),
            start: held.start,
        };
        self.allowance.share_with(later);
        let inventory = recovery::read_volume(&here, system, volume, told);
        held.row.files = Some(signed(inventory.files));
        held.row.deleted_files = Some(signed(inventory.deleted));
        self.problems.extend(inventory.problems);
        let partition = format!("partition {}", held.row.number);
        self.problems.extend(self.allowance.problems_of_volume(&partition));
        inventory.finds
    }

    /// How long clusters are at a place.
    pub fn cluster(&self, place: u64) -> u64 {
        let holder = self.held.iter().find_map(|held| {
            let (_, volume) = held.system.as_ref()?;
            let inside = place >= held.start && place - held.start < held.bytes;
            inside.then_some(volume.cluster)
        });
        let usual = if place.is_multiple_of(4096) { 4096 } else { 512 };
        holder.filter(|cluster| *cluster >= 512).unwrap_or(usual)
    }

    pub fn record(self, rows: &mut Rows) {
        rows.problems.extend(self.problems);
        rows.partitions.extend(self.held.into_iter().map(|held| held.row));
    }
}

impl Held {
    fn new(medium: &Medium, faults: &Faults, slot: Slot) -> Self {
        let system = probed(medium, faults, slot.start, slot.bytes);
        let part = Pieces::part(medium, slot.start, slot.bytes);
        let volume = system.as_ref().map(|(_, volume)| volume);
        let encryption =
            partitions::encryption(&part).or(volume.and_then(|found| found.encryption));
        let row = Partition {
            number: i64::from(slot.number),
            scheme: slot.scheme.as_str().into(),
            start: signed(slot.start),
            bytes: signed(slot.bytes),
            kind: slot.kind,
            name: slot.name,
            uuid: slot.uuid.or_else(|| volume?.uuid.clone()),
            table_state: slot.state.map(|state| state.as_str().into()),
            file_system: volume.map(|found| found.name.into()),
            label: volume.and_then(|found| found.label.clone()),
            encryption: encryption.map(Into::into),
            files: None,
            deleted_files: None,
        };
        Self { row, start: slot.start, bytes: slot.bytes, system }
    }
}

/// A table may name one place any number of times.
fn twice(number: i64, other: i64) -> Problem {
    let what = format!("partition {number}");
    let detail = format!("it begins where partition {other} does, and was read with that");
    Problem::new("storage_artifacts", what, Reason::Malformed, detail)
}

/// What encrypts a medium as a whole, where no table and no file system is seen.
fn encrypted(medium: &Medium) -> Option<Slot> {
    partitions::encryption(medium).map(|_| Slot::whole(medium.len()))
}

fn probed(
    medium: &Medium,
    faults: &Faults,
    start: u64,
    bytes: u64,
) -> Option<(&'static FileSystem, Volume)> {
    let part = Pieces::part(medium, start, bytes);
    faults.guard(|| volumes::probe(&mut Stretch::new(&part))).flatten()
}
