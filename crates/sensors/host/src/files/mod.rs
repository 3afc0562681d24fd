//! Files of interest: those that decide who gets in and what runs.
//!
//! Reads what `places` names, the folders that `set_uid` searches, and the programs of processes
//! and services. Limits: SHA-256 only of plain files up to 64 MiB, of programs that merely run up to
//! 16 MiB, and never of shadow files, private keys and password files; see `places` and `set_uid`.

mod digest;
mod places;
mod script;
mod set_uid;

#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use leaksweep_facts::{
    Observed, Problem, Time,
    tables::host::{File, Process, Service},
};
use rustix::fs::{FileType, Stat};

use crate::{
    accounts::{Accounts, Names},
    changeable::Judge,
    machine::Machine,
    name,
    root::{Failure, Root},
};
use digest::{Digests, Wanted};
use places::{Place, RUNNING, SERVICE, SET_UID};

const TABLE: &str = "host_files";
const LARGEST: u64 = 64 << 20;
/// The time of a sweep goes into large programs, which packages tell more about than digests do.
const LARGEST_PROGRAM: u64 = 16 << 20;

/// `processes` and `services` name programs that are of interest because they run.
pub fn collect(
    machine: &Machine,
    accounts: &Accounts,
    judge: &mut Judge<'_>,
    processes: &[Process],
    services: &[Service],
) -> Observed<File> {
    let root = &machine.root;
    let mut files = Observed::default();
    let places = places(machine, accounts, processes, services, &mut files.problems);
    let seen: Vec<Seen> =
        places.into_iter().filter_map(|place| look(root, place, &mut files.problems)).collect();
    let wanted = seen.iter().filter(|seen| seen.is_hashed()).map(Seen::wanted).collect();
    let digests = digest::all(root, wanted, LARGEST);
    for seen in seen {
        let mut row = seen.row(&accounts.names);
        row.sha256 = sha256(&seen, &digests, &mut files.problems);
        if seen.is_script() {
            let (path, interest) = (&seen.place.path, seen.place.interest.name);
            row.traits = script::traits(root, path, interest, seen.size(), &mut files.problems);
        }
        let (who, failures) =
            judge.by_any(std::iter::once(seen.place.path.as_path()), seen.place.trusted);
        let failures = failures
            .into_iter()
            .map(|(_, failure)| failure.problem(TABLE, &row.path).in_columns(&["changeable_by"]));
        files.problems.extend(failures);
        row.changeable_by = who;
        files.rows.push(row);
    }
    files
}

/// Every path once, with the first interest that it has.
fn places(
    machine: &Machine,
    accounts: &Accounts,
    processes: &[Process],
    services: &[Service],
    problems: &mut Vec<Problem>,
) -> Vec<Place> {
    let plain = |interest| move |path: PathBuf| Place { path, interest, trusted: None };
    let set_uid = set_uid::find(machine, &accounts.homes, problems);
    let mut places: Vec<Place> = set_uid.into_iter().map(plain(SET_UID)).collect();
    places.extend(places::find(&machine.root, &accounts.homes, problems));
    let programs = services.iter().filter(|row| row.program_exists == Some(true));
    let programs = programs.filter_map(|row| row.program.as_deref());
    places.extend(programs.map(PathBuf::from).map(plain(SERVICE)));
    let present =
        |row: &&Process| matches!(row.program_state.as_deref(), Some("present" | "replaced"));
    let programs = processes.iter().filter(present).filter_map(|row| row.program.as_deref());
    places.extend(programs.map(PathBuf::from).map(plain(RUNNING)));
    let mut seen = HashSet::new();
    places.retain(|place| seen.insert(place.path.clone()));
    places
}

/// A place with what is there.
struct Seen {
    place: Place,
    /// The link itself, where it is one.
    link: Option<String>,
    /// The file behind all links; the link where there is none.
    stat: Stat,
}

fn look(root: &Root, place: Place, problems: &mut Vec<Problem>) -> Option<Seen> {
    let found = stats(root, &place.path);
    match found {
        Ok((stat, _)) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => None,
        Ok((stat, link)) => Some(Seen { place, link, stat }),
        Err(failure) => {
            if !failure.is_absence() {
                problems.push(failure.problem(TABLE, name::path(&place.path)));
            }
            None
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

impl Seen {
    fn file_type(&self) -> FileType {
        FileType::from_raw_mode(self.stat.st_mode)
    }

    fn is_hashed(&self) -> bool {
        let interest = self.place.interest;
        let program = interest == RUNNING || interest == SERVICE;
        let largest = if program { LARGEST_PROGRAM } else { LARGEST };
        let plain = self.file_type() == FileType::RegularFile;
        plain && !interest.secret && self.stat.st_size as u64 <= largest
    }

    /// Whether it may be one; of what holds secrets nothing is told.
    fn is_script(&self) -> bool {
        self.file_type() == FileType::RegularFile && !self.place.interest.secret
    }

    fn size(&self) -> u64 {
        self.stat.st_size as u64
    }

    fn identity(&self) -> digest::Identity {
        (self.stat.st_dev, self.stat.st_ino)
    }

    fn wanted(&self) -> Wanted {
        let (path, size) = (self.place.path.clone(), self.stat.st_size as u64);
        Wanted { identity: self.identity(), path, size }
    }

    fn row(&self, names: &Names) -> File {
        let stat = &self.stat;
        // The mode of a link that leads nowhere says nothing of what may be done.
        let bits = if self.file_type() == FileType::Symlink { 0 } else { stat.st_mode };
        File {
            path: name::path(&self.place.path),
            interest: self.place.interest.name.into(),
            kind: if self.link.is_some() { "link" } else { kind(self.file_type()) }.into(),
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

fn sha256(seen: &Seen, digests: &Digests, problems: &mut Vec<Problem>) -> Option<String> {
    if !seen.is_hashed() {
        return None;
    }
    match digests.get(&seen.identity())? {
        Ok(digest) => Some(digest.clone()),
        Err(failure) => {
            let problem = failure.problem(TABLE, name::path(&seen.place.path));
            problems.push(problem.in_columns(&["sha256"]));
            None
        }
    }
}
