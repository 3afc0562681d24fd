//! Registers of the model: as they were sent, and as they come back.

use crate::hardware::sense::{Registers, sample::fixed};

/// The registers as they were sent.
pub(super) struct Sent {
    pub(super) features: u8,
    pub(super) count: u16,
    pub(super) sector: u64,
    pub(super) device: u8,
    pub(super) command: u8,
}

impl Sent {
    pub(super) fn of(block: &[u8; 32]) -> Self {
        let sector =
            [11, 9, 7, 12, 10, 8].iter().fold(0, |sum, at| sum << 8 | u64::from(block[*at]));
        Self {
            features: block[4],
            count: u16::from_be_bytes([block[5], block[6]]),
            sector,
            device: block[13],
            command: block[14],
        }
    }
}

pub(super) type Outcome = Result<Registers, Registers>;

pub(super) fn done() -> Outcome {
    Ok(Registers { status: 0x50, ..Registers::default() })
}

pub(super) fn aborted(reason: u64) -> Outcome {
    Err(Registers { status: 0x51, error: 0x04, sector: reason, ..Registers::default() })
}

/// As a bridge gives them back in the fixed form: without their upper halves.
pub(super) fn halves(registers: &Registers) -> Vec<u8> {
    let mut bytes = fixed(0x01, 0x00, 0x1D, None);
    let [_, _, _, _, _, s2, s1, s0] = registers.sector.to_be_bytes();
    let upper = u8::from(registers.count > 0xFF) << 6 | u8::from(registers.sector > 0xFF_FFFF) << 5;
    bytes[3..7].copy_from_slice(&[
        registers.error,
        registers.status,
        registers.device,
        registers.count as u8,
    ]);
    bytes[8..12].copy_from_slice(&[0x80 | upper, s0, s1, s2]);
    bytes
}
