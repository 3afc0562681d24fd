//! What is at a place of interest.

use std::path::Path;

use leaksweep_facts::{Problem, Time, tables::host::File};
use rustix::fs::{FileType, Stat};

use super::{
    LARGEST, LARGEST_PROGRAM, TABLE,
    places::{CAPABLE, COMMAND, PACKAGED, Place, RUNNING, SERVICE, STARTED},
};
use crate::{
    accounts::Names,
    digest::{Algorithm, Digests, Identity, Job, Sum},
    name,
    root::{Failure, Root},
};

/// A place with what is there.
pub struct Seen {
    pub place: Place,
    /// The link itself, where it is one.
    link: Option<String>,
    /// The file behind all links; the link where there is none. None for a package's file that is
    /// gone.
    stat: Option<Stat>,
}

impl Seen {
    /// None where nothing is, and for folders.
    pub fn look(root: &Root, place: Place, problems: &mut Vec<Problem>) -> Option<Self> {
        match stats(root, &place.path) {
            Ok((stat, _)) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => None,
            Ok((stat, link)) => Some(Self { place, link, stat: Some(stat) }),
            Err(failure) if failure.is_absence() => {
                let packaged = place.interest == PACKAGED;
                packaged.then_some(Self { place, link: None, stat: None })
            }
            Err(failure) => {
                problems.push(failure.problem(TABLE, name::path(&place.path)));
                None
            }
        }
    }

    fn is_program(&self) -> bool {
        let programs = [RUNNING, SERVICE, STARTED, COMMAND, CAPABLE];
        programs.iter().any(|known| known.name == self.place.interest.name)
    }

    fn file_type(&self) -> Option<FileType> {
        self.stat.map(|stat| FileType::from_raw_mode(stat.st_mode))
    }

    /// Whether it may be a script; of what holds secrets nothing is told.
    pub fn may_be_script(&self) -> bool {
        self.file_type() == Some(FileType::RegularFile) && !self.place.interest.secret
    }

    pub fn size(&self) -> u64 {
        self.stat.map_or(0, |stat| stat.st_size as u64)
    }

    fn is_hashed(&self) -> bool {
        let largest = if self.is_program() { LARGEST_PROGRAM } else { LARGEST };
        let plain = self.file_type() == Some(FileType::RegularFile);
        plain && !self.place.interest.secret && self.size() <= largest
    }

    pub fn identity(&self) -> Option<Identity> {
        self.stat.map(|stat| (stat.st_dev, stat.st_ino))
    }

    /// None for what has no digest.
    pub fn job(&self) -> Option<Job> {
        let identity = self.identity().filter(|_| self.is_hashed())?;
        let (path, size) = (self.place.path.clone(), self.size());
        Some(Job { identity, path, size, algorithms: vec![Algorithm::Sha256] })
    }

    pub fn row(&self, names: &Names) -> File {
        let path = name::path(&self.place.path);
        let interest = self.place.interest.name.into();
        let Some(stat) = &self.stat else { return File { path, interest, ..File::default() } };
        let file_type = FileType::from_raw_mode(stat.st_mode);
        // The mode of a link that leads nowhere says nothing of what may be done.
        let bits = if file_type == FileType::Symlink { 0 } else { stat.st_mode };
        File {
            path,
            interest,
            kind: if self.link.is_some() { "link" } else { kind(file_type) }.into(),
            owner: names.user(stat.st_uid),
            group: names.group(stat.st_gid),
            mode: format!("{:04o}", stat.st_mode & 0o7777),
            set_uid: bits & 0o4000 != 0,
            set_gid: bits & 0o2000 != 0,
            world_readable: bits & 0o004 != 0,
            world_writable: bits & 0o002 != 0,
            size: stat.st_size,
            modified: Some(Time(stat.st_mtime)),
            changed: Some(Time(stat.st_ctime)),
            link_target: self.link.clone(),
            ..File::default()
        }
    }

    pub fn sha256(&self, digests: &Digests, problems: &mut Vec<Problem>) -> Option<String> {
        let identity = self.identity().filter(|_| self.is_hashed())?;
        match digests.get(&identity)? {
            Ok(sums) => sums.iter().find(|sum| sum.algorithm == Algorithm::Sha256).map(Sum::hex),
            Err(failure) => {
                let problem = failure.problem(TABLE, name::path(&self.place.path));
                problems.push(problem.in_columns(&["sha256"]));
                None
            }
        }
    }
}

fn stats(root: &Root, path: &Path) -> Result<(Stat, Option<String>), Failure> {
    let stat = root.stat_link(path)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::Symlink {
        return Ok((stat, None));
    }
    let target = name::path(&root.link(path)?);
    Ok((root.stat(path).unwrap_or(stat), Some(target)))
}

fn kind(file_type: FileType) -> &'static str {
    match file_type {
        FileType::RegularFile => "file",
        FileType::Directory => "folder",
        FileType::Symlink => "link",
        FileType::Fifo => "pipe",
        FileType::Socket => "socket",
        _ => "device",
    }
}
