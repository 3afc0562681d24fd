//! Every file of every package, held against the digest that its package recorded (`--deep`).
//!
//! The answers are those of `debsums -s` and `dpkg --verify`: a file is changed if its content has
//! another digest, or if something else than a file is there; missing if nothing is; links,
//! folders and files without a recorded digest are not compared. As dpkg does, and unlike debsums
//! without its option for it, configuration is compared too; a difference there is `edited`. What
//! dpkg was told not to unpack is not missing. Of rpm's packages the files with a digest are
//! compared, without those that the package does not bring.
//!
//! Limits: files of at most 8 GiB; five million files.

use std::{
    collections::HashMap,
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use leaksweep_facts::{Problem, Reason};
use rustix::fs::FileType;

use super::{conffiles, diversions::Diversions, exclude::Excluded, md5sums, records::Unread};
use crate::{
    digest::{self, Job, Sum},
    machine::Machine,
    name,
    packages::{dpkg, rpm},
    root::{Failure, Root},
};

const TABLE: &str = "host_files";
const COLUMNS: &[&str] = &["origin", "recorded"];
const LIST_FILE_CAP: u64 = 64 << 20;
const LARGEST: u64 = 8 << 30;
const MOST: usize = 5_000_000;

/// How far the work is, for whoever waits.
#[derive(Debug, Default)]
pub struct Progress {
    bytes: AtomicU64,
    read: AtomicU64,
}

impl Progress {
    /// All bytes that are to be read; zero before that is known.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }
}

/// The files that are not what their packages brought.
#[derive(Debug, Default)]
pub struct Odd {
    pub paths: Vec<PathBuf>,
    pub problems: Vec<Problem>,
}

/// A file of a package and its digest there.
struct Packaged {
    path: PathBuf,
    sum: Sum,
}

pub fn look(machine: &Machine, progress: &Progress) -> Odd {
    let mut reading = Reading { root: &machine.root, files: Vec::new(), unread: Vec::new() };
    reading.dpkg();
    reading.rpm(machine);
    let Reading { files, unread, .. } = reading;
    let problems = unread.iter().map(|part| problem(&part.subject, &part.failure));
    let mut odd = Odd { paths: Vec::new(), problems: problems.collect() };
    if files.len() >= MOST {
        let detail = format!("more than {MOST} files of packages");
        let problem = Problem::new(TABLE, "files of packages", Reason::TooLarge, detail);
        odd.problems.push(problem.in_columns(COLUMNS));
    }
    let excluded = Excluded::read(&machine.root);
    let there = sizes(&machine.root, &files);
    let mut jobs = Vec::new();
    for (number, (file, there)) in files.iter().zip(there).enumerate() {
        match there {
            There::Absent if excluded.has(&name::path(&file.path)) => {}
            There::Absent | There::NoFile => odd.paths.push(file.path.clone()),
            There::Size(size) => {
                let identity = (0, number as u64);
                let algorithms = vec![file.sum.algorithm];
                jobs.push(Job { identity, path: file.path.clone(), size, algorithms });
            }
            There::Unread(failure) => {
                odd.problems.push(problem(&name::path(&file.path), &failure));
            }
        }
    }
    compare(&machine.root, &files, jobs, progress, &mut odd);
    odd.paths = odd.paths.iter().map(|path| real(&machine.root, path)).collect();
    odd.paths.sort();
    odd.paths.dedup();
    odd
}

fn compare(root: &Root, files: &[Packaged], jobs: Vec<Job>, progress: &Progress, odd: &mut Odd) {
    progress.bytes.store(jobs.iter().map(|job| job.size).sum(), Ordering::Relaxed);
    let read = |bytes| _ = progress.read.fetch_add(bytes, Ordering::Relaxed);
    let done = |job: &Job, sums: Result<digest::Sums, Failure>| match sums {
        Ok(sums) => {
            let file = files.get(job.identity.1 as usize)?;
            (!sums.contains(&file.sum)).then(|| Ok(job.path.clone()))
        }
        Err(failure) if failure.is_absence() => Some(Ok(job.path.clone())),
        Err(failure) => Some(Err(problem(&name::path(&job.path), &failure))),
    };
    for found in digest::each(root, jobs, LARGEST, &read, &done) {
        match found {
            Ok(path) => odd.paths.push(path),
            Err(problem) => odd.problems.push(problem),
        }
    }
}

fn problem(subject: &str, failure: &Failure) -> Problem {
    failure.problem(TABLE, subject).in_columns(COLUMNS)
}

/// The path with its folder's links resolved, as other rows have it.
fn real(root: &Root, path: &Path) -> PathBuf {
    let (Some(folder), Some(last)) = (path.parent(), path.file_name()) else {
        return path.to_owned();
    };
    root.resolve(folder).map_or_else(|_| path.to_owned(), |folder| folder.join(last))
}

enum There {
    Absent,
    /// Something that is no plain file.
    NoFile,
    Size(u64),
    Unread(Failure),
}

/// What is at each path, on all cores.
fn sizes(root: &Root, files: &[Packaged]) -> Vec<There> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = files.len().div_ceil(threads).max(1);
    let look = |files: &[Packaged]| files.iter().map(|file| there(root, &file.path)).collect();
    std::thread::scope(|scope| {
        let parts: Vec<_> = files
            .chunks(share)
            .map(|files| scope.spawn(move || -> Vec<There> { look(files) }))
            .collect();
        let parts = parts.into_iter().map(|part| part.join());
        parts
            .flat_map(|part| part.unwrap_or_else(|fault| std::panic::resume_unwind(fault)))
            .collect()
    })
}

fn there(root: &Root, path: &Path) -> There {
    match root.stat(path) {
        Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile => {
            There::Size(stat.st_size as u64)
        }
        Ok(_) => There::NoFile,
        Err(failure) if failure.is_absence() => There::Absent,
        Err(failure) => There::Unread(failure),
    }
}

struct Reading<'a> {
    root: &'a Root,
    files: Vec<Packaged>,
    unread: Vec<Unread>,
}

impl Reading<'_> {
    fn dpkg(&mut self) {
        let root = self.root;
        let diversions = Diversions::read(root).unwrap_or_else(|failure| {
            self.failed(super::diversions::path(), failure);
            Diversions::default()
        });
        let (content, failures) = conffiles::content(root);
        failures.into_iter().for_each(|(path, failure)| self.failed(path, failure));
        let mut configuration: HashMap<&[u8], (&[u8], &Sum)> = HashMap::new();
        let conffiles: Vec<_> =
            content.iter().flat_map(|content| conffiles::parse(content)).collect();
        for conffile in conffiles.iter().filter(|conffile| conffile.installed) {
            if let Some(sum) = &conffile.sum {
                configuration.insert(conffile.path, (conffile.package, sum));
            }
        }
        for (path, (package, sum)) in &configuration {
            self.add(diversions.place(path, package), (*sum).clone());
        }
        let folder = format!("{}/info", dpkg::FOLDER);
        let listing = root.list_if_there(&folder).unwrap_or_else(|failure| {
            self.failed(folder, failure);
            Default::default()
        });
        for entry in listing.entries {
            if let Some(stem) = entry.name.as_bytes().strip_suffix(b".md5sums") {
                self.package(stem, &diversions, |path| configuration.contains_key(path));
            }
        }
    }

    fn package(&mut self, stem: &[u8], diversions: &Diversions, apart: impl Fn(&[u8]) -> bool) {
        let path = md5sums::path(stem);
        let content = match self.root.read(&path, LIST_FILE_CAP) {
            Ok(content) => content,
            Err(failure) => return self.failed(name::path(&path), failure),
        };
        let package = md5sums::package(stem);
        let mut sound = true;
        for line in md5sums::parse(&content) {
            match line {
                Some((file, sum)) if !apart(&file) => {
                    self.add(diversions.place(&file, package), sum);
                }
                Some(_) => {}
                None => sound = false,
            }
        }
        if !sound {
            let detail = "a line is no digest and path, or the last one is cut";
            self.failed(name::path(&path), Failure::malformed(detail));
        }
    }

    fn rpm(&mut self, machine: &Machine) {
        let unread = rpm::visit(machine, &mut |_, header| {
            header.files(&mut |file| {
                if let Some(sum) = file.sum.as_ref().filter(|_| !file.ghost) {
                    self.add(file.path, sum.clone());
                }
            })
        });
        unread.into_iter().for_each(|part| self.failed(part.subject, part.failure));
    }

    fn add(&mut self, path: &[u8], sum: Sum) {
        if self.files.len() < MOST {
            self.files.push(Packaged { path: OsStr::from_bytes(path).into(), sum });
        }
    }

    fn failed(&mut self, subject: String, failure: Failure) {
        self.unread.push(Unread { subject, failure, owners: false });
    }
}
