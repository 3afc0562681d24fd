//! A controller of NVMe with Identify, the sanitize log, Sanitize and Format NVM.

use std::time::Duration;

use super::{Cells, Character, Fill, Model, Operation, Stage};
use crate::device::{Answer, Command, CommandError, Data, Set};

pub struct NvmeModel {
    pub character: Character,
    /// SANICAP, OACS, FNA, CNTRLTYPE, RPMBS.
    pub sanitize: u32,
    pub commands: u16,
    pub format: u8,
    pub kind: u8,
    pub protected_blocks: u32,
    /// Numbers of active namespaces; the medium is the first.
    pub namespaces: Vec<u32>,
    pub operation: Operation,
    /// Word 10 of the newest Sanitize.
    pub newest: u32,
    /// Knows no list of namespaces.
    pub old: bool,
    /// The next command of this opcode gets this status.
    pub refuses: Option<(u8, u32)>,
}

impl Default for NvmeModel {
    fn default() -> Self {
        Self {
            character: Character::default(),
            sanitize: 0b111 | 2 << 30,
            commands: 0b10,
            format: 0b100,
            kind: 1,
            protected_blocks: 0,
            namespaces: vec![1],
            operation: Operation::default(),
            newest: 0,
            old: false,
            refuses: None,
        }
    }
}

const SUCCESS: u32 = 0;
const INVALID_OPCODE: u32 = 0x4001;
const INVALID_FIELD: u32 = 0x4002;
const INVALID_NAMESPACE: u32 = 0x400B;
const SANITIZE_FAILED: u32 = 0x1C;
const SANITIZE_IN_PROGRESS: u32 = 0x1D;
const EVERY: u32 = 0xFFFF_FFFF;

impl NvmeModel {
    fn controller(&self) -> Vec<u8> {
        let mut bytes = vec![0; 4096];
        bytes[4..24].copy_from_slice(b"NV123456            ");
        bytes[24..64].copy_from_slice(b"SYNTHETIC NVME DISK                     ");
        bytes[64..72].copy_from_slice(b"1.0     ");
        bytes[111] = self.kind;
        bytes[256..258].copy_from_slice(&self.commands.to_le_bytes());
        bytes[312..316].copy_from_slice(&self.protected_blocks.to_le_bytes());
        bytes[328..332].copy_from_slice(&self.sanitize.to_le_bytes());
        bytes[516..520].copy_from_slice(&(self.namespaces.len() as u32).to_le_bytes());
        bytes[524] = self.format;
        bytes
    }

    fn namespace_bytes(cells: &dyn Cells) -> Vec<u8> {
        let mut bytes = vec![0; 4096];
        for at in [0, 8, 16] {
            bytes[at..at + 8].copy_from_slice(&(cells.bytes() / 512).to_le_bytes());
        }
        // Two formats, the first with 512 bytes is in use.
        (bytes[25], bytes[26]) = (1, 0);
        (bytes[130], bytes[134]) = (9, 12);
        bytes
    }

    fn log(&self) -> Vec<u8> {
        let mut bytes = vec![0; 512];
        let stage = match self.operation.stage {
            Stage::Never => 0_u16,
            Stage::Completed => 1 | 1 << 8,
            Stage::Going => 2,
            Stage::Failed => 3,
        };
        let progress = match self.operation.going() {
            true => self.operation.progress(&self.character),
            false => 0xFFFF,
        };
        bytes[0..2].copy_from_slice(&progress.to_le_bytes());
        bytes[2..4].copy_from_slice(&stage.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.newest.to_le_bytes());
        for at in 0..6 {
            let seconds = (self.character.takes.as_secs() as u32).to_le_bytes();
            bytes[8 + at * 4..12 + at * 4].copy_from_slice(&seconds);
        }
        bytes
    }

    fn list(&self) -> Vec<u8> {
        let mut bytes = vec![0; 4096];
        for (four, number) in bytes.chunks_exact_mut(4).zip(&self.namespaces) {
            four.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    fn identify(&self, words: &[u32; 16], cells: &dyn Cells) -> Result<Vec<u8>, u32> {
        match (words[10] & 0xFF, words[1]) {
            (0, number) if self.namespaces.contains(&number) => Ok(Self::namespace_bytes(cells)),
            (0, _) => Err(INVALID_NAMESPACE),
            (1, _) => Ok(self.controller()),
            (2, _) if !self.old => Ok(self.list()),
            _ => Err(INVALID_FIELD),
        }
    }

    fn sanitize(&mut self, word: u32) -> u32 {
        let unrestricted = word >> 3 & 1 == 1;
        let (action, known) = (word & 7, self.sanitize & 7);
        if self.operation.going() {
            return SANITIZE_IN_PROGRESS;
        }
        if action == 1 {
            return self.exit_failure_mode();
        }
        let fill = match action {
            2 if known & 0b010 != 0 => Fill::Pattern([0xFF; 4]),
            3 if known & 0b100 != 0 => Fill::Pattern([0; 4]),
            4 if known & 0b001 != 0 => Fill::Key(77),
            _ => return INVALID_FIELD,
        };
        let restricted_before = self.operation.stage == Stage::Failed && self.newest >> 3 & 1 == 0;
        if restricted_before && unrestricted {
            return SANITIZE_FAILED;
        }
        self.newest = word;
        self.operation.begin(fill);
        SUCCESS
    }

    fn exit_failure_mode(&mut self) -> u32 {
        match self.operation.stage {
            Stage::Failed if self.newest >> 3 & 1 == 1 => {
                self.operation = self.operation.fresh();
                SUCCESS
            }
            Stage::Failed => SANITIZE_FAILED,
            _ => SUCCESS,
        }
    }

    fn format(&mut self, words: &[u32; 16], cells: &mut dyn Cells) -> u32 {
        let (namespace, erase) = (words[1], words[10] >> 9 & 7);
        if self.commands >> 1 & 1 == 0 {
            return INVALID_OPCODE;
        }
        let broadcast = namespace == EVERY && self.format >> 3 & 1 == 0;
        if !broadcast && !self.namespaces.contains(&namespace) {
            return INVALID_NAMESPACE;
        }
        if words[10] & 0xF > 1 || erase > 2 || (erase == 2 && self.format >> 2 & 1 == 0) {
            return INVALID_FIELD;
        }
        let fill = if erase == 2 { Fill::Key(99) } else { Fill::Pattern([0; 4]) };
        let mut once = self.operation.fresh();
        let done = once.at_once(fill, &self.character, cells);
        self.operation.after(&once);
        if done { SUCCESS } else { 0x06 }
    }

    /// Commands that are taken while a sanitize operation goes on or has failed.
    fn always(opcode: u8) -> bool {
        matches!(opcode, 0x02 | 0x06 | 0x84)
    }

    fn answer(&mut self, words: &[u32; 16], data: &mut Data<'_>, cells: &mut dyn Cells) -> u32 {
        let opcode = words[0] as u8;
        if let Some((_, status)) = self.refuses.take_if(|(refused, _)| *refused == opcode) {
            return status;
        }
        let blocked = match self.operation.stage {
            Stage::Going => Some(SANITIZE_IN_PROGRESS),
            Stage::Failed => Some(SANITIZE_FAILED),
            _ => None,
        };
        if let Some(status) = blocked.filter(|_| !Self::always(opcode)) {
            return status;
        }
        let bytes = match opcode {
            0x06 => self.identify(words, cells),
            0x02 if words[10] & 0xFF == 0x81 && self.sanitize & 7 != 0 => Ok(self.log()),
            0x02 => Err(INVALID_FIELD),
            0x84 if self.sanitize & 7 != 0 => return self.sanitize(words[10]),
            0x80 => return self.format(words, cells),
            _ => Err(INVALID_OPCODE),
        };
        match (bytes, data) {
            (Ok(bytes), Data::In(into)) => {
                let count = bytes.len().min(into.len());
                into[..count].copy_from_slice(&bytes[..count]);
                SUCCESS
            }
            (Ok(_), _) => INVALID_FIELD,
            (Err(status), _) => status,
        }
    }
}

impl Model for NvmeModel {
    fn command(
        &mut self,
        command: &mut Command<'_>,
        cells: &mut dyn Cells,
    ) -> Result<Answer, CommandError> {
        let Set::Nvme(words) = command.set else { return Err(CommandError::NoWay) };
        let status = self.answer(&words, &mut command.data, cells);
        Ok(Answer { status, ..Answer::default() })
    }

    fn wait(&mut self, how_long: Duration, cells: &mut dyn Cells) {
        self.operation.pass(how_long, &self.character, cells);
    }

    /// An operation goes on afterwards by itself.
    fn power_cut(&mut self) {}

    fn busy(&self) -> bool {
        matches!(self.operation.stage, Stage::Going | Stage::Failed)
    }

    fn namespace(&self) -> Option<u32> {
        self.namespaces.first().copied()
    }

    fn completed(&self) -> u32 {
        self.operation.completed
    }
}
