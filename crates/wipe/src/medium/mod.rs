//! A real medium: a block device, or a plain file that the user called an image. Opened alone (`O_EXCL`) and past the page cache
//! (`O_DIRECT`), so that what is read back comes from the device.

pub mod aligned;
mod opening;

use std::{
    fs::File,
    io::{self, Seek, SeekFrom},
    os::unix::fs::FileExt,
    thread,
    time::Duration,
};

pub use opening::{OpenError, open_block, open_image, open_reading};

use crate::{
    device::{Answer, Command, CommandError, Device, Emptying},
    passthrough,
};

/// What direct reads and writes must be multiples of, whatever the device's sectors are.
pub const ALIGNMENT: usize = 4096;
const ENODEV: i32 = 19;

#[derive(Debug)]
pub struct Medium {
    file: File,
    /// Without `O_DIRECT`, for the last bytes of an image whose length is no multiple of a sector.
    rest: File,
    bytes: u64,
    sector: u32,
    direct: bool,
    block: bool,
}

impl Medium {
    /// Whether reads and writes go past the page cache.
    pub fn is_direct(&self) -> bool {
        self.direct
    }

    pub fn file(&self) -> &File {
        &self.file
    }

    /// A device that was pulled out has no bytes any more; the kernel's errors do not say so.
    fn gone(&self) -> bool {
        self.block && matches!((&self.rest).seek(SeekFrom::End(0)), Ok(0))
    }

    fn told(&self, result: io::Result<usize>) -> io::Result<usize> {
        match result {
            Err(_) | Ok(0) if self.gone() => Err(io::Error::from_raw_os_error(ENODEV)),
            other => other,
        }
    }

    /// Direct access takes whole sectors at whole sectors alone.
    fn way(&self, at: u64, len: usize) -> &File {
        let sector = u64::from(self.sector);
        let whole = at.is_multiple_of(sector) && (len as u64).is_multiple_of(sector);
        if whole { &self.file } else { &self.rest }
    }
}

impl Device for Medium {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn sector(&self) -> u32 {
        self.sector
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        self.told(self.way(at, into.len()).read_at(into, at))
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<usize> {
        // An image must not grow.
        if at.saturating_add(bytes.len() as u64) > self.bytes {
            return Err(io::Error::from_raw_os_error(28));
        }
        self.told(self.way(at, bytes.len()).write_at(bytes, at))
    }

    fn flush(&self) -> io::Result<()> {
        self.rest.sync_all()?;
        self.file.sync_all()
    }

    fn empty(&self, how: Emptying, at: u64, bytes: u64) -> io::Result<()> {
        match self.block {
            true => passthrough::empty(&self.file, how, at, bytes),
            false => Err(io::Error::from_raw_os_error(95)),
        }
    }

    fn command(&self, command: &mut Command<'_>) -> Result<Answer, CommandError> {
        match self.block {
            true => passthrough::send(&self.file, command),
            false => Err(CommandError::NoWay),
        }
    }

    fn namespace(&self) -> Option<u32> {
        self.block.then(|| passthrough::namespace(&self.file)).flatten()
    }

    fn resize(&mut self) -> io::Result<()> {
        self.bytes = self.rest.seek(SeekFrom::End(0))?;
        Ok(())
    }

    fn wait(&self, how_long: Duration) {
        thread::sleep(how_long);
    }
}
