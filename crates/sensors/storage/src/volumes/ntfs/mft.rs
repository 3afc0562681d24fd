//! The file table: found by its own first record, and read by number.

use super::{
    attributes::{DATA, LABEL, LIST},
    boot::Boot,
    file,
    record::Record,
    runs,
};
use crate::{
    Bytes, Pieces, Run, Stretch,
    volumes::fields::{Fields, wide},
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
    let data = |record: &Record| {
        let parts =
            record.attributes().filter(|part| part.kind() == DATA && part.resident().is_none());
        let mut parts: Vec<_> =
            parts.map(|part| (part.first(), runs::parse(part.pairs()))).collect();
        parts.sort_by_key(|(first, _)| *first);
        parts
    };
    let size = first.attributes().find(|part| part.kind() == DATA)?.size();
    let mut extents: Vec<_> = data(first).into_iter().flat_map(|(_, extents)| extents).collect();
    let list = first.attributes().find(|attribute| attribute.kind() == LIST);
    let listed = list.map(|list| file::listed(list, bytes, boot)).unwrap_or_default();
    for (_, reference) in
        listed.iter().filter(|(kind, reference)| *kind == DATA && reference.number != 0)
    {
        let known = runs::placed(&extents, boot.cluster, boot.count).runs;
        let table = Pieces::new(bytes, &known);
        let mut raw = vec![0; boot.record];
        table.read_at(reference.number.saturating_mul(boot.record as u64), &mut raw);
        let Some(record) = Record::parse(&raw) else { break };
        let told: u64 = extents.iter().map(|extent| extent.count).fold(0, u64::saturating_add);
        let next = data(&record).into_iter().filter(|(first, _)| *first == told);
        extents.extend(next.flat_map(|(_, extents)| extents));
    }
    let runs = runs::placed(&extents, boot.cluster, boot.count).cut(size);
    (!runs.is_empty()).then_some(runs)
}

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
