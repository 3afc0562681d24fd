//! What configuration says about remote access: the settings of the catalogue, looked up in the files
//! of each tool and on its command lines. Reads: the files that the catalogue names, up to 4 MiB each
//! (32 MiB of a Wine registry), each once. Nothing of a secret but that it is set gets into a row.
//!
//! Limits: a value that a later line of the file overrides counts too, for which line wins differs
//! from tool to tool. A file that could be read in part proves what stands in it, not what is missing.

mod command;
pub mod entries;
mod file;
pub mod formats;
mod named;
mod sshd;
mod text;
mod value;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::Path,
};

use leaksweep_catalogue::remote::{Format, Means, Place, Setting, Tool};
use leaksweep_facts::{Observed, Problem, Reason, Table, Time, tables::host::RemoteSetting};

use super::places::Found;
use crate::{
    name,
    root::{Failure, Root, TEXT_CAP},
};
pub use entries::Entries;
use entries::Wanted;
use file::{File, Indexed};

pub use command::{Command, rows as of_commands};

pub const TABLE: &str = RemoteSetting::DEF.name;
/// A fresh prefix has 4 MiB already.
const REGISTRY_CAP: u64 = 32 << 20;

/// Where the catalogue's paths are on this machine.
pub trait Places {
    /// What fits a path of the catalogue and is there.
    fn find(&self, pattern: &str) -> Vec<Found>;
    /// The folders of Wine's prefixes.
    fn registries(&self) -> Vec<Found>;
}

/// Everything that a file says, for the fuzz targets.
pub fn parse(format: Format, bytes: &[u8]) {
    formats::parse(format, bytes, &mut Entries::default());
}

/// What sshd's configuration says of some keywords, with what it includes; problems are of the table
/// of settings. None where there is no such file.
pub fn of_sshd(
    root: &Root,
    path: &Path,
    keywords: &[&str],
) -> Result<Option<(Entries, Vec<Problem>)>, Failure> {
    let Some(bytes) = root.read_if_there(path, TEXT_CAP)? else { return Ok(None) };
    let mut wanted = Wanted::default();
    keywords.iter().for_each(|keyword| wanted.add(keyword));
    let mut entries = Entries::of(wanted);
    let mut problems = sshd::read(root, path, &bytes, &mut entries);
    let faults = entries
        .faults
        .iter()
        .map(|fault| Problem::new(TABLE, name::path(path), Reason::Malformed, fault.to_string()));
    problems.extend(faults);
    Ok(Some((entries, problems)))
}

/// What the settings of these tools find.
pub fn collect(
    root: &Root,
    places: &dyn Places,
    tools: &[&Tool],
    commands: &[Command<'_>],
) -> Observed<RemoteSetting> {
    let mut seen = Observed::default();
    let mut work = Work::of(tools, places);
    tools.iter().for_each(|tool| work.add_named(tool, named::files(root, tool, commands)));
    for ((found, format), asked) in &work.0 {
        seen.extend(look(root, found, *format, asked));
    }
    for tool in tools {
        let all: Vec<&Setting> = tool.settings.iter().collect();
        seen.rows.extend(command::rows(tool, &all, commands));
    }
    seen.rows.sort_by(|a, b| order(a).cmp(&order(b)));
    seen.rows.dedup();
    let mut told = HashSet::new();
    seen.problems.retain(|one| told.insert((one.subject.clone(), one.detail.clone())));
    seen
}

/// Rows that are the same stand side by side.
fn order(row: &RemoteSetting) -> impl Ord + '_ {
    let what = (&row.tool, &row.path, row.line, &row.setting, &row.means);
    (what, &row.value, &row.said_by, &row.user, row.since.map(|since| since.0))
}

/// A setting and whose it is.
type Asked<'a> = (&'a Tool, &'a Setting);

/// What is asked of each file.
#[derive(Default)]
struct Work<'a>(BTreeMap<(Found, Format), Vec<Asked<'a>>>);

impl<'a> Work<'a> {
    fn of(tools: &[&'a Tool], places: &dyn Places) -> Self {
        let mut work = Self::default();
        let mut known: HashMap<&str, Vec<Found>> = HashMap::new();
        let prefixes = places.registries();
        for (tool, setting) in
            tools.iter().flat_map(|tool| tool.settings.iter().map(move |one| (tool, one)))
        {
            let Some(format) = setting.format else { continue };
            for pattern in &setting.files {
                let found = known.entry(pattern).or_insert_with(|| places.find(pattern));
                found.iter().for_each(|found| work.add(found.clone(), format, (tool, setting)));
            }
            if format == Format::Registry && setting.files.is_empty() {
                let file = registry_file(setting);
                for prefix in &prefixes {
                    let found = Found { path: prefix.path.join(file), ..prefix.clone() };
                    work.add(found, format, (tool, setting));
                }
            }
        }
        work
    }

    /// All that a tool asks in a format is asked of a file that its command line names.
    fn add_named(&mut self, tool: &'a Tool, files: BTreeSet<(Found, Format)>) {
        for (found, format) in files {
            // A file in a home is its owner's, whoever names it.
            let is_known =
                |known: &&(Found, Format)| known.1 == format && known.0.path == found.path;
            let found = self.0.keys().find(is_known).map_or(found.clone(), |known| known.0.clone());
            let fits = |setting: &&Setting| matches!(setting.place(), Some(Place::Key(own, _)) if own == format);
            for setting in tool.settings.iter().filter(fits) {
                self.add(found.clone(), format, (tool, setting));
            }
        }
    }

    fn add(&mut self, found: Found, format: Format, asked: Asked<'a>) {
        self.0.entry((found, format)).or_default().push(asked);
    }
}

/// Which of a prefix's files holds a key.
fn registry_file(setting: &Setting) -> &'static str {
    let key = setting.key.as_deref().unwrap_or_default().to_ascii_lowercase();
    if key.starts_with("hkcu\\") {
        "user.reg"
    } else if key.starts_with("hku\\") {
        "userdef.reg"
    } else {
        "system.reg"
    }
}

fn look(
    root: &Root,
    found: &Found,
    format: Format,
    asked: &[Asked<'_>],
) -> Observed<RemoteSetting> {
    if format == Format::Presence {
        return presence(root, found, asked);
    }
    // A folder of keys holds a file for each user, as sshd's configuration says: the keys of each
    // are in a table of their own. A folder itself opens nothing.
    let only_keys = || asked.iter().all(|(_, setting)| setting.means == Means::Keys);
    if found.folder && only_keys() {
        return Observed::default();
    }
    let since = root.stat(&found.path).ok().map(|found| Time(found.st_mtime));
    let file = File { path: name::path(&found.path), user: found.user.as_deref(), since };
    let cap = if format == Format::Registry { REGISTRY_CAP } else { TEXT_CAP };
    let problem = |reason, detail: &str| {
        let detail = format!("{detail} (settings of {})", names(asked));
        Problem::new(TABLE, file.path.as_str(), reason, detail)
    };
    let mut seen = Observed::default();
    let bytes = match root.read(&found.path, cap) {
        Ok(bytes) => bytes,
        Err(failure) if failure.is_absence() => return seen,
        Err(failure) => {
            seen.problem(problem(failure.reason, &failure.detail));
            return seen;
        }
    };
    let mut entries = Entries::of(wanted(format, asked));
    if format == Format::Sshd {
        seen.problems.extend(sshd::read(root, &found.path, &bytes, &mut entries));
    } else {
        formats::parse(format, &bytes, &mut entries);
    }
    let faults: Vec<String> = entries.faults.iter().map(ToString::to_string).collect();
    if !faults.is_empty() {
        seen.problem(problem(Reason::Malformed, &faults.join("; ")));
    }
    let indexed = Indexed::of(format, &entries);
    asked.iter().for_each(|(tool, setting)| seen.extend(file.keys(&indexed, tool, setting)));
    seen
}

/// The name itself is the fact, wherever it leads.
fn presence(root: &Root, found: &Found, asked: &[Asked<'_>]) -> Observed<RemoteSetting> {
    let Ok(stat) = root.stat_link(&found.path) else { return Observed::default() };
    let since = Some(Time(stat.st_mtime));
    let file = File { path: name::path(&found.path), user: found.user.as_deref(), since };
    let rows = asked.iter().map(|(tool, setting)| file.presence(tool, setting)).collect();
    Observed { rows, problems: Vec::new() }
}

fn names(asked: &[Asked<'_>]) -> String {
    let mut names: Vec<&str> = asked.iter().map(|(tool, _)| tool.id.as_str()).collect();
    names.dedup();
    names.join(", ")
}

/// The keys that the settings of a file name.
fn wanted(format: Format, asked: &[Asked<'_>]) -> Wanted {
    let mut wanted = Wanted::default();
    for (_, setting) in asked {
        let keys = setting.key.iter().chain(setting.since.iter());
        let keys = keys.chain(setting.also.iter().map(|also| &also.key));
        keys.for_each(|key| wanted.add(&spelled(format, key)));
    }
    wanted
}

/// The key of the catalogue as the entries of the format spell it.
fn spelled(format: Format, key: &str) -> String {
    if format == Format::Registry { formats::as_linked(key) } else { key.to_owned() }
}

#[cfg(test)]
mod tests;
