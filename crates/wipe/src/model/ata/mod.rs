//! A disk of ATA behind ATA PASS-THROUGH (16): IDENTIFY DEVICE, SANITIZE DEVICE, security, and what it hides.

mod hidden;
mod registers;
mod security;

use std::time::Duration;

use leaksweep_formats::ata::sample::synthetic;

pub use hidden::Hides;
pub use security::SecurityModel;

use registers::{Outcome, Sent, aborted, done, halves};

use super::{Cells, Character, Fill, Model, Operation, Stage};
use crate::{
    device::{Answer, Command, CommandError, Data, Set},
    hardware::sense::{
        Registers,
        sample::{ata, fixed},
    },
};

pub struct AtaModel {
    pub character: Character,
    /// Bits 13 to 15 of word 59; zero: it does not know SANITIZE.
    pub ways: u16,
    pub encrypts: bool,
    pub rotates: bool,
    pub sanitize_frozen: bool,
    pub operation: Operation,
    pub security: SecurityModel,
    /// The bridge refuses pass-through.
    pub deaf: bool,
    /// The bridge gives registers back in the fixed form.
    pub halves: bool,
    pub hides: Hides,
    /// Takes SANITIZE DEVICE and does not begin.
    pub ignores: bool,
    /// The next command of this number is aborted.
    pub refuses: Option<u8>,
}

impl Default for AtaModel {
    fn default() -> Self {
        Self {
            character: Character::default(),
            ways: 0b111 << 13,
            encrypts: true,
            rotates: false,
            sanitize_frozen: false,
            operation: Operation::default(),
            security: SecurityModel::default(),
            deaf: false,
            halves: false,
            hides: Hides::default(),
            ignores: false,
            refuses: None,
        }
    }
}

impl AtaModel {
    fn sectors(&self, cells: &dyn Cells) -> u64 {
        self.native(cells) - self.hides.area
    }

    fn native(&self, cells: &dyn Cells) -> u64 {
        cells.bytes() / 512 - self.hides.overlay
    }

    fn identify(&self, cells: &dyn Cells) -> Vec<u8> {
        let (sectors, security) = (self.sectors(cells), &self.security);
        synthetic(|words| {
            for (at, word) in words[100..104].iter_mut().enumerate() {
                *word = (sectors >> (16 * at)) as u16;
            }
            (words[60], words[61]) = (sectors as u16, (sectors >> 16) as u16);
            words[59] = if self.ways == 0 { 0 } else { self.ways | 1 << 12 };
            words[69] = u16::from(self.encrypts) << 4;
            words[217] = if self.rotates { 7200 } else { 1 };
            words[128] = security.bits();
            (words[89], words[90]) = (30, 2);
            if self.hides.accessible {
                words[119] = 1 << 14 | 1 << 8;
                words[82] = 2;
            }
            if self.hides.narrow {
                words[83] = 1 << 14 | 1 << 11;
            }
        })
    }

    fn sanitize(&mut self, sent: &Sent) -> Outcome {
        if self.ways == 0 || (self.security.locked && sent.features != 0) {
            return aborted(0);
        }
        let fill = match (sent.features, sent.sector) {
            (0x00, _) => return self.status(sent),
            (0x11, 0x4372_7970) if self.ways >> 13 & 1 == 1 => Fill::Key(5),
            (0x12, 0x426B_4572) if self.ways >> 15 & 1 == 1 => Fill::Pattern([0xFF; 4]),
            (0x14, sector) if self.ways >> 14 & 1 == 1 && sector >> 32 == 0x4F57 => {
                Fill::Pattern((sector as u32).to_be_bytes())
            }
            _ => return aborted(2),
        };
        if self.sanitize_frozen {
            return aborted(3);
        }
        if !self.ignores {
            self.operation.begin(fill);
        }
        Ok(Registers { status: 0x50, count: 1 << 14, ..Registers::default() })
    }

    fn status(&mut self, sent: &Sent) -> Outcome {
        if self.operation.stage == Stage::Failed {
            if sent.count & 1 == 0 {
                return aborted(1);
            }
            self.operation = self.operation.fresh();
        }
        let going = self.operation.going();
        let count = u16::from(self.operation.stage == Stage::Completed) << 15
            | u16::from(going) << 14
            | u16::from(self.sanitize_frozen) << 13;
        let sector = match going {
            true => self.operation.progress(&self.character).into(),
            false => 0xFFFF,
        };
        Ok(Registers { status: 0x50, count, sector, ..Registers::default() })
    }

    fn answer(&mut self, sent: &Sent, data: &mut Data<'_>, cells: &mut dyn Cells) -> Outcome {
        if self.refuses.take_if(|refused| *refused == sent.command).is_some() {
            return aborted(0);
        }
        let busy = self.operation.going()
            && !matches!((sent.command, sent.features), (0xEC, _) | (0xB4, 0));
        if busy {
            return aborted(0);
        }
        if sent.command != 0xF4 && sent.command != 0xF3 {
            self.security.prepared = false;
        }
        let block = match (sent.command, sent.features) {
            (0xEC, _) => Some(self.identify(cells)),
            (0xB1, 0xC2) => Some(Self::configuration(cells)),
            _ => None,
        };
        if let (Some(block), Data::In(into)) = (block, &mut *data) {
            into.copy_from_slice(&block);
            return done();
        }
        let out: &[u8] = match data {
            Data::Out(bytes) => bytes,
            _ => &[],
        };
        match (sent.command, sent.features) {
            (0xB4, _) => self.sanitize(sent),
            (0xF1..=0xF6, _) => self.security(sent, out, cells),
            (0x78 | 0x27 | 0xF8 | 0x37 | 0xF9, _) => self.hidden(sent, cells),
            (0xB1, 0xC0) => self.restore(),
            _ => aborted(0),
        }
    }
}

impl Model for AtaModel {
    fn command(
        &mut self,
        command: &mut Command<'_>,
        cells: &mut dyn Cells,
    ) -> Result<Answer, CommandError> {
        let Set::Scsi(block, 16) = command.set else { return Err(CommandError::NoWay) };
        if self.deaf || block[0] != 0x85 {
            let sense = fixed(0x05, 0x20, 0x00, None);
            return Ok(Answer { status: 2, sense, ..Answer::default() });
        }
        let outcome = self.answer(&Sent::of(&block), &mut command.data, cells);
        let sense = match &outcome {
            Ok(registers) if self.halves => halves(registers),
            Ok(registers) => ata(0x01, 0x00, 0x1D, registers),
            Err(registers) => ata(0x0B, 0x00, 0x00, registers),
        };
        Ok(Answer { status: 2, sense, ..Answer::default() })
    }

    fn wait(&mut self, how_long: Duration, cells: &mut dyn Cells) {
        self.operation.pass(how_long, &self.character, cells);
    }

    fn power_cut(&mut self) {
        self.security.locked = self.security.user.is_some();
        (self.security.frozen, self.security.prepared, self.security.attempts) = (false, false, 5);
        (self.sanitize_frozen, self.hides.taken) = (false, false);
    }

    fn busy(&self) -> bool {
        self.security.locked || matches!(self.operation.stage, Stage::Going | Stage::Failed)
    }

    fn bytes(&self, cells: &dyn Cells) -> u64 {
        self.sectors(cells) * 512
    }

    fn completed(&self) -> u32 {
        self.operation.completed
    }
}
