//! The paths that are asked for, and what is there.

use std::{
    collections::{BTreeSet, HashMap},
    ffi::OsString,
    os::unix::ffi::OsStringExt,
    path::{Path, PathBuf},
};

use rustix::fs::FileType;

use super::made;
use crate::{
    accounts::Home,
    digest::Identity,
    name,
    root::{Failure, Root},
};

pub struct Subject {
    /// As the rows have it.
    pub path: String,
    /// With the links of its folder resolved; the last name stays, link or not.
    pub real: PathBuf,
    pub found: Found,
    /// What its link leads to, which is a subject too.
    pub target: Option<usize>,
}

pub enum Found {
    Absent,
    File(Plain),
    /// As it is written.
    Link(PathBuf),
    /// A folder, a device, a pipe.
    Other(FileType),
    Unread(Failure),
}

#[derive(Debug, Clone, Copy)]
pub struct Plain {
    pub identity: Identity,
    pub size: u64,
}

#[derive(Default)]
pub struct Subjects {
    pub all: Vec<Subject>,
    numbers: HashMap<String, usize>,
    /// Folders without links, which many paths share.
    parents: HashMap<PathBuf, PathBuf>,
}

impl Subjects {
    pub fn look(root: &Root, homes: &[Home], paths: BTreeSet<String>) -> Self {
        let mut subjects = Self::default();
        for path in paths {
            subjects.add(root, path);
        }
        // What the ordinary is held against must be a package's own.
        let mut sources = BTreeSet::new();
        for subject in &subjects.all {
            sources.extend(made::sources(root, &subject.real, homes));
        }
        for source in sources {
            subjects.add(root, name::path(&source));
        }
        subjects
    }

    pub fn number(&self, path: &Path) -> Option<usize> {
        self.numbers.get(&name::path(path)).copied()
    }

    /// The names under which records may have each.
    pub fn names(&self) -> Vec<[PathBuf; 2]> {
        self.all.iter().map(|subject| [written(&subject.path), subject.real.clone()]).collect()
    }

    /// The plain file at a subject's path, behind its link.
    pub fn file(&self, number: usize) -> Option<(&Path, Plain)> {
        let subject = self.all.get(number)?;
        match (&subject.found, subject.target) {
            (Found::File(plain), _) => Some((&subject.real, *plain)),
            (Found::Link(_), Some(target)) if target != number => {
                let target = self.all.get(target)?;
                let Found::File(plain) = target.found else { return None };
                Some((&target.real, plain))
            }
            _ => None,
        }
    }

    fn add(&mut self, root: &Root, path: String) -> usize {
        if let Some(known) = self.numbers.get(&path) {
            return *known;
        }
        let (real, found) = self.find(root, &path);
        let number = self.all.len();
        let link = matches!(found, Found::Link(_)).then(|| real.clone());
        self.numbers.insert(path.clone(), number);
        self.all.push(Subject { path, real, found, target: None });
        if let Some(target) = link.and_then(|link| root.resolve(link).ok()) {
            let target = self.add(root, name::path(&target));
            if let Some(subject) = self.all.get_mut(number) {
                subject.target = Some(target);
            }
        }
        number
    }

    fn find(&mut self, root: &Root, path: &str) -> (PathBuf, Found) {
        let real = self.real(root, Path::new(path));
        let found = Found::at(root, &real);
        if !matches!(found, Found::Absent) || !path.contains("\\x") {
            return (real, found);
        }
        let real = self.real(root, &unescaped(path));
        let found = Found::at(root, &real);
        (real, found)
    }

    fn real(&mut self, root: &Root, path: &Path) -> PathBuf {
        let (Some(parent), Some(last)) = (path.parent(), path.file_name()) else {
            return path.to_owned();
        };
        let resolve = || root.resolve(parent).unwrap_or_else(|_| parent.to_owned());
        self.parents.entry(parent.to_owned()).or_insert_with(resolve).join(last)
    }
}

impl Found {
    fn at(root: &Root, path: &Path) -> Self {
        // A word that is no whole path (`echo`) names no file.
        if !path.is_absolute() {
            return Self::Absent;
        }
        let stat = match root.stat_link(path) {
            Ok(stat) => stat,
            Err(failure) if failure.is_absence() => return Self::Absent,
            Err(failure) => return Self::Unread(failure),
        };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Self::File(Plain {
                identity: (stat.st_dev, stat.st_ino),
                size: stat.st_size as u64,
            }),
            FileType::Symlink => root.link(path).map_or_else(Self::Unread, Self::Link),
            other => Self::Other(other),
        }
    }
}

fn written(path: &str) -> PathBuf {
    PathBuf::from(path)
}

/// The bytes of a name in which those that were no text stand as `\xNN`.
fn unescaped(path: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = rest.strip_prefix(b"\\x").and_then(|digits| digits.get(..2));
        let byte = digits.and_then(|digits| str::from_utf8(digits).ok());
        match byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = rest.get(4..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    OsString::from_vec(bytes).into()
}
