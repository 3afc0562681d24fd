//! The superblock, and its copies in the second group where the first is damaged.

use super::super::fields::Fields;
use crate::Bytes;

pub const JOURNAL: u32 = 0x4;
const EXTERNAL_JOURNAL: u32 = 0x8;
pub const META_GROUPS: u32 = 0x10;
const EXTENTS: u32 = 0x40;
const WIDE: u32 = 0x80;
const FLEX: u32 = 0x200;
const CHECKSUM_SEED: u32 = 0x2000;
pub const LARGE_FOLDERS: u32 = 0x4000;
const INLINE: u32 = 0x8000;
pub const ENCRYPT: u32 = 0x1_0000;
const SPARSE: u32 = 0x1;
const GROUP_CHECKSUMS: u32 = 0x10;
const CHECKSUMS: u32 = 0x400;
const CLUSTERS: u32 = 0x200;
/// What only ext4 knows: huge files, group checksums, many links, large inodes, clusters, checksums.
const EXT4_READ: u32 = 0x8 | GROUP_CHECKSUMS | 0x20 | 0x40 | CLUSTERS | CHECKSUMS;
const EXT4_ALL: u32 = EXTENTS | WIDE | FLEX | CHECKSUM_SEED | LARGE_FOLDERS | INLINE | ENCRYPT;

/// The fewest blocks of a group: it bounds how many groups a volume can claim.
const FEWEST: u64 = 256;
pub const SIZE: usize = 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Superblock {
    pub block: u64,
    pub cluster: u64,
    pub blocks: u64,
    pub inodes: u32,
    pub first_block: u64,
    pub group_blocks: u64,
    pub group_inodes: u32,
    pub inode_size: u64,
    pub first_inode: u32,
    pub compatible: u32,
    pub incompatible: u32,
    pub read_only: u32,
    pub descriptor: u64,
    pub first_meta: u64,
    pub journal: u32,
    pub orphan: u32,
    pub orphan_file: u32,
    /// The group that this copy stands in.
    group: u16,
    pub uuid: Option<String>,
    pub label: Option<String>,
    whole: bool,
}

impl Superblock {
    pub fn parse(raw: &[u8]) -> Option<Self> {
        let shift = Fields(raw).u32(0x18);
        if raw.len() < SIZE || Fields(raw).u16(0x38) != 0xEF53 || shift > 6 {
            return None;
        }
        let incompatible = Fields(raw).u32(0x60);
        let wide = incompatible & WIDE != 0;
        let high = if wide { u64::from(Fields(raw).u32(0x150)) << 32 } else { 0 };
        let (old, read_only) = (Fields(raw).u32(0x4C) == 0, Fields(raw).u32(0x64));
        let block = 1024 << shift;
        let cluster =
            if read_only & CLUSTERS != 0 { 1024 << Fields(raw).u32(0x1C).min(20) } else { block };
        let read = Self {
            block,
            cluster,
            blocks: high | u64::from(Fields(raw).u32(4)),
            inodes: Fields(raw).u32(0),
            first_block: Fields(raw).u32(0x14).into(),
            group_blocks: Fields(raw).u32(0x20).into(),
            group_inodes: Fields(raw).u32(0x28),
            inode_size: if old { 128 } else { Fields(raw).u16(0x58).into() },
            first_inode: if old { 11 } else { Fields(raw).u32(0x54) },
            compatible: Fields(raw).u32(0x5C),
            incompatible,
            read_only,
            descriptor: if wide { u64::from(Fields(raw).u16(0xFE)).max(32) } else { 32 },
            first_meta: Fields(raw).u32(0x104).into(),
            journal: Fields(raw).u32(0xE0),
            orphan: Fields(raw).u32(0xE8),
            orphan_file: Fields(raw).u32(0x280),
            group: Fields(raw).u16(0x5A),
            uuid: Fields(raw).uuid(0x68),
            label: Fields(raw).text(0x78, 16),
            whole: read_only & CHECKSUMS == 0
                || super::checksum::crc32c(!0, Fields(raw).bytes(0, 0x3FC))
                    == Fields(raw).u32(0x3FC),
        };
        read.plausible(Fields(raw).u8(0x175)).then_some(read)
    }

    fn plausible(&self, checksum_kind: u8) -> bool {
        let bits = self.block * 8;
        let ratio = self.cluster / self.block;
        let checksum = self.read_only & CHECKSUMS == 0 || checksum_kind <= 1;
        self.cluster >= self.block
            && self.incompatible & EXTERNAL_JOURNAL == 0
            && self.first_block == u64::from(self.block == 1024 && ratio == 1)
            && self.blocks > self.first_block
            && self.blocks < 1 << 48
            && (FEWEST..=bits.saturating_mul(ratio)).contains(&self.group_blocks)
            && (1..=bits).contains(&u64::from(self.group_inodes))
            && self.inode_size.is_power_of_two()
            && (128..=self.block).contains(&self.inode_size)
            && self.descriptor.is_power_of_two()
            && self.descriptor <= SIZE as u64
            && self.inodes >= 10
            && u64::from(self.inodes) <= self.groups().saturating_mul(self.group_inodes.into())
            && checksum
    }

    /// The first one where it holds together, else a copy.
    pub fn find(volume: &dyn Bytes) -> Option<Self> {
        let first = Self::read(volume, 1024);
        match first {
            Some(first) if first.whole => Some(first),
            first => Self::copies(volume).filter(|copy| copy.whole).or(first),
        }
    }

    /// The copy in the second group, for each size of blocks with groups as large as they usually are.
    pub fn copies(volume: &dyn Bytes) -> Option<Self> {
        (0..=6).find_map(|shift| {
            let block = 1024_u64 << shift;
            let place = (block * 8 + u64::from(shift == 0)) * block;
            Self::read(volume, place).filter(|copy| copy.block == block && copy.group == 1)
        })
    }

    fn read(volume: &dyn Bytes, place: u64) -> Option<Self> {
        let mut raw = [0; SIZE];
        (volume.read_at(place, &mut raw) == SIZE).then(|| Self::parse(&raw)).flatten()
    }

    pub fn groups(&self) -> u64 {
        (self.blocks - self.first_block.min(self.blocks)).div_ceil(self.group_blocks.max(1))
    }

    pub fn name(&self) -> &'static str {
        if self.incompatible & EXT4_ALL != 0 || self.read_only & EXT4_READ != 0 {
            "ext4"
        } else if self.compatible & JOURNAL != 0 {
            "ext3"
        } else {
            "ext2"
        }
    }

    /// Whether a group keeps a copy of the superblock and descriptors.
    pub fn has_copy(&self, group: u64) -> bool {
        let power = |base: u64| {
            let mut at = base;
            while at < group {
                at *= base;
            }
            at == group
        };
        group <= 1 || self.read_only & SPARSE == 0 || [3, 5, 7].into_iter().any(power)
    }

    /// The block in which a group begins.
    pub fn group_start(&self, group: u64) -> u64 {
        self.first_block.saturating_add(group.saturating_mul(self.group_blocks))
    }

    /// Where an inode stands: its group, and its place in the group's table.
    pub fn inode_place(&self, number: u32) -> Option<(usize, u64)> {
        let index = number.checked_sub(1).filter(|_| number <= self.inodes)?;
        let place = u64::from(index % self.group_inodes) * self.inode_size;
        Some((usize::try_from(index / self.group_inodes).ok()?, place))
    }

    /// Whether groups tell how much of their tables never was in use.
    pub fn counts_unused(&self) -> bool {
        self.read_only & (GROUP_CHECKSUMS | CHECKSUMS) != 0
    }
}
