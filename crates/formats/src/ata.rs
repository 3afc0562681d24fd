//! The 512 bytes of ATA's IDENTIFY DEVICE: identity and password. 256 words of 16 bits; texts have their bytes swapped.

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

    /// Printable ASCII alone, as the standard has it.
    fn text(&self, from: usize, to: usize) -> Option<String> {
        let bytes = self.words[from..to].iter().flat_map(|word| word.to_be_bytes());
        let kept: String =
            bytes.filter(|byte| matches!(byte, b' '..=b'~')).map(char::from).collect();
        let text = kept.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    pub fn model(&self) -> Option<String> {
        self.text(27, 47)
    }

    pub fn serial(&self) -> Option<String> {
        self.text(10, 20)
    }

    pub fn firmware(&self) -> Option<String> {
        self.text(23, 27)
    }

    /// Whether it turns; none where it does not say.
    pub fn rotating(&self) -> Option<bool> {
        match self.word(217) {
            1 => Some(false),
            0x0401..=0xFFFE => Some(true),
            _ => None,
        }
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

    /// What its password does; none where it knows no passwords.
    pub fn security(&self) -> Option<Security> {
        let word = self.word(128);
        let bit = |bit: u16| word >> bit & 1 == 1;
        bit(0).then(|| Security {
            set: bit(1),
            locked: bit(2),
            frozen: bit(3),
            expired: bit(4),
            enhanced: bit(5),
            maximum: bit(8),
            minutes: minutes(self.word(89)),
            enhanced_minutes: minutes(self.word(90)),
        })
    }

    /// Whether it says that it encrypts all user data, always.
    pub fn encrypts_all(&self) -> bool {
        self.word(69) >> 4 & 1 == 1
    }

    /// Which ways of SANITIZE it has; none where it has none.
    pub fn sanitize(&self) -> Option<Sanitize> {
        let word = self.word(59);
        let bit = |bit: u16| word >> bit & 1 == 1;
        bit(12).then(|| Sanitize { crypto: bit(13), overwrite: bit(14), block: bit(15) })
    }
}

/// Word 128, and how long SECURITY ERASE UNIT takes by the disk's own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Security {
    /// A password is set.
    pub set: bool,
    pub locked: bool,
    /// No command of security is taken before the next power cycle.
    pub frozen: bool,
    /// Too many wrong passwords.
    pub expired: bool,
    /// The enhanced erase is known.
    pub enhanced: bool,
    /// Level maximum: the master password can only erase.
    pub maximum: bool,
    pub minutes: Option<u32>,
    pub enhanced_minutes: Option<u32>,
}

/// Word 59.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sanitize {
    pub crypto: bool,
    pub overwrite: bool,
    pub block: bool,
}

/// In steps of two minutes; 15 bits where the uppermost is set, 8 where it is not.
fn minutes(word: u16) -> Option<u32> {
    let steps = if word >> 15 == 1 { word & 0x7FFF } else { word & 0xFF };
    (steps != 0).then_some(u32::from(steps) * 2)
}

/// Where the last word has the signature A5, the sum of all bytes is zero.
fn sum_is_right(block: &[u8]) -> bool {
    let sum = || block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    block.get(510) != Some(&0xA5) || sum() == 0
}

/// For tests, and for what stands in for a disk in them.
#[doc(hidden)]
pub mod sample {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use sample::synthetic;

    fn identify(change: impl FnOnce(&mut [u16; 256])) -> Identify {
        Identify::new(&synthetic(change)).unwrap()
    }

    #[test]
    fn identity_and_size_are_read() {
        let disk = identify(|_| {});
        assert_eq!(disk.model().as_deref(), Some("SYNTHETIC DISK"));
        assert_eq!(disk.serial().as_deref(), Some("SER123"));
        assert_eq!(disk.firmware().as_deref(), Some("FW1.0"));
        assert_eq!((disk.rotating(), disk.security()), (Some(true), None));
        assert_eq!((disk.sectors(), disk.sector()), (0x7470_6DB0, 512));
        assert_eq!(identify(|words| words[83] = 1 << 14).sectors(), 0x0FFF_FFFF);
        let long = |words: &mut [u16; 256]| (words[106], words[117]) = (1 << 14 | 1 << 12, 2048);
        assert_eq!(identify(long).sector(), 4096);
        let foreign = |words: &mut [u16; 256]| words[10] = 0x1B5B;
        assert_eq!(identify(foreign).serial().as_deref(), Some("[R123"));
    }

    #[test]
    fn a_password_is_told_by_its_state() {
        assert_eq!(identify(|words| words[128] = 0b0_0110).security(), None);
        let of = |word: u16| identify(|words| words[128] = word).security().unwrap();
        let states = |word: u16| {
            let security = of(word);
            [security.set, security.locked, security.frozen, security.expired, security.enhanced]
        };
        for bit in 1..6 {
            let mut expected = [false; 5];
            expected[bit - 1] = true;
            assert_eq!(states(1 | 1 << bit), expected, "{bit}");
        }
        assert!(of(1 | 1 << 8).maximum && !of(1).maximum);
    }

    #[test]
    fn how_long_an_erase_takes_has_two_forms() {
        let security = identify(|words| {
            (words[128], words[89], words[90]) = (1, 60, 0x8000 | 300);
        });
        let security = security.security().unwrap();
        assert_eq!((security.minutes, security.enhanced_minutes), (Some(120), Some(600)));
        assert_eq!((minutes(0), minutes(0x8000)), (None, None));
    }

    #[test]
    fn ways_to_sanitize_are_bits_of_their_own() {
        assert_eq!(identify(|words| words[59] = 7 << 13).sanitize(), None);
        let of = |word: u16| identify(|words| words[59] = word).sanitize().unwrap();
        let ways = |word: u16| (of(word).crypto, of(word).overwrite, of(word).block);
        assert_eq!(ways(1 << 12 | 1 << 13), (true, false, false));
        assert_eq!(ways(1 << 12 | 1 << 14), (false, true, false));
        assert_eq!(ways(1 << 12 | 1 << 15), (false, false, true));
        assert!(!identify(|words| words[69] = !(1 << 4)).encrypts_all());
        assert!(identify(|words| words[69] = 1 << 4).encrypts_all());
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
