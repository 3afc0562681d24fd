//! The only place of this sensor that opens anything: for reading, and never waiting for another side.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use rustix::fs::{self, Dir, FileType, Mode, OFlags};

/// Without NONBLOCK the opening of a pipe waits for its writer, perhaps for ever.
const READING: OFlags =
    OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// What the user named; links are followed, for devices are called by them.
pub fn named(path: &Path) -> io::Result<File> {
    Ok(File::from(fs::open(path, READING, Mode::empty())?))
}

/// Where what the user named is, once links are followed.
pub fn leads(path: &Path) -> Option<PathBuf> {
    std::fs::canonicalize(path).ok()
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

/// What `take` makes of the names beside a file, in no order; an error where that is more than `most`.
pub fn beside<T>(
    path: &Path,
    most: usize,
    take: &dyn Fn(&[u8]) -> Option<T>,
) -> io::Result<Vec<T>> {
    names(folder(path), most, take)
}

/// The names in a folder, in no order, without its own and its parent's; an error where there are more than `most`.
pub fn within(path: &Path, most: usize) -> io::Result<Vec<OsString>> {
    let take =
        |name: &[u8]| (name != b"." && name != b"..").then(|| OsStr::from_bytes(name).to_owned());
    names(path, most, &take)
}

fn names<T>(folder: &Path, most: usize, take: &dyn Fn(&[u8]) -> Option<T>) -> io::Result<Vec<T>> {
    let folder = fs::open(folder, READING | OFlags::DIRECTORY, Mode::empty())?;
    let mut names = Vec::new();
    for entry in Dir::read_from(&folder)? {
        names.extend(take(entry?.file_name().to_bytes()));
        if names.len() > most {
            let detail = format!(
                "its folder has more than {most} names; put what is meant into one of its own"
            );
            return Err(io::Error::new(io::ErrorKind::QuotaExceeded, detail));
        }
    }
    Ok(names)
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
