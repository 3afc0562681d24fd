//! The 512 bytes of ATA's IDENTIFY DEVICE: identity and password. 256 words of 16 bits; texts have their bytes swapped.

use super::super::about::{About, Access};
use crate::formats::Details;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identify {
    words: Box<[u16; 256]>,
}

impl Identify {
    /// None where the block has the wrong length, is blank, or is not of an ATA disk.
    pub fn new(block: &[u8]) -> Option<Self> {
        if block.len() != 512 || !sum_is_right(block) {
            return None;
        }
        let mut words = Box::new([0; 256]);
        for (word, two) in words.iter_mut().zip(block.chunks_exact(2)) {
            *word = u16::from_le_bytes([two[0], two[1]]);
        }
        // Bit 15 of word 0 is clear for disks; blank blocks have it or nothing at all.
        (words[0] >> 15 == 0 && words[1..].iter().any(|word| *word != 0)).then_some(Self { words })
    }

    fn word(&self, at: usize) -> u16 {
        self.words.get(at).copied().unwrap_or(0)
    }

    /// Words whose upper bits say that they hold something.
    fn valid(&self, at: usize) -> bool {
        self.word(at) >> 14 == 1
    }

    fn text(&self, from: usize, to: usize) -> Option<String> {
        let bytes: Vec<u8> =
            self.words[from..to].iter().flat_map(|word| word.to_be_bytes()).collect();
        Details::bytes(&bytes)
    }

    /// Sectors that the host may see.
    pub fn sectors(&self) -> u64 {
        let wide = (100..104).rev().fold(0, |sum, at| sum << 16 | u64::from(self.word(at)));
        let narrow = u64::from(self.word(61)) << 16 | u64::from(self.word(60));
        if self.valid(83) && self.word(83) >> 10 & 1 == 1 && wide != 0 { wide } else { narrow }
    }

    /// Bytes of a logical sector.
    pub fn sector(&self) -> u64 {
        let long = self.valid(106) && self.word(106) >> 12 & 1 == 1;
        let words = u64::from(self.word(118)) << 16 | u64::from(self.word(117));
        if long && words >= 256 { words * 2 } else { 512 }
    }

    /// Whether it has 48 bits of addresses.
    pub fn wide(&self) -> bool {
        self.valid(83) && self.word(83) >> 10 & 1 == 1
    }

    pub fn has_protected_area(&self) -> bool {
        self.valid(83) && self.word(82) >> 10 & 1 == 1
    }

    pub fn has_overlay(&self) -> bool {
        self.valid(83) && self.word(83) >> 11 & 1 == 1
    }

    /// Newer disks have an accessible maximum instead of a protected area.
    pub fn has_accessible_maximum(&self) -> bool {
        self.valid(119) && self.word(119) >> 8 & 1 == 1
    }

    fn security(&self, bit: u16) -> bool {
        self.word(128) & 1 == 1 && self.word(128) >> bit & 1 == 1
    }

    pub fn tell(&self, about: &mut About) {
        about.model = self.text(27, 47).or(about.model.take());
        about.serial = self.text(10, 20).or(about.serial.take());
        about.firmware = self.text(23, 27).or(about.firmware.take());
        about.rotating = match self.word(217) {
            1 => Some(false),
            0x0401..=0xFFFE => Some(true),
            _ => about.rotating,
        };
        if self.word(128) & 1 == 1 {
            about.password = Some(self.security(1));
        }
        if self.security(2) {
            about.access = Access::Locked;
            about.notes.add(match self.security(8) {
                true => "locked; the master password at level maximum only allows to erase it",
                false => "locked; the user's or the master password opens it",
            });
        } else if self.security(3) {
            about.access = Access::Frozen;
        }
        if self.security(4) {
            about.notes.add("too many wrong passwords; switch it off and on");
        }
    }
}

/// Where the last word has the signature A5, the sum of all bytes is zero.
fn sum_is_right(block: &[u8]) -> bool {
    let sum = || block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    block.get(510) != Some(&0xA5) || sum() == 0
}

#[cfg(test)]
pub mod tests {
    use super::super::super::about::Form;
    use super::*;

    /// A synthetic block: no real disk told it.
    pub fn synthetic(change: impl FnOnce(&mut [u16; 256])) -> Vec<u8> {
        let mut words = [0_u16; 256];
        words[0] = 0x0040;
        let text = |at: usize, text: &str, words: &mut [u16; 256]| {
            for (word, two) in words[at..].iter_mut().zip(text.as_bytes().chunks(2)) {
                *word = u16::from_be_bytes([two[0], two.get(1).copied().unwrap_or(b' ')]);
            }
        };
        text(10, "SER123              ", &mut words);
        text(23, "FW1.0   ", &mut words);
        text(27, "SYNTHETIC DISK                          ", &mut words);
        (words[60], words[61]) = (0xFFFF, 0x0FFF);
        (words[82], words[83]) = (1 << 10 | 2, 1 << 14 | 1 << 10 | 1 << 11);
        (words[100], words[101]) = (0x6DB0, 0x7470);
        words[217] = 7200;
        change(&mut words);
        let mut block: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        block[510] = 0xA5;
        let sum = block[..511].iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        block[511] = 0_u8.wrapping_sub(sum);
        block
    }

    fn told(change: impl FnOnce(&mut [u16; 256])) -> About {
        let mut about = About::new(Form::Device, 0);
        Identify::new(&synthetic(change)).unwrap().tell(&mut about);
        about
    }

    #[test]
    fn identity_and_size_are_read() {
        let about = told(|_| {});
        assert_eq!(about.model.as_deref(), Some("SYNTHETIC DISK"));
        assert_eq!(about.serial.as_deref(), Some("SER123"));
        assert_eq!(about.firmware.as_deref(), Some("FW1.0"));
        assert_eq!((about.rotating, about.password), (Some(true), None));
        let identify = Identify::new(&synthetic(|_| {})).unwrap();
        assert_eq!((identify.sectors(), identify.sector()), (0x7470_6DB0, 512));
        let narrow = Identify::new(&synthetic(|words| words[83] = 1 << 14)).unwrap();
        assert_eq!(narrow.sectors(), 0x0FFF_FFFF);
        let long = |words: &mut [u16; 256]| (words[106], words[117]) = (1 << 14 | 1 << 12, 2048);
        assert_eq!(Identify::new(&synthetic(long)).unwrap().sector(), 4096);
    }

    #[test]
    fn a_password_is_told_by_its_state() {
        for (security, access, password) in [
            (0, Access::Readable, None),
            (0b0_0001, Access::Readable, Some(false)),
            (0b0_0011, Access::Readable, Some(true)),
            (0b0_1001, Access::Frozen, Some(false)),
            (0b0_0111, Access::Locked, Some(true)),
            (0b0_1111, Access::Locked, Some(true)),
            (0b0_0110, Access::Readable, None),
        ] {
            let about = told(|words| words[128] = security);
            assert_eq!((about.access, about.password), (access, password), "{security:b}");
        }
    }

    #[test]
    fn a_block_that_is_none_is_none() {
        for block in [vec![], vec![0; 512], vec![0xFF; 512], vec![0; 511]] {
            assert_eq!(Identify::new(&block), None);
        }
        let mut wrong = synthetic(|_| {});
        wrong[20] ^= 1;
        assert_eq!(Identify::new(&wrong), None, "its sum is wrong");
    }
}
