//! A disk of ATA behind ATA PASS-THROUGH (16): IDENTIFY DEVICE, SANITIZE DEVICE, security, and what it hides.

use std::time::Duration;

use leaksweep_formats::ata::sample::synthetic;

use super::{Cells, Character, Fill, Model, Operation, Stage};
use crate::{
    device::{Answer, Command, CommandError, Data, Set},
    hardware::sense_of::{Registers, ata, fixed},
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

#[derive(Debug, Clone)]
pub struct SecurityModel {
    pub known: bool,
    pub enhanced: bool,
    pub user: Option<[u8; 32]>,
    pub master: [u8; 32],
    pub locked: bool,
    pub frozen: bool,
    pub attempts: u8,
    prepared: bool,
    /// Does not remove the password with the erase.
    pub keeps_password: bool,
}

/// Sectors that are hidden by each way.
#[derive(Debug, Clone, Default)]
pub struct Hides {
    pub area: u64,
    pub overlay: u64,
    pub overlay_locked: bool,
    /// The accessible maximum, not the protected area.
    pub accessible: bool,
    pub narrow: bool,
    taken: bool,
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
            security: SecurityModel {
                known: true,
                enhanced: true,
                user: None,
                master: [b'm'; 32],
                locked: false,
                frozen: false,
                attempts: 5,
                prepared: false,
                keeps_password: false,
            },
            deaf: false,
            halves: false,
            hides: Hides::default(),
            ignores: false,
            refuses: None,
        }
    }
}

/// The registers as they were sent.
struct Sent {
    features: u8,
    count: u16,
    sector: u64,
    device: u8,
    command: u8,
}

impl Sent {
    fn of(block: &[u8; 32]) -> Self {
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

type Outcome = Result<Registers, Registers>;

fn done() -> Outcome {
    Ok(Registers { status: 0x50, ..Registers::default() })
}

fn aborted(reason: u64) -> Outcome {
    Err(Registers { status: 0x51, error: 0x04, sector: reason, ..Registers::default() })
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

    fn erase(&mut self, block: &[u8], cells: &mut dyn Cells) -> Outcome {
        let prepared = std::mem::take(&mut self.security.prepared);
        let enhanced = block.first().is_some_and(|head| head >> 1 & 1 == 1);
        if !prepared || self.security.user.is_none() || !self.security.opens(block) {
            return aborted(0);
        }
        if enhanced && !self.security.enhanced {
            return aborted(0);
        }
        let mut once = self.operation.fresh();
        let erased = once.at_once(Fill::Pattern([0; 4]), &self.character, cells);
        self.operation.after(&once);
        if !erased {
            return aborted(0);
        }
        if !self.security.keeps_password {
            self.security.user = None;
        }
        self.security.locked = false;
        done()
    }

    fn security(&mut self, sent: &Sent, block: &[u8], cells: &mut dyn Cells) -> Outcome {
        if !self.security.known || self.security.frozen {
            return aborted(0);
        }
        match sent.command {
            0xF1 if !self.security.locked => self.security.user = password(block),
            0xF2 if self.security.opens(block) => self.security.locked = false,
            0xF3 => self.security.prepared = true,
            0xF4 => return self.erase(block, cells),
            0xF6 if !self.security.locked && self.security.opens(block) => {
                self.security.user = None;
            }
            _ => return aborted(0),
        }
        done()
    }

    fn hidden(&mut self, sent: &Sent, cells: &dyn Cells) -> Outcome {
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

    fn restore(&mut self) -> Outcome {
        if self.hides.overlay_locked || self.hides.area != 0 {
            return aborted(0);
        }
        // What was behind the overlay is behind the visible end, and shown by another command.
        self.hides.area = std::mem::take(&mut self.hides.overlay);
        self.hides.taken = false;
        done()
    }

    fn configuration(cells: &dyn Cells) -> Vec<u8> {
        let mut block = vec![0; 512];
        block[6..14].copy_from_slice(&(cells.bytes() / 512 - 1).to_le_bytes());
        block[510] = 0xA5;
        let sum = block[..511].iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        block[511] = 0_u8.wrapping_sub(sum);
        block
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

fn password(block: &[u8]) -> Option<[u8; 32]> {
    block.get(2..34)?.try_into().ok()
}

impl SecurityModel {
    fn bits(&self) -> u16 {
        if !self.known {
            return 0;
        }
        let bits = [
            true,
            self.user.is_some(),
            self.locked,
            self.frozen,
            self.attempts == 0,
            self.enhanced,
        ];
        bits.iter().enumerate().fold(0, |word, (bit, set)| word | u16::from(*set) << bit)
    }

    fn opens(&mut self, block: &[u8]) -> bool {
        if self.attempts == 0 {
            return false;
        }
        let master = block.first().is_some_and(|head| head & 1 == 1);
        let right = match (password(block), master) {
            (Some(given), true) => given == self.master,
            (given, false) => given.is_some() && given == self.user,
            _ => false,
        };
        if !right {
            self.attempts -= 1;
        }
        right
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

    fn bytes(&self, cells: &dyn Cells) -> u64 {
        self.sectors(cells) * 512
    }

    fn completed(&self) -> u32 {
        self.operation.completed
    }
}

fn halves(registers: &Registers) -> Vec<u8> {
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
