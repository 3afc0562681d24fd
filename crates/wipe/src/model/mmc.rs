//! A chip of eMMC: extended CSD, erase, sanitize.

use std::time::Duration;

use super::{Cells, Character, Fill, Lie, Model};
use crate::device::{Answer, Command, CommandError, Data, MmcCommand, Set};

pub struct MmcModel {
    pub character: Character,
    /// SEC_FEATURE_SUPPORT.
    pub features: u8,
    pub boot: u8,
    pub protected: u8,
    pub general: u8,
    /// Bytes in each group, in 512 KiB; zero: not set to groups of high capacity.
    pub group: u8,
    pub ones: bool,
    /// It is no eMMC: the question is not answered.
    pub deaf: bool,
    /// Groups from this place on are write-protected.
    pub protected_from: Option<u64>,
    pub sequence: Sequence,
    pub erased: u32,
    pub sanitized: u32,
    /// Whether `completed` counts sanitizing, not erasing.
    pub counts_sanitizing: bool,
}

/// What it remembers from one command to the next.
#[derive(Debug, Default)]
pub struct Sequence {
    first: Option<u64>,
    last: Option<u64>,
    /// All up to here was erased, one stretch after the other.
    erased_to: u64,
    /// What it says at its next status.
    pending: u32,
}

impl Default for MmcModel {
    fn default() -> Self {
        Self {
            character: Character::default(),
            features: 0b0101_0001,
            boot: 32,
            protected: 32,
            general: 0,
            group: 1,
            ones: false,
            deaf: false,
            protected_from: None,
            sequence: Sequence::default(),
            erased: 0,
            sanitized: 0,
            counts_sanitizing: false,
        }
    }
}

/// Ready, in the state of transfer.
const READY: u32 = 0x0900;
const ERROR: u32 = 1 << 19;
const SEQUENCE: u32 = 1 << 28;
const PARAMETER: u32 = 1 << 27;
const LEFT_OUT: u32 = 1 << 15;
const ILLEGAL: u32 = 1 << 22;
const SWITCH: u32 = 1 << 7;

impl MmcModel {
    fn extended_csd(&self, cells: &dyn Cells) -> Vec<u8> {
        let mut bytes = vec![0; 512];
        (bytes[143], bytes[168], bytes[175]) =
            (self.general, self.protected, u8::from(self.group != 0));
        (bytes[181], bytes[192]) = (u8::from(self.ones), 8);
        bytes[212..216].copy_from_slice(&((cells.bytes() / 512) as u32).to_le_bytes());
        (bytes[221], bytes[223], bytes[224], bytes[226]) = (1, 1, self.group.max(1), self.boot);
        (bytes[230], bytes[231]) = (10, self.features);
        bytes[254..262].copy_from_slice(b"EM01    ");
        bytes
    }

    /// The model is smaller than 2 GiB, so that addresses are bytes.
    fn one(&mut self, command: MmcCommand, cells: &mut dyn Cells) -> u32 {
        let address = u64::from(command.argument);
        match (command.index, command.argument) {
            (35, _) if address < cells.bytes() => self.sequence.first = Some(address),
            (36, _) if address < cells.bytes() => self.sequence.last = Some(address),
            (35 | 36, _) => return READY | PARAMETER,
            (38, 0) => return self.erase(cells),
            (38, 0x8000_0000) if self.features & 1 == 1 => return self.erase(cells),
            (6, 0x03A5_0100) => return self.sanitize(),
            (13, _) => return READY | std::mem::take(&mut self.sequence.pending),
            _ => return READY | ILLEGAL,
        }
        READY
    }

    fn erase(&mut self, cells: &mut dyn Cells) -> u32 {
        let (Some(first), Some(last)) = (self.sequence.first.take(), self.sequence.last.take())
        else {
            return READY | SEQUENCE;
        };
        // Groups are erased as a whole.
        let group = u64::from(self.group.max(1)) * (512 << 10);
        let (from, all) = (first / group * group, cells.bytes());
        let mut to = ((last / group + 1) * group).min(all);
        let fails = self.character.fails_at.map(|at| all / 0x1_0000 * u64::from(at));
        if let Some(from) = self.protected_from.filter(|from| *from < to) {
            to = from;
            self.sequence.pending |= LEFT_OUT;
        } else if let Some(at) = fails.filter(|at| *at < to) {
            to = at.max(from);
            self.sequence.pending |= ERROR;
        }
        let most = match self.character.lie {
            Lie::None => all,
            Lie::Half => all / 2,
            Lie::Nothing => 0,
        };
        let blank = Fill::Pattern([if self.ones { 0xFF } else { 0 }; 4]);
        cells.fill(from, to.min(most).saturating_sub(from), blank);
        if from <= self.sequence.erased_to && self.sequence.pending == 0 {
            self.sequence.erased_to = self.sequence.erased_to.max(to);
            self.erased += u32::from(self.sequence.erased_to == all);
        }
        READY
    }

    fn sanitize(&mut self) -> u32 {
        if self.features >> 6 & 1 == 0 || self.character.fails_at.is_some() {
            self.sequence.pending |= SWITCH;
            return READY;
        }
        self.sanitized += 1;
        READY
    }
}

impl Model for MmcModel {
    fn command(
        &mut self,
        command: &mut Command<'_>,
        cells: &mut dyn Cells,
    ) -> Result<Answer, CommandError> {
        let Set::Mmc(series, count) = command.set else { return Err(CommandError::NoWay) };
        if self.deaf || (self.character.stuck && count == 3) {
            return Err(CommandError::Patience(command.patience));
        }
        if let (MmcCommand { index: 8, .. }, Data::In(into)) = (series[0], &mut command.data) {
            into.copy_from_slice(&self.extended_csd(cells));
            return Ok(Answer { status: READY, ..Answer::default() });
        }
        let mut status = READY;
        for one in series.iter().take(count) {
            status |= self.one(*one, cells);
        }
        Ok(Answer { status, ..Answer::default() })
    }

    fn wait(&mut self, _: Duration, _: &mut dyn Cells) {}

    fn power_cut(&mut self) {
        (self.sequence.first, self.sequence.last, self.sequence.pending) = (None, None, 0);
    }

    fn completed(&self) -> u32 {
        if self.counts_sanitizing { self.sanitized } else { self.erased }
    }
}
