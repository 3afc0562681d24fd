//! A model of hardware whose way to the host fails as that of the double does: short and failing reads and writes, bad sectors,
//! writes that are dropped in silence, a power cut at a write.

use std::{
    io,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use crate::{
    device::{Answer, Command, CommandError, Device, Emptying},
    double::{EIO, Faults, SECTOR, chance, error},
    model::{Bench, Model},
};

pub struct Composed<M> {
    pub bench: Bench<M>,
    pub faults: Faults,
    steps: AtomicU64,
    writes: AtomicU64,
}

impl<M: Model + Send> Composed<M> {
    pub fn new(bench: Bench<M>, faults: Faults) -> Self {
        Self { bench, faults, steps: AtomicU64::new(0), writes: AtomicU64::new(0) }
    }

    pub fn is_bad(&self, at: u64) -> bool {
        chance(self.faults.seed ^ 0xBAD, at / 4096, self.faults.bad)
    }

    fn fails(&self, kind: u64, of: u64) -> bool {
        let step = self.steps.fetch_add(1, Ordering::Relaxed);
        chance(self.faults.seed ^ kind, step, of)
    }

    /// How much of it is done.
    fn part(&self, kind: u64, at: u64, len: usize) -> io::Result<usize> {
        let mut pages = at / 4096..(at + len as u64).div_ceil(4096);
        if pages.any(|page| self.is_bad(page * 4096)) || self.fails(kind, self.faults.error) {
            return Err(error(EIO));
        }
        let short = len > SECTOR && self.fails(kind + 1, self.faults.short);
        Ok(if short { len / 2 / SECTOR * SECTOR } else { len })
    }
}

impl<M: Model + Send> Device for Composed<M> {
    fn bytes(&self) -> u64 {
        self.bench.bytes()
    }

    fn sector(&self) -> u32 {
        self.bench.sector()
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let len = self.part(1, at, into.len())?;
        self.bench.read_at(at, &mut into[..len])
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<usize> {
        if self.faults.cut == Some(self.writes.fetch_add(1, Ordering::Relaxed)) {
            self.bench.cut();
        }
        // Without power nothing is dropped in silence.
        self.bench.flush()?;
        let len = self.part(3, at, bytes.len())?;
        match self.fails(5, self.faults.dropped) {
            true => Ok(len),
            false => self.bench.write_at(at, &bytes[..len]),
        }
    }

    fn flush(&self) -> io::Result<()> {
        self.bench.flush()
    }

    fn empty(&self, how: Emptying, at: u64, bytes: u64) -> io::Result<()> {
        self.bench.empty(how, at, bytes)
    }

    fn command(&self, command: &mut Command<'_>) -> Result<Answer, CommandError> {
        self.bench.command(command)
    }

    fn namespace(&self) -> Option<u32> {
        self.bench.namespace()
    }

    fn resize(&mut self) -> io::Result<()> {
        self.bench.resize()
    }

    fn wait(&self, how_long: Duration) {
        self.bench.wait(how_long);
    }
}
