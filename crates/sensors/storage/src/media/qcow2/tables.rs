//! The two levels of tables: where the bytes of a place lie.

use super::{super::layer, BLOCK, Qcow2, TABLE};

const PACKED: u64 = 1 << 62;
/// Of the bits of an entry's parts.
const ALL_ZEROS: u64 = 0xFFFF_FFFF << 32;
/// The bits of a table's entry that are a place.
const PLACE: u64 = 0x00FF_FFFF_FFFF_FE00;

/// Which entries of the two tables lead to a place.
struct Way {
    first: u64,
    second: u64,
    /// How far the place lies in its cluster.
    skip: u64,
    /// How many bytes the second table has from the place on.
    left: u64,
}

/// Where the bytes of a stretch of one cluster are.
pub enum Lies {
    At(u64),
    Packed { at: u64, bytes: u64 },
    Zeros,
    Below,
    Lost,
}

impl Qcow2 {
    /// An entry of a table, or none where the file ends before it.
    fn entry(&self, at: u64) -> Option<u64> {
        let block = at / BLOCK;
        let held = self.tables.get(TABLE | block, || {
            let start = block * BLOCK;
            let count = self.file.len().checked_sub(start)?.min(BLOCK);
            let mut bytes = vec![0; count as usize];
            layer::exact(&*self.file, start, &mut bytes).then_some(bytes)
        })?;
        let inside = (at % BLOCK) as usize;
        Some(u64::from_be_bytes(held.get(inside..inside + 8)?.try_into().ok()?))
    }

    fn way(&self, at: u64) -> Way {
        let size = 1_u64 << self.header.cluster_bits;
        let per_table = self.per_table();
        let cluster = at / size;
        let whole = per_table.saturating_mul(size);
        let (first, second) = (cluster / per_table, cluster % per_table);
        Way { first, second, skip: at % size, left: whole - at % whole }
    }

    fn per_table(&self) -> u64 {
        (1 << self.header.cluster_bits) / self.header.entry_bytes()
    }

    /// The place of the second table; 0 where there is none.
    fn table(&self, first: u64) -> Option<u64> {
        self.entry(self.header.l1.saturating_add(first * 8)).map(|entry| entry & PLACE)
    }

    /// Where the byte at `at` lies, and how many bytes from it on lie alike.
    pub(super) fn lies(&self, at: u64) -> (Lies, u64) {
        let (header, way) = (&self.header, self.way(at));
        if header.unreadable() || way.first >= u64::from(header.l1_entries) {
            // And so is all that follows.
            return (Lies::Lost, header.bytes.saturating_sub(at).max(1));
        }
        match self.table(way.first) {
            None => (Lies::Lost, way.left),
            Some(0) => (Lies::Below, way.left),
            Some(table) => self.cluster(table, way.second, way.skip),
        }
    }

    /// Where a cluster lies from `skip` on by an entry of this table, and how much of it lies alike.
    fn cluster(&self, table: u64, second: u64, skip: u64) -> (Lies, u64) {
        let header = &self.header;
        let size = 1_u64 << header.cluster_bits;
        let place = table.saturating_add(second * header.entry_bytes());
        let Some(entry) = self.entry(place) else { return (Lies::Lost, size - skip) };
        if entry & PACKED != 0 {
            let bits = 62 - (header.cluster_bits - 8);
            let sectors = ((entry & (PACKED - 1)) >> bits) + 1;
            let at = entry & ((1 << bits) - 1);
            return (Lies::Packed { at, bytes: sectors * 512 - at % 512 }, size - skip);
        }
        let data = entry & PLACE;
        if header.subclusters {
            let Some(bits) = self.entry(place + 8) else { return (Lies::Lost, size - skip) };
            match bits {
                0 => return (Lies::Below, size - skip),
                ALL_ZEROS => return (Lies::Zeros, size - skip),
                _ => {}
            }
            let part = size / 32;
            let number = skip / part;
            let lies = match (bits >> number & 1, bits >> (32 + number) & 1) {
                (0, 0) => Lies::Below,
                (1, 0) if data != 0 => Lies::At(data.saturating_add(skip)),
                (0, _) => Lies::Zeros,
                _ => Lies::Lost,
            };
            return (lies, part - skip % part);
        }
        let lies = match (header.version, data) {
            (3, _) if entry & 1 == 1 => Lies::Zeros,
            (_, 0) => Lies::Below,
            _ => Lies::At(data.saturating_add(skip)),
        };
        (lies, size - skip)
    }

    /// Whether all clusters of a table are zeros, or none is there, or all are lost.
    fn is_uniform(&self, table: u64) -> bool {
        let size = 1 << self.header.cluster_bits;
        let gap = |second| match self.cluster(table, second, 0) {
            (lies @ (Lies::Zeros | Lies::Below | Lies::Lost), alike) if alike == size => {
                Some(std::mem::discriminant(&lies))
            }
            _ => None,
        };
        let first = gap(0);
        first.is_some() && (1..self.per_table()).all(|second| gap(second) == first)
    }

    /// How many bytes from `at` on are one gap, of whose cluster so many are.
    pub(super) fn gap_of_table(&self, at: u64, alike: u64) -> u64 {
        let way = self.way(at);
        if alike >= way.left {
            return alike;
        }
        let table = self.table(way.first).filter(|table| *table != 0);
        let uniform = |table| self.uniform.is(table, || self.is_uniform(table));
        if table.is_some_and(uniform) { way.left } else { alike }
    }
}
