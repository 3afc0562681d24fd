//! The folders of libraries on this disk.

use std::path::{Path, PathBuf};

use rustix::fs::FileType;

use crate::root::Root;

const PARENTS: [&str; 2] = ["/lib", "/usr/lib"];
const OTHERS: [&str; 4] = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"];

/// The folders where the loader and PAM look by themselves: those of an architecture first, as
/// Debian has them.
pub fn folders(root: &Root) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for parent in PARENTS {
        let Ok(listing) = root.list_if_there(parent) else { continue };
        let names = listing.entries.into_iter().map(|entry| entry.name);
        let names = names.filter(|name| name.to_string_lossy().contains("-linux-"));
        found.extend(names.map(|name| Path::new(parent).join(name)));
    }
    found.extend(OTHERS.iter().map(PathBuf::from));
    let is_folder = |path: &PathBuf| {
        let kind = root.stat(path).map(|stat| FileType::from_raw_mode(stat.st_mode));
        kind.is_ok_and(|kind| kind == FileType::Directory)
    };
    found.retain(is_folder);
    found
}
