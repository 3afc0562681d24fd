//! A log of records with those that were rotated away, oldest first, as one.

use std::path::{Path, PathBuf};

use leaksweep_facts::{
    Observed, Problem, Reason, Time,
    tables::host::{Login, LoginLog},
};
use rustix::fs::FileType;

use super::{
    LOGINS, LOGS, Record, UTMP, packed,
    record::{self, STEP, records},
};
use crate::{
    machine::Machine,
    name,
    root::{Failure, Root},
};

const FOLDER: &str = "/var/log";
const MAX_FILES: usize = 16;
const BYTES: u64 = 64 << 20;
const PACKED: [&str; 4] = [".gz", ".xz", ".bz2", ".zst"];

pub struct Chain {
    pub kind: &'static str,
    pub files: Vec<File>,
    /// Whether older files are there that were not read.
    pub older: bool,
}

/// One file of it.
#[derive(Debug, Default)]
pub struct File {
    pub path: String,
    pub records: Vec<Option<Record>>,
    /// The number of the first one.
    pub from: i64,
    pub remainder: i64,
    /// How many were read.
    pub bytes: u64,
    pub state: State,
}

/// What is known without its content.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct State {
    pub size: i64,
    pub modified: Option<Time>,
    /// Why nothing would be written to it.
    pub not_kept: Option<&'static str>,
    pub absent: bool,
}

impl Chain {
    pub fn read(
        root: &Root,
        kind: &'static str,
        logins: &mut Observed<Login>,
        logs: &mut Observed<LoginLog>,
    ) -> Self {
        let mut chain = Self { kind, files: Vec::new(), older: false };
        let mut left = BYTES;
        for path in chain.paths(root, logs) {
            let (file, unread) = match File::read(root, &path, left) {
                Ok(read) => read,
                Err(failure) if is_packed(&path) => {
                    chain.older = true;
                    let problem = failure.problem(LOGS, name::path(&path));
                    logs.problem(problem.in_columns(&["first"]));
                    continue;
                }
                Err(failure) => {
                    chain.older = true;
                    logins.problem(failure.problem(LOGINS, name::path(&path)));
                    logs.problem(failure.problem(LOGS, name::path(&path)));
                    continue;
                }
            };
            left = left.saturating_sub(file.bytes);
            if unread > 0 {
                chain.older = true;
                let detail = format!("the oldest {unread} bytes were left out");
                let problem = |table| Problem::new(table, &*file.path, Reason::TooLarge, &*detail);
                logins.problem(problem(LOGINS));
                logs.problem(problem(LOGS).in_columns(&["records", "first", "blank", "backward"]));
            }
            chain.files.push(file);
        }
        chain.files.reverse();
        chain
    }

    /// The newest first.
    fn paths(&mut self, root: &Root, logs: &mut Observed<LoginLog>) -> Vec<PathBuf> {
        let listing = match root.list_if_there(FOLDER) {
            Ok(listing) => listing,
            Err(failure) => {
                logs.problem(failure.problem(LOGS, FOLDER));
                return vec![Path::new(FOLDER).join(self.kind)];
            }
        };
        let mut rotated: Vec<(u64, bool, PathBuf)> = Vec::new();
        for entry in &listing.entries {
            let Some(name) = entry.name.to_str() else { continue };
            let Some(age) = name.strip_prefix(self.kind).and_then(age) else { continue };
            let path = Path::new(FOLDER).join(&entry.name);
            rotated.push((age, is_packed(&path), path));
        }
        rotated.sort();
        // While a file is being packed it is there twice.
        rotated.dedup_by_key(|(age, _, _)| *age);
        for (_, _, path) in rotated.drain(MAX_FILES.min(rotated.len())..) {
            self.older = true;
            let detail = "there are too many older files, and it is not read";
            let problem = Problem::new(LOGS, name::path(&path), Reason::TooLarge, detail);
            logs.problem(problem.in_columns(&["first"]));
        }
        let newest = Path::new(FOLDER).join(self.kind);
        std::iter::once(newest).chain(rotated.into_iter().map(|(_, _, path)| path)).collect()
    }

    /// Every record in its order, with its file and number.
    pub fn records(&self) -> impl Iterator<Item = (&File, i64, &Option<Record>)> {
        let of = |file: &File| file.from;
        self.files.iter().flat_map(move |file| {
            file.records.iter().zip(of(file)..).map(move |(record, number)| (file, number, record))
        })
    }
}

fn is_packed(path: &Path) -> bool {
    let name = name::path(path);
    PACKED.iter().any(|end| name.ends_with(end))
}

/// How old a rotated file is among its like, by its name: `.2` is older than `.1`, and `-20260101`
/// older than `-20260201`.
fn age(rest: &str) -> Option<u64> {
    let rest = PACKED.iter().find_map(|end| rest.strip_suffix(end)).unwrap_or(rest);
    match rest.strip_prefix('.') {
        Some(number) => number.parse().ok(),
        None => rest.strip_prefix('-')?.parse().ok().map(|date: u64| u64::MAX - date),
    }
}

impl File {
    fn read(root: &Root, path: &Path, cap: u64) -> Result<(Self, u64), Failure> {
        let path_text = name::path(path);
        let state = State::look(root, path)?;
        if state.absent || state.size == 0 || state.not_kept == Some("a link to /dev/null") {
            return Ok((Self { path: path_text, from: 1, state, ..Self::default() }, 0));
        }
        let (content, left_out) = match is_packed(path) {
            true => (packed::read(root, path, cap)?, 0),
            false => root.tail(path, cap, STEP)?,
        };
        let found = records(&content);
        let before = left_out / found.size as u64;
        let file = Self {
            path: path_text,
            records: found.found,
            from: i64::try_from(before).unwrap_or_default() + 1,
            remainder: found.remainder as i64,
            bytes: content.len() as u64,
            state,
        };
        Ok((file, left_out))
    }
}

impl State {
    pub fn look(root: &Root, path: &Path) -> Result<Self, Failure> {
        let stat = match root.stat(path) {
            Ok(stat) => stat,
            Err(failure) if failure.is_absence() => return Ok(Self::not_there(root, path)),
            Err(failure) => return Err(failure),
        };
        let kind = FileType::from_raw_mode(stat.st_mode);
        let null = is_null(root, path);
        if kind != FileType::RegularFile && !null {
            return Err(Failure::wrong_type(kind));
        }
        let not_kept = if null {
            Some("a link to /dev/null")
        } else if root.is_immutable(path).unwrap_or(false) {
            Some("nothing can be written to it, for it is immutable")
        } else {
            None
        };
        let size = if null { 0 } else { stat.st_size };
        // Of a link to nowhere it counts when the link was made.
        let modified = if null { made(root, path) } else { Some(Time(stat.st_mtime)) };
        Ok(Self { size, modified, not_kept, absent: false })
    }

    /// On a mounted disk a link to `/dev/null` leads to nothing.
    fn not_there(root: &Root, path: &Path) -> Self {
        let not_kept = is_null(root, path).then_some("a link to /dev/null");
        let modified = not_kept.and_then(|_| made(root, path));
        Self { not_kept, modified, absent: not_kept.is_none(), ..Self::default() }
    }
}

fn made(root: &Root, path: &Path) -> Option<Time> {
    root.stat_link(path).ok().map(|stat| Time(stat.st_mtime))
}

fn is_null(root: &Root, path: &Path) -> bool {
    root.link(path).is_ok_and(|target| target.ends_with("dev/null"))
}

/// Who is in, by record. Only a running machine has it.
pub fn utmp(machine: &Machine) -> Observed<LoginLog> {
    let mut logs = Observed::default();
    if !machine.live() {
        return logs;
    }
    match File::read(&machine.root, Path::new(UTMP), BYTES) {
        Ok((file, _)) if !file.state.absent => logs.rows.push(file.log("utmp")),
        Ok(_) => {}
        Err(failure) => logs.problem(failure.problem(LOGS, UTMP)),
    }
    logs
}

impl File {
    /// The file without what does not add up.
    pub fn log(&self, kind: &str) -> LoginLog {
        let filled = self.records.iter().flatten();
        let times = || filled.clone().map(|record| record.time).filter(|time| *time > 0);
        LoginLog {
            path: self.path.clone(),
            kind: kind.into(),
            records: self.records.len() as i64,
            first: times().min().map(Time),
            last: times().max().map(Time),
            blank: self.records.iter().filter(|record| record.is_none()).count() as i64,
            remainder: self.remainder,
            kept: self.state.not_kept.is_none() && !self.state.absent,
            size: self.state.size,
            modified: self.state.modified,
            ..LoginLog::default()
        }
    }
}

/// The records of `/run/utmp`, for who is in now.
pub fn present(root: &Root) -> Result<Option<Vec<Record>>, Failure> {
    let Some(content) = root.read_if_there(UTMP, BYTES)? else { return Ok(None) };
    Ok(Some(record::records(&content).found.into_iter().flatten().collect()))
}
