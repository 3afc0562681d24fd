//! What the records of the package managers say of the paths that are asked for: which package
//! brought each, and which digest it had. Reads dpkg's `info/*.list`, `info/*.md5sums`, `status`
//! (conffiles) and `diversions`, and the file lists in rpm's headers. Every list is read once, the
//! digests of those packages alone that own a path that is asked for.
//!
//! Limits: a list of at most 64 MiB, `status` as for packages.

use std::{
    collections::{BTreeMap, HashSet},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Observed, Problem, tables::host::Package};

use super::{conffiles, diversions::Diversions, md5sums, names::Names};
use crate::{
    digest::Sum,
    machine::Machine,
    name,
    packages::{self, dpkg, rpm},
    root::{Entry, Failure},
};

const LIST_FILE_CAP: u64 = 64 << 20;

/// What a package says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub package: String,
    /// The name of the package's list: for several architectures at once there are several.
    stem: Vec<u8>,
    pub sum: Option<Sum>,
    /// Whether the administrator is meant to change it.
    pub configuration: bool,
    /// Whether the package only says that it may be there, and made by something else.
    pub ghost: bool,
    /// Whether the package's digests could not be read: that it has none is then not known.
    pub unread: bool,
}

impl Record {
    fn new(package: &[u8], stem: &[u8]) -> Self {
        Self {
            package: name::text(package),
            stem: stem.to_vec(),
            sum: None,
            configuration: false,
            ghost: false,
            unread: false,
        }
    }
}

/// A record that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    pub subject: String,
    pub failure: Failure,
    /// Whether owners are not known because of it, and not only digests.
    pub owners: bool,
}

#[derive(Debug, Default)]
pub struct Records {
    /// For each path that is asked for.
    pub of: Vec<Option<Record>>,
    pub unread: Vec<Unread>,
}

impl Records {
    /// Whether a path that no record has is surely nobody's.
    pub fn are_whole(&self) -> bool {
        !self.unread.iter().any(|unread| unread.owners)
    }
}

/// Looks the paths up in one pass over the records: each as a row has it, and with its folder's
/// links resolved.
pub fn look(machine: &Machine, paths: &[[PathBuf; 2]]) -> Records {
    let names = Names::new(&machine.root, paths.iter().map(|both| both.each_ref().map(|p| &**p)));
    let mut search = Search {
        machine,
        names,
        diversions: Diversions::default(),
        records: vec![None; paths.len()],
        unread: Vec::new(),
    };
    search.divert();
    search.lists();
    search.digests();
    search.headers();
    if let Err(failure) = packages::installed_by(machine) {
        search.problem(packages::MANAGERS, failure);
    }
    Records { of: search.records, unread: search.unread }
}

struct Search<'a> {
    machine: &'a Machine,
    names: Names,
    diversions: Diversions,
    records: Vec<Option<Record>>,
    unread: Vec<Unread>,
}

impl Search<'_> {
    fn divert(&mut self) {
        match Diversions::read(&self.machine.root) {
            Ok(diversions) => self.diversions = diversions,
            Err(failure) => self.problem(&super::diversions::path(), failure),
        }
        let names = std::mem::replace(&mut self.names, Names::none());
        self.names = names.also(self.diversions.names());
    }

    fn lists(&mut self) {
        let folder = format!("{}/info", dpkg::FOLDER);
        let listing = match self.machine.root.list_if_there(&folder) {
            Ok(listing) => listing,
            Err(failure) => return self.problem(&folder, failure),
        };
        if listing.cut {
            self.problem(&folder, Failure::malformed("too many entries"));
        }
        let stem = |entry: &Entry| Some(name::text(entry.name.as_bytes().strip_suffix(b".list")?));
        let stems: HashSet<String> = listing.entries.iter().filter_map(stem).collect();
        self.missing(&folder, &stems, dpkg::stanzas(self.machine));
        for entry in listing.entries {
            let Some(stem) = entry.name.as_bytes().strip_suffix(b".list") else { continue };
            let path = Path::new(&folder).join(&entry.name);
            match self.machine.root.read(&path, LIST_FILE_CAP) {
                Ok(content) => self.list(&path, stem, &content),
                Err(failure) => self.problem(&name::path(&path), failure),
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
            self.problem(folder, Failure::malformed(detail));
        }
        if let Some(problem) = packages.problems.into_iter().next() {
            let Problem { subject, reason, detail, .. } = problem;
            self.problem(&subject, Failure { reason, detail });
        }
    }

    fn list(&mut self, path: &Path, stem: &[u8], content: &[u8]) {
        let package = md5sums::package(stem);
        let mut start = 0;
        let mut sound = content.is_empty() || content.ends_with(b"\n");
        for end in memchr::memchr_iter(b'\n', content) {
            let line = content.get(start..end).unwrap_or_default();
            start = end + 1;
            sound &= line.starts_with(b"/");
            if self.names.knows(line) {
                for number in self.numbers(line, package) {
                    self.add(number, Record::new(package, stem));
                }
            }
        }
        if !sound {
            let detail = "a line is no path, or the last one is cut";
            self.problem(&name::path(path), Failure::malformed(detail));
        }
    }

    /// The paths that a package means by a name.
    fn numbers(&self, name: &[u8], package: &[u8]) -> Vec<usize> {
        self.names.of(self.diversions.place(name, package)).to_vec()
    }

    /// The first that owns a path is its owner.
    fn add(&mut self, number: usize, record: Record) {
        if let Some(place) = self.records.get_mut(number) {
            place.get_or_insert(record);
        }
    }

    /// The digests of the packages that own something.
    fn digests(&mut self) {
        let mut owners: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
        for record in self.records.iter().flatten() {
            *owners.entry(record.stem.clone()).or_default() += 1;
        }
        for stem in owners.into_keys() {
            let path = md5sums::path(&stem);
            match self.machine.root.read_if_there(&path, LIST_FILE_CAP) {
                Ok(content) => self.sums(&path, &stem, &content.unwrap_or_default()),
                Err(failure) => self.without_sums(&path, failure, |record| record.stem == stem),
            }
        }
        let (content, failures) = conffiles::content(&self.machine.root);
        for (path, failure) in failures {
            self.without_sums(Path::new(&path), failure, |_| true);
        }
        for content in content {
            for conffile in conffiles::parse(&content) {
                self.conffile(&conffile);
            }
        }
    }

    fn sums(&mut self, path: &Path, stem: &[u8], content: &[u8]) {
        let package = md5sums::package(stem);
        let mut sound = true;
        for line in md5sums::parse(content) {
            let Some((file, sum)) = line else {
                sound = false;
                continue;
            };
            if !self.names.knows(&file) {
                continue;
            }
            for number in self.numbers(&file, package) {
                if let Some(record) = self.owned(number, package) {
                    record.sum = Some(sum.clone());
                }
            }
        }
        if !sound {
            let failure =
                Failure::malformed("a line is no digest and path, or the last one is cut");
            self.without_sums(path, failure, |record| record.stem == stem);
        }
    }

    fn conffile(&mut self, conffile: &conffiles::Conffile<'_>) {
        if !self.names.knows(conffile.path) {
            return;
        }
        for number in self.numbers(conffile.path, conffile.package) {
            if let Some(record) = self.owned(number, conffile.package) {
                record.configuration = true;
                record.sum = conffile.sum.clone().or(record.sum.take());
            }
        }
    }

    fn owned(&mut self, number: usize, package: &[u8]) -> Option<&mut Record> {
        let record = self.records.get_mut(number)?.as_mut()?;
        (md5sums::package(&record.stem) == package).then_some(record)
    }

    fn without_sums(&mut self, path: &Path, failure: Failure, of: impl Fn(&Record) -> bool) {
        let records = self.records.iter_mut().flatten();
        records.filter(|record| record.sum.is_none() && of(record)).for_each(|record| {
            record.unread = true;
        });
        let subject = name::path(path);
        self.unread.push(Unread { subject, failure, owners: false });
    }

    /// The file lists of rpm's packages.
    fn headers(&mut self) {
        let machine = self.machine;
        let unread = rpm::visit(machine, &mut |_, header| {
            let package = header.name()?;
            header.files(&mut |file| {
                for number in self.names.of(file.path).to_vec() {
                    let record = Record {
                        sum: file.sum.clone(),
                        configuration: file.configuration,
                        ghost: file.ghost,
                        ..Record::new(package, package)
                    };
                    self.add(number, record);
                }
            })
        });
        for part in unread {
            self.problem(&part.subject, part.failure);
        }
    }

    fn problem(&mut self, subject: &str, failure: Failure) {
        self.unread.push(Unread { subject: subject.into(), failure, owners: true });
    }
}
