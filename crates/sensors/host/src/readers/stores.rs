//! The catalogue's stores, ready to be held against every open file of the machine: by path, and by the identity of
//! those that are there, so that no other name for a file hides it.
//!
//! Limits: of a home 10,000 entries, and 100,000 in all, are known by identity; by path all are, however many there are.

use std::{
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use leaksweep_catalogue::{
    store_groups,
    stores::{Application, Group, Kind, Store},
};
use leaksweep_facts::{Problem, glob};
use rustix::fs::{FileType, Stat};

use super::{
    tree::{Node, components},
    walk::{self, Walked},
};
use crate::{
    accounts::{Accounts, Home},
    machine::Machine,
    root::{Failure, Root},
};

/// Numbers that the system gives to people.
const PEOPLE: std::ops::RangeInclusive<u32> = 1000..=60_000;
/// Homes of accounts that have none.
const SYSTEM: &[&str] = &["/usr", "/bin", "/sbin", "/lib", "/dev", "/proc", "/sys", "/nonexistent"];
const DELETED: &[u8] = b" (deleted)";

/// A store of an application.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub group: &'static Group,
    pub store: &'static Store,
    pub application: &'static Application,
}

/// A file, or a device, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Identity {
    File { device: u64, inode: u64 },
    Device(u64),
}

/// Something of a store.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Found {
    pub place: usize,
    pub path: Vec<u8>,
    /// Whose it is; none for a device.
    pub owner: Option<u32>,
}

#[derive(Debug, Default)]
pub struct Stores {
    places: Vec<Place>,
    /// Where nothing but a home leads to is in `home`.
    system: Node,
    home: Node,
    homes: Vec<Home>,
    documents: Option<usize>,
    walked: Walked,
}

impl Identity {
    /// Folders, pipes and sockets are not what is stolen.
    pub fn of(stat: &Stat) -> Option<Self> {
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Some(Self::File { device: stat.st_dev, inode: stat.st_ino }),
            FileType::CharacterDevice => Some(Self::Device(stat.st_rdev)),
            _ => None,
        }
    }
}

impl Stores {
    /// The built-in catalogue on this machine; nothing where no kernel runs.
    pub fn find(machine: &Machine, accounts: &Accounts) -> Self {
        if machine.live() {
            Self::of(&machine.root, store_groups(), &accounts.homes, machine.privileged)
        } else {
            Self::default()
        }
    }

    fn of(root: &Root, groups: &'static [Group], homes: &[Home], privileged: bool) -> Self {
        let mut stores = Self::default();
        for group in groups {
            for application in &group.applications {
                for store in group.stores.iter().filter(|one| application.has(one)) {
                    stores.add(Place { group, store, application });
                }
            }
        }
        for home in homes {
            let path = root.resolve(&home.path).unwrap_or_else(|_| home.path.clone());
            if SYSTEM.iter().any(|folder| path.starts_with(folder)) {
                continue;
            }
            stores.system.add_home(path.as_os_str().as_bytes(), stores.homes.len());
            stores.homes.push(Home { path, ..home.clone() });
        }
        let takes = |number: usize, name: &str| stores.takes(number, name);
        let trees = (&stores.system, &stores.home);
        stores.walked = walk::all(root, trees, &stores.homes, &takes, privileged);
        stores
    }

    fn add(&mut self, place: Place) {
        let number = self.places.len();
        self.places.push(place);
        if place.store.kind == Kind::Documents {
            self.documents = Some(number);
            return;
        }
        for path in place.application.paths(place.store) {
            match path.strip_prefix("~/") {
                Some(inside) => self.home.add(inside, number),
                None => self.system.add(&path, number),
            }
        }
    }

    pub fn place(&self, found: &Found) -> Option<&Place> {
        self.places.get(found.place)
    }

    /// Folders in which stores lie or may come to lie.
    pub fn folders(&self) -> &[PathBuf] {
        &self.walked.folders
    }

    pub fn problems(&self) -> &[Problem] {
        &self.walked.problems
    }

    /// What an open file is: `path` as the kernel's link tells it, `stat` describes what it leads to, `uid` is whose
    /// process holds it.
    pub fn look(
        &self,
        root: &Root,
        path: &[u8],
        stat: &dyn Fn() -> Result<Stat, Failure>,
        uid: &dyn Fn() -> Option<u32>,
    ) -> Option<Found> {
        let parts = components(path);
        let home = self.system.home(&parts);
        if let Some(found) = self.by_path(root, path, &parts, home, stat) {
            return Some(found);
        }
        let described = stat().ok()?;
        self.by_identity(&described).or_else(|| self.document(path, home, &described, uid))
    }

    /// A mapped file, of which the kernel tells the identity beside the path.
    pub fn look_mapped(&self, root: &Root, path: &[u8], identity: Identity) -> Option<Found> {
        if let Some(known) = self.walked.known.get(&identity) {
            return Some(known.clone());
        }
        let parts = components(path);
        let home = self.system.home(&parts);
        let place = self.number(&parts, home)?;
        // Some file systems have another device number here.
        let here = root.stat(Path::new(OsStr::from_bytes(path))).ok()?;
        let same = matches!(identity, Identity::File { inode, .. } if inode == here.st_ino);
        let owner = self.owner(home, Some(&here));
        same.then(|| Found { place, path: path.to_vec(), owner })
    }

    fn by_path(
        &self,
        root: &Root,
        path: &[u8],
        parts: &[&[u8]],
        home: Option<(usize, usize)>,
        stat: &dyn Fn() -> Result<Stat, Failure>,
    ) -> Option<Found> {
        let identity = |stat: Result<Stat, Failure>| match stat {
            Ok(stat) => Identity::of(&stat).map(Some),
            Err(_) => Some(None),
        };
        if let Some(number) = self.number(parts, home) {
            return self.confirmed(root, path, number, parts, identity(stat())?);
        }
        // Another file may stand at the path by now.
        let path = path.strip_suffix(DELETED)?;
        let parts = components(path);
        let place = self.number(&parts, home)?;
        let stat = stat().ok()?;
        Identity::of(&stat)?;
        Some(Found { place, path: path.to_vec(), owner: self.owner(home, Some(&stat)) })
    }

    /// Whose a file is: the home's, or by its own mark; a device is nobody's.
    fn owner(&self, home: Option<(usize, usize)>, stat: Option<&Stat>) -> Option<u32> {
        let device =
            stat.is_some_and(|stat| matches!(Identity::of(stat), Some(Identity::Device(_))));
        let uid = match home {
            Some((home, _)) => self.homes.get(home).map(|home| home.uid),
            None => stat.map(|stat| stat.st_uid),
        };
        uid.filter(|_| !device)
    }

    /// In another view of the machine the same path is another file: what stands at the path here must be the same, or
    /// be gone.
    fn confirmed(
        &self,
        root: &Root,
        path: &[u8],
        number: usize,
        parts: &[&[u8]],
        identity: Option<Identity>,
    ) -> Option<Found> {
        let here = root.stat(Path::new(OsStr::from_bytes(path))).ok();
        let same = match (&here, identity) {
            (Some(here), Some(identity)) => Identity::of(here) == Some(identity),
            _ => true,
        };
        let owner = self.owner(self.system.home(parts), here.as_ref());
        same.then(|| Found { place: number, path: path.to_vec(), owner })
    }

    fn number(&self, parts: &[&[u8]], home: Option<(usize, usize)>) -> Option<usize> {
        let name = String::from_utf8_lossy(parts.last()?);
        let takes = |number: usize| self.takes(number, &name);
        let inside = home.and_then(|(_, depth)| self.home.find(parts.get(depth..)?, &takes));
        inside.or_else(|| self.system.find(parts, &takes))
    }

    fn takes(&self, number: usize, name: &str) -> bool {
        let but = self.places.get(number).map(|place| &place.store.but);
        !but.is_some_and(|but| but.iter().any(|pattern| glob(pattern, name)))
    }

    fn by_identity(&self, described: &Stat) -> Option<Found> {
        self.walked.known.get(&Identity::of(described)?).cloned()
    }

    /// Any plain file in the home of a person who is somebody else.
    fn document(
        &self,
        path: &[u8],
        home: Option<(usize, usize)>,
        described: &Stat,
        uid: &dyn Fn() -> Option<u32>,
    ) -> Option<Found> {
        let place = self.documents?;
        let home = self.homes.get(home?.0).filter(|home| PEOPLE.contains(&home.uid))?;
        matches!(Identity::of(described)?, Identity::File { .. }).then_some(())?;
        let reader = uid()?;
        let foreign = reader != 0 && reader != home.uid && described.st_uid != reader;
        foreign.then(|| Found { place, path: path.to_vec(), owner: Some(home.uid) })
    }
}
