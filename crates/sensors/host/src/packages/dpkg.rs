//! dpkg. Reads `/var/lib/dpkg/status`, `status.d/*` (images without dpkg itself), and the time of
//! `info/NAME.list`, which dpkg writes anew whenever it unpacks the package.
//!
//! Limits: a file of at most 256 MiB and a million stanzas; below `status.d`, 4 MiB.

mod lists;

use std::path::Path;

use leaksweep_facts::{Observed, Problem, Reason, Time, tables::host::Package};

use super::TABLE;
use crate::{
    machine::Machine,
    name,
    root::{Root, TEXT_CAP},
};

pub const FOLDER: &str = "/var/lib/dpkg";
pub const STATUS_CAP: u64 = 256 << 20;
const MAX_STANZAS: usize = 1_000_000;

pub fn collect(machine: &Machine) -> Observed<Package> {
    let mut found = stanzas(machine);
    for package in &mut found.rows {
        package.installed = installed(machine, package);
    }
    lists::compare(machine, &mut found);
    if let Some(problem) = pending(machine) {
        found.problem(problem);
    }
    found
}

/// Whether dpkg left records. What cannot be read is there.
pub fn is_there(root: &Root) -> bool {
    let status = root.stat(Path::new(FOLDER).join("status"));
    let parts = root.list_if_there(Path::new(FOLDER).join("status.d"));
    status.map_or_else(|failure| !failure.is_absence(), |_| true)
        || parts.map_or(true, |parts| !parts.entries.is_empty())
}

/// Every package, without the time of its installation.
pub fn stanzas(machine: &Machine) -> Observed<Package> {
    let mut found = read(machine, &Path::new(FOLDER).join("status"), STATUS_CAP);
    found.extend(parts(machine));
    found
}

fn read(machine: &Machine, path: &Path, cap: u64) -> Observed<Package> {
    let location = name::path(path);
    match machine.root.read_if_there(path, cap) {
        Ok(Some(content)) => parse(&content, &location),
        Ok(None) => Observed::default(),
        Err(failure) => {
            Observed { problems: vec![failure.problem(TABLE, location)], ..Default::default() }
        }
    }
}

fn parts(machine: &Machine) -> Observed<Package> {
    let folder = format!("{FOLDER}/status.d");
    let mut found = Observed::default();
    let listing = match machine.root.list_if_there(&folder) {
        Ok(listing) => listing,
        Err(failure) => {
            found.problem(failure.problem(TABLE, folder));
            return found;
        }
    };
    if listing.cut {
        found.problem(Problem::new(TABLE, &*folder, Reason::TooLarge, "too many entries"));
    }
    for entry in listing.entries {
        let path = Path::new(&folder).join(&entry.name);
        if path.extension() != Some("md5sums".as_ref()) {
            found.extend(read(machine, &path, TEXT_CAP));
        }
    }
    found
}

/// While dpkg works, and after it was killed, the newest changes are in a journal beside.
fn pending(machine: &Machine) -> Option<Problem> {
    let folder = format!("{FOLDER}/updates");
    let listing = match machine.root.list_if_there(&folder) {
        Ok(listing) => listing,
        Err(failure) => return Some(failure.problem(TABLE, folder)),
    };
    let digits = |name: String| name.bytes().all(|byte| byte.is_ascii_digit());
    listing.entries.iter().any(|entry| digits(name::os(&entry.name))).then(|| {
        let detail = "dpkg has not finished: changes wait in its journal";
        Problem::new(TABLE, folder, Reason::Unsupported, detail).hint("run dpkg --configure -a")
    })
}

fn installed(machine: &Machine, package: &Package) -> Option<Time> {
    lists(package)
        .iter()
        .find_map(|list| machine.root.stat(format!("{FOLDER}/info/{list}.list")).ok())
        .map(|stat| Time(stat.st_mtime))
}

/// The names that a package's list may have: the second where several architectures may be
/// installed at once.
pub fn lists(package: &Package) -> [String; 2] {
    let Package { name, architecture, .. } = package;
    [name.clone(), format!("{name}:{architecture}")]
}

/// The fields of one stanza that make a row; everything else is passed over.
#[derive(Default)]
struct Stanza<'a> {
    line: usize,
    name: &'a [u8],
    version: &'a [u8],
    architecture: &'a [u8],
    status: &'a [u8],
    maintainer: &'a [u8],
    source: &'a [u8],
}

/// The stanzas of a status file. `location` is the path that the rows carry.
pub fn parse(content: &[u8], location: &str) -> Observed<Package> {
    let mut found = Observed::default();
    if !content.is_empty() && !content.ends_with(b"\n") {
        let detail = "the file ends in the middle of a stanza";
        found.problem(Problem::new(TABLE, location, Reason::Malformed, detail));
    }
    let mut stanza = None;
    for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
        if found.rows.len() + found.problems.len() >= MAX_STANZAS {
            let detail = format!("more than {MAX_STANZAS} stanzas");
            found.problem(Problem::new(TABLE, location, Reason::TooLarge, detail));
            return found;
        }
        if line.trim_ascii().is_empty() {
            finish(&mut found, stanza.take(), location);
        } else {
            let start = || Stanza { line: index + 1, ..Stanza::default() };
            stanza.get_or_insert_with(start).field(line);
        }
    }
    finish(&mut found, stanza, location);
    found
}

impl<'a> Stanza<'a> {
    fn field(&mut self, line: &'a [u8]) {
        let Some(colon) = memchr::memchr(b':', line) else { return };
        let (key, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        match key.to_ascii_lowercase().as_slice() {
            b"package" => self.name = value,
            b"version" => self.version = value,
            b"architecture" => self.architecture = value,
            b"status" => self.status = value,
            b"maintainer" => self.maintainer = value,
            b"source" => self.source = value,
            _ => {}
        }
    }

    fn state(&self) -> &'static str {
        let mut words = self.status.split(|byte| *byte == b' ').skip(1);
        match (words.next(), words.next()) {
            // The parts below status.d have no such field: they describe what is there.
            (None, _) if self.status.is_empty() => "installed",
            (_, Some(b"not-installed")) => "absent",
            (Some(b"ok"), Some(b"installed" | b"triggers-pending" | b"triggers-awaited")) => {
                "installed"
            }
            (Some(b"ok"), Some(b"config-files")) => "config-files",
            _ => "broken",
        }
    }

    fn source(&self) -> &'a [u8] {
        let word = self.source.split(|byte| *byte == b' ').next().unwrap_or_default();
        if word.is_empty() { self.name } else { word }
    }
}

fn finish(found: &mut Observed<Package>, stanza: Option<Stanza>, location: &str) {
    let Some(stanza) = stanza else { return };
    let state = stanza.state();
    if state == "absent" {
        return;
    }
    if stanza.name.is_empty() || stanza.version.is_empty() {
        let subject = format!("{location}:{}", stanza.line);
        let detail = "a stanza without Package or Version";
        found.problem(Problem::new(TABLE, subject, Reason::Malformed, detail));
        return;
    }
    found.rows.push(Package {
        manager: "dpkg".into(),
        name: name::text(stanza.name),
        version: name::text(stanza.version),
        architecture: name::text(stanza.architecture),
        state: state.into(),
        held: stanza.status.starts_with(b"hold "),
        publisher: name::text(stanza.maintainer),
        source: name::text(stanza.source()),
        location: location.into(),
        ..Package::default()
    });
}

pub use lists::parse as parse_lists;

#[cfg(test)]
mod tests;
