//! Path resolution inside a root by hand: component by component, never following a link that the
//! kernel would take elsewhere. For kernels without openat2, and to learn a path without links.

use std::{
    collections::VecDeque,
    ffi::{OsStr, OsString},
    os::{
        fd::{AsFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::{Component, Path, PathBuf},
};

use rustix::{
    fs::{self, FileType, Mode, OFlags},
    io::Errno,
};

/// As many links as the kernel follows.
const MAX_LINKS: usize = 40;
const MAX_COMPONENTS: usize = 4096;

/// Opens the path with `flags`; links that lead out stay inside.
pub fn open(root: &OwnedFd, path: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    let follow = !flags.contains(OFlags::NOFOLLOW);
    let found = walk(root, path, follow)?;
    let Some((parent, name)) = found.last else {
        return fs::openat(root, ".", flags, Mode::empty());
    };
    fs::openat(parent, name, flags | OFlags::NOFOLLOW, Mode::empty())
}

/// The path without links, seen from inside the root.
pub fn resolve(root: &OwnedFd, path: &Path) -> Result<PathBuf, Errno> {
    Ok(walk(root, path, true)?.path)
}

struct Found {
    path: PathBuf,
    /// The folder that holds the last component, and its name there; none for the root itself.
    last: Option<(OwnedFd, OsString)>,
}

fn walk(root: &OwnedFd, path: &Path, follow_last: bool) -> Result<Found, Errno> {
    let mut todo: VecDeque<OsString> = components(path);
    // The folders from the root down to where the walk is; `..` pops one and never the root.
    let mut folders: Vec<(OwnedFd, OsString)> = Vec::new();
    let mut links = 0;
    while let Some(name) = todo.pop_front() {
        if name == ".." {
            folders.pop();
            continue;
        }
        let here = folders.last().map_or(root.as_fd(), |(folder, _)| folder.as_fd());
        let entry = fs::openat(here, &name, path_flags(), Mode::empty())?;
        let kind = FileType::from_raw_mode(fs::fstat(&entry)?.st_mode);
        if kind == FileType::Symlink && (follow_last || !todo.is_empty()) {
            links += 1;
            if links > MAX_LINKS || todo.len() > MAX_COMPONENTS {
                return Err(Errno::LOOP);
            }
            let target = fs::readlinkat(&entry, "", Vec::new())?;
            let target = Path::new(OsStr::from_bytes(target.as_bytes()));
            if target.is_absolute() {
                folders.clear();
            }
            for component in components(target).into_iter().rev() {
                todo.push_front(component);
            }
            continue;
        }
        if kind != FileType::Directory && !todo.is_empty() {
            return Err(Errno::NOTDIR);
        }
        folders.push((entry, name));
    }
    found(root, folders)
}

fn found(root: &OwnedFd, mut folders: Vec<(OwnedFd, OsString)>) -> Result<Found, Errno> {
    let path = Path::new("/").join(folders.iter().map(|(_, name)| name).collect::<PathBuf>());
    let Some((_, name)) = folders.pop() else {
        return Ok(Found { path, last: None });
    };
    let parent = match folders.pop() {
        Some((folder, _)) => folder,
        None => fs::openat(root, ".", path_flags(), Mode::empty())?,
    };
    Ok(Found { path, last: Some((parent, name)) })
}

fn path_flags() -> OFlags {
    OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC
}

/// The names and `..` of a path, without what says nothing.
pub fn components(path: &Path) -> VecDeque<OsString> {
    path.components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some(OsString::from("..")),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
        })
        .collect()
}
