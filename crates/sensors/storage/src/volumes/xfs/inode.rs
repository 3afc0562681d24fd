//! An inode: its core, and where its data fork is.

use super::{super::fields::Fields, Xfs};
use crate::volumes::What;

pub const LOCAL: u8 = 1;
pub const EXTENTS: u8 = 2;
pub const TREE: u8 = 3;
const REALTIME: u16 = 1;
const BIG_TIME: u64 = 8;
const BIG_COUNTS: u64 = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inode {
    pub number: u64,
    pub place: u64,
    raw: Box<[u8]>,
}

impl Inode {
    pub fn read(xfs: &Xfs, number: u64) -> Option<Self> {
        let superblock = &xfs.superblock;
        let within = number & ((1 << superblock.inode_bits) - 1);
        let block = xfs.linear(number >> superblock.inode_bits)?;
        let place = block * superblock.block + within * superblock.inode_size;
        let mut raw = vec![0; superblock.inode_size as usize].into_boxed_slice();
        let read = xfs.volume.read_at(place, &mut raw) == raw.len();
        (read && raw.starts_with(b"IN")).then_some(Self { number, place, raw })
    }

    pub fn mode(&self) -> u16 {
        Fields(&self.raw).be16(2)
    }

    pub fn what(&self) -> Option<What> {
        match self.mode() >> 12 {
            8 => Some(What::File),
            4 => Some(What::Folder),
            10 => Some(What::Link),
            _ => None,
        }
    }

    pub fn format(&self) -> u8 {
        Fields(&self.raw).u8(5)
    }

    pub fn owner(&self) -> u32 {
        Fields(&self.raw).be32(8)
    }

    pub fn size(&self) -> u64 {
        Fields(&self.raw).be64(56)
    }

    pub fn realtime(&self) -> bool {
        Fields(&self.raw).be16(90) & REALTIME != 0
    }

    fn third(&self) -> bool {
        Fields(&self.raw).u8(4) >= 3
    }

    fn more_flags(&self) -> u64 {
        if self.third() { Fields(&self.raw).be64(120) } else { 0 }
    }

    pub fn extents(&self) -> u64 {
        let big = self.more_flags() & BIG_COUNTS != 0;
        if big { Fields(&self.raw).be64(24) } else { Fields(&self.raw).be32(76).into() }
    }

    /// Seconds since 1970: as such, or as nanoseconds since 1901.
    fn time(&self, at: usize) -> i64 {
        if self.more_flags() & BIG_TIME != 0 {
            (Fields(&self.raw).be64(at) / 1_000_000_000) as i64 - (1 << 31)
        } else {
            (Fields(&self.raw).be32(at) as i32).into()
        }
    }

    pub fn modified(&self) -> i64 {
        self.time(40)
    }

    pub fn changed(&self) -> i64 {
        self.time(48)
    }

    pub fn created(&self) -> Option<i64> {
        self.third().then(|| self.time(144))
    }

    /// Where in the inode the data fork begins.
    pub fn fork_start(&self) -> usize {
        if self.third() { 176 } else { 100 }
    }

    pub fn fork(&self) -> &[u8] {
        let rest = self.raw.get(self.fork_start()..).unwrap_or_default();
        match usize::from(Fields(&self.raw).u8(82)) * 8 {
            0 => rest,
            some => &rest[..some.min(rest.len())],
        }
    }
}
