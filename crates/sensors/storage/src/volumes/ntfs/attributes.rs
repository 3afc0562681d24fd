//! Attributes of a record: names, times and streams are all of them.

use super::record::Reference;
use crate::volumes::{
    fields::{Fields, wide},
    moments,
};

pub const STANDARD: u32 = 0x10;
pub const LIST: u32 = 0x20;
pub const NAME: u32 = 0x30;
pub const LABEL: u32 = 0x60;
pub const DATA: u32 = 0x80;
pub const REPARSE: u32 = 0xC0;

/// Flags of an attribute.
pub const PACKED: u16 = 0x00FF;
pub const ENCRYPTED: u16 = 0x4000;

#[derive(Clone, Copy)]
pub struct Attribute<'a> {
    fields: Fields<'a>,
}

impl<'a> Attribute<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { fields: Fields(bytes) }
    }

    pub fn kind(self) -> u32 {
        self.fields.u32(0)
    }

    pub fn name(self) -> String {
        let count = usize::from(self.fields.u8(9));
        wide(self.fields.units(usize::from(self.fields.u16(10)), count))
    }

    pub fn flags(self) -> u16 {
        self.fields.u16(12)
    }

    /// Its value, where it lies in the record.
    pub fn resident(self) -> Option<&'a [u8]> {
        let count = self.fields.u32(16) as usize;
        let value = || self.fields.bytes(usize::from(self.fields.u16(20)), count);
        (self.fields.u8(8) == 0).then(value)
    }

    /// The number of the first cluster that this part tells of, from the stream's first.
    pub fn first(self) -> u64 {
        self.fields.u64(16)
    }

    pub fn pairs(self) -> &'a [u8] {
        self.fields.from(usize::from(self.fields.u16(32)).max(16)).0
    }

    /// Clusters of a unit that is packed together, as a power of two.
    pub fn unit(self) -> u16 {
        self.fields.u16(34)
    }

    pub fn size(self) -> u64 {
        self.fields.u64(48)
    }

    /// Behind it, nothing was written.
    pub fn written(self) -> u64 {
        self.fields.u64(56)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub parent: Reference,
    pub text: String,
    /// The name that DOS saw.
    pub short: bool,
    pub created: Option<i64>,
    pub modified: Option<i64>,
}

impl Name {
    pub fn parse(value: &[u8]) -> Option<Self> {
        let fields = Fields(value);
        let text = wide(fields.units(66, usize::from(fields.u8(64))));
        let created = moments::since_1601(fields.u64(8));
        let modified = moments::since_1601(fields.u64(16));
        let parent = Reference::new(fields.u64(0));
        (!text.is_empty()).then(|| Self {
            parent,
            text,
            short: fields.u8(65) == 2,
            created,
            modified,
        })
    }
}
