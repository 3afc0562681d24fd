//! The one way in which leaksweep creates a file: whole or not at all, and only where the user
//! named it. A reader never sees half a file, and a failed write leaves the old one.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read, Seek, Write},
    os::unix::fs::FileTypeExt,
    path::{Path, PathBuf},
};

use tempfile::Builder;

/// Who may read a new file, beside its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    Everyone,
    Nobody,
}

impl Readers {
    fn mode(self) -> u32 {
        match self {
            Readers::Everyone => 0o644,
            Readers::Nobody => 0o600,
        }
    }
}

/// Writes `content` to `path` through a temporary file beside it, replacing what is there. A
/// terminal or a pipe is written into: it is no file that could be replaced. A link to a file is
/// refused: whoever planted it chose what is overwritten. So is a disk, which nobody means.
pub fn replace(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    if let Ok(found) = fs::symlink_metadata(path) {
        let kind = fs::metadata(path).ok().map(|found| found.file_type());
        let regular = kind.is_none_or(|kind| kind.is_file());
        if found.is_symlink() && regular {
            return Err(io::Error::other("it is a link; name the file itself"));
        }
        if kind.is_some_and(|kind| kind.is_block_device()) {
            return Err(io::Error::other("it is a disk; name a file"));
        }
        if !regular {
            return File::options().write(true).open(path)?.write_all(content);
        }
    }
    stage(path, readers, |file| file.write_all(content))?
        .persist(path)
        .map_err(|failed| failed.error)?;
    sync_folder(path)
}

/// Like [`replace`], but fails where something is there already, and makes the folder.
pub fn create(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    create_by(path, readers, |file| file.write_all(content))
}

/// Like [`create`], for what is too long to be held.
pub fn create_by(
    path: &Path,
    readers: Readers,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    fs::create_dir_all(folder(path))?;
    stage(path, readers, write)?.persist_noclobber(path).map_err(|failed| failed.error)?;
    sync_folder(path)
}

/// Why a stream could not be kept.
#[derive(Debug)]
pub enum SpoolError {
    /// The stream itself.
    Read(io::Error),
    /// The folder for temporary files: no room most often, or more than was allowed.
    Write { folder: PathBuf, source: io::Error },
}

/// Keeps a stream of at most `most` bytes in a temporary file that has no name and ends with this process. Blocks of zeros
/// become holes, which take no room.
pub fn spool(mut stream: impl Read, most: u64) -> Result<File, SpoolError> {
    let folder = std::env::temp_dir();
    let write = |source| SpoolError::Write { folder: folder.clone(), source };
    let mut file = tempfile::tempfile_in(&folder).map_err(write)?;
    let mut block = vec![0; SPOOLED_AT_ONCE];
    let mut len = 0_u64;
    loop {
        let count = fill(&mut stream, &mut block).map_err(SpoolError::Read)?;
        if count == 0 {
            break;
        }
        len += count as u64;
        if len > most {
            return Err(write(io::Error::other(format!("it is longer than {most} bytes"))));
        }
        let content = &block[..count];
        if content.iter().all(|byte| *byte == 0) {
            file.seek_relative(count as i64).map_err(write)?;
        } else {
            file.write_all(content).map_err(write)?;
        }
    }
    file.set_len(len).map_err(write)?;
    Ok(file)
}

const SPOOLED_AT_ONCE: usize = 256 * 1024;

/// Less than the block only at the stream's end.
fn fill(stream: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < block.len() {
        match stream.read(&mut block[done..]) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// Makes a folder that only its owner reads; one that is there already must be empty.
pub fn empty_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if path.is_dir() {
        return match fs::read_dir(path)?.next() {
            None => Ok(()),
            Some(_) => Err(io::Error::other("it is not empty; name a new folder")),
        };
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Bytes of a stream that are written at once.
const STREAMED: usize = 256 * 1024;

/// Writes a new file from a stream, for its owner alone, and makes the folder. What could not be written whole is removed.
/// It is not forced onto the disk: there may be very many.
pub fn write_stream(path: &Path, content: &mut dyn Read) -> io::Result<u64> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder(path))?;
    let file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
    let mut file = BufWriter::with_capacity(STREAMED, file);
    let written = io::copy(content, &mut file).and_then(|count| file.flush().map(|()| count));
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

/// Removes a file that was written with [`replace`] and has served its purpose; one that is gone already is no error.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn stage(
    path: &Path,
    readers: Readers,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<tempfile::NamedTempFile> {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt};
    let mut file = Builder::new()
        .prefix(".leaksweep-")
        .permissions(Permissions::from_mode(readers.mode()))
        .tempfile_in(folder(path))
        .map_err(without_path)?;
    let mut buffered = BufWriter::with_capacity(STREAMED, &mut file);
    write(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    file.as_file().sync_all()?;
    Ok(file)
}

/// The name of the temporary file would puzzle the user.
fn without_path(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound => io::Error::new(error.kind(), "its folder does not exist"),
        io::ErrorKind::PermissionDenied => io::Error::new(error.kind(), "permission denied"),
        _ => error,
    }
}

/// The rename itself must survive a power cut.
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(folder(path))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_secret_is_private_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        create(&path, b"one", Readers::Nobody).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = create(&path, b"two", Readers::Nobody).unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
    }

    #[test]
    fn a_planted_link_neither_directs_a_write_nor_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "old").unwrap();
        for target in ["file", "absent"] {
            let link = folder.path().join(format!("link-to-{target}"));
            std::os::unix::fs::symlink(target, &link).unwrap();
            let refused = replace(&link, b"new", Readers::Everyone).unwrap_err();
            assert!(refused.to_string().contains("link"), "{refused}");
            assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        }
        assert_eq!(std::fs::read(&file).unwrap(), b"old");
        assert!(!folder.path().join("absent").exists());
    }

    #[test]
    fn a_pipe_is_written_into_and_stays_a_pipe() {
        use std::os::unix::fs::FileTypeExt;
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe).unwrap()
        });
        replace(&pipe, b"through", Readers::Everyone).unwrap();
        assert_eq!(reader.join().unwrap(), b"through");
        assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    }

    #[test]
    fn a_disk_is_never_written_into() {
        use rustix::fs::{CWD, FileType, Mode, makedev, mknodat};
        let folder = tempfile::tempdir().unwrap();
        let disk = folder.path().join("disk");
        let mode = Mode::RUSR | Mode::WUSR;
        // Of a number that no device has; only root may make one.
        if mknodat(CWD, &disk, FileType::BlockDevice, mode, makedev(0, 0)).is_err() {
            return;
        }
        let refused = replace(&disk, b"x", Readers::Nobody).unwrap_err();
        assert!(refused.to_string().contains("a disk"), "{refused}");
    }

    #[test]
    fn a_failed_write_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/file");
        assert!(replace(&path, b"x", Readers::Everyone).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_stream_is_kept_without_its_zeros_taking_room() {
        use std::os::unix::fs::MetadataExt;
        let mut bytes = vec![0; 3 << 20];
        bytes[1 << 20..][..5].copy_from_slice(b"hello");
        let kept = spool(&bytes[..], 1 << 30).unwrap();
        let found = kept.metadata().unwrap();
        assert_eq!((found.len(), found.nlink()), (3 << 20, 0));
        assert!(found.blocks() * 512 < 1 << 20, "{}", found.blocks());
        let mut read = vec![1; bytes.len()];
        std::os::unix::fs::FileExt::read_exact_at(&kept, &mut read, 0).unwrap();
        assert!(read == bytes);
    }

    #[test]
    fn a_stream_without_end_and_one_that_fails_are_told_apart() {
        struct Torn;
        impl Read for Torn {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("torn"))
            }
        }
        let endless = spool(io::repeat(0), 10 << 20).unwrap_err();
        assert!(
            matches!(endless, SpoolError::Write { source, .. } if source.to_string().contains("longer"))
        );
        assert!(matches!(spool(Torn, 10).unwrap_err(), SpoolError::Read(_)));
    }
}
