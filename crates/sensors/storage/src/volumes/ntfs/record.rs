//! One record of the file table, with its fixups undone.

use super::attributes::Attribute;
use crate::volumes::fields::Fields;

const IN_USE: u16 = 1;
const FOLDER: u16 = 2;
/// The last two bytes of every so many are kept elsewhere.
const STRIDE: usize = 512;

pub struct Record {
    bytes: Vec<u8>,
}

/// A record's number, and how often it was given away before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    pub number: u64,
    pub sequence: u16,
}

impl Reference {
    pub fn new(raw: u64) -> Self {
        Self { number: raw & 0xFFFF_FFFF_FFFF, sequence: (raw >> 48) as u16 }
    }
}

impl Record {
    /// None where there is no record, or where it was written in part only.
    pub fn parse(raw: &[u8]) -> Option<Self> {
        if !raw.starts_with(b"FILE") {
            return None;
        }
        let fields = Fields(raw);
        let (at, count) = (usize::from(fields.u16(4)), usize::from(fields.u16(6)));
        if count != raw.len() / STRIDE + 1 || at + count * 2 > STRIDE - 2 {
            return None;
        }
        let mut bytes = raw.to_vec();
        let mark = fields.array::<2>(at);
        for (index, stride) in bytes.chunks_exact_mut(STRIDE).enumerate() {
            let tail = &mut stride[STRIDE - 2..];
            if *tail != mark {
                return None;
            }
            tail.copy_from_slice(&fields.array::<2>(at + 2 + index * 2));
        }
        Some(Self { bytes })
    }

    fn fields(&self) -> Fields<'_> {
        Fields(&self.bytes)
    }

    pub fn sequence(&self) -> u16 {
        self.fields().u16(16)
    }

    pub fn in_use(&self) -> bool {
        self.fields().u16(22) & IN_USE != 0
    }

    pub fn folder(&self) -> bool {
        self.fields().u16(22) & FOLDER != 0
    }

    /// The record that this one goes on with; none where it stands for itself.
    pub fn base(&self) -> Option<Reference> {
        Some(self.fields().u64(32)).filter(|raw| *raw != 0).map(Reference::new)
    }

    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'_>> {
        let used = (self.fields().u32(24) as usize).min(self.bytes.len());
        let bytes = &self.bytes[..used];
        let mut at = usize::from(self.fields().u16(20));
        std::iter::from_fn(move || {
            let rest = bytes.get(at..)?;
            let length = Fields(rest).u32(4) as usize;
            let own = rest.get(..length).filter(|own| own.len() >= 16)?;
            at += length;
            (Fields(own).u32(0) != u32::MAX).then(|| Attribute::new(own))
        })
    }
}
