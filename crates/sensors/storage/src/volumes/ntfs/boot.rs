//! The boot sector: sizes, and where the file table and its copy begin.

use crate::{Stretch, volumes::fields::Fields};

#[derive(Debug, Clone, Copy)]
pub struct Boot {
    pub cluster: u64,
    /// Clusters of the volume.
    pub count: u64,
    pub record: usize,
    pub table: u64,
    pub mirror: u64,
    pub bytes: u64,
    pub serial: u64,
}

impl Boot {
    /// The boot sector, or the copy in the volume's last sector where the first is damaged. A copy of a volume that does not end there, or
    /// does not begin here, is that of another one: of the last partition of a disk, for whoever looks at the whole disk. A volume ends with
    /// its copy: whoever looks at no more bytes than it says that it has finds that again.
    pub fn find(volume: &mut Stretch) -> Option<Self> {
        let first = volume.array(0).and_then(|sector| Self::parse(&sector));
        first.or_else(|| [512, 4096].into_iter().find_map(|sector| Self::copy(volume, sector)))
    }

    fn copy(volume: &mut Stretch, sector: u64) -> Option<Self> {
        let bytes = volume.len();
        let last = (bytes / sector).saturating_sub(1) * sector;
        let copy = Self::parse(&volume.array(last)?)?;
        (copy.bytes.abs_diff(bytes) <= copy.cluster).then_some(Self { bytes, ..copy })
    }

    fn parse(sector: &[u8; 512]) -> Option<Self> {
        let fields = Fields(sector);
        let size = u64::from(fields.u16(11));
        let sectors = match fields.u8(13) {
            many @ 0xE0.. => 1 << many.wrapping_neg().min(31),
            few => u64::from(few),
        };
        let cluster = size * sectors;
        let record = match fields.u8(64) {
            bits @ 0x80.. => 1_u64 << bits.wrapping_neg().min(31),
            clusters => cluster * u64::from(clusters),
        };
        let sizes =
            size.is_power_of_two() && (256..=4096).contains(&size) && sectors.is_power_of_two();
        let records = record.is_power_of_two() && (512..=65_536).contains(&record);
        let known = fields.bytes(3, 8) == b"NTFS    " && fields.u16(14) == 0;
        if !known || !sizes || !records || cluster > 2 << 20 || fields.u64(40) == 0 {
            return None;
        }
        // The last sector, which the count leaves out, is the boot sector's copy.
        let bytes = fields.u64(40).saturating_add(1).saturating_mul(size);
        Some(Self {
            cluster,
            count: bytes / cluster,
            record: record as usize,
            table: fields.u64(48).checked_mul(cluster)?,
            mirror: fields.u64(56).checked_mul(cluster)?,
            bytes,
            serial: fields.u64(72),
        })
    }
}
