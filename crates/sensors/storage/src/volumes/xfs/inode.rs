//! An inode: its core, and where its data fork is.

use super::{
    super::field::{be16, be32, be64, u8},
    Xfs,
};
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
        be16(&self.raw, 2)
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
        u8(&self.raw, 5)
    }

    pub fn owner(&self) -> u32 {
        be32(&self.raw, 8)
    }

    pub fn size(&self) -> u64 {
        be64(&self.raw, 56)
    }

    pub fn realtime(&self) -> bool {
        be16(&self.raw, 90) & REALTIME != 0
    }

    fn third(&self) -> bool {
        u8(&self.raw, 4) >= 3
    }

    fn more_flags(&self) -> u64 {
        if self.third() { be64(&self.raw, 120) } else { 0 }
    }

    pub fn extents(&self) -> u64 {
        let big = self.more_flags() & BIG_COUNTS != 0;
        if big { be64(&self.raw, 24) } else { be32(&self.raw, 76).into() }
    }

    /// Seconds since 1970: as such, or as nanoseconds since 1901.
    fn time(&self, at: usize) -> i64 {
        if self.more_flags() & BIG_TIME != 0 {
            (be64(&self.raw, at) / 1_000_000_000) as i64 - (1 << 31)
        } else {
            (be32(&self.raw, at) as i32).into()
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
        match usize::from(u8(&self.raw, 82)) * 8 {
            0 => rest,
            some => &rest[..some.min(rest.len())],
        }
    }
}
