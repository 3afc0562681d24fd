//! The superblock: sizes, the packer, and where the tables begin.

use crate::{Stretch, volumes::fields::Fields};

#[derive(Debug, Clone, Copy)]
pub struct Superblock {
    pub block: u64,
    pub packer: u16,
    /// The root's inode: its block in the table, and its place in that.
    pub root: u64,
    pub bytes: u64,
    pub ids: Table,
    pub fragments: Table,
    pub inodes: u64,
    pub folders: u64,
}

/// A table of records that lie in packed blocks.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub start: u64,
    pub count: u64,
}

impl Superblock {
    pub fn find(volume: &mut Stretch) -> Option<Self> {
        let raw: [u8; 96] = volume.array(0)?;
        let fields = Fields(&raw);
        let (block, log) = (fields.u32(12), u32::from(fields.u16(22)));
        let sizes = (12..=20).contains(&log) && block == 1 << log;
        if fields.bytes(0, 4) != b"hsqs" || fields.u16(28) != 4 || !sizes {
            return None;
        }
        Some(Self {
            block: u64::from(block),
            packer: fields.u16(20),
            root: fields.u64(32),
            bytes: fields.u64(40),
            ids: Table { start: fields.u64(48), count: u64::from(fields.u16(26)) },
            fragments: Table { start: fields.u64(80), count: u64::from(fields.u32(16)) },
            inodes: fields.u64(64),
            folders: fields.u64(72),
        })
    }
}
