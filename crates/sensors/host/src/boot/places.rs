//! Where boot loaders, kernels and their archives lie. Limits: 1,000 entries of a folder, four
//! folders deep below a system partition's `EFI`.

use std::path::{Path, PathBuf};

use rustix::fs::FileType;

use crate::root::{Failure, Root};

const MAX_ENTRIES: usize = 1_000;
const MAX_DEPTH: usize = 4;
/// Where the firmware's partition is mounted.
pub const FIRMWARE: [&str; 4] = ["/boot/efi", "/efi", "/boot", "/boot/firmware"];
pub const GRUB: [&str; 2] = ["/boot/grub", "/boot/grub2"];

/// Files that were looked for, and the folders that could not be looked into.
#[derive(Debug, Default)]
pub struct Found {
    pub found: Vec<PathBuf>,
    pub failed: Vec<(PathBuf, Failure)>,
}

pub fn grub_environments() -> Vec<PathBuf> {
    GRUB.iter().map(|folder| Path::new(folder).join("grubenv")).collect()
}

/// `grub.cfg` and what a person adds beside it, in GRUB's folders and on the firmware's partition.
pub fn grub_configurations(root: &Root) -> Vec<PathBuf> {
    let named = |folder: &&str| {
        ["grub.cfg", "custom.cfg", "user.cfg"].map(|name| Path::new(folder).join(name))
    };
    let mut all: Vec<PathBuf> = GRUB.iter().flat_map(named).collect();
    all.extend(below(root, |name| name.eq_ignore_ascii_case("grub.cfg")).found);
    all
}

pub fn efi_programs(root: &Root) -> Found {
    below(root, |name| name.len() > 4 && name.to_ascii_lowercase().ends_with(".efi"))
}

/// What has such a name in the folders `EFI` of firmware's partitions.
fn below(root: &Root, wanted: impl Fn(&str) -> bool) -> Found {
    let mut all = Found::default();
    for partition in FIRMWARE {
        let folder = Path::new(partition).join("EFI");
        // A link would show one partition twice.
        if root.resolve(&folder).is_ok_and(|real| real == folder) {
            walk(root, &folder, MAX_DEPTH, &wanted, &mut all);
        }
    }
    all
}

fn walk(root: &Root, folder: &Path, depth: usize, wanted: &impl Fn(&str) -> bool, all: &mut Found) {
    let listing = match root.list_if_there(folder) {
        Ok(listing) => listing,
        Err(failure) => return all.failed.push((folder.to_owned(), failure)),
    };
    if listing.entries.len() > MAX_ENTRIES {
        let failure = Failure::malformed(format!("more than {MAX_ENTRIES} entries"));
        all.failed.push((folder.to_owned(), failure));
    }
    for entry in listing.entries.into_iter().take(MAX_ENTRIES) {
        let path = folder.join(&entry.name);
        if entry.kind == FileType::Directory && depth > 0 {
            walk(root, &path, depth - 1, wanted, all);
        } else if entry.kind != FileType::Directory
            && wanted(&entry.name.to_string_lossy())
            && all.found.len() < MAX_ENTRIES
        {
            all.found.push(path);
        }
    }
}
