//! Which drop-ins change a unit: those of its own name, of its other names, of its template, of the
//! beginnings of its name up to each dash, and of its kind.
//!
//! Limits: each folder is listed once, and 200,000 drop-ins of one manager are kept; its units
//! together are compared with 20,000. Beyond, units have no drop-ins, and one problem says so.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ffi::OsString,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Problem, Reason};
use rustix::fs::FileType;

use super::{
    TABLE,
    folders::{Units, kind, template},
};
use crate::{
    name,
    root::{Entry, Root},
};

/// Each of many units may share many drop-ins: what is counted is pairs.
const MAX_PAIRS: usize = 20_000;
const MAX_FILES: usize = 200_000;

/// The drop-ins of one manager's units.
pub struct DropIns<'a> {
    root: &'a Root,
    units: &'a Units,
    folders: HashMap<&'a Path, Vec<File>>,
    files_left: usize,
    pairs_left: usize,
    cut: bool,
}

struct File {
    name: OsString,
    path: PathBuf,
    /// A link to /dev/null: it hides others of its name and adds nothing.
    nothing: bool,
}

impl<'a> DropIns<'a> {
    pub fn new(root: &'a Root, units: &'a Units) -> Self {
        let folders = HashMap::new();
        Self { root, units, folders, files_left: MAX_FILES, pairs_left: MAX_PAIRS, cut: false }
    }

    /// Whether some unit may have more drop-ins than are told.
    pub fn cut(&self) -> bool {
        self.cut
    }

    /// The drop-ins of the unit in the order in which they count.
    pub fn of(
        &mut self,
        unit: &str,
        aliases: &[String],
        problems: &mut Vec<Problem>,
    ) -> Vec<PathBuf> {
        let mut found: BTreeMap<&OsString, &File> = BTreeMap::new();
        let folders = self.folders(unit, aliases);
        folders.iter().for_each(|folder| self.list(folder, problems));
        for file in folders.iter().filter_map(|folder| self.folders.get(folder)).flatten() {
            if self.pairs_left == 0 {
                self.cut = true;
                break;
            }
            self.pairs_left -= 1;
            found.entry(&file.name).or_insert(file);
        }
        found.into_values().filter(|file| !file.nothing).map(|file| file.path.clone()).collect()
    }

    /// The folders that are there for any of the unit's names, each once.
    fn folders(&self, unit: &str, aliases: &[String]) -> Vec<&'a Path> {
        let mut seen = HashSet::new();
        let all = std::iter::once(unit).chain(aliases.iter().map(String::as_str)).flat_map(names);
        all.filter_map(|name| self.units.drop_in_folders.get(&name))
            .flatten()
            .map(PathBuf::as_path)
            .filter(|folder| seen.insert(*folder))
            .collect()
    }

    fn list(&mut self, folder: &'a Path, problems: &mut Vec<Problem>) {
        if self.folders.contains_key(folder) {
            return;
        }
        let entries = match self.root.list_if_there(folder) {
            Ok(listing) => {
                self.cut |= listing.cut;
                listing.entries
            }
            Err(failure) => {
                problems.push(failure.problem(TABLE, name::path(folder)));
                Vec::new()
            }
        };
        let mut entries: Vec<Entry> = entries
            .into_iter()
            .filter(|entry| entry.name.as_encoded_bytes().ends_with(b".conf"))
            .collect();
        self.cut |= entries.len() > self.files_left;
        entries.truncate(self.files_left);
        self.files_left -= entries.len();
        let files = entries.into_iter().map(|entry| File::look(self.root, folder, entry)).collect();
        self.folders.insert(folder, files);
    }
}

impl File {
    fn look(root: &Root, folder: &Path, entry: Entry) -> Self {
        let path = folder.join(&entry.name);
        let is_link = matches!(entry.kind, FileType::Symlink | FileType::Unknown);
        let leads_nowhere =
            || root.link(&path).is_ok_and(|target| target == Path::new("/dev/null"));
        Self { name: entry.name, nothing: is_link && leads_nowhere(), path }
    }
}

/// That some units' drop-ins were left out.
pub fn cut(columns: &'static [&'static str]) -> Problem {
    let detail = "units have more drop-ins together than are read";
    Problem::new(TABLE, "drop-ins", Reason::TooLarge, detail).in_columns(columns)
}

/// The names under which drop-ins may lie, the most exact first.
fn names(unit: &str) -> Vec<String> {
    let Some(kind) = kind(unit) else { return Vec::new() };
    let mut names = vec![unit.to_owned()];
    names.extend(template(unit));
    let stem = unit.strip_suffix(kind).and_then(|stem| stem.strip_suffix('.')).unwrap_or_default();
    let stem = stem.split('@').next().unwrap_or_default();
    for (dash, _) in stem.rmatch_indices('-') {
        if let Some(beginning) = stem.get(..=dash).filter(|beginning| *beginning != stem) {
            names.push(format!("{beginning}.{kind}"));
        }
    }
    names.push(kind.to_owned());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_name_comes_first() {
        let expected =
            ["a-b-c@x.service", "a-b-c@.service", "a-b-.service", "a-.service", "service"];
        assert_eq!(names("a-b-c@x.service"), expected);
        assert_eq!(names("-.mount"), ["-.mount", "mount"]);
        assert!(names("nonsense").is_empty());
    }
}
