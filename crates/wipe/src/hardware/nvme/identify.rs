//! What NVMe's Identify tells, as far as wiping needs it: 4096 bytes on the controller, on a namespace, and the list of namespaces.

use super::commands::{Action, Format};
use crate::hardware::text::{ascii, byte, little};

pub const BYTES: usize = 4096;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Controller {
    pub model: Option<String>,
    pub serial: Option<String>,
    pub firmware: Option<String>,
    /// 1: of data. 0: from before controllers said it.
    pub kind: u8,
    /// SANICAP.
    pub sanitize: u32,
    /// OACS has Format NVM.
    pub formats: bool,
    /// FNA.
    pub format: u8,
    pub namespaces: u32,
    /// Bytes that are in no namespace, of all that there are.
    pub unallocated: u128,
    pub total: u128,
    /// Replay-protected memory blocks: how many.
    pub protected_blocks: u8,
}

impl Controller {
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != BYTES {
            return None;
        }
        Some(Self {
            serial: ascii(bytes.get(4..24)?),
            model: ascii(bytes.get(24..64)?),
            firmware: ascii(bytes.get(64..72)?),
            kind: byte(bytes, 111),
            formats: byte(bytes, 256) >> 1 & 1 == 1,
            total: u128::from_le_bytes(little(bytes, 280)),
            unallocated: u128::from_le_bytes(little(bytes, 296)),
            protected_blocks: byte(bytes, 312) & 7,
            sanitize: u32::from_le_bytes(little(bytes, 328)),
            namespaces: u32::from_le_bytes(little(bytes, 516)),
            format: byte(bytes, 524),
        })
    }

    pub fn holds_data(&self) -> bool {
        self.kind <= 1
    }

    pub fn knows(&self, action: Action) -> bool {
        let bit = match action {
            Action::Crypto => 0,
            Action::Block => 1,
            Action::Overwrite => 2,
        };
        self.sanitize >> bit & 1 == 1
    }

    /// Whether blocks can stay mapped after a sanitize operation and be read without errors: it is not inhibited, and the controller
    /// makes the media readable again itself.
    pub fn keeps_mapped(&self) -> bool {
        self.sanitize >> 29 & 1 == 0 && self.sanitize >> 30 == 2
    }

    /// A format with secure erase applies to every namespace, whichever is named.
    pub fn erases_every_namespace(&self) -> bool {
        self.format & 0b11 != 0
    }

    pub fn formats_crypto(&self) -> bool {
        self.format >> 2 & 1 == 1
    }

    /// All namespaces can be named at once.
    pub fn formats_by_broadcast(&self) -> bool {
        self.format >> 3 & 1 == 0
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    pub blocks: u64,
    pub format: Format,
    /// Bytes of a block in the present format.
    pub block: u64,
}

impl Namespace {
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != BYTES {
            return None;
        }
        let (layouts, used, protection) = (byte(bytes, 25), byte(bytes, 26), byte(bytes, 29));
        // The upper bits count only where there are more than 16 layouts.
        let upper = if layouts > 15 { used >> 5 & 3 } else { 0 };
        let layout = used & 0xF | upper << 4;
        let shift = byte(bytes, 128 + usize::from(layout) * 4 + 2);
        let block = (9..=24).contains(&shift).then(|| 1_u64 << shift)?;
        let format = Format {
            layout,
            metadata_in_line: used >> 4 & 1 == 1,
            protection: protection & 7,
            protection_first: protection >> 3 & 1 == 1,
        };
        Some(Self { blocks: u64::from_le_bytes(little(bytes, 0)), format, block })
    }

    pub fn bytes(&self) -> u64 {
        self.blocks.saturating_mul(self.block)
    }
}

/// The numbers of namespaces, as far as they rise.
pub fn namespaces(bytes: &[u8]) -> Vec<u32> {
    let numbers = bytes.chunks_exact(4).take(BYTES / 4).map(|four| little::<4>(four, 0));
    let mut before = 0;
    let rising = numbers.map(u32::from_le_bytes).take_while(|number| {
        let rises = *number > before;
        before = *number;
        rises
    });
    rising.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_controller_is_read_at_the_places_of_the_standard() {
        let mut bytes = vec![0; BYTES];
        bytes[4..10].copy_from_slice(b"S123  ");
        bytes[24..30].copy_from_slice(b"MODEL ");
        bytes[64..68].copy_from_slice(b"FW 1");
        bytes[111] = 1;
        bytes[256] = 0b0000_0010;
        bytes[280..284].copy_from_slice(&[0, 0, 0, 0x40]);
        bytes[296] = 7;
        bytes[312] = 2;
        bytes[328..332].copy_from_slice(&[0b0000_0011, 0, 0, 0b1000_0000]);
        bytes[516] = 4;
        bytes[524] = 0b0000_0110;
        let told = Controller::parse(&bytes).unwrap();
        let texts = [&told.model, &told.serial, &told.firmware].map(|text| text.as_deref());
        assert_eq!(texts, [Some("MODEL"), Some("S123"), Some("FW 1")]);
        assert_eq!((told.total, told.unallocated), (0x4000_0000, 7));
        assert_eq!((told.namespaces, told.protected_blocks, told.kind), (4, 2, 1));
        let known = [Action::Crypto, Action::Block, Action::Overwrite].map(|it| told.knows(it));
        assert_eq!(known, [true, true, false]);
        assert!(told.formats && told.keeps_mapped() && told.holds_data());
        assert!(told.erases_every_namespace() && told.formats_crypto());
        assert!(told.formats_by_broadcast());
    }

    #[test]
    fn blocks_stay_mapped_only_where_the_controller_says_all_of_it() {
        let of = |sanitize: u32| {
            let mut bytes = vec![0; BYTES];
            bytes[328..332].copy_from_slice(&sanitize.to_le_bytes());
            Controller::parse(&bytes).unwrap().keeps_mapped()
        };
        assert!(of(2 << 30));
        for sanitize in [0, 1 << 30, 3 << 30, 2 << 30 | 1 << 29] {
            assert!(!of(sanitize), "{sanitize:#x}");
        }
    }

    #[test]
    fn a_namespace_keeps_its_format() {
        let mut bytes = vec![0; BYTES];
        bytes[0..8].copy_from_slice(&1000_u64.to_le_bytes());
        (bytes[25], bytes[26], bytes[29]) = (1, 0b0111_0001, 0b1010);
        bytes[128 + 4 + 2] = 12;
        let told = Namespace::parse(&bytes).unwrap();
        assert_eq!(
            (told.bytes(), told.format.layout),
            (4_096_000, 1),
            "the upper bits do not count"
        );
        assert!(told.format.metadata_in_line && told.format.protection_first);
        assert_eq!(told.format.protection, 2);
        bytes[25] = 40;
        bytes[128 + 0x31 * 4 + 2] = 9;
        assert_eq!(Namespace::parse(&bytes).unwrap().format.layout, 0x31);
        for shift in [0, 8, 25, 255] {
            bytes[128 + 0x31 * 4 + 2] = shift;
            assert_eq!(Namespace::parse(&bytes), None);
        }
        assert_eq!(Namespace::parse(&[0; 100]), None);
    }

    #[test]
    fn a_list_of_namespaces_ends_where_it_no_longer_rises() {
        let list = |numbers: &[u32]| {
            let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
            namespaces(&bytes)
        };
        assert_eq!(list(&[1, 5, 0, 9]), [1, 5]);
        assert_eq!(list(&[3, 2]), [3]);
        assert_eq!(list(&[]), [0; 0]);
    }
}
