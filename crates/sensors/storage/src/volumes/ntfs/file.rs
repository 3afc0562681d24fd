//! A file as its records tell it: the first, and those that its attribute list names.

use super::{
    attributes::{Attribute, DATA, LIST, NAME, Name, REPARSE, STANDARD},
    boot::Boot,
    mft::Mft,
    record::{Record, Reference},
    runs::{self, Extent},
};
use crate::{
    Bytes, Pieces,
    volumes::{fat::table::MOST_RUNS, fields::Fields, moments},
};

const MOST_STREAMS: usize = 256;
const MOST_RECORDS: usize = 4096;
const MOST_LIST: u64 = 256 * 1024;

#[derive(Default)]
pub struct File {
    pub created: Option<i64>,
    pub modified: Option<i64>,
    pub name: Option<Name>,
    pub streams: Vec<Stream>,
    pub reparse: Vec<u8>,
    /// Whether it has more records, streams, or runs of them, than are kept.
    pub cut: bool,
    runs: usize,
}

#[derive(Default)]
pub struct Stream {
    pub name: String,
    pub flags: u16,
    pub unit: u16,
    pub size: u64,
    pub written: u64,
    pub resident: Option<Vec<u8>>,
    /// Each part after the number of its first cluster.
    parts: Vec<(u64, Vec<Extent>)>,
}

impl Stream {
    pub fn parts(&self) -> impl Iterator<Item = &(u64, Vec<Extent>)> {
        self.parts.iter()
    }

    /// All runs in order, to the first gap.
    pub fn extents(&mut self) -> Vec<Extent> {
        self.parts.sort_by_key(|(first, _)| *first);
        let (mut extents, mut end) = (Vec::new(), 0_u64);
        for (first, part) in self.parts.drain(..) {
            if first != end {
                break;
            }
            end = part.iter().fold(end, |end, extent| end.saturating_add(extent.count));
            extents.extend(part);
        }
        extents
    }
}

impl File {
    pub fn read(record: &Record, number: u64, bytes: &dyn Bytes, table: &mut Mft) -> Self {
        let mut file = Self::default();
        file.take(record);
        let list = record.attributes().find(|attribute| attribute.kind() == LIST);
        let listed = list.map(|list| Listed::read(list, bytes, &table.boot)).unwrap_or_default();
        let numbers = listed.records.iter().map(|(_, reference)| reference.number);
        let mut others: Vec<u64> = numbers.filter(|other| *other != number).collect();
        others.sort_unstable();
        others.dedup();
        file.cut |= listed.cut || others.len() > MOST_RECORDS;
        for other in others.into_iter().take(MOST_RECORDS) {
            let own = |record: &Record| record.base().is_some_and(|base| base.number == number);
            if let Some(record) = table.single(other).filter(own) {
                file.take(&record);
            }
        }
        file
    }

    fn take(&mut self, record: &Record) {
        for attribute in record.attributes() {
            match (attribute.kind(), attribute.resident()) {
                (STANDARD, Some(value)) => {
                    self.created = moments::since_1601(Fields(value).u64(0));
                    self.modified = moments::since_1601(Fields(value).u64(8));
                }
                (NAME, Some(value)) => self.take_name(Name::parse(value)),
                (REPARSE, Some(value)) => self.reparse = value.to_vec(),
                (DATA, _) => self.take_stream(attribute),
                _ => (),
            }
        }
    }

    /// The first long one.
    fn take_name(&mut self, name: Option<Name>) {
        let better = |new: &Name| self.name.as_ref().is_none_or(|had| had.short && !new.short);
        if let Some(name) = name.filter(better) {
            self.name = Some(name);
        }
    }

    fn take_stream(&mut self, attribute: Attribute) {
        let name = attribute.name();
        let known = self.streams.iter().position(|stream| stream.name == name);
        if known.is_none() && self.streams.len() == MOST_STREAMS {
            self.cut = true;
            return;
        }
        let index = known.unwrap_or_else(|| {
            self.streams.push(Stream { name, ..Stream::default() });
            self.streams.len() - 1
        });
        let Some(stream) = self.streams.get_mut(index) else { return };
        if let Some(value) = attribute.resident() {
            stream.size = value.len() as u64;
            stream.resident = Some(value.to_vec());
            return;
        }
        let extents = runs::parse(attribute.pairs());
        self.runs += extents.len();
        if self.runs > MOST_RUNS {
            self.cut = true;
            return;
        }
        if attribute.first() == 0 {
            stream.flags = attribute.flags();
            stream.unit = attribute.unit();
            (stream.size, stream.written) = (attribute.size(), attribute.written());
        }
        stream.parts.push((attribute.first(), extents));
    }
}

/// What an attribute list names.
#[derive(Default)]
pub struct Listed {
    /// Each record with the kind of what it holds.
    pub records: Vec<(u32, Reference)>,
    /// Whether there are more.
    pub cut: bool,
}

impl Listed {
    pub fn read(list: Attribute, bytes: &dyn Bytes, boot: &Boot) -> Self {
        match list.resident() {
            Some(value) => Self::parse(value),
            None => {
                let listed = Self::parse(&outside(list, bytes, boot));
                Self { cut: listed.cut || list.size() > MOST_LIST, ..listed }
            }
        }
    }

    fn parse(value: &[u8]) -> Self {
        let mut rest = Fields(value);
        let mut listed = Self::default();
        while rest.0.len() >= 26 {
            if listed.records.len() == MOST_RECORDS * 2 {
                listed.cut = true;
                break;
            }
            listed.records.push((rest.u32(0), Reference::new(rest.u64(16))));
            match usize::from(rest.u16(4)) {
                length @ 26.. => rest = rest.from(length),
                _ => break,
            }
        }
        listed
    }
}

/// The value of a list that lies in clusters of its own.
fn outside(list: Attribute, bytes: &dyn Bytes, boot: &Boot) -> Vec<u8> {
    let extents = runs::parse(list.pairs());
    let runs = runs::placed(&extents, boot.cluster, boot.count).cut(list.size().min(MOST_LIST));
    let pieces = Pieces::new(bytes, &runs);
    let mut value = vec![0; pieces.len() as usize];
    pieces.read_at(0, &mut value);
    value
}
