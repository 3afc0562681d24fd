//! The only way in which this sensor opens anything: below one folder, for reading, capped.
//!
//! Reads: the root of a running machine, of a mounted disk, or `/proc` and `/sys`. An attacker may
//! have made every name, link and content. No path leads out of the root (absolute links and `..`
//! stay inside it, as after chroot), nothing but a plain file is read, and no read is unbounded.

mod entries;
mod walk;

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::{Path, PathBuf},
};

use leaksweep_facts::{Problem, Reason};
use rustix::{
    fs::{self, AtFlags, FileType, Mode, OFlags, ResolveFlags, Stat, StatxAttributes, StatxFlags},
    io::Errno,
};

pub use walk::components;

/// A text file of configuration is never this large on a healthy machine.
pub const TEXT_CAP: u64 = 4 << 20;
/// A folder with more entries is read up to here.
pub const LIST_CAP: usize = 100_000;
/// No path that the kernel tells is longer.
const LINK_CAP: usize = 4096;

/// A folder below which everything is read and out of which nothing leads.
pub struct Root {
    folder: OwnedFd,
    path: PathBuf,
}

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub reason: Reason,
    pub detail: String,
}

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: OsString,
    pub kind: FileType,
}

/// The entries of a folder, and whether there were more than the cap.
#[derive(Debug, Default)]
pub struct Listing {
    pub entries: Vec<Entry>,
    pub cut: bool,
}

impl Root {
    pub fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self { folder: fs::open(path, flags, Mode::empty())?, path: path.to_owned() })
    }

    /// Where this root lies in the file system of the running machine.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A plain file's content. More than `cap` bytes are a failure: half a file would be half a truth.
    pub fn read(&self, path: impl AsRef<Path>, cap: u64) -> Result<Vec<u8>, Failure> {
        let mut content = Vec::new();
        self.reader(path.as_ref(), cap)?.read_to_end(&mut content)?;
        if content.len() as u64 > cap {
            return Err(Failure::too_large(cap));
        }
        Ok(content)
    }

    /// The first `cap` bytes of a plain file of any size, and whether there are more.
    pub fn head(&self, path: impl AsRef<Path>, cap: usize) -> Result<(Vec<u8>, bool), Failure> {
        let mut reader = self.reader(path.as_ref(), u64::MAX)?;
        reader.set_limit((cap as u64).saturating_add(1));
        let mut content = Vec::new();
        reader.read_to_end(&mut content)?;
        let more = content.len() > cap;
        content.truncate(cap);
        Ok((content, more))
    }

    /// The last `cap` bytes of a plain file of any size, or a few less, so that what is left out is a
    /// multiple of `step`; and how many bytes are left out.
    pub fn tail(
        &self,
        path: impl AsRef<Path>,
        cap: u64,
        step: u64,
    ) -> Result<(Vec<u8>, u64), Failure> {
        let mut file = self.reader(path.as_ref(), u64::MAX)?.into_inner();
        let beyond = file.metadata()?.len().saturating_sub(cap);
        let left_out = beyond.div_ceil(step.max(1)).saturating_mul(step);
        file.seek(SeekFrom::Start(left_out))?;
        let mut content = Vec::new();
        file.take(cap).read_to_end(&mut content)?;
        Ok((content, left_out))
    }

    /// [`Root::read`] where absence is nothing special.
    pub fn read_if_there(
        &self,
        path: impl AsRef<Path>,
        cap: u64,
    ) -> Result<Option<Vec<u8>>, Failure> {
        match self.read(path, cap) {
            Ok(content) => Ok(Some(content)),
            Err(failure) if failure.is_absence() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// An open plain file, which gives at most one byte more than `cap`.
    pub fn reader(&self, path: &Path, cap: u64) -> Result<io::Take<File>, Failure> {
        plain(self.open_at(path, READING)?, cap)
    }

    /// What the kernel's magic link leads to (the program of a process, deleted or not). Only for
    /// roots that the kernel made.
    pub fn reader_magic(&self, path: &Path, cap: u64) -> Result<io::Take<File>, Failure> {
        let flags = READING | OFlags::CLOEXEC;
        plain(fs::openat(&self.folder, inside(path), flags, Mode::empty())?, cap)
    }

    /// The entries of a folder, sorted by name, without `.` and `..`.
    pub fn list(&self, path: impl AsRef<Path>) -> Result<Listing, Failure> {
        let mut listing = Listing::default();
        listing.cut = self.visit(path.as_ref(), |entry, _| {
            listing.entries.push(entry);
            Ok(listing.entries.len() < LIST_CAP)
        })?;
        listing.entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(listing)
    }

    /// Shows each entry of a folder, with a way to describe it that costs only one call, until
    /// `each` has enough. Gives whether there was more then.
    pub fn visit(
        &self,
        path: &Path,
        mut each: impl FnMut(Entry, &dyn Fn() -> Result<Stat, Failure>) -> Result<bool, Failure>,
    ) -> Result<bool, Failure> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NONBLOCK;
        let opened = self.open_at(path, flags)?;
        let mut enough = false;
        entries::each(&opened, |entry| {
            if enough {
                return Ok(false);
            }
            let name = OsStr::from_bytes(entry.file_name().to_bytes()).to_owned();
            let found = Entry { name, kind: entry.file_type() };
            let stat = || Ok(fs::statat(&opened, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW)?);
            enough = !each(found, &stat)?;
            Ok(true)
        })
    }

    /// [`Root::list`] where absence is an empty folder.
    pub fn list_if_there(&self, path: impl AsRef<Path>) -> Result<Listing, Failure> {
        match self.list(path) {
            Err(failure) if failure.is_absence() => Ok(Listing::default()),
            other => other,
        }
    }

    /// What is at the path, following links inside the root.
    pub fn stat(&self, path: impl AsRef<Path>) -> Result<Stat, Failure> {
        Ok(fs::fstat(self.open_at(path.as_ref(), OFlags::PATH)?)?)
    }

    /// What is at the path; a link at its end is itself what is described.
    pub fn stat_link(&self, path: impl AsRef<Path>) -> Result<Stat, Failure> {
        Ok(fs::fstat(self.open_at(path.as_ref(), OFlags::PATH | OFlags::NOFOLLOW)?)?)
    }

    /// Whether the file system refuses every change of what is at the path, root's too.
    pub fn is_immutable(&self, path: impl AsRef<Path>) -> Result<bool, Failure> {
        let file = self.open_at(path.as_ref(), OFlags::PATH)?;
        let found = fs::statx(&file, "", AtFlags::EMPTY_PATH, StatxFlags::BASIC_STATS)?;
        Ok(found.stx_attributes.contains(StatxAttributes::IMMUTABLE))
    }

    /// An attribute of the file at the path, of at most `cap` bytes; none where it has none. What is
    /// behind a link at the path's end is not looked at.
    pub fn attribute(
        &self,
        path: impl AsRef<Path>,
        name: &str,
        cap: usize,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let file = self.open_at(path.as_ref(), OFlags::PATH | OFlags::NOFOLLOW)?;
        // The kernel gives attributes only of files that are open for reading, or by a path; this
        // one leads to just the file that was opened, whatever its mode.
        let open = format!("/proc/self/fd/{}", file.as_raw_fd());
        let mut value = vec![0; cap];
        match fs::getxattr(open, name, value.as_mut_slice()) {
            Ok(length) => {
                value.truncate(length);
                Ok(Some(value))
            }
            Err(Errno::NODATA | Errno::NOTSUP) => Ok(None),
            Err(Errno::NOENT) => Err(Failure::new(Reason::Unsupported, "there is no /proc")),
            Err(Errno::RANGE) => Err(Failure::too_large(cap as u64)),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Where a link points, as it is written.
    pub fn link(&self, path: impl AsRef<Path>) -> Result<PathBuf, Failure> {
        let link = self.open_at(path.as_ref(), OFlags::PATH | OFlags::NOFOLLOW)?;
        let target = fs::readlinkat(&link, "", Vec::new())?;
        Ok(PathBuf::from(OsStr::from_bytes(target.as_bytes())))
    }

    /// The path without links, as it is called inside the root: `/bin/sh` becomes `/usr/bin/dash`.
    pub fn resolve(&self, path: impl AsRef<Path>) -> Result<PathBuf, Failure> {
        Ok(walk::resolve(&self.folder, path.as_ref())?)
    }

    /// What the kernel's magic link (`/proc/1/exe`) leads to. Only for roots that the kernel made.
    pub fn stat_magic(&self, path: impl AsRef<Path>) -> Result<Stat, Failure> {
        Ok(fs::statat(&self.folder, inside(path.as_ref()), AtFlags::empty())?)
    }

    /// Shows each link in a folder that the kernel made, with where it points and a way to describe
    /// that. A link longer than the kernel tells points at nothing. Gives whether `each` had enough
    /// before the end.
    pub fn links(
        &self,
        path: &Path,
        mut each: impl FnMut(&[u8], &[u8], &dyn Fn() -> Result<Stat, Failure>) -> bool,
    ) -> Result<bool, Failure> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NONBLOCK;
        let opened = self.open_at(path, flags)?;
        let mut target = [0; LINK_CAP];
        entries::each(&opened, |entry| {
            let name = entry.file_name();
            let length = match fs::readlinkat_raw(&opened, name, &mut target[..]) {
                Ok(length) => length,
                Err(Errno::NAMETOOLONG) => 0,
                // Closed since it was listed, or no link.
                Err(Errno::NOENT | Errno::INVAL) => return Ok(true),
                Err(errno) => return Err(errno.into()),
            };
            let stat = || Ok(fs::statat(&opened, name, AtFlags::empty())?);
            Ok(each(name.to_bytes(), target.get(..length).unwrap_or_default(), &stat))
        })
    }

    /// A folder, opened to be watched.
    pub fn folder(&self, path: &Path) -> Result<OwnedFd, Failure> {
        self.open_at(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NONBLOCK)
    }

    fn open_at(&self, path: &Path, flags: OFlags) -> Result<OwnedFd, Failure> {
        let flags = flags | OFlags::CLOEXEC;
        let path = inside(path);
        let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
        match fs::openat2(&self.folder, path, flags, Mode::empty(), resolve) {
            // Old kernels, and sandboxes that do not know the call.
            Err(Errno::NOSYS | Errno::PERM) => Ok(walk::open(&self.folder, path, flags)?),
            other => Ok(other?),
        }
    }
}

/// Without NONBLOCK the opening of a pipe waits for its writer, perhaps for ever.
const READING: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

fn plain(file: OwnedFd, cap: u64) -> Result<io::Take<File>, Failure> {
    let found = fs::fstat(&file)?;
    match FileType::from_raw_mode(found.st_mode) {
        FileType::RegularFile => {}
        other => return Err(Failure::wrong_type(other)),
    }
    if found.st_size as u64 > cap {
        return Err(Failure::too_large(cap));
    }
    Ok(File::from(file).take(cap.saturating_add(1)))
}

/// The path relative to the root's folder.
fn inside(path: &Path) -> &Path {
    let path = path.strip_prefix("/").unwrap_or(path);
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

impl Failure {
    fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }

    pub fn too_large(cap: u64) -> Self {
        Self::new(Reason::TooLarge, format!("more than {cap} bytes"))
    }

    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(Reason::Malformed, detail)
    }

    pub fn wrong_type(found: FileType) -> Self {
        let found = match found {
            FileType::Directory => "a folder",
            FileType::Fifo => "a pipe",
            FileType::Socket => "a socket",
            FileType::CharacterDevice | FileType::BlockDevice => "a device",
            FileType::Symlink => "a link",
            _ => "something else",
        };
        Self::new(Reason::WrongType, format!("{found} where a file was expected"))
    }

    /// Nothing is there. For a process that was listed a moment ago, it ended.
    pub fn is_absence(&self) -> bool {
        self.reason == Reason::Vanished
    }

    /// Of something that is always there, absence is more than that it ended.
    pub fn of_required(self) -> Self {
        if self.is_absence() { Self::absent() } else { self }
    }

    pub fn circle() -> Self {
        Self::new(Reason::WrongType, "links in a circle, or a link where none may be")
    }

    pub fn absent() -> Self {
        Self::new(Reason::Unsupported, "it is not there")
    }

    pub fn problem(&self, table: &'static str, subject: impl Into<String>) -> Problem {
        Problem::new(table, subject, self.reason, self.detail.clone())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.raw_os_error().map(Errno::from_raw_os_error) {
            Some(errno) => errno.into(),
            None => Self::new(Reason::of(&error), error.to_string()),
        }
    }
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        if errno == Errno::LOOP {
            return Self::circle();
        }
        let reason = match errno {
            Errno::ACCESS | Errno::PERM => Reason::Denied,
            Errno::NOENT | Errno::SRCH | Errno::NOTDIR => Reason::Vanished,
            // A device node without its driver answers so.
            Errno::NXIO | Errno::ISDIR | Errno::XDEV => Reason::WrongType,
            _ => Reason::Failed,
        };
        Self::new(reason, io::Error::from(errno).to_string())
    }
}

#[cfg(test)]
mod tests;
