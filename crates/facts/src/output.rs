//! The one way in which leaksweep creates a file: whole or not at all, and only where the user
//! named it. A reader never sees half a file, and a failed write leaves the old one.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
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
/// device or a pipe is written into: it is no file that could be replaced. A link to a file is
/// refused: whoever planted it chose what is overwritten.
pub fn replace(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    if let Ok(found) = fs::symlink_metadata(path) {
        let regular = |path: &Path| fs::metadata(path).map_or(true, |found| found.is_file());
        if found.is_symlink() && regular(path) {
            return Err(io::Error::other("it is a link; name the file itself"));
        }
        if !regular(path) {
            return File::options().write(true).open(path)?.write_all(content);
        }
    }
    stage(path, content, readers)?.persist(path).map_err(|failed| failed.error)?;
    sync_folder(path)
}

/// Like [`replace`], but fails where something is there already, and makes the folder.
pub fn create(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    fs::create_dir_all(folder(path))?;
    stage(path, content, readers)?.persist_noclobber(path).map_err(|failed| failed.error)?;
    sync_folder(path)
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn stage(path: &Path, content: &[u8], readers: Readers) -> io::Result<tempfile::NamedTempFile> {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt};
    let mut file = Builder::new()
        .prefix(".leaksweep-")
        .permissions(Permissions::from_mode(readers.mode()))
        .tempfile_in(folder(path))
        .map_err(without_path)?;
    file.write_all(content)?;
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
    fn a_failed_write_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/file");
        assert!(replace(&path, b"x", Readers::Everyone).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
