//! UBI: erase blocks with two headers each. The second says which block of which volume it is; the latest one stands.

use std::{collections::BTreeMap, ptr};

use leaksweep_facts::Problem;

use super::super::{
    ALL, Content, FileSystem, MOST_FILES, Named, Volume, What, fields::Fields, packed, paths,
};
use crate::{Bytes, Pieces, Run, Stretch, sums::agree};

pub static UBI: FileSystem = FileSystem { probe, read };

const ERASE: &[u8] = b"UBI#";
const VOLUME: &[u8] = b"UBI!";
const TABLE: u32 = 0x7FFF_EFFF;
/// As many as the table has records.
const MOST_VOLUMES: u32 = 128;
const RECORD: usize = 172;
const STATIC: u8 = 2;
/// So many blocks without a header end it.
const GAP: u64 = 64;
/// The most blocks that are read.
const MOST_BLOCKS: u64 = 1 << 20;

/// How its blocks are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Geometry {
    block: u64,
    second: u64,
    data: u64,
}

/// One volume: where its blocks lie, by number.
#[derive(Debug, Default)]
struct Inner {
    name: Option<String>,
    blocks: BTreeMap<u32, Block>,
}

/// Where a block lies, and which writing of it that is.
#[derive(Debug, Clone, Copy)]
struct Block {
    sequence: u64,
    start: u64,
    /// Of a volume that is only read, how many of its bytes are in use.
    bytes: Option<u64>,
}

/// All volumes, and whether some of their blocks were left out.
#[derive(Debug, Default)]
struct Volumes {
    all: BTreeMap<u32, Inner>,
    cut: bool,
}

impl Block {
    fn parse(raw: &[u8], start: u64) -> Self {
        let only_read = Fields(raw).u8(5) == STATIC;
        let bytes = only_read.then(|| Fields(raw).be32(20).into());
        Self { sequence: Fields(raw).be64(40), start, bytes }
    }
}

impl Inner {
    /// How many blocks it has, with those that it lacks before its last one.
    fn count(&self) -> u64 {
        self.blocks.keys().next_back().map_or(0, |last| u64::from(*last) + 1)
    }

    /// Of one that is only read, the bytes of each block together.
    fn bytes(&self) -> Option<u64> {
        self.blocks.values().map(|block| block.bytes).sum()
    }
}

fn header<const N: usize>(volume: &dyn Bytes, place: u64, magic: &[u8]) -> Option<[u8; N]> {
    let mut raw = [0; N];
    let read = volume.read_at(place, &mut raw) == N && raw.starts_with(magic);
    (read && agree(packed::crc32(!0, &raw[..60]), Fields(&raw).be32(60))).then_some(raw)
}

impl Geometry {
    fn read(volume: &dyn Bytes) -> Option<Self> {
        let raw: [u8; 64] = header(volume, 0, ERASE)?;
        let (second, data) = (u64::from(Fields(&raw).be32(16)), u64::from(Fields(&raw).be32(20)));
        let stands = |place| header::<64>(volume, place, ERASE).is_some();
        // A bad block has no header: odd multiples tell a size from its half.
        let block = (12..=23)
            .map(|bits| 1_u64 << bits)
            .find(|size| [1, 3, 5].iter().any(|times| stands(size * times)));
        let block = block.unwrap_or_else(|| volume.len().min(1 << 23));
        (second >= 64 && data >= second + 64 && data < block).then_some(Self {
            block,
            second,
            data,
        })
    }

    /// How many blocks there are.
    fn blocks(&self, volume: &dyn Bytes) -> u64 {
        let most = (volume.len() / self.block).min(MOST_BLOCKS);
        let (mut last, mut at) = (0, 0);
        while at < most && at - last <= GAP {
            if header::<64>(volume, at * self.block, ERASE).is_some() {
                last = at;
            }
            at += 1;
        }
        last + 1
    }

    fn volumes(&self, volume: &dyn Bytes) -> Volumes {
        let mut volumes = Volumes::default();
        let blocks = self.blocks(volume);
        for start in (0..blocks).map(|at| at * self.block) {
            let Some(raw) = header::<64>(volume, start + self.second, VOLUME) else { continue };
            let (volume, number) = (Fields(&raw).be32(8), Fields(&raw).be32(12));
            if volume >= MOST_VOLUMES && volume != TABLE {
                continue;
            }
            if u64::from(number) >= blocks {
                volumes.cut = true;
                continue;
            }
            let block = Block::parse(&raw, start);
            let inner = volumes.all.entry(volume).or_default();
            let held = inner.blocks.entry(number).or_insert(block);
            if held.sequence <= block.sequence {
                *held = block;
            }
        }
        self.name(volume, &mut volumes.all);
        volumes.cut |= fit(&mut volumes.all, blocks);
        volumes
    }

    /// The table of volumes is a volume too.
    fn name(&self, volume: &dyn Bytes, volumes: &mut BTreeMap<u32, Inner>) {
        let Some(table) = volumes.remove(&TABLE) else { return };
        let Some(Block { start, .. }) = table.blocks.values().next() else { return };
        for (number, inner) in volumes {
            let mut raw = [0; RECORD];
            volume.read_at(start + self.data + u64::from(*number) * RECORD as u64, &mut raw);
            let length = usize::from(Fields(&raw).be16(14)).min(128);
            inner.name = Fields(Fields(&raw).bytes(16, length)).text(0, length);
        }
    }

    /// Where the volume lies, with holes for the blocks that it lacks.
    fn runs(&self, inner: &Inner) -> Vec<Run> {
        let size = self.block - self.data;
        let mut next = 0;
        let each = inner.blocks.iter().flat_map(|(number, block)| {
            let lacking = Run::new(Run::HOLE, u64::from(number - next) * size);
            next = number + 1;
            [lacking, Run::new(block.start + self.data, size)]
        });
        each.filter(|run| run.bytes > 0).collect()
    }
}

/// Each block has room for one of one volume: what says that it has more blocks than there are twice, all volumes together, loses its
/// last ones. Those that lack most come last. Whether any did.
fn fit(volumes: &mut BTreeMap<u32, Inner>, blocks: u64) -> bool {
    let (mut left, mut cut) = (blocks * 2, false);
    let mut all: Vec<&mut Inner> = volumes.values_mut().collect();
    all.sort_by_key(|inner| inner.count() - inner.blocks.len() as u64);
    for inner in all {
        while inner.count() > left {
            inner.blocks.pop_last();
            cut = true;
        }
        left -= inner.count();
    }
    volumes.retain(|_, inner| !inner.blocks.is_empty());
    cut
}

/// Whether the first block has its header.
pub fn begins(volume: &mut Stretch) -> bool {
    volume.starts(0, ERASE) && header::<64>(&volume.whole(), 0, ERASE).is_some()
}

fn probe(volume: &mut Stretch) -> Option<Volume> {
    if !begins(volume) {
        return None;
    }
    let whole = volume.whole();
    let geometry = Geometry::read(&whole)?;
    let volumes = geometry.volumes(&whole).all;
    let found: Vec<Volume> = volumes
        .values()
        .filter_map(|inner| {
            let runs = geometry.runs(inner);
            file_system(&mut Stretch::new(&Pieces::new(&whole, &runs))).map(|(_, found)| found)
        })
        .collect();
    let names: Vec<&str> = volumes.values().filter_map(|inner| inner.name.as_deref()).collect();
    Some(Volume {
        name: if let [one] = found.as_slice() { one.name } else { "ubi" },
        label: crate::formats::Details::text(&names.join(" ")),
        uuid: found.iter().find_map(|found| found.uuid.clone()),
        bytes: geometry.blocks(&whole) * geometry.block,
        cluster: found.first().map_or(1, |found| found.cluster),
        encryption: found.iter().find_map(|found| found.encryption),
    })
}

/// What is in a volume; never UBI again.
fn file_system(volume: &mut Stretch) -> Option<(&'static FileSystem, Volume)> {
    let others = ALL.iter().filter(|system| !ptr::eq(**system, &UBI));
    others.copied().find_map(|system| (system.probe)(volume).map(|found| (system, found)))
}

fn read(volume: &dyn Bytes, _: &Volume, told: &mut dyn FnMut(Named)) -> Vec<Problem> {
    let Some(geometry) = Geometry::read(volume) else {
        return vec![super::problem("the first block's header is gone")];
    };
    let volumes = geometry.volumes(volume);
    let (several, mut count, mut problems) = (volumes.all.len() > 1, 0, Vec::new());
    if volumes.cut {
        problems.push(super::problem(
            "volumes have more blocks than there is room for; some are left out",
        ));
    }
    for (number, inner) in &volumes.all {
        let name = inner.name.clone().unwrap_or_else(|| format!("volume {number}"));
        let name = paths::name(name.as_bytes());
        let runs = geometry.runs(inner);
        let pieces = Pieces::new(volume, &runs);
        let Some((system, found)) = file_system(&mut Stretch::new(&pieces)) else {
            told(plain(name, inner, &runs));
            continue;
        };
        problems.extend((system.read)(&pieces, &found, &mut |named| {
            count += 1;
            if count <= MOST_FILES {
                told(outside(named, several.then_some(&name), &pieces));
            }
        }));
    }
    problems
}

/// A volume without a file system, as a file.
fn plain(path: String, inner: &Inner, runs: &[Run]) -> Named {
    let all: u64 = runs.iter().map(|run| run.bytes).sum();
    let holes: u64 = runs.iter().filter(|run| run.start == Run::HOLE).map(|run| run.bytes).sum();
    let bytes = inner.bytes().map_or(all, |bytes| (bytes + holes).min(all));
    let mut left = bytes;
    let cut = runs.iter().map(|run| {
        let taken = run.bytes.min(left);
        left -= taken;
        Run::new(run.start, taken)
    });
    Named {
        path,
        what: What::File,
        bytes,
        content: Content::Runs(cut.filter(|run| run.bytes > 0).collect()),
        deleted: false,
        owner: None,
        created: None,
        modified: None,
        deleted_at: None,
        way: "ubi",
        recorded: true,
    }
}

/// A file of an inner volume, as it lies in the outer one.
fn outside(named: Named, name: Option<&String>, pieces: &Pieces) -> Named {
    let content = match named.content {
        Content::Runs(runs) => {
            Content::Runs(runs.iter().flat_map(|run| pieces.places(*run)).collect())
        }
        other => other,
    };
    let path = match name {
        Some(name) => format!("{name}/{}", named.path),
        None => named.path,
    };
    Named { path, content, ..named }
}
