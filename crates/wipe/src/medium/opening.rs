//! The only place that opens a medium for writing.

use std::{
    fs::{File, OpenOptions},
    io::{self, Seek, SeekFrom},
    os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;
use thiserror::Error;

use super::{ALIGNMENT, Medium};

#[derive(Debug, Error)]
pub enum OpenError {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("{0} is in use; another program or the kernel holds it")]
    Busy(PathBuf),
    #[error("{0} is not what it was when it was looked at")]
    Changed(PathBuf),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Block,
    Image,
}

/// For writing, alone: `O_EXCL` fails where anything is mounted on it or built over it.
pub fn open_block(path: &Path, number: u64, sector: u32) -> Result<Medium, OpenError> {
    let opened = Opening { path, writes: true, exclusive: true }.medium(Kind::Block, sector)?;
    same(path, &opened.file, |found| {
        found.file_type().is_block_device() && found.rdev() == number
    })?;
    Ok(opened)
}

/// A plain file, for writing; `inode` tells that it is the file that was looked at.
pub fn open_image(path: &Path, inode: (u64, u64)) -> Result<Medium, OpenError> {
    let opened = Opening { path, writes: true, exclusive: false }.medium(Kind::Image, 512)?;
    same(path, &opened.file, |found| found.is_file() && (found.dev(), found.ino()) == inode)?;
    let lock = rustix::fs::FlockOperation::NonBlockingLockExclusive;
    rustix::fs::flock(&opened.file, lock).map_err(|_| OpenError::Busy(path.to_owned()))?;
    Ok(opened)
}

/// For reading alone: a plan, and the proof of what others wiped.
pub fn open_reading(path: &Path, block: bool, sector: u32) -> Result<Medium, OpenError> {
    let kind = if block { Kind::Block } else { Kind::Image };
    Opening { path, writes: false, exclusive: false }.medium(kind, sector)
}

fn same(
    path: &Path,
    file: &File,
    is: impl Fn(&std::fs::Metadata) -> bool,
) -> Result<(), OpenError> {
    let found = file.metadata();
    let found = found.map_err(|source| OpenError::Io { path: path.to_owned(), source })?;
    if is(&found) { Ok(()) } else { Err(OpenError::Changed(path.to_owned())) }
}

struct Opening<'a> {
    path: &'a Path,
    writes: bool,
    exclusive: bool,
}

impl Opening<'_> {
    fn medium(&self, kind: Kind, sector: u32) -> Result<Medium, OpenError> {
        let (file, direct) = match self.open(OFlags::DIRECT) {
            Ok(file) => (file, true),
            // A file system in memory knows no direct access.
            Err(error) if error.raw_os_error() == Some(22) => {
                (self.open(OFlags::empty()).map_err(|error| self.error(error))?, false)
            }
            Err(error) => return Err(self.error(error)),
        };
        // The device is claimed by the first one.
        let again = Self { exclusive: false, ..*self };
        let mut rest = again.open(OFlags::empty()).map_err(|error| self.error(error))?;
        let bytes = rest.seek(SeekFrom::End(0)).map_err(|error| self.error(error))?;
        let sector = if direct { sector.max(512) } else { 512 };
        let sector = sector.min(ALIGNMENT as u32);
        Ok(Medium { file, rest, bytes, sector, direct, block: kind == Kind::Block })
    }

    fn open(&self, more: OFlags) -> io::Result<File> {
        let exclusive = if self.exclusive { OFlags::EXCL } else { OFlags::empty() };
        // Never waits for a pipe's other side, never becomes a terminal.
        let flags = more | exclusive | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        OpenOptions::new()
            .read(true)
            .write(self.writes)
            .custom_flags(flags.bits() as i32)
            .open(self.path)
    }

    fn error(&self, source: io::Error) -> OpenError {
        let path = self.path.to_owned();
        match source.raw_os_error() {
            Some(16) => OpenError::Busy(path),
            _ => OpenError::Io { path, source },
        }
    }
}
