//! What is written takes the place of nothing that is read, nor of anything else that is written.

use std::{
    fs::{self, Metadata},
    os::unix::fs::{FileTypeExt, MetadataExt},
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use rustix::fs::{major, minor};

use super::super::kept;
use crate::arguments;

/// Fails before anything is read, so that nothing is lost.
pub fn check(storage: &arguments::Storage) -> Result<()> {
    let save = ("--save", storage.keeping.save.as_deref());
    let output = ("--output", storage.judging.output.as_deref());
    let resume = ("--resume", storage.resume.as_deref());
    kept::each_its_own(save, resume)?;
    kept::each_its_own(output, resume)?;
    let standard = storage.medium == Path::new("-");
    let medium = if standard { Path::new("/dev/stdin") } else { &storage.medium };
    let Some(medium) = kept::lasting(medium) else { return Ok(()) };
    for (option, path) in [save, output, resume] {
        if path.and_then(kept::identity) == Some((medium.dev(), medium.ino())) {
            bail!("{option} names the medium itself; name another file");
        }
    }
    if storage.out.as_deref().is_some_and(|out| lies_on(out, &medium)) {
        bail!(
            "--out lies on the medium itself, and would write over what is deleted there; name a folder elsewhere"
        );
    }
    Ok(())
}

/// Whether a folder, or the one in which it will be made, is of a file system on this device or on a part of it.
fn lies_on(folder: &Path, device: &Metadata) -> bool {
    if !device.file_type().is_block_device() {
        return false;
    }
    let there = folder.ancestors().map(|at| if at == Path::new("") { Path::new(".") } else { at });
    let Some(found) = there.filter_map(|at| fs::metadata(at).ok()).next() else { return false };
    // The folder of a part lies in that of its disk.
    let known = |device: u64| -> Option<PathBuf> {
        fs::canonicalize(format!("/sys/dev/block/{}:{}", major(device), minor(device))).ok()
    };
    known(device.rdev())
        .zip(known(found.dev()))
        .is_some_and(|(medium, part)| part.starts_with(medium))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_on_the_medium_is_known_before_it_is_made() {
        let folder = std::env::current_dir().unwrap();
        let on = fs::metadata(&folder).unwrap().dev();
        let told = format!("/sys/dev/block/{}:{}/uevent", major(on), minor(on));
        let told = fs::read_to_string(told).unwrap_or_default();
        let Some(name) = told.lines().find_map(|line| line.strip_prefix("DEVNAME=")) else {
            eprintln!("skipped: this folder lies on no disk of its own");
            return;
        };
        let Ok(device) = fs::metadata(format!("/dev/{name}")) else { return };
        assert!(
            lies_on(&folder.join("new/and new"), &device) && lies_on(Path::new("new"), &device)
        );
        assert!(!lies_on(Path::new("/proc"), &device));
        assert!(!lies_on(&folder, &fs::metadata(&folder).unwrap()));
    }
}
