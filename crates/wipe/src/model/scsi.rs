//! A disk of SCSI: INQUIRY, REQUEST SENSE, SANITIZE, FORMAT UNIT.

use std::time::Duration;

use super::{Cells, Character, Fill, Model, Operation, Stage};
use crate::{
    device::{Answer, Command, CommandError, Data, Set},
    hardware::sense::sample::fixed,
};

pub struct ScsiModel {
    pub character: Character,
    pub maker: [u8; 8],
    pub kind: u8,
    pub rotates: bool,
    pub thin: bool,
    /// Service actions of SANITIZE.
    pub actions: Vec<u8>,
    pub formats: bool,
    /// Answers REPORT SUPPORTED OPERATION CODES.
    pub tells: bool,
    /// Byte 12 of READ CAPACITY (16).
    pub protection: u8,
    pub operation: Operation,
    pub does: Does,
    pub unrestricted: bool,
    /// Events that wait to be told.
    pub events: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    Sanitize,
    Format,
}

impl Default for ScsiModel {
    fn default() -> Self {
        Self {
            character: Character::default(),
            maker: *b"MAKER   ",
            kind: 0,
            rotates: true,
            thin: false,
            actions: vec![1, 2, 3],
            formats: true,
            tells: true,
            protection: 0,
            operation: Operation::default(),
            does: Does::Sanitize,
            unrestricted: false,
            events: 0,
        }
    }
}

type Sense = (u8, u8, u8, Option<u16>);

const NOT_KNOWN: Sense = (5, 0x20, 0x00, None);
const WRONG_FIELD: Sense = (5, 0x24, 0x00, None);
const WRONG_PARAMETER: Sense = (5, 0x26, 0x00, None);

impl ScsiModel {
    /// Why other commands are not taken.
    fn blocked(&self) -> Option<Sense> {
        let progress = self.operation.progress(&self.character);
        match (self.operation.stage, self.does) {
            (Stage::Going, Does::Sanitize) => Some((2, 0x04, 0x1B, Some(progress))),
            (Stage::Going, Does::Format) => Some((2, 0x04, 0x04, Some(progress))),
            (Stage::Failed, Does::Sanitize) => Some((3, 0x31, 0x03, None)),
            (Stage::Failed, Does::Format) => Some((3, 0x31, 0x01, None)),
            _ => None,
        }
    }

    fn inquiry(&self, block: &[u8; 32]) -> Vec<u8> {
        if block[1] & 1 == 1 {
            return self.page(block[2]);
        }
        let mut bytes = vec![self.kind, 0, 6, 2, 31, 0, 0, 0];
        bytes.extend(self.maker);
        bytes.extend(b"SYNTHETIC SAS   FW01");
        bytes
    }

    fn page(&self, page: u8) -> Vec<u8> {
        let body = match page {
            0x00 => vec![0x00, 0x80, 0xB1, 0xB2],
            0x80 => b"SC123456".to_vec(),
            0xB1 if self.rotates => vec![0x1C, 0x20, 0, 0],
            0xB1 => vec![0, 1, 0, 0],
            _ => vec![0, 0x80, if self.thin { 2 } else { 0 }, 0],
        };
        let mut bytes = vec![self.kind, page, 0, body.len() as u8];
        bytes.extend(body);
        bytes
    }

    fn supported(&self, block: &[u8; 32]) -> Vec<u8> {
        let known = match block[3] {
            0x48 => self.actions.contains(&block[5]),
            0x04 => self.formats,
            _ => false,
        };
        vec![0, if known { 3 } else { 1 }, 0, 0]
    }

    fn sanitize(&mut self, block: &[u8; 32], parameters: &[u8]) -> Result<(), Sense> {
        let action = block[1] & 0x1F;
        if self.operation.going() {
            return Err(self.blocked().unwrap_or(WRONG_FIELD));
        }
        if action == 0x1F {
            return self.leave_failure();
        }
        if !self.actions.contains(&action) {
            return Err(if self.actions.is_empty() { NOT_KNOWN } else { WRONG_FIELD });
        }
        let fill = match (action, parameters) {
            (1, [1..=31, _, 0, 4, a, b, c, d]) if block[8] == 8 => Fill::Pattern([*a, *b, *c, *d]),
            (1, _) => return Err(WRONG_PARAMETER),
            (2, _) => Fill::Pattern([0xFF; 4]),
            _ => Fill::Key(3),
        };
        self.unrestricted = block[1] >> 5 & 1 == 1;
        self.does = Does::Sanitize;
        self.operation.begin(fill);
        Ok(())
    }

    fn leave_failure(&mut self) -> Result<(), Sense> {
        let failed = self.operation.stage == Stage::Failed && self.does == Does::Sanitize;
        if failed && !self.unrestricted {
            return Err(WRONG_FIELD);
        }
        if failed {
            self.operation = self.operation.fresh();
        }
        Ok(())
    }

    fn format(&mut self, block: &[u8; 32], parameters: &[u8]) -> Result<(), Sense> {
        if !self.formats {
            return Err(NOT_KNOWN);
        }
        match parameters {
            [_, 0x8A, 0, 0, _, 1, 0, 4, a, b, c, d] if block[1] & 0x10 != 0 => {
                self.does = Does::Format;
                self.operation.begin(Fill::Pattern([*a, *b, *c, *d]));
                Ok(())
            }
            _ => Err(WRONG_PARAMETER),
        }
    }

    fn answer(&mut self, block: &[u8; 32], out: &[u8]) -> Result<Vec<u8>, Sense> {
        match block[0] {
            0x12 => return Ok(self.inquiry(block)),
            0x03 => {
                let (key, code, qualifier, progress) = self.blocked().unwrap_or((0, 0, 0, None));
                return Ok(fixed(key, code, qualifier, progress));
            }
            _ if self.events > 0 => {
                self.events -= 1;
                return Err((6, 0x29, 0x00, None));
            }
            0xA3 if self.tells && block[1] == 0x0C => return Ok(self.supported(block)),
            0x48 => return self.sanitize(block, out).map(|()| Vec::new()),
            0x04 if self.does == Does::Format && !self.operation.going() => {
                return self.format(block, out).map(|()| Vec::new());
            }
            _ => {}
        }
        if let Some(sense) = self.blocked() {
            return Err(sense);
        }
        match block[0] {
            0x00 => Ok(Vec::new()),
            0x04 => self.format(block, out).map(|()| Vec::new()),
            0x9E => {
                let mut bytes = vec![0; 32];
                bytes[12] = self.protection;
                Ok(bytes)
            }
            _ => Err(NOT_KNOWN),
        }
    }
}

impl Model for ScsiModel {
    fn command(
        &mut self,
        command: &mut Command<'_>,
        _: &mut dyn Cells,
    ) -> Result<Answer, CommandError> {
        let Set::Scsi(block, _) = command.set else { return Err(CommandError::NoWay) };
        let out: &[u8] = match &command.data {
            Data::Out(bytes) => bytes,
            _ => &[],
        };
        match self.answer(&block, out) {
            Ok(bytes) => {
                if let Data::In(into) = &mut command.data {
                    let count = bytes.len().min(into.len());
                    into[..count].copy_from_slice(&bytes[..count]);
                }
                Ok(Answer::default())
            }
            Err((key, code, qualifier, progress)) => {
                let sense = fixed(key, code, qualifier, progress);
                Ok(Answer { status: 2, sense, ..Answer::default() })
            }
        }
    }

    fn wait(&mut self, how_long: Duration, cells: &mut dyn Cells) {
        self.operation.pass(how_long, &self.character, cells);
    }

    /// A sanitize operation goes on afterwards; a format is lost.
    fn power_cut(&mut self) {
        self.events = 1;
        if self.does == Does::Format && self.operation.going() {
            self.operation.stage = Stage::Failed;
        }
    }

    fn busy(&self) -> bool {
        self.blocked().is_some()
    }

    fn completed(&self) -> u32 {
        self.operation.completed
    }
}
