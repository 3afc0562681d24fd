//! A medium in memory that fails as real ones do, by a seed: short writes, errors, bad sectors, writes that are dropped in silence,
//! a cache that a power cut empties, a device that vanishes. It counts what it is asked, and everything is the same again for
//! the same seed and order.

use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::device::{Answer, Command, CommandError, Device, Emptying};

pub const SECTOR: usize = 512;
pub const EIO: i32 = 5;
pub const ENODEV: i32 = 19;

/// Chances in 1024 of each write or read, and what else is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    pub seed: u64,
    pub short: u64,
    pub error: u64,
    /// A write that is said to be done and is not.
    pub dropped: u64,
    /// Of a page.
    pub bad: u64,
    /// The power fails, or the cable is pulled, at this write.
    pub cut: Option<u64>,
    /// Flushes are lies.
    pub flushes_nothing: bool,
}

pub struct Double {
    pub faults: Faults,
    inner: Mutex<Inner>,
}

struct Inner {
    /// What survives a power cut.
    lasting: Vec<u8>,
    /// What is read.
    seen: Vec<u8>,
    writes: u64,
    steps: u64,
    gone: bool,
}

impl Double {
    pub fn new(content: Vec<u8>, faults: Faults) -> Self {
        let seen = content.clone();
        let inner = Inner { lasting: content, seen, writes: 0, steps: 0, gone: false };
        Self { faults, inner: Mutex::new(inner) }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is on the medium when the power comes back, plugged in again; it fails no more of itself.
    pub fn restored(&self, faults: Faults) -> Self {
        Self::new(self.inner().lasting.clone(), faults)
    }

    pub fn content(&self) -> Vec<u8> {
        self.inner().seen.clone()
    }

    pub fn is_bad(&self, at: u64) -> bool {
        chance(self.faults.seed ^ 0xBAD, at / 4096, self.faults.bad)
    }

    fn fails(&self, inner: &mut Inner, kind: u64, of: u64) -> bool {
        inner.steps += 1;
        chance(self.faults.seed ^ kind, inner.steps, of)
    }

    fn meets_bad(&self, at: u64, len: usize) -> bool {
        (at / 4096..(at + len as u64).div_ceil(4096)).any(|page| self.is_bad(page * 4096))
    }
}

pub fn chance(seed: u64, number: u64, of: u64) -> bool {
    let mut state =
        seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number.wrapping_mul(0xD1B5_4A32_D192_ED03);
    state = (state ^ state >> 31).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ state >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    (state ^ state >> 31) % 1024 < of
}

pub fn error(number: i32) -> io::Error {
    io::Error::from_raw_os_error(number)
}

impl Device for Double {
    fn bytes(&self) -> u64 {
        self.inner().seen.len() as u64
    }

    fn sector(&self) -> u32 {
        SECTOR as u32
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut inner = self.inner();
        if inner.gone {
            return Err(error(ENODEV));
        }
        if self.meets_bad(at, into.len()) || self.fails(&mut inner, 1, self.faults.error) {
            return Err(error(EIO));
        }
        let short = into.len() > SECTOR && self.fails(&mut inner, 2, self.faults.short);
        let len = if short { into.len() / 2 / SECTOR * SECTOR } else { into.len() };
        let from = at as usize;
        into[..len].copy_from_slice(&inner.seen[from..from + len]);
        Ok(len)
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<usize> {
        let mut inner = self.inner();
        inner.writes += 1;
        if self.faults.cut.is_some_and(|cut| inner.writes > cut) {
            inner.gone = true;
        }
        if inner.gone {
            return Err(error(ENODEV));
        }
        if self.meets_bad(at, bytes.len()) || self.fails(&mut inner, 3, self.faults.error) {
            return Err(error(EIO));
        }
        let short = bytes.len() > SECTOR && self.fails(&mut inner, 4, self.faults.short);
        let len = if short { bytes.len() / 2 / SECTOR * SECTOR } else { bytes.len() };
        if !self.fails(&mut inner, 5, self.faults.dropped) {
            let from = at as usize;
            inner.seen[from..from + len].copy_from_slice(&bytes[..len]);
        }
        Ok(len)
    }

    fn flush(&self) -> io::Result<()> {
        let mut inner = self.inner();
        if inner.gone {
            return Err(error(ENODEV));
        }
        if !self.faults.flushes_nothing {
            let Inner { lasting, seen, .. } = &mut *inner;
            lasting.copy_from_slice(seen);
        }
        Ok(())
    }

    fn empty(&self, _: Emptying, _: u64, _: u64) -> io::Result<()> {
        Err(error(95))
    }

    fn command(&self, _: &mut Command<'_>) -> Result<Answer, CommandError> {
        Err(CommandError::NoWay)
    }

    fn resize(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn wait(&self, _: Duration) {}
}
