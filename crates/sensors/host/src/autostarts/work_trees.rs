//! Where work trees and repositories of Git and tasks of editors lie: a search through homes, `/srv`,
//! `/opt` and `/var/www`, the nearest folders first.
//!
//! Limits: a depth of 5, 50,000 entries in all of which every place has its share, 2,000 trees. Links
//! are not followed; folders that hold other people's code and caches are passed over.

use std::{
    collections::{BTreeSet, VecDeque},
    ffi::OsStr,
    path::{Path, PathBuf},
};

use leaksweep_facts::Reason;
use rustix::fs::FileType;

use super::Autostarts;
use crate::{
    accounts::Home,
    root::{Entry, Failure},
};

const PLACES: [&str; 5] = ["/root", "/srv", "/opt", "/var/www", "/usr/local/src"];
const DEPTH: usize = 5;
const ENTRIES: usize = 50_000;
const TREES: usize = 2_000;
const NOT_INTO: [&str; 26] = [
    ".antigravity",
    ".cache",
    ".cargo",
    ".cursor",
    ".docker",
    ".gradle",
    ".m2",
    ".mozilla",
    ".npm",
    ".pyenv",
    ".rustup",
    ".steam",
    ".thunderbird",
    ".tox",
    ".trash",
    ".var",
    ".venv",
    ".vscode-server",
    ".wine",
    "Trash",
    "__pycache__",
    "node_modules",
    "site-packages",
    "snap",
    "target",
    "venv",
];
/// Homes of services that hold the system itself.
const NO_HOMES: [&str; 9] =
    ["/bin", "/boot", "/dev", "/etc", "/lib", "/proc", "/sbin", "/sys", "/usr"];
const GIT: &str = ".git";

#[derive(Debug, Default)]
pub struct Found {
    /// Work trees and their `.git`; a repository without a tree is its own.
    pub trees: Vec<Tree>,
    /// Folders `.vscode`.
    pub settings: Vec<PathBuf>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Tree {
    pub folder: PathBuf,
    pub git: PathBuf,
}

struct Search<'a, 'b> {
    reading: &'a mut Autostarts<'b>,
    found: Found,
    seen: BTreeSet<PathBuf>,
    /// How many entries may still be looked at.
    left: usize,
}

/// The files of the trees are read afterwards.
pub fn find(reading: &mut Autostarts<'_>, homes: &[Home]) -> Found {
    let places = places(reading, homes);
    let mut search =
        Search { reading, found: Found::default(), seen: BTreeSet::new(), left: ENTRIES };
    let count = places.len();
    for (at, place) in places.into_iter().enumerate() {
        // What one place leaves over is for those after it.
        let share = search.left / (count - at);
        search.place(&place, share);
    }
    search.found
}

fn places(reading: &Autostarts<'_>, homes: &[Home]) -> Vec<PathBuf> {
    let is_own = |home: &&Home| !NO_HOMES.iter().any(|folder| home.path.starts_with(folder));
    let homes = homes.iter().filter(is_own).map(|home| home.path.clone());
    let mut seen = BTreeSet::new();
    let mut there = |path: &PathBuf| reading.root.resolve(path).is_ok_and(|real| seen.insert(real));
    homes.chain(PLACES.iter().map(PathBuf::from)).filter(|path| there(path)).collect()
}

impl Search<'_, '_> {
    fn place(&mut self, place: &Path, share: usize) {
        let mut left = share;
        let mut queue = VecDeque::from([(place.to_owned(), 0)]);
        while let Some((folder, depth)) = queue.pop_front() {
            if self.found.trees.len() >= TREES || (left == 0 && share > 0) {
                self.cut(place);
                break;
            }
            if !self.seen.insert(folder.clone()) {
                continue;
            }
            let deeper = self.folder(&folder, &mut left);
            if depth < DEPTH {
                queue.extend(deeper.into_iter().map(|folder| (folder, depth + 1)));
            }
        }
        self.left -= share - left;
    }

    /// Looks at one folder and gives those in it that are to be looked at.
    fn folder(&mut self, folder: &Path, left: &mut usize) -> Vec<PathBuf> {
        let mut deeper = Vec::new();
        let mut bare = 0;
        let found = &mut self.found;
        let visited = self.reading.root.visit(folder, |entry, stat| {
            *left = left.saturating_sub(1);
            bare += usize::from(is_of_bare(&entry.name));
            let path = folder.join(&entry.name);
            if entry.name == GIT {
                found.trees.push(Tree { folder: folder.to_owned(), git: path });
            } else if is_folder(&entry, stat) {
                if entry.name == ".vscode" {
                    found.settings.push(path);
                } else if !is_passed_over(&entry.name) {
                    deeper.push(path);
                }
            }
            Ok(*left > 0)
        });
        match visited {
            Err(failure) if !failure.is_absence() => {
                self.reading.failed(folder, &["name"], failure);
            }
            _ => {}
        }
        if bare == BARE.len() {
            self.found.trees.push(Tree { folder: folder.to_owned(), git: folder.to_owned() });
            deeper.clear();
        }
        deeper.sort();
        deeper
    }

    /// Only names of Git's entries may be missing, so that all others are still known to be whole.
    fn cut(&mut self, place: &Path) {
        let detail = "the search for work trees ended before it was through".into();
        self.reading.failed(place, &["name"], Failure { reason: Reason::TooLarge, detail });
    }
}

/// What a repository without a work tree has.
const BARE: [&str; 4] = ["HEAD", "hooks", "objects", "refs"];

fn is_of_bare(name: &OsStr) -> bool {
    BARE.iter().any(|part| name == *part)
}

fn is_passed_over(name: &OsStr) -> bool {
    NOT_INTO.iter().any(|folder| name == *folder)
}

fn is_folder(entry: &Entry, stat: &dyn Fn() -> Result<rustix::fs::Stat, Failure>) -> bool {
    match entry.kind {
        FileType::Unknown => {
            stat().is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Directory)
        }
        kind => kind == FileType::Directory,
    }
}
