//! Volume descriptors, from the 17th sector on: the primary one, and Joliet's with names in UTF-16.

use super::records::{self, Record};
use crate::{
    Stretch,
    volumes::fields::{Fields, label, wide},
};

pub const SECTOR: u64 = 2048;
const FIRST: u64 = 16;
const MOST: u64 = 32;
const PRIMARY: u8 = 1;
const SUPPLEMENTARY: u8 = 2;
const END: u8 = 255;

pub struct Descriptor {
    pub block: u64,
    pub bytes: u64,
    pub label: Option<String>,
    /// When it was made, as other programs write it for an id.
    pub made: Option<String>,
    pub root: Record,
}

impl Descriptor {
    pub fn primary(volume: &mut Stretch) -> Option<Self> {
        let raw = find(volume, |raw| raw[0] == PRIMARY)?;
        let name = String::from_utf8_lossy(&raw[40..72]).into_owned();
        Self::parse(&raw, &name)
    }

    pub fn joliet(volume: &mut Stretch) -> Option<Self> {
        let levels = [*b"%/@", *b"%/C", *b"%/E"];
        let raw = find(volume, |raw| {
            raw[0] == SUPPLEMENTARY && levels.iter().any(|level| raw[88..91] == *level)
        })?;
        let name =
            wide(raw[40..72].chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]])));
        Self::parse(&raw, &name)
    }

    fn parse(raw: &[u8], name: &str) -> Option<Self> {
        let fields = Fields(raw);
        let block = u64::from(fields.u16(128));
        if !matches!(block, 512 | 1024 | 2048) {
            return None;
        }
        Some(Self {
            block,
            bytes: u64::from(fields.u32(80)) * block,
            label: label(name),
            made: made(fields.bytes(813, 16)),
            root: records::parse(fields.bytes(156, 34))?,
        })
    }
}

fn find(volume: &mut Stretch, is: impl Fn(&[u8]) -> bool) -> Option<Vec<u8>> {
    for sector in FIRST..FIRST + MOST {
        let raw = volume.peek(sector * SECTOR, SECTOR as usize);
        if raw.len() < SECTOR as usize || raw[1..6] != *b"CD001" || raw[0] == END {
            return None;
        }
        if is(raw) {
            return Some(raw.to_vec());
        }
    }
    None
}

/// `2026-11-27-02-05-12-00`
fn made(digits: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.len() == 16)?;
    let known = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with("0000");
    let parts = [0..4, 4..6, 6..8, 8..10, 10..12, 12..14, 14..16];
    known.then(|| parts.map(|part| &text[part]).join("-"))
}
