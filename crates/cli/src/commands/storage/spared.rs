//! What is written takes the place of nothing that is read, nor of anything else that is written.

use std::{
    fs::{self, Metadata},
    os::unix::fs::{FileTypeExt, MetadataExt},
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use leaksweep_storage::media;
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
    let pieces: Vec<_> = media::pieces(medium).iter().filter_map(|at| kept::identity(at)).collect();
    let Some(medium) = kept::lasting(medium) else { return Ok(()) };
    for (option, path) in [save, output, resume] {
        let Some(named) = path.and_then(kept::identity) else { continue };
        if named == (medium.dev(), medium.ino()) {
            bail!("{option} names the medium itself; name another file");
        }
        if pieces.contains(&named) {
            bail!("{option} names a part of the medium; name another file");
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
    use clap::Parser;

    use super::*;
    use crate::arguments::{Arguments, Command};

    #[test]
    fn a_part_of_the_medium_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["disk.001", "disk.002", "disk.sweep"] {
            fs::write(folder.path().join(name), [7; 512]).unwrap();
        }
        let told = |option: &str, name: &str| {
            let path = |name| folder.path().join(name).into_os_string();
            let words = ["leaksweep".into(), "storage".into(), path("disk.001"), option.into()];
            let named = Arguments::try_parse_from(words.into_iter().chain([path(name)])).unwrap();
            let Some(Command::Storage(storage)) = named.command else { panic!("no storage") };
            check(&storage).map_err(|error| error.to_string())
        };
        for option in ["--save", "--output", "--resume"] {
            let part = format!("{option} names a part of the medium; name another file");
            assert_eq!(told(option, "disk.002"), Err(part));
            assert_eq!((told(option, "disk.sweep"), told(option, "new")), (Ok(()), Ok(())));
        }
    }

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
