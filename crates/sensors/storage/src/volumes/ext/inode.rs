//! An inode: what a file is, how large, whose, and when.

use super::super::fields::Fields;
use crate::volumes::What;

pub const ENCRYPTED: u32 = 0x800;
pub const INDEXED: u32 = 0x1000;
pub const EXTENTS: u32 = 0x8_0000;
/// It holds an attribute of another inode.
pub const ATTRIBUTE: u32 = 0x20_0000;
pub const INLINE: u32 = 0x1000_0000;

pub const MAP: usize = 0x28;
pub const MAP_SIZE: usize = 60;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inode {
    pub raw: Box<[u8]>,
    /// Its first byte on the volume.
    pub place: u64,
    pub number: u32,
}

impl Inode {
    /// What it is; none for devices, pipes, and what is no inode.
    pub fn what(&self) -> Option<What> {
        match self.mode() >> 12 {
            8 => Some(What::File),
            4 => Some(What::Folder),
            10 => Some(What::Link),
            _ => None,
        }
    }

    /// Nothing ever is named that is so: what cannot be read reads as zeros.
    pub fn is_empty(&self) -> bool {
        self.raw.iter().all(|byte| *byte == 0)
    }

    pub fn mode(&self) -> u16 {
        Fields(&self.raw).u16(0)
    }

    /// The upper half is another field where it is a folder of old.
    pub fn size(&self, large_folders: bool) -> u64 {
        let high = self.what() != Some(What::Folder) || large_folders;
        u64::from(Fields(&self.raw).u32(4))
            | if high { u64::from(Fields(&self.raw).u32(0x6C)) << 32 } else { 0 }
    }

    pub fn links(&self) -> u16 {
        Fields(&self.raw).u16(0x1A)
    }

    pub fn flags(&self) -> u32 {
        Fields(&self.raw).u32(0x20)
    }

    pub fn generation(&self) -> u32 {
        Fields(&self.raw).u32(0x64)
    }

    pub fn owner(&self) -> u32 {
        u32::from(Fields(&self.raw).u16(2)) | u32::from(Fields(&self.raw).u16(0x78)) << 16
    }

    pub fn map(&self) -> &[u8] {
        Fields(&self.raw).bytes(MAP, MAP_SIZE)
    }

    fn extra(&self) -> usize {
        if self.raw.len() > 128 {
            usize::from(Fields(&self.raw).u16(0x80)).min(self.raw.len() - 128)
        } else {
            0
        }
    }

    /// Seconds, with two more bits where the large inode has them.
    fn time(&self, at: usize, more: usize) -> Option<i64> {
        let low = i64::from(Fields(&self.raw).u32(at) as i32);
        let wide = self.extra() + 128 >= more + 4;
        let high = if wide { i64::from(Fields(&self.raw).u32(more) & 3) << 32 } else { 0 };
        (low != 0 || high != 0).then_some(low + high)
    }

    pub fn created(&self) -> Option<i64> {
        if self.extra() + 128 >= 0x98 { self.time(0x90, 0x94) } else { None }
    }

    pub fn modified(&self) -> Option<i64> {
        self.time(0x10, 0x88)
    }

    pub fn deleted(&self) -> u32 {
        Fields(&self.raw).u32(0x14)
    }

    /// Where the attributes inside the inode begin.
    pub fn attributes(&self) -> usize {
        128 + self.extra()
    }
}
