//! The one way in which leaksweep creates a file: whole or not at all, and only where the user
//! named it. A reader never sees half a file, and a failed write leaves the old one.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use tempfile::Builder;

/// Writes `content` to `path` through a temporary file beside it, replacing what is there.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    stage(path, content, 0o644)?.persist(path).map_err(|failed| failed.error)?;
    sync_folder(path)
}

/// Like [`replace`], but fails where something is there already, and only the owner may read it.
pub fn create_secret(path: &Path, content: &[u8]) -> io::Result<()> {
    stage(path, content, 0o600)?.persist_noclobber(path).map_err(|failed| failed.error)?;
    sync_folder(path)
}

/// Like [`replace`], but fails where something is there already.
pub fn create(path: &Path, content: &[u8]) -> io::Result<()> {
    stage(path, content, 0o644)?.persist_noclobber(path).map_err(|failed| failed.error)?;
    sync_folder(path)
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn stage(path: &Path, content: &[u8], mode: u32) -> io::Result<tempfile::NamedTempFile> {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt};
    let mut file = Builder::new()
        .prefix(".leaksweep-")
        .permissions(Permissions::from_mode(mode))
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
        create_secret(&path, b"one").unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = create_secret(&path, b"two").unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
    }

    #[test]
    fn a_failed_write_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/file");
        assert!(replace(&path, b"x").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
