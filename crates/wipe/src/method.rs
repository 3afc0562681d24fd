//! The ways to wipe a medium, what each of them can reach, and what a device offers of them.

use std::time::Duration;

use leaksweep_facts::certificate::{Level, Medium};

use crate::device::Device;

/// What a command set knows how to do with a device: one for NVMe, ATA, SCSI, MMC, the kernel, and the overwrite.
pub trait Hardware: Sync {
    /// What the device tells of itself, with commands that only read. Fills in what `medium` lacks: what the kernel said of it stays.
    fn look(&self, device: &dyn Device, medium: &mut Medium) -> Told;

    /// Makes visible what the device hides behind its end, for good; none where it knows no such thing.
    fn open_hidden(&self, _: &mut dyn Device) -> Result<Option<Opened>, Failure> {
        Ok(None)
    }

    /// Carries an offer out to its end. One that is under way already (after a power cut) is followed, not begun again.
    fn run(
        &self,
        offer: &Offer,
        device: &mut dyn Device,
        watch: &mut dyn Watch,
    ) -> Result<(), Failure>;
}

/// What became of the hidden end. Where something stays hidden, the log says why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opened {
    /// Bytes that could be seen.
    pub before: u64,
    pub after: u64,
    /// None where the disk cannot be asked.
    pub still_hidden: Option<u64>,
    pub log: Vec<String>,
}

/// What a device offers, and what it does not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    pub offers: Vec<Offer>,
    pub denials: Vec<Denial>,
    /// Sentences on areas that no offer reaches: RPMB, boot partitions, spare blocks.
    pub unreached: Vec<String>,
    /// A technique is under way on the device itself; nothing else can be done before its end.
    pub under_way: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// As certificates have it: `nvme-sanitize-crypto`.
    pub method: &'static str,
    /// What it reaches on this medium if it completes and the proof agrees.
    pub level: Level,
    /// A sentence: why this level.
    pub reason: String,
    /// In words and bytes, as they would be sent.
    pub commands: Vec<String>,
    pub takes: Option<Duration>,
    /// What reads back afterwards.
    pub leaves: Leaves,
    /// Larger is stronger; among equals the faster.
    pub rank: u8,
}

/// Why a method is not offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    pub method: &'static str,
    pub reason: String,
    /// What the user can do so that it is offered; none where nothing helps.
    pub hint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaves {
    Zeros,
    /// Zeros, ones, a short pattern, or what looks like chance: the device's choice.
    Anything,
}

/// Sees how a technique goes on, and can stop it where it can be stopped.
pub trait Watch {
    /// Bytes or 65536ths, and of how many.
    fn progress(&mut self, done: u64, of: u64);
    /// A line for the certificate's log: what the device said.
    fn log(&mut self, line: String);
    /// Before the first command that cannot be taken back: the journal must be on disk.
    fn committed(&mut self) -> Result<(), Failure>;
    fn stopped(&self) -> bool;
}

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The user stopped it; it can go on later.
    #[error("it was interrupted")]
    Stopped,
    #[error("the device is gone")]
    Gone,
    /// The device says that it failed; word for word.
    #[error("{0}")]
    Failed(String),
    #[error("the journal cannot be kept: {0}")]
    Journal(String),
}
