//! Every file system on a medium: where the partition table says, and where it says nothing.

use leaksweep_facts::tables::storage::Partition;

use super::rows::Rows;
use crate::Bytes;
use crate::{
    Pieces, Stretch,
    formats::Format,
    media::Medium,
    recovery::{self, Find},
    tell::signed,
    volumes::{self, FileSystem, Volume},
};

/// One part of the medium, and the file system that it holds.
struct Held {
    row: Partition,
    start: u64,
    system: Option<(&'static FileSystem, Volume)>,
}

pub struct Volumes<'a> {
    medium: &'a Medium,
    formats: &'a [&'static Format],
    held: Vec<Held>,
    problems: Vec<leaksweep_facts::Problem>,
}

impl<'a> Volumes<'a> {
    pub fn of(medium: &'a Medium, formats: &'a [&'static Format]) -> Self {
        let mut volumes = Self { medium, formats, held: Vec::new(), problems: Vec::new() };
        volumes.held.extend(volumes.whole());
        volumes
    }

    /// A file system that fills the medium without any table.
    fn whole(&self) -> Option<Held> {
        let (system, volume) = volumes::probe(&mut Stretch::new(self.medium))?;
        let row = Partition {
            number: 0,
            scheme: "none".into(),
            start: 0,
            bytes: signed(volume.bytes),
            kind: None,
            name: None,
            uuid: None,
            table_state: None,
            file_system: None,
            label: None,
            encryption: None,
            files: None,
            deleted_files: None,
        };
        Some(Held { row, start: 0, system: Some((system, volume)) })
    }

    /// What all of them name. Packed files are told at once.
    pub fn read(&mut self, told: &mut dyn FnMut(Find, Vec<u8>)) -> Vec<Find> {
        let mut finds = Vec::new();
        for held in &mut self.held {
            let Some((system, volume)) = &held.system else { continue };
            let partition = u32::try_from(held.row.number).unwrap_or(0);
            let here = recovery::Volumes {
                medium: self.medium,
                formats: self.formats,
                partition,
                start: held.start,
            };
            let inventory = recovery::read_volume(&here, system, volume, &mut |find, content| {
                told(find, content.to_vec());
            });
            held.row.file_system = Some(volume.name.into());
            held.row.label = volume.label.clone();
            held.row.uuid = held.row.uuid.take().or_else(|| volume.uuid.clone());
            held.row.encryption = held.row.encryption.take().or(volume.encryption.map(Into::into));
            held.row.files = Some(signed(inventory.files));
            held.row.deleted_files = Some(signed(inventory.deleted));
            self.problems.extend(inventory.problems);
            finds.extend(inventory.finds);
        }
        finds
    }

    /// How long clusters are at a place.
    pub fn cluster(&self, place: u64) -> u64 {
        let holder = self.held.iter().find_map(|held| {
            let (_, volume) = held.system.as_ref()?;
            let inside = place >= held.start && place - held.start < volume.bytes;
            inside.then_some(volume.cluster)
        });
        holder
            .filter(|cluster| *cluster >= 512)
            .unwrap_or_else(|| if place.is_multiple_of(4096) { 4096 } else { 512 })
    }

    pub fn record(self, rows: &mut Rows) {
        rows.problems.extend(self.problems);
        rows.partitions.extend(self.held.into_iter().map(|held| held.row));
    }
}

#[allow(dead_code)]
fn part<'a>(medium: &'a Medium, start: u64, bytes: u64) -> Pieces<'a> {
    Pieces::part(medium, start, bytes.min(medium.len()))
}
