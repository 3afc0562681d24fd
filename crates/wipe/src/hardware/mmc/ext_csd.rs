//! The extended CSD of eMMC (JESD84-B51): 512 bytes on what a chip is made of and what it knows.

use std::time::Duration;

use crate::hardware::text::{ascii, byte, little};

pub const BYTES: usize = 512;
const KIB_128: u64 = 128 << 10;
const KIB_512: u64 = 512 << 10;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtendedCsd {
    pub revision: u8,
    /// Of 512 bytes, in the user area.
    pub sectors: u32,
    pub sanitizes: bool,
    pub erases_securely: bool,
    /// Bytes of each of the two boot partitions.
    pub boot: u64,
    /// Bytes of replay-protected memory.
    pub protected: u64,
    /// Bytes of the four general purpose partitions.
    pub general: [u64; 4],
    /// Bytes of an erase group; none where the chip is not set to groups of high capacity.
    pub group: Option<u64>,
    /// What erased cells read as.
    pub erased_is_ones: bool,
    pub firmware: Option<String>,
    timeout: u8,
    secure_factor: u8,
}

impl ExtendedCsd {
    /// None where it is not one of a chip that knows its own size.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != BYTES {
            return None;
        }
        let at = |place| byte(bytes, place);
        let sectors = u32::from_le_bytes(little(bytes, 212));
        let group = u64::from(at(224)) * KIB_512;
        let features = at(231);
        Some(Self {
            revision: at(192),
            sectors,
            sanitizes: features >> 6 & 1 == 1,
            erases_securely: features & 1 == 1,
            boot: u64::from(at(226)) * KIB_128,
            protected: u64::from(at(168)) * KIB_128,
            general: std::array::from_fn(|number| {
                let [a, b, c] = little::<3>(bytes, 143 + number * 3);
                u64::from(u32::from_le_bytes([a, b, c, 0])) * u64::from(at(221)) * group
            }),
            group: (at(175) & 1 == 1 && group != 0).then_some(group),
            erased_is_ones: at(181) & 1 == 1,
            firmware: (at(192) >= 7).then(|| ascii(&little::<8>(bytes, 254))).flatten(),
            timeout: at(223),
            secure_factor: at(230),
        })
        .filter(|told| told.sectors != 0)
    }

    pub fn bytes(&self) -> u64 {
        u64::from(self.sectors) * 512
    }

    /// Chips of more than 2 GiB count sectors, smaller ones bytes.
    pub fn address(&self, byte: u64) -> Option<u32> {
        let address = if self.bytes() > 2 << 30 { byte / 512 } else { byte };
        u32::try_from(address).ok()
    }

    /// How long so many groups take at most, by the chip's word.
    pub fn takes(&self, groups: u64, securely: bool) -> Duration {
        let factor = if securely { u64::from(self.secure_factor.max(1)) } else { 1 };
        let each = 300 * u64::from(self.timeout.max(1));
        Duration::from_millis(each.saturating_mul(factor).saturating_mul(groups))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_at_the_places_of_the_standard() {
        let mut bytes = vec![0; BYTES];
        bytes[143..149].copy_from_slice(&[2, 0, 0, 0, 1, 0]);
        (bytes[168], bytes[175], bytes[181], bytes[192]) = (32, 1, 1, 8);
        bytes[212..216].copy_from_slice(&0x00E9_0000_u32.to_le_bytes());
        (bytes[221], bytes[223], bytes[224], bytes[226]) = (16, 2, 1, 32);
        (bytes[230], bytes[231]) = (10, 0b0101_0001);
        bytes[254..262].copy_from_slice(b"FW1     ");
        let told = ExtendedCsd::parse(&bytes).unwrap();
        assert_eq!((told.bytes(), told.revision), (0x00E9_0000 * 512, 8));
        assert_eq!((told.boot, told.protected), (4 << 20, 4 << 20));
        assert_eq!(told.general, [16 << 20, 256 * 16 * (512 << 10), 0, 0]);
        assert_eq!((told.group, told.erased_is_ones), (Some(512 << 10), true));
        assert!(told.sanitizes && told.erases_securely);
        assert_eq!(told.firmware.as_deref(), Some("FW1"));
        assert_eq!(told.takes(3, false), Duration::from_millis(1800));
        assert_eq!(told.takes(3, true), Duration::from_secs(18));
        assert_eq!(told.address(1 << 20), Some(2048));
        (bytes[175], bytes[192], bytes[231]) = (0, 6, 0b0011_0000);
        let told = ExtendedCsd::parse(&bytes).unwrap();
        assert_eq!((told.group, told.firmware.clone()), (None, None));
        assert!(!told.sanitizes && !told.erases_securely);
    }

    #[test]
    fn small_chips_count_bytes() {
        let mut bytes = vec![0; BYTES];
        bytes[212..216].copy_from_slice(&0x0040_0000_u32.to_le_bytes());
        let told = ExtendedCsd::parse(&bytes).unwrap();
        assert_eq!((told.bytes(), told.address(1 << 20)), (2 << 30, Some(1 << 20)));
        bytes[212] = 1;
        assert_eq!(ExtendedCsd::parse(&bytes).unwrap().address(1 << 20), Some(2048));
        assert_eq!(ExtendedCsd::parse(&[0; BYTES]), None);
        assert_eq!(ExtendedCsd::parse(&bytes[1..]), None);
    }
}
