//! Programs that give whoever runs them the rights of their owner or group, or capabilities.
//!
//! Limits: only the folders below are searched, to the depth that stands beside each: those of
//! programs first, then homes (each that an account names, and each folder in `/home`) and data.
//! What lies deeper, and other folders at the root, are not searched. A search that meets more
//! entries than the cap is a problem, for the columns that tell of set-uid alone: every other file
//! of interest is there all the same.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    path::{Path, PathBuf},
};

use leaksweep_facts::{Problem, Reason};
use rustix::fs::{FileType, Stat};

use super::{TABLE, capabilities};
use crate::{
    accounts::Home,
    machine::Machine,
    name,
    root::{Failure, Root},
    tally::Tally,
};

const MAX_ENTRIES: usize = 200_000;
const COLUMNS: &[&str] = &["set_uid", "set_gid", "capabilities"];
const CAPABILITIES: &[&str] = &["capabilities"];
const ATTRIBUTE: &str = "security.capability";
/// No version of the attribute is longer.
const ATTRIBUTE_CAP: usize = 64;

/// Folders of programs, and how deep they are searched.
const PROGRAMS: [(&str, usize); 7] =
    [("bin", 2), ("sbin", 2), ("games", 2), ("libexec", 5), ("lib", 5), ("lib32", 5), ("lib64", 5)];
const ABOVE: [&str; 3] = ["/", "/usr", "/usr/local"];
const OTHERS: [(&str, usize); 4] = [("/opt", 5), ("/tmp", 3), ("/var/tmp", 3), ("/dev/shm", 3)];
/// Folders of people and data: large, and seldom with a program that a package brought.
const DATA: [&str; 5] = ["/root", "/srv", "/var", "/boot", "/data"];
const HOMES: &str = "/home";
const DATA_DEPTH: usize = 4;

/// A folder, and how many levels of folders are searched from it on.
type Start = (PathBuf, usize);

/// Programs that give rights, each by its path.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Giving {
    pub set_uid: BTreeSet<PathBuf>,
    /// Their capabilities as text.
    pub capable: BTreeMap<PathBuf, String>,
}

pub fn find(machine: &Machine, homes: &[Home], problems: &mut Vec<Problem>) -> Giving {
    let mut search = Search::new(&machine.root, MAX_ENTRIES);
    search.all(programs());
    let people = search.people(homes);
    search.all(people);
    search.end(machine.privileged, problems)
}

fn programs() -> Vec<Start> {
    let programs = ABOVE.iter().flat_map(|above| {
        PROGRAMS.iter().map(|(folder, depth)| (Path::new(above).join(folder), *depth))
    });
    programs.chain(OTHERS.map(|(folder, depth)| (PathBuf::from(folder), depth))).collect()
}

struct Search<'a> {
    root: &'a Root,
    left: usize,
    /// How deep each folder was searched: `/bin` often is another name of `/usr/bin`.
    seen: HashMap<PathBuf, usize>,
    found: Giving,
    /// The first folder that was left out.
    cut: Option<PathBuf>,
    failures: Tally,
}

impl<'a> Search<'a> {
    fn new(root: &'a Root, left: usize) -> Self {
        let (seen, found) = (HashMap::new(), Giving::default());
        Self { root, left, seen, found, cut: None, failures: Tally::default() }
    }

    /// What is nearest to a start is searched first, so that a deep folder hides no shallow one.
    fn all(&mut self, starts: Vec<Start>) {
        let resolved = |(folder, depth)| Some((self.root.resolve(folder).ok()?, depth));
        let mut todo: VecDeque<Start> = starts.into_iter().filter_map(resolved).collect();
        while let Some((folder, depth)) = todo.pop_front() {
            if self.seen.get(&folder).is_some_and(|seen| *seen >= depth) {
                continue;
            }
            let inner = self.look(&folder);
            self.seen.insert(folder, depth);
            if depth > 1 {
                todo.extend(inner.into_iter().map(|inner| (inner, depth - 1)));
            }
        }
    }

    /// Homes, whether or not an account names them, and data.
    fn people(&mut self, homes: &[Home]) -> Vec<Start> {
        let named = homes.iter().map(|home| home.path.clone());
        let named: Vec<PathBuf> = named.chain(DATA.map(PathBuf::from)).collect();
        let inner = self.look(Path::new(HOMES));
        named.into_iter().chain(inner).map(|folder| (folder, DATA_DEPTH)).collect()
    }

    /// Notes the programs in one folder and gives the folders in it.
    fn look(&mut self, folder: &Path) -> Vec<PathBuf> {
        let (mut inner, mut programs) = (Vec::new(), Vec::new());
        let scanned = self.scan(folder, &mut inner, &mut programs);
        programs.into_iter().for_each(|program| self.capabilities(program));
        match scanned {
            Ok(false) => {}
            Ok(true) => {
                self.cut.get_or_insert_with(|| folder.to_owned());
            }
            Err(failure) if failure.is_absence() => {}
            Err(failure) => self.failures.add(COLUMNS, name::path(folder), failure),
        }
        inner
    }

    /// Whether the cap kept something from being seen.
    fn scan(
        &mut self,
        folder: &Path,
        inner: &mut Vec<PathBuf>,
        programs: &mut Vec<PathBuf>,
    ) -> Result<bool, Failure> {
        if self.left == 0 {
            return Ok(true);
        }
        let (left, found) = (&mut self.left, &mut self.found);
        self.root.visit(folder, |entry, stat| {
            *left = left.saturating_sub(1);
            match kind_and_mode(entry.kind, stat)? {
                (FileType::Directory, _) => inner.push(folder.join(&entry.name)),
                (FileType::RegularFile, mode) if mode & 0o6111 != 0 => {
                    let program = folder.join(&entry.name);
                    if mode & 0o6000 != 0 {
                        found.set_uid.insert(program.clone());
                    }
                    programs.push(program);
                }
                _ => {}
            }
            Ok(*left > 0)
        })
    }

    /// Notes the capabilities that a program gives.
    fn capabilities(&mut self, program: PathBuf) {
        match self.root.attribute(&program, ATTRIBUTE, ATTRIBUTE_CAP) {
            Ok(None) => {}
            Ok(Some(attribute)) => match capabilities::parse(&attribute) {
                Some(text) if text.is_empty() => {}
                Some(text) => _ = self.found.capable.insert(program, text),
                None => {
                    let failure = Failure::malformed("its capabilities have no known form");
                    self.failures.add(CAPABILITIES, name::path(&program), failure);
                }
            },
            Err(failure) if failure.is_absence() => {}
            Err(failure) => self.failures.add(CAPABILITIES, name::path(&program), failure),
        }
    }

    fn end(self, privileged: bool, problems: &mut Vec<Problem>) -> Giving {
        problems.extend(self.failures.problems(TABLE, privileged));
        if let Some(folder) = self.cut {
            let detail = "there are more files than are looked at for set-uid programs";
            let problem = Problem::new(TABLE, name::path(&folder), Reason::TooLarge, detail);
            problems.push(problem.in_columns(COLUMNS));
        }
        self.found
    }
}

/// Only plain files, and what the folder does not tell the kind of, are worth a call to the kernel.
fn kind_and_mode(
    kind: FileType,
    stat: &dyn Fn() -> Result<Stat, Failure>,
) -> Result<(FileType, u32), Failure> {
    if !matches!(kind, FileType::RegularFile | FileType::Unknown) {
        return Ok((kind, 0));
    }
    match stat() {
        Ok(stat) => Ok((FileType::from_raw_mode(stat.st_mode), stat.st_mode)),
        Err(failure) if failure.is_absence() => Ok((kind, 0)),
        Err(failure) => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_that_is_cut_says_so_of_set_uid_alone_and_sees_shallow_files_first() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["deep/a/b", "shallow"] {
            std::fs::create_dir_all(folder.path().join(path)).unwrap();
        }
        for number in 0..10 {
            std::fs::write(folder.path().join(format!("deep/a/b/{number}")), "").unwrap();
        }
        let program = folder.path().join("shallow/program");
        std::fs::write(&program, "").unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o4755);
        std::fs::set_permissions(&program, mode).unwrap();
        let root = Root::open(folder.path()).unwrap();
        let mut search = Search::new(&root, 7);
        search.all(vec![("/deep".into(), 4), ("/shallow".into(), 4)]);
        let mut problems = Vec::new();
        let found = search.end(true, &mut problems);
        assert_eq!(found.set_uid, BTreeSet::from(["/shallow/program".into()]));
        let [problem] = problems.as_slice() else { panic!("{problems:#?}") };
        assert_eq!((problem.reason, problem.columns), (Reason::TooLarge, COLUMNS));
        assert_eq!(problem.subject, "/deep/a/b");
    }
}
