//! NVMe's Sanitize Status log (page 81h): how the newest sanitize operation stands.

use std::time::Duration;

use super::commands::Action;
use crate::hardware::text::{hexadecimal, little};

pub const BYTES: usize = 512;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Never,
    Completed,
    Going,
    Failed,
    /// Completed, and unmapped although it was asked not to be.
    CompletedUnmapped,
    Unknown(u8),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SanitizeLog {
    /// In 65536ths, while it goes on.
    pub progress: u16,
    pub status: Status,
    /// Of an overwrite.
    pub passes: u8,
    /// Nothing was written since the last sanitize operation that succeeded.
    pub nothing_written: bool,
    /// Word 10 of the command that began it.
    pub command: u32,
    /// Seconds of overwrite, block erase, crypto erase; then the same where blocks stay mapped.
    seconds: [u32; 6],
    raw: [u8; 40],
}

impl SanitizeLog {
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let raw: [u8; 40] = bytes.get(..40)?.try_into().ok()?;
        let status = u16::from_le_bytes(little(&raw, 2));
        Some(Self {
            progress: u16::from_le_bytes(little(&raw, 0)),
            status: match status & 7 {
                0 => Status::Never,
                1 => Status::Completed,
                2 => Status::Going,
                3 => Status::Failed,
                4 => Status::CompletedUnmapped,
                other => Status::Unknown(other as u8),
            },
            passes: (status >> 3 & 0x1F) as u8,
            nothing_written: status >> 8 & 1 == 1,
            command: u32::from_le_bytes(little(&raw, 4)),
            seconds: std::array::from_fn(|at| u32::from_le_bytes(little(&raw, 8 + at * 4))),
            raw,
        })
    }

    pub fn action(&self) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.number() == self.command & 7)
    }

    /// Whether a failure of it can be left without a new operation.
    pub fn unrestricted(&self) -> bool {
        self.command >> 3 & 1 == 1
    }

    pub fn going(&self) -> bool {
        self.status == Status::Going
    }

    /// By the device's own estimate.
    pub fn takes(&self, action: Action, keeps: bool) -> Option<Duration> {
        let row = match action {
            Action::Overwrite => 0,
            Action::Block => 1,
            Action::Crypto => 2,
        };
        let seconds = *self.seconds.get(row + if keeps { 3 } else { 0 })?;
        (seconds != u32::MAX).then(|| Duration::from_secs(seconds.into()))
    }

    /// For the certificate: in words, and the bytes as they came.
    pub fn said(&self) -> String {
        let state = match self.status {
            Status::Never => "never sanitized",
            Status::Completed => "completed",
            Status::Going => "in progress",
            Status::Failed => "failed",
            Status::CompletedUnmapped => "completed, and unmapped",
            Status::Unknown(_) => "in a state that is not known",
        };
        let written = if self.nothing_written { ", nothing written since" } else { "" };
        format!("sanitize log 81h: {state}{written}: {}", hexadecimal(&self.raw))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(status: u16, command: u32) -> SanitizeLog {
        let mut bytes = vec![0; BYTES];
        bytes[0..2].copy_from_slice(&0x8000_u16.to_le_bytes());
        bytes[2..4].copy_from_slice(&status.to_le_bytes());
        bytes[4..8].copy_from_slice(&command.to_le_bytes());
        for (at, seconds) in [1, 2, u32::MAX, 4, 5, 6_u32].iter().enumerate() {
            bytes[8 + at * 4..12 + at * 4].copy_from_slice(&seconds.to_le_bytes());
        }
        SanitizeLog::parse(&bytes).unwrap()
    }

    #[test]
    fn every_state_is_told_from_the_others() {
        for (number, status) in [
            (0, Status::Never),
            (1, Status::Completed),
            (2, Status::Going),
            (3, Status::Failed),
            (4, Status::CompletedUnmapped),
            (5, Status::Unknown(5)),
            (7, Status::Unknown(7)),
        ] {
            assert_eq!(log(number, 0).status, status);
            assert_eq!(log(number | 1 << 8 | 3 << 3, 0).status, status);
        }
        let told = log(2 | 3 << 3 | 1 << 8, 0);
        assert_eq!((told.passes, told.nothing_written, told.progress), (3, true, 0x8000));
        assert!(told.said().contains("in progress, nothing written since: 00 80 1A 01"));
    }

    #[test]
    fn the_command_and_the_times_are_of_each_action() {
        for (command, action) in [
            (0x0A, Some(Action::Block)),
            (0x1B, Some(Action::Overwrite)),
            (0x0C, Some(Action::Crypto)),
            (0x01, None),
            (0x00, None),
        ] {
            assert_eq!(log(1, command).action(), action);
        }
        assert!(log(1, 0x0A).unrestricted() && !log(1, 0x02).unrestricted());
        let told = log(1, 0);
        let seconds = |action, keeps| told.takes(action, keeps).map(|takes| takes.as_secs());
        assert_eq!(seconds(Action::Overwrite, false), Some(1));
        assert_eq!(seconds(Action::Block, false), Some(2));
        assert_eq!(seconds(Action::Crypto, false), None);
        assert_eq!(seconds(Action::Block, true), Some(5));
    }

    #[test]
    fn a_log_that_is_cut_is_none() {
        assert_eq!(SanitizeLog::parse(&[0; 39]), None);
        assert!(SanitizeLog::parse(&[0; 40]).is_some());
    }
}
