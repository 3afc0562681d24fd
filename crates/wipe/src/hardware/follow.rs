//! Follows what a device does by itself until it ends: asks, waits, asks again. Ends in every case: after a day without any
//! progress, or a month in all.

use std::time::Duration;

use crate::{
    device::{CommandError, Device},
    method::{Failure, Watch},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// In 65536ths.
    Going(u16),
    /// What the device said, word for word.
    Done(String),
    Failed(String),
}

const STALLED: Duration = Duration::from_secs(24 * 3600);
const IN_ALL: Duration = Duration::from_secs(30 * 24 * 3600);
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);
/// In a row.
const ERRORS: u32 = 10;

/// Of one operation.
struct Patience {
    next: Duration,
    waited: Duration,
    since_progress: Duration,
    progress: Option<u16>,
    errors: u32,
}

impl Patience {
    fn new() -> Self {
        Self {
            next: SHORTEST,
            waited: Duration::ZERO,
            since_progress: Duration::ZERO,
            progress: None,
            errors: 0,
        }
    }

    fn progress(&mut self, progress: u16) {
        self.errors = 0;
        if self.progress.replace(progress) != Some(progress) {
            self.since_progress = Duration::ZERO;
        }
    }

    fn error(&mut self, error: CommandError) -> Result<(), Failure> {
        self.errors += 1;
        if matches!(error, CommandError::Gone) || self.errors >= ERRORS {
            return Err(super::failure("how far it is cannot be asked", error));
        }
        Ok(())
    }

    fn wait(&mut self, device: &dyn Device) -> Result<(), Failure> {
        device.wait(self.next);
        self.waited += self.next;
        self.since_progress += self.next;
        self.next = (self.next * 2).min(LONGEST);
        if self.since_progress >= STALLED || self.waited >= IN_ALL {
            return Err(Failure::Failed(
                "the device says that it goes on, but no end comes".into(),
            ));
        }
        Ok(())
    }
}

pub fn follow(
    device: &dyn Device,
    watch: &mut dyn Watch,
    mut ask: impl FnMut(&dyn Device) -> Result<State, CommandError>,
) -> Result<(), Failure> {
    let mut patience = Patience::new();
    loop {
        if watch.stopped() {
            watch.log("left alone: the device goes on by itself".into());
            return Err(Failure::Stopped);
        }
        match ask(device) {
            Ok(State::Going(progress)) => {
                watch.progress(u64::from(progress), 65536);
                patience.progress(progress);
            }
            Ok(State::Done(said)) => {
                watch.progress(65536, 65536);
                watch.log(said);
                return Ok(());
            }
            Ok(State::Failed(said)) => {
                watch.log(said.clone());
                return Err(Failure::Failed(said));
            }
            Err(error) => patience.error(error)?,
        }
        patience.wait(device)?;
    }
}
