//! Programs that packages keep to be copied to the firmware's partition: a copy is no stranger.
//! Limits: 2,000 programs, two folders deep.

use std::{collections::HashMap, path::PathBuf};

use rustix::fs::{FileType, Stat};

use super::{efi, places};
use crate::{name, root::Root};

/// Where packages keep the programs that are copied to the firmware's partition.
const COPIED_FROM: [&str; 8] = [
    "/usr/lib/shim",
    "/usr/share/shim",
    "/usr/lib/grub",
    "/usr/lib/systemd/boot/efi",
    "/usr/lib/fwupd/efi",
    "/usr/libexec/fwupd/efi",
    "/usr/share/efi",
    "/usr/lib/modules",
];
const COPIED_DEPTH: usize = 2;
const MAX_COPIED: usize = 2_000;

/// Programs that packages bring to be copied, by their sizes.
#[derive(Default)]
pub struct Copied(HashMap<i64, Vec<PathBuf>>);

impl Copied {
    pub fn look(root: &Root) -> Self {
        let mut copied = Self::default();
        let mut todo: Vec<_> =
            COPIED_FROM.map(|folder| (PathBuf::from(folder), COPIED_DEPTH)).into();
        // What GRUB's installer made is no package's and yet no stranger's.
        todo.extend(places::GRUB.map(|folder| (PathBuf::from(folder), 1)));
        let mut left = MAX_COPIED;
        while let Some((folder, depth)) = todo.pop() {
            for entry in root.list(&folder).unwrap_or_default().entries {
                let path = folder.join(&entry.name);
                if entry.kind == FileType::Directory && depth > 0 {
                    todo.push((path, depth - 1));
                } else if is_program(&name::os(&entry.name)) && left > 0 {
                    left -= 1;
                    let size = root.stat(&path).map(|stat| stat.st_size).unwrap_or(-1);
                    copied.0.entry(size).or_default().push(path);
                }
            }
        }
        copied
    }

    /// Where a program with this content comes from, if it is a copy.
    pub fn is_copy(&self, root: &Root, stat: &Stat, sha256: &str) -> Option<&'static str> {
        let same = |path: &&PathBuf| efi::sha256(root, path).is_ok_and(|digest| digest == sha256);
        let found = self.0.get(&stat.st_size)?.iter().find(same)?;
        Some(if found.starts_with("/boot") { "generated" } else { "package" })
    }
}

fn is_program(name: &str) -> bool {
    name.ends_with(".efi") || name.ends_with(".efi.signed") || name == "vmlinuz"
}
