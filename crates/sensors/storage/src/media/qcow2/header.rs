//! The head of a qcow2 image.

use super::super::layer::{self, Layer};
use crate::formats::Details;

pub const MAGIC: &[u8; 4] = b"QFI\xfb";

/// 512 bytes to 2 MiB.
const CLUSTER_BITS: std::ops::RangeInclusive<u32> = 9..=21;
const MOST_EXTENSIONS: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Zlib,
    Zstd,
}

#[derive(Debug)]
pub struct Header {
    pub version: u32,
    pub bytes: u64,
    pub cluster_bits: u32,
    pub l1: u64,
    pub l1_entries: u32,
    /// The file below; empty where there is one whose name cannot be read.
    pub backing: Option<String>,
    /// Whether the backing file is a raw one, where it is told.
    pub backing_raw: Option<bool>,
    pub encrypted: Option<&'static str>,
    pub snapshots: u32,
    pub dirty: bool,
    pub data_elsewhere: bool,
    pub packing: Packing,
    pub subclusters: bool,
}

impl Header {
    pub fn read(file: &dyn Layer) -> Result<Self, &'static str> {
        let head: [u8; 72] = layer::array(file, 0).ok_or("it is too short")?;
        let short = |at: usize| u32::from_be_bytes(head[at..at + 4].try_into().unwrap_or_default());
        let long = |at: usize| u64::from_be_bytes(head[at..at + 8].try_into().unwrap_or_default());
        if head[..4] != *MAGIC || !matches!(short(4), 2 | 3) {
            return Err("it is no qcow2 image of version 2 or 3");
        }
        let mut header = Self {
            version: short(4),
            bytes: long(24),
            cluster_bits: short(20),
            l1: long(40),
            l1_entries: short(36),
            backing: (long(8) != 0 && short(16) != 0)
                .then(|| name(file, long(8), short(16)).unwrap_or_default()),
            backing_raw: None,
            encrypted: encryption(short(32)),
            snapshots: short(60),
            dirty: false,
            data_elsewhere: false,
            packing: Packing::Zlib,
            subclusters: false,
        };
        if !CLUSTER_BITS.contains(&header.cluster_bits) {
            return Err("its clusters have an impossible size");
        }
        // More cannot be addressed, by the tables' own bits.
        if header.bytes > 1 << 62 {
            return Err("it claims an impossible size");
        }
        // What is told of the first table behind the file's end is lost, all of it at once.
        let there = file.len().saturating_sub(header.l1) / 8;
        header.l1_entries = there.min(header.l1_entries.into()) as u32;
        let length = if header.version == 3 { header.flags(file)? } else { 72 };
        header.extensions(file, length);
        Ok(header)
    }

    /// The flags of version 3; gives the header's length.
    fn flags(&mut self, file: &dyn Layer) -> Result<u64, &'static str> {
        let more: [u8; 32] = layer::array(file, 72).ok_or("it is too short")?;
        let flags = u64::from_be_bytes(more[..8].try_into().unwrap_or_default());
        let length = u64::from(u32::from_be_bytes(more[28..].try_into().unwrap_or_default()));
        self.dirty = flags & 3 != 0;
        self.data_elsewhere = flags & 4 != 0;
        self.subclusters = flags & 16 != 0 && self.cluster_bits >= 14;
        if flags & 8 != 0 && length > 104 {
            self.packing = match layer::array::<1>(file, 104) {
                Some([1]) => Packing::Zstd,
                _ => Packing::Zlib,
            };
        }
        if flags & !31 != 0 {
            return Err("it uses features that are not known");
        }
        Ok(length.max(104))
    }

    /// The form of the backing file.
    fn extensions(&mut self, file: &dyn Layer, from: u64) {
        let mut at = from;
        for _ in 0..MOST_EXTENSIONS {
            let Some(head) = layer::array::<8>(file, at) else { return };
            let short =
                |at: usize| u32::from_be_bytes(head[at..at + 4].try_into().unwrap_or_default());
            let (kind, bytes) = (short(0), u64::from(short(4)));
            match kind {
                0 => return,
                0xE279_2ACA => {
                    let mut form = vec![0; bytes.min(16) as usize];
                    if layer::exact(file, at + 8, &mut form) {
                        self.backing_raw = Some(form == b"raw");
                    }
                }
                _ => {}
            }
            at = at.saturating_add(8).saturating_add(bytes.next_multiple_of(8));
        }
    }

    /// Whether nothing of it can be read as it was written.
    pub fn unreadable(&self) -> bool {
        self.encrypted.is_some() || self.data_elsewhere
    }

    pub fn entry_bytes(&self) -> u64 {
        if self.subclusters { 16 } else { 8 }
    }
}

fn encryption(method: u32) -> Option<&'static str> {
    match method {
        0 => None,
        1 => Some("AES"),
        2 => Some("LUKS"),
        _ => Some("unknown"),
    }
}

fn name(file: &dyn Layer, at: u64, bytes: u32) -> Option<String> {
    let mut name = vec![0; bytes.min(1023) as usize];
    let there = layer::exact(file, at, &mut name);
    there.then(|| Details::bytes(&name)).flatten()
}
