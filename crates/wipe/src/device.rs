//! The boundary to the hardware: everything that a wipe does to a medium goes through this trait, and a double stands behind it in
//! tests. Nothing here decides anything.

use std::{io, time::Duration};

/// A medium that is open for writing, alone.
pub trait Device: Sync {
    fn bytes(&self) -> u64;

    /// Bytes of a logical sector; every place and length is a multiple of it.
    fn sector(&self) -> u32;

    /// May read less than asked for; 0 only at the end.
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize>;

    /// May write less than given, never nothing.
    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<usize>;

    /// After it, what was written survives a power cut, by the device's word.
    fn flush(&self) -> io::Result<()>;

    /// Asks the kernel to make a stretch empty. One that begins within a sector only asks whether the way is known: `InvalidInput`
    /// where it is, `Unsupported` where it is not; nothing is changed.
    fn empty(&self, how: Emptying, at: u64, bytes: u64) -> io::Result<()>;

    /// Sends one command to the device itself.
    fn command(&self, command: &mut Command<'_>) -> Result<Answer, CommandError>;

    /// The number of NVMe's namespace that this is; none elsewhere, and where it is not known.
    fn namespace(&self) -> Option<u32> {
        None
    }

    /// The size again, after it changed.
    fn resize(&mut self) -> io::Result<()>;

    /// Waits; a double lets no time pass.
    fn wait(&self, how_long: Duration);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emptying {
    /// BLKSECDISCARD.
    SecureDiscard,
    /// BLKZEROOUT.
    ZeroOut,
}

/// A command in the bytes that its standard lays down.
#[derive(Debug)]
pub struct Command<'a> {
    pub set: Set,
    pub data: Data<'a>,
    pub patience: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// An admin command: the 16 words of 32 bits of its submission entry. Word 0 is the opcode; data pointers are left zero.
    Nvme([u32; 16]),
    /// A command descriptor block; ATA's commands are in ATA PASS-THROUGH (16). The first `usize` bytes count.
    Scsi([u8; 32], usize),
    /// The first `usize` of them, one after the other with nothing in between. Only one that is alone has data.
    Mmc([MmcCommand; 3], usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MmcCommand {
    pub index: u32,
    pub argument: u32,
    /// The kind of answer, by the kernel's numbers.
    pub flags: u32,
}

#[derive(Debug)]
pub enum Data<'a> {
    None,
    In(&'a mut [u8]),
    Out(&'a [u8]),
}

/// What came back beside data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// NVMe: the status field (0 is success). SCSI: the status byte. MMC: the card's status, of a series the errors of all.
    pub status: u32,
    /// NVMe: word 0 of the completion entry.
    pub result: u32,
    /// SCSI: the sense data that came.
    pub sense: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// This device or kernel has no way for such commands.
    #[error("the device takes no such commands")]
    NoWay,
    #[error("the device is gone")]
    Gone,
    #[error("no answer within {0:?}")]
    Patience(Duration),
    #[error("{0}")]
    Other(#[from] io::Error),
}
