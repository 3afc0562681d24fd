//! Which files of stores are there now, by identity, and in which folders they lie.

use std::{
    collections::HashMap,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Problem, Reason, glob};
use rustix::fs::FileType;

use super::{
    TABLE,
    stores::{Found, Identity},
    tree::Node,
};
use crate::{
    accounts::Home,
    name,
    root::{Failure, Root},
    tally::Tally,
};

/// Of one home, and of all: some people keep every mail, and nobody's must hide what others have.
const ENTRIES: usize = 10_000;
const ALL_ENTRIES: usize = 100_000;
const FOLDERS: usize = 20_000;
const DEPTH: usize = 16;
/// Where only some names count, people keep them near.
const NEAR: usize = 5;

#[derive(Debug, Default)]
pub struct Walked {
    pub known: HashMap<Identity, Found>,
    pub folders: Vec<PathBuf>,
    pub problems: Vec<Problem>,
}

/// Whether what ends somewhere takes a file of this name.
pub type Takes<'a> = dyn Fn(usize, &str) -> bool + 'a;

pub fn all(
    root: &Root,
    (system, home): (&Node, &Node),
    homes: &[Home],
    takes: &Takes<'_>,
    privileged: bool,
) -> Walked {
    let (done, tally) = (Walked::default(), Tally::default());
    let (left, all_left) = (ENTRIES, ALL_ENTRIES);
    let mut walk = Walk { root, takes, owner: None, left, all_left, done, tally };
    walk.turn(Path::new("/"), system);
    for one in homes {
        walk.owner = Some(one.uid);
        walk.turn(&one.path, home);
    }
    walk.done.problems = walk.tally.problems(TABLE, privileged);
    walk.done
}

struct Walk<'a> {
    root: &'a Root,
    takes: &'a Takes<'a>,
    owner: Option<u32>,
    left: usize,
    all_left: usize,
    done: Walked,
    tally: Tally,
}

impl Walk<'_> {
    fn turn(&mut self, folder: &Path, node: &Node) {
        self.left = ENTRIES.min(self.all_left);
        let before = self.left;
        self.inside(folder, node, 0);
        self.all_left -= before - self.left;
        // By path they are found all the same.
        if self.left == 0 {
            let detail = "of too many files only the first are known under other names";
            let failure = Failure { reason: Reason::TooLarge, detail: detail.into() };
            self.tally.add(&["path"], name::path(folder), failure);
        }
    }

    /// Whether one more entry may be looked at.
    fn spend(&mut self) -> bool {
        let more = self.left > 0;
        self.left = self.left.saturating_sub(1);
        more
    }

    fn inside(&mut self, folder: &Path, node: &Node, depth: usize) {
        if depth > DEPTH {
            return;
        }
        self.holds(folder, node);
        if node.starred.is_empty() && node.deep.is_none() && node.literal.len() <= 4 {
            for (part, next) in &node.literal {
                self.at(&folder.join(std::ffi::OsStr::from_bytes(part)), next, depth);
            }
            return;
        }
        for (path, kind) in self.entries(folder) {
            let part = path.file_name().unwrap_or_default().as_bytes();
            if let Some(next) = node.literal.get(part) {
                self.at(&path, next, depth);
            }
            let text = String::from_utf8_lossy(part);
            for (_, next) in node.starred.iter().filter(|(pattern, _)| glob(pattern, &text)) {
                if self.spend() {
                    self.at(&path, next, depth);
                }
            }
            if let Some(deep) = &node.deep {
                self.below(&path, kind, deep, depth);
            }
        }
    }

    /// Anything below the folder may be what `deep` says.
    fn below(&mut self, path: &Path, kind: FileType, deep: &Node, depth: usize) {
        if !self.spend() {
            return;
        }
        if kind == FileType::RegularFile {
            self.end(path, deep);
            let part = path.file_name().unwrap_or_default();
            if let Some(next) = deep.literal.get(part.as_bytes()) {
                self.end(path, next);
            }
            let text = name::os(part);
            for (_, next) in deep.starred.iter().filter(|(pattern, _)| glob(pattern, &text)) {
                self.end(path, next);
            }
        } else if kind == FileType::Directory
            && depth < if deep.ends.is_empty() { NEAR } else { DEPTH }
        {
            self.holds(path, deep);
            for (inner, kind) in self.entries(path) {
                self.below(&inner, kind, deep, depth + 1);
            }
        }
    }

    /// Links inside the root are followed: what is stolen may lie on another disk.
    fn at(&mut self, path: &Path, node: &Node, depth: usize) {
        let kind = match self.root.stat(path) {
            Ok(stat) => FileType::from_raw_mode(stat.st_mode),
            Err(failure) => return self.failed(path, failure),
        };
        if kind == FileType::Directory {
            self.inside(path, node, depth + 1);
        } else {
            self.end(path, node);
        }
    }

    fn end(&mut self, path: &Path, node: &Node) {
        let name = name::os(path.file_name().unwrap_or_default());
        let takes = |end: &usize| (self.takes)(*end, &name);
        let Some(place) = node.ends.iter().copied().find(takes) else { return };
        let Ok(stat) = self.root.stat(path) else { return };
        let Some(identity) = Identity::of(&stat) else { return };
        let owner = match identity {
            Identity::Device(_) => None,
            Identity::File { .. } => self.owner.or(Some(stat.st_uid)),
        };
        let found = Found { place, path: path.as_os_str().as_bytes().to_vec(), owner };
        self.done.known.entry(identity).or_insert(found);
    }

    fn holds(&mut self, folder: &Path, node: &Node) {
        if (node.holds() || !node.ends.is_empty()) && self.done.folders.len() < FOLDERS {
            self.done.folders.push(folder.to_owned());
        }
    }

    fn entries(&mut self, folder: &Path) -> Vec<(PathBuf, FileType)> {
        match self.root.list_if_there(folder) {
            Ok(listing) => {
                let entries = listing.entries.into_iter();
                entries.map(|entry| (folder.join(&entry.name), entry.kind)).collect()
            }
            Err(failure) => {
                self.failed(folder, failure);
                Vec::new()
            }
        }
    }

    /// Without the identities, other names of a file go unknown; its own does not.
    fn failed(&mut self, path: &Path, failure: Failure) {
        let nothing = failure.is_absence()
            || matches!(failure.reason, Reason::WrongType)
            || failure == Failure::circle();
        if !nothing {
            self.tally.add(&["path"], name::path(path), failure);
        }
    }
}
