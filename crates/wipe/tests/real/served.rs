//! A file system of one file, which fails by a seed: short writes, EIO at places and at times, writes that are dropped in silence,
//! a disk that vanishes at a write, a power cut at a write that loses all that was not flushed.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, UNIX_EPOCH},
};

use fuser::{
    BackgroundSession, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags,
    Generation, INodeNo, LockOwner, OpenFlags, ReplyAttr, ReplyData, ReplyEmpty, ReplyEntry,
    ReplyOpen, ReplyWrite, Request, WriteFlags,
};

const NAME: &str = "medium";
const FILE: INodeNo = INodeNo(2);
const PAGE: u64 = 4096;

/// Chances in 1024 of each write or read, and what else is wrong.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    pub seed: u64,
    pub short: u64,
    pub error: u64,
    pub dropped: u64,
    /// Of a page.
    pub bad: u64,
    /// From this write on there is nothing but errors.
    pub ends: Option<u64>,
}

struct Inner {
    /// What survives a power cut.
    lasting: Vec<u8>,
    seen: Vec<u8>,
    writes: u64,
    steps: u64,
    off: bool,
}

pub struct Disk {
    faults: Faults,
    inner: Mutex<Inner>,
}

impl Disk {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It vanished, or the power is gone.
    pub fn is_off(&self) -> bool {
        self.inner().off
    }

    pub fn seen(&self) -> Vec<u8> {
        self.inner().seen.clone()
    }

    pub fn lasting(&self) -> Vec<u8> {
        self.inner().lasting.clone()
    }

    fn fails(&self, inner: &mut Inner, kind: u64, of: u64) -> bool {
        inner.steps += 1;
        chance(self.faults.seed ^ kind, inner.steps, of)
    }

    fn meets_bad(&self, at: u64, len: usize) -> bool {
        let mut pages = at / PAGE..(at + len as u64).div_ceil(PAGE);
        pages.any(|page| chance(self.faults.seed ^ 0xBAD, page, self.faults.bad))
    }

    fn read(&self, at: u64, len: usize) -> Result<Vec<u8>, Errno> {
        let mut inner = self.inner();
        if inner.off {
            return Err(Errno::ENODEV);
        }
        let from = (at as usize).min(inner.seen.len());
        let to = (from + len).min(inner.seen.len());
        if self.meets_bad(at, to - from) || self.fails(&mut inner, 1, self.faults.error) {
            return Err(Errno::EIO);
        }
        Ok(inner.seen[from..to].to_vec())
    }

    fn write(&self, at: u64, bytes: &[u8]) -> Result<u32, Errno> {
        let mut inner = self.inner();
        inner.writes += 1;
        inner.off |= self.faults.ends.is_some_and(|ends| inner.writes > ends);
        if inner.off {
            return Err(Errno::ENODEV);
        }
        if self.meets_bad(at, bytes.len()) || self.fails(&mut inner, 3, self.faults.error) {
            return Err(Errno::EIO);
        }
        let short = bytes.len() > 512 && self.fails(&mut inner, 4, self.faults.short);
        let len = if short { bytes.len() / 2 / 512 * 512 } else { bytes.len() };
        if !self.fails(&mut inner, 5, self.faults.dropped) {
            let to = inner.seen.get_mut(at as usize..).ok_or(Errno::ENOSPC)?;
            to.get_mut(..len).ok_or(Errno::ENOSPC)?.copy_from_slice(&bytes[..len]);
        }
        Ok(len as u32)
    }

    fn flush(&self) -> Result<(), Errno> {
        let mut inner = self.inner();
        if inner.off {
            return Err(Errno::ENODEV);
        }
        let Inner { lasting, seen, .. } = &mut *inner;
        lasting.copy_from_slice(seen);
        Ok(())
    }
}

fn chance(seed: u64, number: u64, of: u64) -> bool {
    let mut state =
        seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number.wrapping_mul(0xD1B5_4A32_D192_ED03);
    state = (state ^ state >> 31).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ state >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    (state ^ state >> 31) % 1024 < of
}

struct Server(Arc<Disk>);

impl Server {
    fn attributes(&self, inode: INodeNo) -> FileAttr {
        let file = inode == FILE;
        FileAttr {
            ino: inode,
            size: if file { self.0.inner().seen.len() as u64 } else { 0 },
            blocks: 1,
            atime: UNIX_EPOCH,
            mtime: UNIX_EPOCH,
            ctime: UNIX_EPOCH,
            crtime: UNIX_EPOCH,
            kind: if file { FileType::RegularFile } else { FileType::Directory },
            perm: if file { 0o600 } else { 0o700 },
            nlink: 1,
            uid: 0,
            gid: 0,
            rdev: 0,
            blksize: 4096,
            flags: 0,
        }
    }
}

const LASTS: Duration = Duration::from_secs(60);

impl Filesystem for Server {
    fn lookup(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEntry) {
        match name == NAME {
            true => reply.entry(&LASTS, &self.attributes(FILE), Generation(0)),
            false => reply.error(Errno::ENOENT),
        }
    }

    fn getattr(&self, _: &Request, inode: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        reply.attr(&LASTS, &self.attributes(inode));
    }

    /// Every read and write comes here, none is kept in the page cache.
    fn open(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(FileHandle(0), FopenFlags::FOPEN_DIRECT_IO);
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        at: u64,
        len: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        match self.0.read(at, len as usize) {
            Ok(bytes) => reply.data(&bytes),
            Err(error) => reply.error(error),
        }
    }

    fn write(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        at: u64,
        bytes: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.0.write(at, bytes) {
            Ok(len) => reply.written(len),
            Err(error) => reply.error(error),
        }
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn fsync(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        match self.0.flush() {
            Ok(()) => reply.ok(),
            Err(error) => reply.error(error),
        }
    }
}

pub struct Served {
    session: Option<BackgroundSession>,
    folder: tempfile::TempDir,
    pub disk: Arc<Disk>,
}

impl Served {
    /// None where this machine serves none; the skip is recorded.
    pub fn new(content: Vec<u8>, faults: Faults) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let inner =
            Inner { lasting: content.clone(), seen: content, writes: 0, steps: 0, off: false };
        let disk = Arc::new(Disk { faults, inner: Mutex::new(inner) });
        let session = match Path::new("/dev/fuse").exists() {
            true => {
                fuser::spawn_mount(Server(Arc::clone(&disk)), folder.path(), &Config::default())
            }
            false => Err(std::io::ErrorKind::NotFound.into()),
        };
        match session {
            Ok(session) => Some(Self { session: Some(session), folder, disk }),
            Err(error) => {
                leaksweep_peers::skip(&format!("no file system can be served: {error}"));
                None
            }
        }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join(NAME)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.session.take().map(BackgroundSession::umount_and_join) {
            eprintln!("{} is left: {error}", self.folder.path().display());
        }
    }
}
