//! Where package managers leave traces of when they last worked, and how versions are ordered.

use std::{cmp::Ordering, path::Path};

use leaksweep_facts::Time;
use rustix::fs::FileType;

use crate::root::{Failure, Root};

/// A file whose change tells, or a folder, if anything is in it: its own change or its newest
/// entry's. APT gives a list the time at which its server made it, so the entries alone do not do.
pub struct Place {
    pub path: &'static str,
    entries: bool,
}

const fn file(path: &'static str) -> Place {
    Place { path, entries: false }
}

const fn entries_of(path: &'static str) -> Place {
    Place { path, entries: true }
}

pub const PACKAGES: [Place; 8] = [
    file("/var/lib/dpkg/status"),
    file("/var/lib/rpm/rpmdb.sqlite"),
    file("/var/lib/rpm/Packages"),
    file("/var/lib/rpm/Packages.db"),
    file("/usr/lib/sysimage/rpm/rpmdb.sqlite"),
    file("/usr/lib/sysimage/rpm/Packages.db"),
    file("/lib/apk/db/installed"),
    file("/var/lib/pacman/local"),
];

pub const LISTS: [Place; 7] = [
    file("/var/lib/apt/periodic/update-success-stamp"),
    entries_of("/var/lib/apt/lists"),
    entries_of("/var/cache/dnf"),
    entries_of("/var/cache/libdnf5"),
    entries_of("/var/cache/zypp/raw"),
    entries_of("/var/cache/yum"),
    entries_of("/var/lib/pacman/sync"),
];

/// The loader of each architecture's programs, and the kernel's name for that architecture.
pub const LOADERS: [(&str, &str); 7] = [
    ("/lib64/ld-linux-x86-64.so.2", "x86_64"),
    ("/lib/ld-linux-aarch64.so.1", "aarch64"),
    ("/lib/ld-linux-armhf.so.3", "armv7l"),
    ("/lib/ld-linux-riscv64-lp64d.so.1", "riscv64"),
    ("/lib64/ld64.so.2", "ppc64le"),
    ("/lib/ld64.so.1", "s390x"),
    ("/lib/ld-linux.so.2", "i686"),
];

impl Place {
    /// None where there is no such place.
    pub fn changed(&self, root: &Root) -> Result<Option<Time>, Failure> {
        if !self.entries {
            return changed(root, Path::new(self.path));
        }
        let mut newest = None;
        for entry in root.list_if_there(self.path)?.entries {
            // What APT keeps beside the lists changes without any list being fetched.
            if entry.name == "lock" || entry.name == "partial" || entry.name == "auxfiles" {
                continue;
            }
            newest = newest.max(changed(root, &Path::new(self.path).join(&entry.name))?);
        }
        if newest.is_some() {
            newest = newest.max(changed(root, Path::new(self.path))?);
        }
        Ok(newest)
    }
}

fn changed(root: &Root, path: &Path) -> Result<Option<Time>, Failure> {
    match root.stat_link(path) {
        Ok(stat) => match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile | FileType::Directory | FileType::Symlink => {
                Ok(Some(Time(stat.st_mtime)))
            }
            other => Err(Failure::wrong_type(other)),
        },
        Err(failure) if failure.is_absence() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// `6.1.0-9` comes before `6.1.0-10`: runs of digits count as numbers.
pub fn by_version(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        let order = match (a.first(), b.first()) {
            (None, None) => return Ordering::Equal,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                number(&mut a).cmp(&number(&mut b))
            }
            (x, y) => {
                let order = x.cmp(&y);
                a = a.get(1..).unwrap_or_default();
                b = b.get(1..).unwrap_or_default();
                order
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Takes the digits at the beginning; more of them, without leading zeros, are a larger number.
fn number<'a>(text: &mut &'a [u8]) -> (usize, &'a [u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    let start = digits.iter().position(|byte| *byte != b'0').unwrap_or(digits.len());
    let digits = digits.get(start..).unwrap_or_default();
    (digits.len(), digits)
}
