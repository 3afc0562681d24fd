//! What SCSI's disks answer: INQUIRY and its pages, supported commands, capacity.

use super::commands::Protection;
use crate::hardware::text::{ascii, byte};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// Of device: 0 is a disk.
    pub kind: u8,
    pub maker: Option<String>,
    pub model: Option<String>,
    pub firmware: Option<String>,
}

impl Inquiry {
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        Some(Self {
            kind: byte(bytes, 0) & 0x1F,
            maker: ascii(bytes.get(8..16)?),
            model: ascii(bytes.get(16..32)?),
            firmware: ascii(bytes.get(32..36)?),
        })
    }

    /// Disks, simplified ones, and those with zones.
    pub fn is_disk(&self) -> bool {
        matches!(self.kind, 0x00 | 0x0E | 0x14)
    }

    /// A translation stands before a disk of ATA.
    pub fn is_ata(&self) -> bool {
        self.maker.as_deref() == Some("ATA")
    }
}

/// What a page of vital product data holds behind its head; none where it is another one.
pub fn page(bytes: &[u8], number: u8) -> Option<&[u8]> {
    let [_, page, high, low, rest @ ..] = bytes else { return None };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    (*page == number).then(|| rest.get(..length).unwrap_or(rest))
}

/// Page B1h: whether it turns; none where it does not say.
pub fn rotates(bytes: &[u8]) -> Option<bool> {
    let page = page(bytes, 0xB1)?;
    match u16::from_be_bytes([*page.first()?, *page.get(1)?]) {
        1 => Some(false),
        0x0401..=0xFFFE => Some(true),
        _ => None,
    }
}

/// Page B2h: whether there may be less behind it than it shows.
pub fn thin(bytes: &[u8]) -> bool {
    page(bytes, 0xB2).is_some_and(|page| byte(page, 2) & 7 == 2)
}

/// Page 80h.
pub fn serial(bytes: &[u8]) -> Option<String> {
    ascii(page(bytes, 0x80)?)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supported {
    Yes,
    No,
    Unknown,
}

/// REPORT SUPPORTED OPERATION CODES on one command.
pub fn supported(bytes: &[u8]) -> Supported {
    match bytes.get(1).map(|byte| byte & 7) {
        Some(3) => Supported::Yes,
        Some(1) => Supported::No,
        _ => Supported::Unknown,
    }
}

/// READ CAPACITY (16) on how blocks are protected.
pub fn protection(bytes: &[u8]) -> Protection {
    let told = byte(bytes, 12);
    match (told & 1, told >> 1 & 7) {
        (1, 0) => Protection::One,
        (1, 1) => Protection::Two,
        (1, 2) => Protection::Three,
        _ => Protection::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inquiry_is_read_at_its_places() {
        let mut bytes = vec![0; 36];
        bytes[0] = 0x20 | 0x14;
        bytes[8..36].copy_from_slice(b"MAKER   MODEL           FW 1");
        let told = Inquiry::parse(&bytes).unwrap();
        assert_eq!(told.maker.as_deref(), Some("MAKER"));
        assert_eq!(
            (told.model.as_deref(), told.firmware.as_deref()),
            (Some("MODEL"), Some("FW 1"))
        );
        assert!(told.is_disk() && !told.is_ata());
        bytes[0] = 5;
        bytes[8..16].copy_from_slice(b"ATA     ");
        let told = Inquiry::parse(&bytes).unwrap();
        assert!(!told.is_disk() && told.is_ata());
        assert_eq!(Inquiry::parse(&bytes[..35]), None);
    }

    #[test]
    fn pages_are_read_as_long_as_they_say() {
        assert_eq!(serial(&[0, 0x80, 0, 4, b' ', b'S', b'1', b' ', b'X']).as_deref(), Some("S1"));
        assert_eq!(serial(&[0, 0x80, 0xFF, 0xFF, b'S']).as_deref(), Some("S"));
        assert_eq!(serial(&[0, 0x83, 0, 1, b'S']), None);
        assert_eq!(rotates(&[0, 0xB1, 0, 2, 0, 1]), Some(false));
        assert_eq!(rotates(&[0, 0xB1, 0, 2, 0x1C, 0x20]), Some(true));
        for bytes in [&[0, 0xB1, 0, 2, 0, 0][..], &[0, 0xB1, 0, 2, 0], &[], &[0, 0xB2, 0, 2, 0, 1]]
        {
            assert_eq!(rotates(bytes), None);
        }
        assert!(thin(&[0, 0xB2, 0, 4, 0, 0, 2, 0]) && !thin(&[0, 0xB2, 0, 4, 0, 0, 1, 0]));
    }

    #[test]
    fn only_a_clear_yes_is_support() {
        assert_eq!(supported(&[0, 3, 0, 10]), Supported::Yes);
        assert_eq!(supported(&[0, 0x81]), Supported::No);
        for bytes in [&[0, 0][..], &[0, 5], &[0], &[]] {
            assert_eq!(supported(bytes), Supported::Unknown);
        }
    }

    #[test]
    fn protection_is_told_by_its_type() {
        let of = |told: u8| {
            let mut bytes = [0; 32];
            bytes[12] = told;
            protection(&bytes)
        };
        assert_eq!([of(0), of(0b1110)], [Protection::None; 2]);
        assert_eq!([of(1), of(3), of(5)], [Protection::One, Protection::Two, Protection::Three]);
        assert_eq!(protection(&[]), Protection::None);
    }
}
