//! The boot sector: where the table and the clusters lie.

use crate::{
    Stretch,
    volumes::{
        fat::table::{Clusters, Table, Width},
        fields::Fields,
    },
};

pub struct Boot {
    pub table: Table,
    pub clusters: Clusters,
    pub root: u32,
    pub bytes: u64,
    pub serial: u32,
}

/// The copy of the boot region begins behind the first's sectors.
const COPY: u64 = 12;

impl Boot {
    pub fn find(volume: &mut Stretch) -> Option<Self> {
        [0, COPY * 512, COPY * 4096].into_iter().find_map(|at| Self::parse(&volume.array(at)?))
    }

    fn parse(sector: &[u8; 512]) -> Option<Self> {
        let fields = Fields(sector);
        let (sector_bits, more) = (u32::from(fields.u8(108)), u32::from(fields.u8(109)));
        let zeros = sector[11..64].iter().all(|byte| *byte == 0);
        if fields.bytes(3, 8) != b"EXFAT   " || !zeros || !(9..=12).contains(&sector_bits) {
            return None;
        }
        let bytes = |at: usize| u64::from(fields.u32(at)) << sector_bits;
        let (count, tables) = (u64::from(fields.u32(92)), fields.u8(110));
        if sector_bits + more > 25 || count == 0 || !(1..=2).contains(&tables) {
            return None;
        }
        // The second table is the one in use where its bit says so.
        let second = tables == 2 && fields.u16(106) & 1 != 0;
        let table = bytes(80).saturating_add(if second { bytes(84) } else { 0 });
        Some(Self {
            table: Table::new(table, bytes(84), Width::Wide, count),
            clusters: Clusters { start: bytes(88), size: 1 << (sector_bits + more), count },
            root: fields.u32(96),
            bytes: fields.u64(72).saturating_mul(1 << sector_bits),
            serial: fields.u32(100),
        })
    }
}
