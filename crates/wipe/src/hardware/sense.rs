//! Sense data of SCSI, in both forms, and ATA's registers that come back in it (SPC-5, SAT-4).

use super::text::byte;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    pub key: u8,
    /// Additional sense code and its qualifier.
    pub code: (u8, u8),
    /// In 65536ths.
    pub progress: Option<u16>,
    pub registers: Option<Registers>,
}

/// What an ATA disk left in its registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Registers {
    pub error: u8,
    pub status: u8,
    pub device: u8,
    pub count: u16,
    pub sector: u64,
    /// Upper halves are lost on the way.
    pub cut: bool,
}

impl Registers {
    /// Error or device fault.
    pub fn failed(&self) -> bool {
        self.status & 0x21 != 0
    }
}

pub const NOT_READY: u8 = 0x02;
pub const ILLEGAL_REQUEST: u8 = 0x05;
pub const UNIT_ATTENTION: u8 = 0x06;

/// ATA's registers came back.
const REGISTERS_BACK: (u8, u8) = (0x00, 0x1D);

impl Sense {
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        match byte(bytes, 0) & 0x7F {
            0x70 | 0x71 if bytes.len() >= 14 => Some(Self::fixed(bytes)),
            0x72 | 0x73 if bytes.len() >= 8 => Some(Self::descriptors(bytes)),
            _ => None,
        }
    }

    fn fixed(bytes: &[u8]) -> Self {
        let code = (byte(bytes, 12), byte(bytes, 13));
        let specific = bytes.get(15..18).and_then(progress);
        Self {
            key: byte(bytes, 2) & 0xF,
            code,
            progress: specific,
            registers: (code == REGISTERS_BACK).then(|| fixed_registers(bytes)),
        }
    }

    fn descriptors(bytes: &[u8]) -> Self {
        let mut sense = Self {
            key: byte(bytes, 1) & 0xF,
            code: (byte(bytes, 2), byte(bytes, 3)),
            progress: None,
            registers: None,
        };
        let end = bytes.len().min(8 + usize::from(byte(bytes, 7)));
        let mut rest = bytes.get(8..end).unwrap_or_default();
        while let [kind, length, ..] = rest {
            let whole = usize::from(*length) + 2;
            let Some((this, after)) = rest.split_at_checked(whole) else { break };
            match (kind, length) {
                (0x02, 6) => sense.progress = this.get(4..7).and_then(progress),
                (0x09, 12) => sense.registers = Some(registers(this)),
                _ => {}
            }
            rest = after;
        }
        sense
    }

    pub fn said(&self) -> String {
        let (code, qualifier) = self.code;
        let words = match (self.key, self.code) {
            (0x02, (0x04, 0x04)) => "format in progress",
            (0x02, (0x04, 0x1B)) => "sanitize in progress",
            (0x03, (0x31, 0x00)) => "medium format corrupted",
            (0x03, (0x31, 0x01)) => "format failed",
            (0x03, (0x31, 0x03)) => "sanitize failed",
            (0x05, (0x20, _)) => "the command is not known",
            (0x05, (0x24, _)) => "a field of the command is not known",
            (0x05, (0x26, _)) => "a field of the parameters is not known",
            (0x00, _) => "no sense",
            (0x01, _) => "recovered error",
            (0x02, _) => "not ready",
            (0x03, _) => "medium error",
            (0x04, _) => "hardware error",
            (0x05, _) => "illegal request",
            (0x06, _) => "unit attention",
            (0x07, _) => "data protect",
            (0x0B, _) => "aborted",
            _ => "an error",
        };
        format!("sense {:X}/{code:02X}/{qualifier:02X}: {words}", self.key)
    }
}

/// Three bytes, the first of which says whether the others count.
fn progress(specific: &[u8]) -> Option<u16> {
    let [valid, high, low] = *specific else { return None };
    (valid >> 7 == 1).then(|| u16::from_be_bytes([high, low]))
}

fn registers(descriptor: &[u8]) -> Registers {
    let at = |at| byte(descriptor, at);
    // The older half of each register stands before the newer one.
    let wide = at(2) & 1 == 1;
    let upper = |place| if wide { at(place) } else { 0 };
    let sector = [upper(10), upper(8), upper(6), at(11), at(9), at(7)];
    Registers {
        error: at(3),
        count: u16::from_be_bytes([upper(4), at(5)]),
        sector: sector.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        device: at(12),
        status: at(13),
        cut: false,
    }
}

/// The lower halves alone; a flag says where an upper half was not zero.
fn fixed_registers(bytes: &[u8]) -> Registers {
    let at = |at| byte(bytes, at);
    Registers {
        error: at(3),
        status: at(4),
        device: at(5),
        count: u16::from(at(6)),
        sector: [at(11), at(10), at(9)].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        cut: at(8) & 0x60 != 0,
    }
}

/// For tests, and for what stands in for a disk in them.
#[doc(hidden)]
pub mod sample {
    use super::Registers;

    pub fn fixed(key: u8, code: u8, qualifier: u8, progress: Option<u16>) -> Vec<u8> {
        let mut bytes = vec![0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, code, qualifier, 0, 0, 0, 0];
        if let Some(progress) = progress {
            bytes[15] = 0x80;
            bytes[16..18].copy_from_slice(&progress.to_be_bytes());
        }
        bytes
    }

    /// Descriptor form, with ATA's registers.
    pub fn ata(key: u8, code: u8, qualifier: u8, registers: &Registers) -> Vec<u8> {
        let [_, _, s5, s4, s3, s2, s1, s0] = registers.sector.to_be_bytes();
        let [c1, c0] = registers.count.to_be_bytes();
        let mut bytes = vec![0x72, key, code, qualifier, 0, 0, 0, 14];
        bytes.extend([9, 12, 1, registers.error, c1, c0, s3, s0, s4, s1, s5, s2]);
        bytes.extend([registers.device, registers.status]);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_form_is_read_at_its_places() {
        let bytes = sample::fixed(2, 0x04, 0x1B, Some(0x8000));
        let sense = Sense::parse(&bytes).unwrap();
        assert_eq!((sense.key, sense.code), (NOT_READY, (0x04, 0x1B)));
        assert_eq!((sense.progress, sense.registers), (Some(0x8000), None));
        assert_eq!(Sense::parse(&sample::fixed(5, 0x20, 0, None)).unwrap().progress, None);
        assert!(sense.said().contains("2/04/1B: sanitize in progress"));
    }

    #[test]
    fn the_form_of_descriptors_is_read_whatever_stands_before() {
        let mut bytes = vec![0x72, 0x02, 0x04, 0x04, 0, 0, 0, 20];
        bytes.extend([0x00, 10, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        bytes.extend([0x02, 6, 0, 0, 0x80, 0x12, 0x34, 0]);
        let sense = Sense::parse(&bytes).unwrap();
        assert_eq!((sense.key, sense.code, sense.progress), (2, (4, 4), Some(0x1234)));
        bytes[24] = 0;
        assert_eq!(Sense::parse(&bytes).unwrap().progress, None, "not valid");
        assert_eq!(Sense::parse(&bytes[..20]).unwrap().progress, None, "cut");
    }

    #[test]
    fn registers_come_back_in_their_order() {
        let mut bytes = vec![0x72, 0x01, 0x00, 0x1D, 0, 0, 0, 14];
        bytes.extend([9, 12, 1, 4, 0xC0, 0x01, 0x44, 0x11, 0x55, 0x22, 0x66, 0x33, 0x40, 0x50]);
        let registers = Sense::parse(&bytes).unwrap().registers.unwrap();
        assert_eq!((registers.sector, registers.count), (0x6655_4433_2211, 0xC001));
        assert_eq!((registers.error, registers.device, registers.status), (4, 0x40, 0x50));
        assert_eq!(sample::ata(1, 0, 0x1D, &registers), bytes);
        assert!(!registers.failed() && !registers.cut);
        bytes[10] = 0;
        let narrow = Sense::parse(&bytes).unwrap().registers.unwrap();
        assert_eq!((narrow.sector, narrow.count), (0x33_2211, 0x01));
    }

    #[test]
    fn registers_of_the_fixed_form_are_halves() {
        let mut bytes = sample::fixed(1, 0x00, 0x1D, None);
        bytes[3..7].copy_from_slice(&[4, 0x51, 0x40, 0x10]);
        bytes[8..12].copy_from_slice(&[0x80, 1, 2, 3]);
        let registers = Sense::parse(&bytes).unwrap().registers.unwrap();
        assert_eq!((registers.sector, registers.count, registers.cut), (0x03_0201, 0x10, false));
        assert!(registers.failed());
        bytes[8] = 0xC0;
        assert!(Sense::parse(&bytes).unwrap().registers.unwrap().cut);
    }

    #[test]
    fn what_is_no_sense_is_none() {
        for bytes in [&[][..], &[0x70; 13], &[0x72; 7], &[0; 32], &[0x74; 32]] {
            assert_eq!(Sense::parse(bytes), None);
        }
        let mut endless = vec![0x72, 0, 0, 0, 0, 0, 0, 255];
        endless.extend([0; 3]);
        assert!(Sense::parse(&endless).is_some());
    }
}
