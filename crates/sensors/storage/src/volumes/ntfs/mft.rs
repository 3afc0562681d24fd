//! The file table: found by its own first record, and read by number.

use super::{
    attributes::{DATA, LABEL, LIST},
    boot::Boot,
    file,
    record::Record,
    runs::{self, Extent},
};
use crate::{
    Bytes, Pieces, Run, Stretch,
    volumes::{
        fat::table::Runs,
        fields::{Fields, wide},
    },
};

/// Where the runs of the table itself lie.
pub fn runs(bytes: &dyn Bytes, boot: &Boot) -> Option<Vec<Run>> {
    [boot.table, boot.mirror].into_iter().find_map(|at| {
        let mut raw = vec![0; boot.record];
        bytes.read_at(at, &mut raw);
        own_runs(bytes, boot, &Record::parse(&raw)?)
    })
}

/// Of a table in many pieces the first record tells only the first; further records, which lie in those, tell the others.
fn own_runs(bytes: &dyn Bytes, boot: &Boot, first: &Record) -> Option<Vec<Run>> {
    let size = first.attributes().find(|part| part.kind() == DATA)?.size();
    let mut own = Own { boot, told: 0, runs: Runs::default() };
    if parts(first).into_iter().all(|(_, extents)| own.add(&extents).is_some()) {
        own.listed(bytes, first);
    }
    let runs = own.runs.cut(size);
    (!runs.is_empty()).then_some(runs)
}

/// The parts of a record's stream, each after the number of its first cluster.
fn parts(record: &Record) -> Vec<(u64, Vec<Extent>)> {
    let parts = record.attributes().filter(|part| part.kind() == DATA && part.resident().is_none());
    let mut parts: Vec<_> = parts.map(|part| (part.first(), runs::parse(part.pairs()))).collect();
    parts.sort_by_key(|(first, _)| *first);
    parts
}

/// What is known so far of where the table lies.
struct Own<'b> {
    boot: &'b Boot,
    /// How many clusters its parts told of.
    told: u64,
    runs: Runs,
}

impl Own<'_> {
    /// None once there are too many, or once one lies outside.
    fn add(&mut self, extents: &[Extent]) -> Option<()> {
        let inside = runs::place(&mut self.runs, extents, self.boot.cluster, self.boot.count);
        let mut counts = extents.iter().map(|extent| extent.count);
        self.told = counts.try_fold(self.told, u64::checked_add)?;
        inside.then_some(())
    }

    fn listed(&mut self, bytes: &dyn Bytes, first: &Record) -> Option<()> {
        let list = first.attributes().find(|attribute| attribute.kind() == LIST)?;
        let mut listed = file::Listed::read(list, bytes, self.boot).records;
        listed.retain(|(kind, reference)| *kind == DATA && reference.number != 0);
        // A record has all its parts at once: to read it for each of them takes a square of time.
        listed.dedup_by_key(|(_, reference)| reference.number);
        let mut raw = vec![0; self.boot.record];
        let mut table = Pieces::new(bytes, &self.runs.runs);
        for (_, reference) in listed {
            let place = reference.number.saturating_mul(self.boot.record as u64);
            let read = table.read_at(place, &mut raw);
            for (first, extents) in parts(&Record::parse(&raw[..read])?) {
                if first == self.told {
                    self.add(&extents)?;
                }
            }
            table.grow(&self.runs.runs);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;

/// Reads records, in order through one window and by number through another.
pub struct Mft<'a> {
    pub boot: Boot,
    pub records: u64,
    ordered: Stretch<'a>,
    single: Stretch<'a>,
    /// How many records may still be read out of order.
    left: u64,
}

impl<'a> Mft<'a> {
    /// Of a volume of which so many bytes are there.
    pub fn new(table: &'a Pieces<'a>, boot: &Boot, volume: u64) -> Self {
        // Runs that overlap make a table larger than its volume, and so does a boot sector that lies.
        let records = table.len().min(volume) / boot.record as u64;
        let left = records.saturating_mul(4).saturating_add(65_536);
        Self {
            boot: *boot,
            records,
            ordered: Stretch::new(table),
            single: Stretch::new(table),
            left,
        }
    }

    fn parse(window: &mut Stretch, size: usize, number: u64) -> Option<Record> {
        let raw = window.peek(number.checked_mul(size as u64)?, size);
        if raw.len() == size { Record::parse(raw) } else { None }
    }

    pub fn next(&mut self, number: u64) -> Option<Record> {
        Self::parse(&mut self.ordered, self.boot.record, number)
    }

    /// Whether some were not, because so many were.
    pub fn spent(&self) -> bool {
        self.left == 0
    }

    pub fn single(&mut self, number: u64) -> Option<Record> {
        self.left = self.left.checked_sub(1)?;
        Self::parse(&mut self.single, self.boot.record, number)
    }
}

/// The label stands in the fourth record.
pub fn label(volume: &mut Stretch, boot: &Boot) -> Option<String> {
    let at = boot.table.saturating_add(3 * boot.record as u64);
    let record = Record::parse(volume.peek(at, boot.record))?;
    let label = record.attributes().find(|attribute| attribute.kind() == LABEL)?;
    let value = label.resident()?;
    crate::volumes::fields::label(&wide(Fields(value).units(0, value.len() / 2)))
}
