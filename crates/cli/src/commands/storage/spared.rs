//! What is written takes the place of nothing that is read, nor of anything else that is written.

use std::{
    fs::{self, Metadata},
    io::{self, IsTerminal},
    os::unix::fs::{FileTypeExt, MetadataExt},
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use rustix::fs::{major, minor};

use crate::arguments;

/// What the user named to be written, each after its option.
type Named<'a> = [(&'static str, Option<&'a Path>); 3];

/// Fails before anything is read, so that nothing is lost.
pub fn check(storage: &arguments::Storage) -> Result<()> {
    let named: Named = [
        ("--save", storage.keeping.save.as_deref()),
        ("--output", storage.judging.output.as_deref()),
        ("--resume", storage.resume.as_deref()),
    ];
    each_its_own(&named)?;
    let Some(medium) = medium(&storage.medium) else { return Ok(()) };
    for (option, path) in named {
        if path.and_then(identity) == Some((medium.dev(), medium.ino())) {
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

fn each_its_own(named: &Named) -> Result<()> {
    for (at, (option, path)) in named.iter().enumerate() {
        let same = |(_, other): &&(&str, Option<&Path>)| {
            path.is_some()
                && (path == other
                    || path
                        .and_then(identity)
                        .is_some_and(|own| other.and_then(identity) == Some(own)))
        };
        if let Some((other, _)) = named[..at].iter().find(same) {
            bail!("{other} and {option} name the same file");
        }
    }
    Ok(())
}

/// What is named, or what standard input reads; none of a terminal or a pipe, which nothing can take the place of.
fn medium(named: &Path) -> Option<Metadata> {
    let standard = named == Path::new("-");
    if standard && io::stdin().is_terminal() {
        return None;
    }
    let path = if standard { Path::new("/dev/stdin") } else { named };
    let found = fs::metadata(path).ok()?;
    (found.is_file() || found.file_type().is_block_device()).then_some(found)
}

/// A file by whatever name; pipes and devices may be named more than once.
fn identity(path: &Path) -> Option<(u64, u64)> {
    let found = fs::metadata(path).ok()?;
    (found.is_file() || found.file_type().is_block_device()).then(|| (found.dev(), found.ino()))
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

    #[test]
    fn nothing_is_written_twice() {
        let named = |save, resume| {
            each_its_own(&[("--save", save), ("--output", None), ("--resume", resume)])
        };
        let (here, same) = (Some(Path::new("Cargo.toml")), Some(Path::new("./src/../Cargo.toml")));
        let told = named(here, same).unwrap_err().to_string();
        assert_eq!(told, "--save and --resume name the same file");
        assert!(named(Some(Path::new("absent")), Some(Path::new("absent"))).is_err());
        let pipe = Some(Path::new("/dev/null"));
        assert!(
            named(here, Some(Path::new("absent"))).is_ok()
                && named(pipe, Some(Path::new("/dev/../dev/null"))).is_ok()
        );
    }
}
