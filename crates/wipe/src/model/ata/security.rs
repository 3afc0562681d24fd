//! Passwords of the model, and its SECURITY ERASE UNIT.

use super::{AtaModel, Outcome, Sent, aborted, done};
use crate::model::{Cells, Fill};

#[derive(Debug, Clone)]
pub struct SecurityModel {
    pub known: bool,
    pub enhanced: bool,
    pub user: Option<[u8; 32]>,
    pub master: [u8; 32],
    pub locked: bool,
    pub frozen: bool,
    pub attempts: u8,
    pub(super) prepared: bool,
    /// Does not remove the password with the erase.
    pub keeps_password: bool,
}

impl Default for SecurityModel {
    fn default() -> Self {
        Self {
            known: true,
            enhanced: true,
            user: None,
            master: [b'm'; 32],
            locked: false,
            frozen: false,
            attempts: 5,
            prepared: false,
            keeps_password: false,
        }
    }
}

impl AtaModel {
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

    pub(super) fn security(&mut self, sent: &Sent, block: &[u8], cells: &mut dyn Cells) -> Outcome {
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
}

fn password(block: &[u8]) -> Option<[u8; 32]> {
    block.get(2..34)?.try_into().ok()
}

impl SecurityModel {
    pub(super) fn bits(&self) -> u16 {
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
