//! The only place of this sensor that opens anything: for reading, and never waiting for another side.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    os::{fd::OwnedFd, unix::ffi::OsStrExt},
    path::{Path, PathBuf},
};

use rustix::fs::{self, Dir, FileType, Mode, OFlags};

/// Without NONBLOCK the opening of a pipe waits for its writer, perhaps for ever.
const READING: OFlags =
    OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// The most names of a folder that are looked at.
const MOST_NAMES: usize = 100_000;

/// What the user named; links are followed, for devices are called by them.
pub fn named(path: &Path) -> io::Result<File> {
    Ok(File::from(fs::open(path, READING, Mode::empty())?))
}

/// A plain file that an image leads to. A link there could lead anywhere.
pub fn plain(path: &Path) -> io::Result<File> {
    let file = File::from(fs::open(path, READING | OFlags::NOFOLLOW, Mode::empty())?);
    match kind(&file)? {
        FileType::RegularFile => Ok(file),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no plain file")),
    }
}

/// Standard input under a number of its own, so that it can be read at any place.
pub fn standard() -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

pub fn kind(file: &File) -> io::Result<FileType> {
    Ok(FileType::from_raw_mode(fs::fstat(file)?.st_mode))
}

/// How many bytes a file or device has.
pub fn length(mut file: &File) -> io::Result<u64> {
    file.seek(SeekFrom::End(0))
}

/// The names beside a file, in no order.
pub fn beside(path: &Path) -> io::Result<Vec<OsString>> {
    names(fs::open(folder(path), READING | OFlags::DIRECTORY, Mode::empty())?)
}

/// The names in a folder, in no order, without its own and its parent's.
pub fn within(path: &Path) -> io::Result<Vec<OsString>> {
    let mut names = names(fs::open(path, READING | OFlags::DIRECTORY, Mode::empty())?)?;
    names.retain(|name| name != "." && name != "..");
    Ok(names)
}

fn names(folder: OwnedFd) -> io::Result<Vec<OsString>> {
    let names = Dir::read_from(&folder)?.take(MOST_NAMES);
    names
        .map(|entry| Ok(std::ffi::OsStr::from_bytes(entry?.file_name().to_bytes()).to_owned()))
        .collect()
}

/// What stands at a path; a link is a link.
pub fn kind_of(path: &Path) -> io::Result<FileType> {
    Ok(FileType::from_raw_mode(fs::lstat(path)?.st_mode))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The kernel's folder of a block device.
pub fn device_folder(device: &File) -> Option<PathBuf> {
    let number = fs::fstat(device).ok()?.st_rdev;
    let (major, minor) = (fs::major(number), fs::minor(number));
    std::fs::canonicalize(format!("/sys/dev/block/{major}:{minor}")).ok()
}

/// At most `most` bytes of a file that the kernel makes; none where it is not there or refuses.
pub fn told(path: &Path, most: usize) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    named(path).ok()?.take(most as u64).read_to_end(&mut content).ok()?;
    Some(content)
}

/// The name of what a link of the kernel leads to.
pub fn leads_to(path: &Path) -> Option<String> {
    let target = std::fs::read_link(path).ok()?;
    Some(target.file_name()?.to_str()?.to_owned())
}

/// The stretches of a plain file that are no holes, in order; at most `most`, and then the rest as one.
pub fn data(file: &File, len: u64, most: usize) -> Option<Vec<crate::Run>> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < len {
        let start = match fs::seek(file, fs::SeekFrom::Data(at)) {
            Ok(start) => start,
            Err(rustix::io::Errno::NXIO) => break,
            Err(_) => return None,
        };
        let end = fs::seek(file, fs::SeekFrom::Hole(start)).ok()?;
        if end <= start || start >= len {
            break;
        }
        let end = if runs.len() + 1 == most { len } else { end.min(len) };
        runs.push(crate::Run::new(start, end - start));
        at = end;
    }
    Some(runs)
}
