//! sudo: `/etc/sudoers` and what it includes, as sudoers(5) has it.
//!
//! Reads files in the order in which sudo does, up to 16 deep and 256 in all; of a folder those whose
//! names hold no dot and do not end in `~`. A rule for other hosts reaches nobody here; a host that is
//! an address or a netgroup may be this one. Limits: netgroups and groups of plugins are a problem;
//! whether sudo refuses a file for its owner or mode, and other sources than files, are not weighed.

mod aliases;
mod commands;
mod cursor;
mod defaults;
mod grammar;
mod lines;
mod policy;
mod rule;
#[cfg(test)]
mod tests;

use std::path::Path;

use leaksweep_facts::Time;

use super::{CAP, MAX_FILES, Rights};
use crate::name;
use grammar::Statement;
use policy::Policy;

const PATH: &str = "/etc/sudoers";
/// Where the maker of a system keeps what the administrator has not replaced.
const VENDOR: &str = "/usr/etc/sudoers";
const DEPTH: usize = 16;

/// What a file says.
#[derive(Debug, Default)]
pub struct Parsed {
    statements: Vec<(usize, Statement)>,
    /// The lines that make no sense. sudo passes over them.
    senseless: Vec<usize>,
    cut: bool,
}

pub fn parse(bytes: &[u8]) -> Parsed {
    let lines = lines::of(bytes);
    let mut parsed = Parsed { cut: lines.more || lines.long.is_some(), ..Parsed::default() };
    for (number, line) in lines.all {
        match grammar::statements(&line) {
            Some(found) => parsed.statements.extend(found.into_iter().map(|one| (number, one))),
            None => parsed.senseless.push(number),
        }
    }
    parsed
}

/// Where a statement stands.
#[derive(Debug, Clone, Default)]
struct Source {
    path: String,
    line: usize,
    modified: Option<Time>,
}

pub fn collect(rights: &mut Rights<'_>) {
    let root = rights.reading.root;
    let there = |path: &&str| !root.stat_link(path).is_err_and(|failure| failure.is_absence());
    let Some(path) = [PATH, VENDOR].iter().find(|path| there(path)) else { return };
    let mut gathering = Gathering { rights, policy: Policy::default(), files: 0, depth: 0 };
    gathering.file(Path::new(path));
    let policy = gathering.policy;
    policy.resolve(rights);
    other_sources(rights);
}

struct Gathering<'a, 'b> {
    rights: &'a mut Rights<'b>,
    policy: Policy,
    files: usize,
    depth: usize,
}

impl Gathering<'_, '_> {
    fn file(&mut self, path: &Path) {
        self.files += 1;
        if self.files > MAX_FILES || self.depth > DEPTH {
            let detail = format!("more than {MAX_FILES} files, or {DEPTH} in one another");
            return self.rights.reading.too_large(path, &[], detail);
        }
        let Some(content) = self.rights.reading.content(path, CAP, &[]) else { return };
        let modified = self.rights.reading.modified(path);
        let parsed = parse(&content);
        self.told(path, &parsed);
        for (line, statement) in parsed.statements {
            match statement {
                Statement::Include { path: other, folder } => {
                    self.depth += 1;
                    self.include(path, &other, folder);
                    self.depth -= 1;
                }
                other => {
                    let source = Source { path: name::path(path), line, modified };
                    self.policy.add(other, source);
                }
            }
        }
    }

    /// The senseless line is never quoted: a link can make any file look like one of these.
    fn told(&mut self, path: &Path, parsed: &Parsed) {
        if let Some(first) = parsed.senseless.first() {
            let detail =
                format!("line {first} makes no sense; so for {} such", parsed.senseless.len());
            self.rights.reading.malformed(path, &[], &detail);
        }
        if parsed.cut {
            let detail = "more statements, or longer ones, than are read".into();
            self.rights.reading.too_large(path, &[], detail);
        }
    }

    fn include(&mut self, from: &Path, path: &str, folder: bool) {
        let path = path.replace("%h", self.short_host()).replace("%%", "%");
        let path = from.parent().unwrap_or(Path::new("/")).join(path);
        if !folder {
            return self.file(&path);
        }
        for path in self.rights.reading.entries(&path, MAX_FILES) {
            if is_read(&path) && !self.rights.reading.is_folder(&path) {
                self.file(&path);
            }
        }
    }

    fn short_host(&self) -> &str {
        let host = self.rights.host.as_str();
        host.split('.').next().unwrap_or(host)
    }
}

fn is_read(path: &Path) -> bool {
    let name = path.file_name().map(name::os).unwrap_or_default();
    !name.contains('.') && !name.ends_with('~')
}

/// Rules that a directory service holds are seen by sudo and not here.
fn other_sources(rights: &mut Rights<'_>) {
    let path = Path::new("/etc/nsswitch.conf");
    let Some(content) = rights.reading.content(path, CAP, &[]) else { return };
    let text = name::text(&content);
    let line = text.lines().find_map(|line| line.trim().strip_prefix("sudoers:"));
    let sources = line.unwrap_or_default().split('#').next().unwrap_or_default();
    let other = |word: &&str| !word.starts_with('[') && *word != "files";
    if let Some(source) = sources.split_whitespace().find(other) {
        let detail = format!("rules of sudo come from {source} too");
        let failure = crate::root::Failure { reason: leaksweep_facts::Reason::Unsupported, detail };
        rights.reading.failed(path, &[], failure);
    }
}
