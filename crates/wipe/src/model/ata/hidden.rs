//! What the model hides behind its visible end.

use super::{AtaModel, Outcome, Sent, aborted, done};
use crate::{hardware::sense::Registers, model::Cells};

/// Sectors that are hidden by each way.
#[derive(Debug, Clone, Default)]
pub struct Hides {
    pub area: u64,
    pub overlay: u64,
    pub overlay_locked: bool,
    /// The accessible maximum, not the protected area.
    pub accessible: bool,
    pub narrow: bool,
    pub(super) taken: bool,
}

impl AtaModel {
    pub(super) fn hidden(&mut self, sent: &Sent, cells: &dyn Cells) -> Outcome {
        let (native, accessible) = (self.native(cells), self.hides.accessible);
        let last = Registers { status: 0x50, sector: native - 1, ..Registers::default() };
        match (sent.command, sent.features) {
            (0x78, 0) if accessible => Ok(last),
            (0x27, _) if !accessible && !self.hides.narrow => Ok(last),
            (0xF8, _) if !accessible => Ok(Registers {
                sector: (native - 1) & 0xFF_FFFF,
                device: 0x40 | ((native - 1) >> 24 & 0xF) as u8,
                ..last
            }),
            (0x78, 1) if accessible => self.show(sent.sector, native),
            (0x37, _) if !accessible => self.show(sent.sector, native),
            (0xF9, _) if !accessible => {
                self.show(sent.sector & 0xFF_FFFF | u64::from(sent.device & 0xF) << 24, native)
            }
            _ => aborted(0),
        }
    }

    fn show(&mut self, last: u64, native: u64) -> Outcome {
        if self.hides.taken || last >= native {
            return aborted(0);
        }
        self.hides.taken = true;
        self.hides.area = native - 1 - last;
        done()
    }

    pub(super) fn restore(&mut self) -> Outcome {
        if self.hides.overlay_locked || self.hides.area != 0 {
            return aborted(0);
        }
        // What was behind the overlay is behind the visible end, and shown by another command.
        self.hides.area = std::mem::take(&mut self.hides.overlay);
        self.hides.taken = false;
        done()
    }

    pub(super) fn configuration(cells: &dyn Cells) -> Vec<u8> {
        let mut block = vec![0; 512];
        block[6..14].copy_from_slice(&(cells.bytes() / 512 - 1).to_le_bytes());
        block[510] = 0xA5;
        let sum = block[..511].iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        block[511] = 0_u8.wrapping_sub(sum);
        block
    }
}
