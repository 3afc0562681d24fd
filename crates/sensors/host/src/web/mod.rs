//! Scripts in folders that web servers serve: those that do what a visitor says, unpack hidden text
//! or put code before others, and those that no package brought.
//!
//! Limits: 200,000 entries, 16 folders deep; 128 MiB of text, of a script its first and last 512 KiB,
//! of a file that may hide code its first and last 8 KiB; 20,000 such files, 20,000 rows, and what
//! `roots`, `code` and `language` say. A link to a folder is followed once, into folders that hold
//! what is served. Below `/usr`, where packages put theirs, only scripts that do something of this kind
//! count, and no disguised ones. JavaScript counts only where it runs what a visitor sends.

mod code;
mod comments;
mod configuration;
mod kind;
mod language;
mod languages;
mod roots;
mod text;
mod walk;

use std::path::{Path, PathBuf};

use leaksweep_facts::{Observed, Time, tables::host::WebFile};
use rustix::fs::Stat;

use crate::{
    accounts::Accounts,
    changeable::Judge,
    machine::Machine,
    name,
    reading::{Limits, Reading},
    traits,
};
use code::Seen;

const LIMITS: Limits = Limits { rows: 20_000, bytes: 64 << 20 };
/// What makes a script worth a row even where a package owns it.
const STRONG: [&str; 3] = ["runs-request", "decodes", "prepends"];
/// PHP's own configuration, which may put code before every script of the machine.
const SETTINGS: [&str; 2] = ["/etc/php", "/etc/php.d"];

/// Every form of a script, for the fuzzer.
pub fn parse(bytes: &[u8]) {
    let text = name::text(bytes);
    let all = [
        &languages::PHP,
        &languages::JSP,
        &languages::ASP,
        &languages::PYTHON,
        &languages::PERL,
        &languages::SHELL,
        &languages::NODE,
    ];
    all.iter().for_each(|language| drop(code::look(&text, language)));
    drop((configuration::look(bytes), roots::parse(bytes), kind::by_content(bytes)));
}

/// A script that was looked at.
struct Script {
    path: PathBuf,
    language: &'static str,
    stat: Stat,
    seen: Seen,
    /// The words of `host_autostarts`.
    other: Option<String>,
}

pub fn collect(machine: &Machine, accounts: &Accounts) -> Observed<WebFile> {
    let mut reading = Reading::new(&machine.root, LIMITS);
    let folders = roots::find(&mut reading, &accounts.homes);
    let mut scripts = Vec::new();
    let mut budget = text::Budget::default();
    let mut files = walk::files(&mut reading, folders);
    files.sort_by_cached_key(|(path, _)| {
        let file = path.file_name().map(name::os).unwrap_or_default();
        (kind::rank(&file), path.clone())
    });
    for (path, stat) in files {
        scripts.extend(look(&mut reading, path, stat, &mut budget));
    }
    for folder in SETTINGS {
        for (path, stat) in walk::files(&mut reading, vec![PathBuf::from(folder)]) {
            scripts.extend(settings(&mut reading, path, stat));
        }
    }
    rows(machine, accounts, &mut reading, scripts);
    reading.done(machine.privileged)
}

fn look(
    reading: &mut Reading<'_, WebFile>,
    path: PathBuf,
    stat: Stat,
    budget: &mut text::Budget,
) -> Option<Script> {
    let file = path.file_name().map(name::os).unwrap_or_default();
    if configuration::is_one(&file) {
        return settings(reading, path, stat);
    }
    let known = kind::by_name(&file);
    // Nobody puts a picture that hides code where packages put theirs.
    let disguised = known.is_none_or(|language| language.name == "node");
    if kind::is_for_browsers(&file, stat.st_size) || (disguised && is_packages(&path)) {
        return None;
    }
    if known.is_none() && !kind::may_hide(&file) {
        return None;
    }
    let content = text::read(reading, &path, &stat, known.is_none(), budget)?;
    let language = known.or_else(|| kind::by_content(&content))?;
    let text = name::text(&content);
    let seen = code::look(&text, language);
    let hides = known.is_none() && !text.starts_with("#!");
    let runs = seen.traits.contains(&"runs-request");
    if (hides || language.name == "node") && !runs {
        return None;
    }
    let other = (language.name == "shell").then(|| traits::of(&text)).flatten();
    Some(Script { path, language: language.name, stat, seen, other })
}

/// Folders in which only packages put files, but for scripts that a server is to run.
fn is_packages(path: &Path) -> bool {
    path.starts_with("/usr")
        && !path.starts_with("/usr/local")
        && !path.starts_with("/usr/lib/cgi-bin")
}

/// A file of configuration, if it says something of the kind.
fn settings(reading: &mut Reading<'_, WebFile>, path: PathBuf, stat: Stat) -> Option<Script> {
    let is_php = path.extension().is_some_and(|ending| ending == "ini");
    let file = path.file_name().map(name::os).unwrap_or_default();
    if !is_php && !configuration::is_one(&file) {
        return None;
    }
    let content = reading.content(&path, 1 << 20, &["traits"])?;
    let seen = configuration::look(&content);
    let script = Script { path, language: "configuration", stat, seen, other: None };
    (!script.seen.traits.is_empty()).then_some(script)
}

fn rows(
    machine: &Machine,
    accounts: &Accounts,
    reading: &mut Reading<'_, WebFile>,
    mut scripts: Vec<Script>,
) {
    scripts.retain(|script| !script.seen.traits.is_empty() || !is_packages(&script.path));
    if scripts.is_empty() {
        return;
    }
    let mut judge = Judge::new(&machine.root, &accounts.names);
    for script in scripts {
        let changeable_by = changeable(reading, &mut judge, &script.path);
        let owner = accounts.names.user(script.stat.st_uid);
        reading.row(script.row(owner, changeable_by));
    }
}

/// Of what packages brought only what does something by which a visitor can run commands is a fact.
pub fn matters(row: &WebFile) -> bool {
    let traits = row.traits.as_deref().unwrap_or_default();
    let strong = traits.split(' ').any(|word| STRONG.contains(&word));
    strong || !matches!(row.origin.as_deref(), Some("package" | "configuration" | "unrecorded"))
}

fn changeable(
    reading: &mut Reading<'_, WebFile>,
    judge: &mut Judge<'_>,
    path: &Path,
) -> Option<String> {
    judge.by(path, None).unwrap_or_else(|failure| {
        reading.failed(path, &["changeable_by"], failure);
        None
    })
}

impl Script {
    fn row(self, owner: String, changeable_by: Option<String>) -> WebFile {
        let own = self.seen.traits.join(" ");
        let words: Vec<&str> = [own.as_str()]
            .into_iter()
            .chain(self.other.as_deref())
            .filter(|w| !w.is_empty())
            .collect();
        WebFile {
            path: name::path(&self.path),
            language: self.language.into(),
            traits: (!words.is_empty()).then(|| words.join(" ")),
            line: self.seen.line.and_then(|line| i64::try_from(line).ok()),
            owner,
            changeable_by,
            size: self.stat.st_size,
            modified: Some(Time(self.stat.st_mtime)),
            ..WebFile::default()
        }
    }
}

#[cfg(test)]
mod tests;
