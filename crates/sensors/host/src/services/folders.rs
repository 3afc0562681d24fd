//! Where systemd looks for units, and what lies there.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use leaksweep_facts::{Problem, Reason};
use rustix::fs::FileType;

use super::TABLE;
use crate::{
    name,
    root::{Entry, Root},
};

const KINDS: [&str; 11] = [
    "service",
    "socket",
    "timer",
    "path",
    "mount",
    "automount",
    "swap",
    "target",
    "slice",
    "scope",
    "device",
];

/// How many entries of folders one manager's search looks at.
const MAX_ENTRIES: usize = 200_000;

/// The folders of the system's manager; what an earlier one holds hides it in later ones.
pub fn system() -> Vec<PathBuf> {
    [
        "/etc/systemd/system.control",
        "/run/systemd/system.control",
        "/run/systemd/transient",
        "/run/systemd/generator.early",
        "/etc/systemd/system",
        "/etc/systemd/system.attached",
        "/run/systemd/system",
        "/run/systemd/system.attached",
        "/run/systemd/generator",
        "/usr/local/lib/systemd/system",
        "/usr/lib/systemd/system",
        "/lib/systemd/system",
        "/run/systemd/generator.late",
    ]
    .map(PathBuf::from)
    .to_vec()
}

/// The folders of units that every user's manager has.
pub fn everyone() -> Vec<PathBuf> {
    [
        "/etc/systemd/user",
        "/run/systemd/user",
        "/usr/local/share/systemd/user",
        "/usr/share/systemd/user",
        "/usr/local/lib/systemd/user",
        "/usr/lib/systemd/user",
        "/lib/systemd/user",
    ]
    .map(PathBuf::from)
    .to_vec()
}

/// The folders in a home.
pub fn own(home: &Path) -> Vec<PathBuf> {
    [".config/systemd/user.control", ".config/systemd/user", ".local/share/systemd/user"]
        .map(|folder| home.join(folder))
        .to_vec()
}

/// The folders of one user's manager.
pub fn home(home: &Path) -> Vec<PathBuf> {
    let (mut folders, mut shared) = (own(home), everyone());
    let data = folders.pop();
    let rest = shared.split_off(2);
    folders.extend(shared);
    folders.extend(data);
    folders.extend(rest);
    folders
}

/// Everything that one manager finds.
#[derive(Debug, Clone, Default)]
pub struct Units {
    /// The definition that counts, by the unit's name.
    pub defined: BTreeMap<String, Definition>,
    /// What `.wants` folders and their kind name, by the unit that is wanted.
    pub wishes: BTreeMap<String, Vec<Wish>>,
    /// `NAME.d` folders, those that count more first.
    pub drop_in_folders: BTreeMap<String, Vec<PathBuf>>,
    entries_left: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    pub path: PathBuf,
    /// Where it points, when it is a link.
    pub link: Option<PathBuf>,
}

/// One entry in a `.wants` folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub by: String,
    /// The folder that holds the `.wants` folder.
    pub folder: PathBuf,
    /// Whether it is a link to /dev/null, which takes back what later folders wish.
    withdrawn: bool,
}

impl Units {
    pub fn find(root: &Root, folders: &[PathBuf], problems: &mut Vec<Problem>) -> Self {
        let mut units = Self { entries_left: MAX_ENTRIES, ..Self::default() };
        let mut seen = HashSet::new();
        for folder in folders {
            let Ok(place) = root.resolve(folder) else {
                // What keeps it from being resolved keeps it from being listed, and is said there.
                units.entries(root, folder, problems);
                continue;
            };
            if seen.insert(place) {
                units.add(root, folder, problems);
            }
        }
        units.settle();
        units
    }

    fn add(&mut self, root: &Root, folder: &Path, problems: &mut Vec<Problem>) {
        for entry in self.entries(root, folder, problems) {
            let path = folder.join(&entry.name);
            let text = name::os(&entry.name);
            if let Some(unit) = text.strip_suffix(".d") {
                self.drop_in_folders.entry(unit.to_owned()).or_default().push(path);
            } else if let Some(by) = wisher(&text) {
                self.add_wishes(root, folder, &path, by, problems);
            } else if kind(&text).is_some() && entry.kind != FileType::Directory {
                let link = link(root, &path, &entry);
                self.defined.entry(text).or_insert(Definition { path, link });
            }
        }
    }

    fn add_wishes(
        &mut self,
        root: &Root,
        folder: &Path,
        path: &Path,
        by: &str,
        problems: &mut Vec<Problem>,
    ) {
        for entry in self.entries(root, path, problems) {
            let unit = name::os(&entry.name);
            if kind(&unit).is_none() {
                continue;
            }
            let target = link(root, &path.join(&entry.name), &entry);
            let withdrawn = target.is_some_and(|target| target == Path::new("/dev/null"));
            let wish = Wish { by: by.to_owned(), folder: folder.to_owned(), withdrawn };
            self.wishes.entry(unit).or_default().push(wish);
        }
    }

    /// Drops the wishes that were taken back: of the same unit's wishes for the same other, the
    /// first decides, for folders come in the order of their weight.
    fn settle(&mut self) {
        for wishes in self.wishes.values_mut() {
            let mut first = BTreeMap::new();
            for wish in wishes.iter() {
                first.entry(wish.by.clone()).or_insert(wish.withdrawn);
            }
            wishes.retain(|wish| !wish.withdrawn && first.get(&wish.by) == Some(&false));
        }
        self.wishes.retain(|_, wishes| !wishes.is_empty());
    }

    fn entries(&mut self, root: &Root, folder: &Path, problems: &mut Vec<Problem>) -> Vec<Entry> {
        let mut listing = match root.list_if_there(folder) {
            Ok(listing) => listing,
            Err(failure) => {
                problems.push(failure.problem(TABLE, name::path(folder)));
                return Vec::new();
            }
        };
        if listing.cut || listing.entries.len() > self.entries_left {
            let detail = "there are more entries than are read";
            let problem = Problem::new(TABLE, name::path(folder), Reason::TooLarge, detail);
            problems.push(problem);
        }
        listing.entries.truncate(self.entries_left);
        self.entries_left -= listing.entries.len();
        listing.entries
    }
}

/// `service` of `ssh.service`.
pub fn kind(unit: &str) -> Option<&str> {
    let (stem, kind) = unit.rsplit_once('.')?;
    (!stem.is_empty() && KINDS.contains(&kind)).then_some(kind)
}

/// `getty@.service` of `getty@tty1.service`.
pub fn template(unit: &str) -> Option<String> {
    let (stem, kind) = unit.rsplit_once('.')?;
    let (stem, instance) = stem.split_once('@')?;
    (!instance.is_empty()).then(|| format!("{stem}@.{kind}"))
}

pub fn is_template(unit: &str) -> bool {
    unit.rsplit_once('.').is_some_and(|(stem, _)| stem.ends_with('@'))
}

fn wisher(folder: &str) -> Option<&str> {
    [".wants", ".requires", ".upholds"].iter().find_map(|suffix| folder.strip_suffix(suffix))
}

fn link(root: &Root, path: &Path, entry: &Entry) -> Option<PathBuf> {
    match entry.kind {
        FileType::Symlink | FileType::Unknown => root.link(path).ok(),
        _ => None,
    }
}
