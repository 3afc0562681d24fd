//! The boot sector: where the allocation tables, the root and the clusters lie.

use super::table::{Clusters, Table, Width};
use crate::{
    Run, Stretch,
    volumes::fields::{Fields, label},
};

pub struct Boot {
    pub table: Table,
    pub clusters: Clusters,
    pub root: Root,
    pub bytes: u64,
    pub serial: u32,
    pub label: Option<String>,
}

#[derive(Debug, Clone, Copy)]
pub enum Root {
    Fixed(Run),
    Cluster(u32),
}

/// Where FAT32 keeps a copy of its boot sector.
const COPY: u64 = 6;

impl Boot {
    /// The boot sector, or the copy where the first is damaged.
    pub fn find(volume: &mut Stretch) -> Option<Self> {
        [0, COPY * 512].into_iter().find_map(|at| {
            let sector: [u8; 512] = volume.array(at)?;
            let boot = Self::parse(&sector)?;
            (at == 0 || boot.table.width == Width::Bits32).then(|| boot.with_a_table(volume))?
        })
    }

    fn parse(sector: &[u8; 512]) -> Option<Self> {
        let fields = Fields(sector);
        let (size, per_cluster) = (u64::from(fields.u16(11)), u64::from(fields.u8(13)));
        let (reserved, tables) = (u64::from(fields.u16(14)), u64::from(fields.u8(16)));
        let jumps = matches!(sector[0], 0xEB | 0xE9 | 0x00);
        let sizes = matches!(size, 512 | 1024 | 2048 | 4096) && per_cluster.is_power_of_two();
        let media = matches!(fields.u8(21), 0xF0 | 0xF8..);
        if !jumps || !sizes || !media || reserved == 0 || !(1..=4).contains(&tables) {
            return None;
        }
        let small = |at: usize| Some(u64::from(fields.u16(at))).filter(|value| *value != 0);
        let total = small(19).unwrap_or(u64::from(fields.u32(32)));
        let wide = small(22).is_none();
        let table = small(22).unwrap_or(u64::from(fields.u32(36)));
        let root = u64::from(fields.u16(17)) * 32;
        let root_start = (reserved + tables * table) * size;
        let data = root_start + root.div_ceil(size) * size;
        let cluster = size * per_cluster;
        let count = (total * size).checked_sub(data)? / cluster;
        let width = match count {
            _ if wide => Width::Bits32,
            0..4085 => Width::Bits12,
            _ => Width::Bits16,
        };
        if table == 0 || count == 0 || (wide != (root == 0)) {
            return None;
        }
        let tail = fields.from(if wide { 64 } else { 36 });
        let extended = matches!(tail.u8(2), 0x28 | 0x29);
        let named = |bytes: &[u8]| label(&String::from_utf8_lossy(bytes));
        Some(Self {
            table: Table::new(reserved * size, table * size, width, count),
            clusters: Clusters { start: data, size: cluster, count },
            root: match wide {
                true => Root::Cluster(fields.u32(44) & 0x0FFF_FFFF),
                false => Root::Fixed(Run::new(root_start, root)),
            },
            bytes: total * size,
            serial: if extended { tail.u32(3) } else { 0 },
            label: named(tail.bytes(7, 11)).filter(|name| extended && name != "NO NAME"),
        })
    }

    /// The first entry of every table repeats the media byte. The second table serves where the first is damaged.
    fn with_a_table(mut self, volume: &mut Stretch) -> Option<Self> {
        let first = self.table.start;
        let second = first + self.table.bytes;
        let start = [first, second].into_iter().find(|at| {
            let [media, next] = volume.array(*at).unwrap_or_default();
            matches!(media, 0xF0 | 0xF8..) && next == 0xFF
        })?;
        self.table.start = start;
        Some(self)
    }

    pub fn name(&self) -> &'static str {
        match self.table.width {
            Width::Bits12 => "fat12",
            Width::Bits16 => "fat16",
            _ => "fat32",
        }
    }

    /// Whether numbers of clusters have an upper half.
    pub fn high(&self) -> bool {
        self.table.width == Width::Bits32
    }

    /// What stands in the column `ways` for a deleted file.
    pub fn deleted(&self) -> &'static str {
        match self.table.width {
            Width::Bits12 => "fat12 deleted entry",
            Width::Bits16 => "fat16 deleted entry",
            _ => "fat32 deleted entry",
        }
    }
}
