//! Which package owns a file, by the records of the package managers themselves: dpkg's
//! `info/*.list` and `diversions`, and the file lists in rpm's headers. Every list is read once;
//! lists may be large, so a path costs one lookup and no allocation.

use std::{
    collections::{HashMap, HashSet},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Observed, Problem, Reason, tables::host::Package};

use crate::{
    machine::Machine,
    name,
    packages::{self, dpkg, rpm},
    root::{Entry, Failure, Root, TEXT_CAP},
};

const LIST_FILE_CAP: u64 = 64 << 20;
/// What lacks values when a record cannot be read.
const AFFECTED: [(&str, &[&str]); 4] = [
    ("host_processes", &["package"]),
    ("host_sockets", &["package"]),
    ("host_services", &["package", "program_package"]),
    ("host_files", &["package"]),
];
/// The folders that a merged `/usr` took over; lists may still use the old names.
const MERGED: [&str; 6] = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];

/// Looks the paths up in one pass over the records. A path that is absent from the answer is owned by no package,
/// unless there are problems.
pub fn owners(
    machine: &Machine,
    paths: &HashSet<String>,
) -> (HashMap<String, String>, Vec<Problem>) {
    let mut search = Search::new(&machine.root, paths);
    search.lists(machine);
    search.headers(machine);
    if let Err(failure) = packages::installed_by(machine) {
        search.problem(packages::MANAGERS, &failure);
    }
    search.answer()
}

/// A name under which a list may know a wanted path.
#[derive(Clone, Copy)]
struct Alias<'a> {
    path: &'a str,
    /// The name of what the path's link leads to: counts only if the path itself is not owned.
    target: bool,
}

struct Search<'a> {
    aliases: HashMap<Vec<u8>, Vec<Alias<'a>>>,
    /// Which shapes the aliases have: most lines have another, and need no look at their text.
    shapes: Vec<bool>,
    diversions: HashMap<Vec<u8>, Diversion>,
    own: HashMap<String, String>,
    targets: HashMap<String, String>,
    problems: Vec<Problem>,
}

/// Where the file of every package but one lies instead.
struct Diversion {
    to: Vec<u8>,
    by: Vec<u8>,
}

impl<'a> Search<'a> {
    fn new(root: &Root, paths: &'a HashSet<String>) -> Self {
        let mut search = Self {
            aliases: HashMap::new(),
            shapes: Vec::new(),
            diversions: HashMap::new(),
            own: HashMap::new(),
            targets: HashMap::new(),
            problems: Vec::new(),
        };
        search.want(root, paths);
        search.divert(root);
        let shapes: HashSet<u16> = search.aliases.keys().map(|name| shape(name)).collect();
        search.shapes = (0..=u16::MAX).map(|shape| shapes.contains(&shape)).collect();
        search
    }

    fn want(&mut self, root: &Root, paths: &'a HashSet<String>) {
        let merged: Vec<&str> =
            MERGED.into_iter().filter(|folder| root.link(folder).is_ok()).collect();
        let mut parents = HashMap::new();
        for path in paths {
            let real = real(root, Path::new(path), &mut parents);
            self.alias(path.clone().into(), Alias { path, target: false }, &merged);
            self.alias(real.clone(), Alias { path, target: false }, &merged);
            if root.link(&real).is_ok()
                && let Ok(target) = root.resolve(&real)
            {
                self.alias(target, Alias { path, target: true }, &merged);
            }
        }
    }

    fn alias(&mut self, name: PathBuf, alias: Alias<'a>, merged: &[&str]) {
        if let Ok(inner) = name.strip_prefix("/usr")
            && merged.iter().any(|folder| inner.starts_with(folder))
        {
            let old = Path::new("/").join(inner);
            self.aliases.entry(old.as_os_str().as_bytes().to_vec()).or_default().push(alias);
        }
        let name = name.into_os_string().into_encoded_bytes();
        self.aliases.entry(name).or_default().push(alias);
    }

    fn divert(&mut self, root: &Root) {
        let path = format!("{}/diversions", dpkg::FOLDER);
        match root.read_if_there(&path, TEXT_CAP) {
            Ok(content) => match diversions(&content.unwrap_or_default()) {
                Some(found) => self.diversions = found,
                None => self.malformed(&path, "not three lines for each diversion"),
            },
            Err(failure) => self.problem(&path, &failure),
        }
        // The file's old name must be noticed for its new name to be found.
        for from in self.diversions.keys() {
            self.aliases.entry(from.clone()).or_default();
        }
    }

    fn lists(&mut self, machine: &Machine) {
        let folder = format!("{}/info", dpkg::FOLDER);
        let listing = match machine.root.list_if_there(&folder) {
            Ok(listing) => listing,
            Err(failure) => return self.problem(&folder, &failure),
        };
        if listing.cut {
            self.malformed(&folder, "too many entries");
        }
        let stem = |entry: &Entry| Some(name::text(entry.name.as_bytes().strip_suffix(b".list")?));
        let stems: HashSet<String> = listing.entries.iter().filter_map(stem).collect();
        self.missing(&folder, &stems, dpkg::stanzas(machine));
        for entry in listing.entries {
            let Some(stem) = entry.name.as_bytes().strip_suffix(b".list") else { continue };
            let path = Path::new(&folder).join(&entry.name);
            let package = stem.split(|byte| *byte == b':').next().unwrap_or(stem);
            match machine.root.read(&path, LIST_FILE_CAP) {
                Ok(content) => self.list(&path, package, &content),
                Err(failure) => self.problem(&name::path(&path), &failure),
            }
        }
    }

    /// A package without its list owns nothing that could be known.
    fn missing(&mut self, folder: &str, lists: &HashSet<String>, packages: Observed<Package>) {
        let installed = packages.rows.iter().filter(|package| package.state == "installed");
        let lacks =
            |package: &&Package| !dpkg::lists(package).iter().any(|name| lists.contains(name));
        let lacking: Vec<&Package> = installed.filter(lacks).collect();
        if let Some(first) = lacking.first() {
            let (count, name) = (lacking.len(), &first.name);
            let detail = format!("packages without a list of files: {count}, the first is {name}");
            self.malformed(folder, &detail);
        }
        if let Some(problem) = packages.problems.into_iter().next() {
            let Problem { subject, reason, detail, .. } = problem;
            self.problem(&subject, &Failure { reason, detail });
        }
    }

    fn list(&mut self, path: &Path, package: &[u8], content: &[u8]) {
        let mut start = 0;
        let mut sound = content.is_empty() || content.ends_with(b"\n");
        for end in memchr::memchr_iter(b'\n', content) {
            let line = content.get(start..end).unwrap_or_default();
            start = end + 1;
            sound &= line.starts_with(b"/");
            if self.known(line) {
                self.hit(line, package);
            }
        }
        if !sound {
            self.malformed(&name::path(path), "a line is no path, or the last one is cut");
        }
    }

    /// The file lists of rpm's packages.
    fn headers(&mut self, machine: &Machine) {
        let unread = rpm::visit(machine, &mut |_, header| {
            let package = header.name()?;
            header.files(&mut |path| {
                if self.known(path) {
                    self.hit(path, package);
                }
            })
        });
        for part in unread {
            self.problem(&part.subject, &part.failure);
        }
    }

    fn known(&self, line: &[u8]) -> bool {
        let possible = self.shapes.get(usize::from(shape(line))).is_some_and(|known| *known);
        possible && self.aliases.contains_key(line)
    }

    fn hit(&mut self, line: &[u8], package: &[u8]) {
        let diverted = self.diversions.get(line).filter(|diversion| diversion.by != package);
        let place = diverted.map_or(line, |diversion| &diversion.to);
        for alias in self.aliases.get(place).into_iter().flatten() {
            let owners = if alias.target { &mut self.targets } else { &mut self.own };
            owners.entry(alias.path.to_owned()).or_insert_with(|| name::text(package));
        }
    }

    fn malformed(&mut self, subject: &str, detail: &str) {
        self.problem(subject, &Failure { reason: Reason::Malformed, detail: detail.into() });
    }

    fn problem(&mut self, subject: &str, failure: &Failure) {
        let problems = AFFECTED
            .iter()
            .map(|(table, columns)| failure.problem(table, subject).in_columns(columns));
        self.problems.extend(problems);
    }

    fn answer(self) -> (HashMap<String, String>, Vec<Problem>) {
        let mut owners = self.targets;
        owners.extend(self.own);
        (owners, self.problems)
    }
}

/// The path with its folder's links resolved; the last name stays, link or not.
fn real(root: &Root, path: &Path, parents: &mut HashMap<PathBuf, PathBuf>) -> PathBuf {
    let (Some(parent), Some(last)) = (path.parent(), path.file_name()) else {
        return path.to_owned();
    };
    let resolve = || root.resolve(parent).unwrap_or_else(|_| parent.to_owned());
    parents.entry(parent.to_owned()).or_insert_with(resolve).join(last)
}

/// A name's length and last byte.
fn shape(name: &[u8]) -> u16 {
    u16::from_be_bytes([name.len() as u8, name.last().copied().unwrap_or_default()])
}

/// Old name to diversion; none if the lines do not come in threes.
fn diversions(content: &[u8]) -> Option<HashMap<Vec<u8>, Diversion>> {
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    if content.is_empty() {
        return Some(HashMap::new());
    }
    let lines: Vec<&[u8]> = content.split(|byte| *byte == b'\n').collect();
    let (threes, rest) = lines.as_chunks::<3>();
    let entry = |[from, to, by]: &[&[u8]; 3]| {
        (from.to_vec(), Diversion { to: to.to_vec(), by: by.to_vec() })
    };
    rest.is_empty().then(|| threes.iter().map(entry).collect())
}

/// For the fuzz target.
pub fn parse_diversions(content: &[u8]) {
    let _ = diversions(content);
}

#[cfg(test)]
mod tests;
