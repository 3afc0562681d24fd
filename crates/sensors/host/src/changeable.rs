//! Who besides root could change what runs: the file itself, every folder above it, and every folder
//! that a link on the way leads through.
//!
//! Reads: owner, group and mode of each entry on the way. Limits: a POSIX access list that grants
//! more than the mode is seen only as far as its mask shows in the group bits; capabilities, mount
//! options and mandatory access control are not looked at. A group counts even when it has no member
//! today, for members may come from a directory service.

use std::{
    collections::{HashMap, VecDeque},
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use leaksweep_facts::Reason;
use rustix::fs::FileType;

use crate::{
    accounts::Names,
    root::{Failure, Root, components},
};

const MAX_LINKS: usize = 40;
const MAX_COMPONENTS: usize = 4096;

/// Answers for many paths, looking at each entry once.
pub struct Judge<'a> {
    root: &'a Root,
    names: &'a Names,
    seen: HashMap<PathBuf, Result<Entry, Failure>>,
}

/// What an entry's owner, group and mode allow.
#[derive(Debug, Clone)]
struct Entry {
    kind: FileType,
    owner: u32,
    group: u32,
    group_writes: bool,
    everyone_writes: bool,
    sticky: bool,
    link: Option<PathBuf>,
}

/// Who can; the later the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Nobody,
    User(u32),
    Group(u32),
    Everyone,
}

impl<'a> Judge<'a> {
    pub fn new(root: &'a Root, names: &'a Names) -> Self {
        Self { root, names, seen: HashMap::new() }
    }

    /// Who could change any of the paths; the paths of which that cannot be told come with their failures.
    pub fn by_any<'p>(
        &mut self,
        paths: impl Iterator<Item = &'p Path>,
        trusted: Option<u32>,
    ) -> (Option<String>, Vec<(&'p Path, Failure)>) {
        let (mut worst, mut failures) = (Who::Nobody, Vec::new());
        for path in paths {
            match self.walk(path, trusted) {
                Ok(who) => worst = worst.max(who),
                Err(failure) => failures.push((path, failure)),
            }
        }
        (self.name(worst), failures)
    }

    /// `everyone`, `user NAME` or `group NAME` that could change the file or replace it; none when only root and
    /// `trusted` (the user whose own matter it is) can. For a path where nothing is: who could put something there.
    pub fn by(&mut self, path: &Path, trusted: Option<u32>) -> Result<Option<String>, Failure> {
        let who = self.walk(path, trusted)?;
        Ok(self.name(who))
    }

    fn name(&self, who: Who) -> Option<String> {
        match who {
            Who::Nobody => None,
            Who::User(uid) => Some(format!("user {}", self.names.user(uid))),
            Who::Group(gid) => Some(format!("group {}", self.names.group(gid))),
            Who::Everyone => Some("everyone".into()),
        }
    }

    fn walk(&mut self, path: &Path, trusted: Option<u32>) -> Result<Who, Failure> {
        let names = self.names;
        let mut todo = components(path);
        let mut here = PathBuf::from("/");
        let mut folder = self.entry(&here)?.clone();
        let mut worst = folder.changer(names, trusted);
        let mut links = 0;
        while let Some(name) = todo.pop_front() {
            let entry = match self.step(&mut here, &name) {
                Ok(entry) => entry.clone(),
                Err(failure) if failure.is_absence() => {
                    return Ok(worst.max(folder.adder(names, trusted)));
                }
                Err(failure) => return Err(failure),
            };
            worst = worst.max(entry.changer(names, trusted));
            let Some(target) = &entry.link else {
                folder = entry;
                continue;
            };
            if folder.sticky {
                worst = worst.max(entry.owner_counts(trusted));
            }
            links += 1;
            if links > MAX_LINKS || todo.len() > MAX_COMPONENTS {
                return Err(circle());
            }
            follow(target, &mut here, &mut todo);
            folder = self.entry(&here)?.clone();
        }
        Ok(worst)
    }

    fn step(&mut self, here: &mut PathBuf, name: &OsStr) -> Result<&Entry, Failure> {
        if name == ".." {
            here.pop();
        } else {
            here.push(name);
        }
        self.entry(here)
    }

    fn entry(&mut self, path: &Path) -> Result<&Entry, Failure> {
        if !self.seen.contains_key(path) {
            let entry = Entry::look(self.root, path);
            self.seen.insert(path.to_owned(), entry);
        }
        match self.seen.get(path) {
            Some(Ok(entry)) => Ok(entry),
            Some(Err(failure)) => Err(failure.clone()),
            None => Err(circle()),
        }
    }
}

impl Entry {
    fn look(root: &Root, path: &Path) -> Result<Self, Failure> {
        let stat = root.stat_link(path)?;
        let kind = FileType::from_raw_mode(stat.st_mode);
        let link = (kind == FileType::Symlink).then(|| root.link(path)).transpose()?;
        Ok(Self {
            kind,
            owner: stat.st_uid,
            group: stat.st_gid,
            group_writes: stat.st_mode & 0o020 != 0,
            everyone_writes: stat.st_mode & 0o002 != 0,
            sticky: kind == FileType::Directory && stat.st_mode & 0o1000 != 0,
            link,
        })
    }

    /// Who can change this entry, or what is in it. A link has no mode of its own and cannot be
    /// changed, only replaced by who may write its folder; in a sticky folder nobody replaces what
    /// belongs to others. What is written to a device, as to /dev/null, is not kept in it.
    fn changer(&self, names: &Names, trusted: Option<u32>) -> Who {
        if matches!(self.kind, FileType::Symlink | FileType::CharacterDevice) {
            return Who::Nobody;
        }
        let owner = self.owner_counts(trusted);
        if self.sticky { owner } else { owner.max(self.writer(names, trusted)) }
    }

    /// Who can put a new entry into this folder.
    fn adder(&self, names: &Names, trusted: Option<u32>) -> Who {
        self.owner_counts(trusted).max(self.writer(names, trusted))
    }

    fn owner_counts(&self, trusted: Option<u32>) -> Who {
        if self.owner == 0 || Some(self.owner) == trusted {
            Who::Nobody
        } else {
            Who::User(self.owner)
        }
    }

    fn writer(&self, names: &Names, trusted: Option<u32>) -> Who {
        if self.everyone_writes {
            return Who::Everyone;
        }
        let own = |uid: u32| names.is_own_group(uid, self.group);
        let harmless = self.group == 0 || own(self.owner) || trusted.is_some_and(own);
        if self.group_writes && !harmless { Who::Group(self.group) } else { Who::Nobody }
    }
}

/// Goes on from where a link at `here` points.
fn follow(target: &Path, here: &mut PathBuf, todo: &mut VecDeque<OsString>) {
    here.pop();
    if target.is_absolute() {
        *here = PathBuf::from("/");
    }
    for component in components(target).into_iter().rev() {
        todo.push_front(component);
    }
}

fn circle() -> Failure {
    let detail = "links in a circle".into();
    Failure { reason: Reason::WrongType, detail }
}

#[cfg(test)]
mod tests;
