//! What every reader of a file system shares: how much it may tell, walk and unpack, and where the folders wait that it has yet to read.

use leaksweep_facts::{Problem, Reason};

use super::{Content, MOST_FILES, Named, What};

/// Takes what is named, to the most that is told, and keeps the budgets that hostile volumes run into.
pub struct Teller<'t> {
    tell: &'t mut dyn FnMut(Named),
    system: &'static str,
    files: usize,
    entries: usize,
    blanks: u64,
    unpacked: u64,
    problems: Vec<Problem>,
}

/// The most entries of folders of one volume that are looked at.
const MOST_ENTRIES: usize = 16 * 1024 * 1024;

/// The bytes of a place for an entry, of FAT and exFAT.
const SLOT: u64 = 32;
/// The most places without an entry that are looked at beside those.
const MOST_BLANKS: u64 = 64 * MOST_ENTRIES as u64;

/// Paths of more bytes are not built.
pub const LONGEST_PATH: usize = 4096;

impl<'t> Teller<'t> {
    pub fn new(system: &'static str, bytes: u64, tell: &'t mut dyn FnMut(Named)) -> Self {
        // Real volumes hold a tenth of it; only bombs hold more.
        let unpacked = bytes.saturating_mul(32).saturating_add(256 << 20);
        let blanks = (bytes / SLOT).min(MOST_BLANKS);
        let (files, entries) = (MOST_FILES, MOST_ENTRIES);
        Self { tell, system, files, entries, blanks, unpacked, problems: Vec::new() }
    }

    /// Whether one more file may be told.
    pub fn open(&mut self) -> bool {
        if self.files == 0 {
            self.too_large("it names more files than are told");
        }
        self.files > 0
    }

    /// False once no more is told.
    pub fn tell(&mut self, named: Named) -> bool {
        if !self.open() {
            return false;
        }
        self.files -= 1;
        (self.tell)(named);
        true
    }

    /// A name that stands, of what cannot be looked at; `kind` as ext and XFS number them, zero where it is not known.
    pub fn unreadable(&mut self, path: String, kind: u8, way: &'static str) {
        let what = match kind {
            0 | 1 => What::File,
            2 => What::Folder,
            7 => What::Link,
            _ => return,
        };
        self.malformed("inodes that its folders name cannot be read");
        self.tell(Named {
            path,
            what,
            bytes: 0,
            content: Content::Absent("its inode cannot be read"),
            deleted: false,
            owner: None,
            created: None,
            modified: None,
            deleted_at: None,
            way,
            recorded: true,
        });
    }

    /// Whether one more entry may be looked at.
    pub fn entry(&mut self) -> bool {
        if self.entries == 0 {
            self.too_large("its folders have more entries than are read");
            return false;
        }
        self.entries -= 1;
        true
    }

    /// Whether one more place for an entry may be looked at. Large clusters are mostly empty ones: a volume's own cost nothing, and more
    /// as much as entries do, for folders may lie over each other.
    pub fn slot(&mut self, blank: bool) -> bool {
        let free = blank && self.blanks > 0 && self.entries > 0;
        self.blanks -= u64::from(free);
        free || self.entry()
    }

    /// Whether that many more bytes may be unpacked.
    pub fn unpack(&mut self, bytes: u64) -> bool {
        if self.unpacked < bytes {
            self.too_large("its packed files are larger than are unpacked");
            return false;
        }
        self.unpacked -= bytes;
        true
    }

    pub fn full(&self) -> bool {
        self.files == 0 || self.entries == 0
    }

    /// Each is told once.
    pub fn problem(&mut self, reason: Reason, detail: &str) {
        if !self.problems.iter().any(|known| known.detail == detail) {
            self.problems.push(Problem::new("storage_artifacts", self.system, reason, detail));
        }
    }

    pub fn too_large(&mut self, detail: &str) {
        self.problem(Reason::TooLarge, detail);
    }

    pub fn unread_folder(&mut self) {
        self.malformed("parts of its folders cannot be read");
    }

    pub fn malformed(&mut self, detail: &str) {
        self.problem(Reason::Malformed, detail);
    }

    pub fn problems(self) -> Vec<Problem> {
        self.problems
    }
}

/// Folders that wait to be read, with their paths; the last comes first, so that few wait.
pub struct Pending<T> {
    waiting: Vec<(String, T)>,
    bytes: usize,
}

/// The most bytes of paths that wait.
const MOST_WAITING: usize = 32 * 1024 * 1024;

impl<T> Pending<T> {
    /// The first folder with its path; the root's is empty.
    pub fn new(path: &str, root: T) -> Self {
        Self { waiting: vec![(path.to_owned(), root)], bytes: path.len() }
    }

    pub fn empty() -> Self {
        Self { waiting: Vec::new(), bytes: 0 }
    }

    pub fn push(&mut self, path: String, folder: T, teller: &mut Teller) {
        if path.len() > LONGEST_PATH || self.bytes.saturating_add(path.len()) > MOST_WAITING {
            teller.too_large("its folders lie too deep, or are too many");
            return;
        }
        self.bytes += path.len();
        self.waiting.push((path, folder));
    }

    pub fn pop(&mut self) -> Option<(String, T)> {
        let (path, folder) = self.waiting.pop()?;
        self.bytes = self.bytes.saturating_sub(path.len());
        Some((path, folder))
    }
}

/// A path below another; the root's is empty.
pub fn below(folder: &str, name: &str) -> String {
    let name = super::fields::part(name);
    if folder.is_empty() { name } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named() -> Named {
        Named {
            path: "a".into(),
            what: What::File,
            bytes: 0,
            content: Content::Runs(Vec::new()),
            deleted: false,
            owner: None,
            created: None,
            modified: None,
            deleted_at: None,
            way: "fat32",
            recorded: true,
        }
    }

    #[test]
    fn what_goes_too_far_is_told_once() {
        let mut told = 0;
        let mut tell = |_: Named| told += 1;
        let mut teller = Teller::new("fat32", 0, &mut tell);
        assert!((0..MOST_FILES).all(|_| teller.tell(named())) && teller.full());
        assert!(!teller.open() && !teller.tell(named()) && !teller.tell(named()));
        assert!(teller.unpack(256 << 20) && !teller.unpack(1));
        let problems = teller.problems();
        assert!(problems.iter().all(|problem| problem.reason == Reason::TooLarge));
        assert_eq!((told, problems.len()), (MOST_FILES, 2));
    }

    #[test]
    fn places_without_an_entry_cost_little_while_a_volume_has_room_for_them() {
        let mut tell = |_: Named| ();
        let slots = MOST_ENTRIES as u64 + 1;
        let mut teller = Teller::new("exfat", slots * SLOT, &mut tell);
        assert!((0..slots).all(|_| teller.slot(true)) && !teller.full());
        assert!((0..MOST_ENTRIES).all(|at| teller.slot(at % 2 == 0)) && teller.full());
        assert!(!teller.slot(true) && !teller.slot(false));
        assert_eq!(teller.problems().len(), 1);
    }

    #[test]
    fn deep_folders_do_not_wait() {
        let mut tell = |_: Named| ();
        let mut teller = Teller::new("fat32", 0, &mut tell);
        let mut pending = Pending::new("", 0);
        assert_eq!(pending.pop(), Some((String::new(), 0)));
        pending.push("a".repeat(LONGEST_PATH + 1), 1, &mut teller);
        assert_eq!(pending.pop(), None);
        assert_eq!(teller.problems().len(), 1);
        assert_eq!((below("", "a"), below("a", "b/c")), ("a".into(), "a/b\u{fffd}c".into()));
    }
}
