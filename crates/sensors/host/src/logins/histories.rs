//! The histories of shells: whether they are kept at all. Of what they hold only the number of lines
//! and the times stay.

use std::path::{Path, PathBuf};

use leaksweep_facts::{Observed, Reason, Time, tables::host::LoginLog};

use super::{LOGS, chain::State, forgotten, text::Lines};
use crate::{
    accounts::{Accounts, Home},
    machine::Machine,
    name,
    root::{Failure, Listing, Root},
    tally::Tally,
};

const NAMES: [&str; 8] = [
    ".ash_history",
    ".bash_history",
    ".histfile",
    ".history",
    ".ksh_history",
    ".sh_history",
    ".zsh_history",
    ".local/share/fish/fish_history",
];
const CAP: usize = 4 << 20;
const MAX_FILES: usize = 1000;

pub fn logs(machine: &Machine, accounts: &Accounts) -> Observed<LoginLog> {
    let mut logs = Observed::default();
    let mut refused = Tally::default();
    let root = &machine.root;
    for home in &accounts.homes {
        for path in NAMES.map(|name| home.path.join(name)) {
            match log(root, &path) {
                Ok(row) => logs.rows.extend(row),
                Err(failure) => refused.add(&[], name::path(&path), failure),
            }
        }
        logs.rows.extend(unset(root, home, &mut refused));
    }
    let system = system(root, &mut refused);
    logs.rows.extend(system.iter().flat_map(|path| lines(root, path, &mut refused)));
    logs.problems = refused.problems(LOGS, machine.privileged);
    logs
}

fn log(root: &Root, path: &Path) -> Result<Option<LoginLog>, Failure> {
    let state = match State::look(root, path) {
        Err(failure) if failure.reason == Reason::WrongType => {
            let not_kept = Some("something that is no file stands in its place");
            State { not_kept, ..State::default() }
        }
        other => other?,
    };
    if state.absent {
        return Ok(None);
    }
    let mut lines = Lines::default();
    if state.size > 0 {
        lines = parse(&root.head(path, CAP)?.0);
    }
    Ok(Some(lines.log(&name::path(path), "history", state)))
}

/// Lines, with the times that bash (`#1700000000`) and zsh (`: 1700000000:0;`) put before them.
pub fn parse(content: &[u8]) -> Lines {
    let lines = || content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let times = || lines().filter_map(time);
    Lines { count: lines().count() as i64, first: times().min(), last: times().max() }
}

fn time(line: &[u8]) -> Option<Time> {
    let rest = line.strip_prefix(b"#").or_else(|| line.strip_prefix(b": "))?;
    let digits = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    let number = std::str::from_utf8(rest.get(..digits)?).ok()?;
    number.parse().ok().filter(|time| *time > 100_000_000).map(Time)
}

fn unset(root: &Root, home: &Home, refused: &mut Tally) -> Vec<LoginLog> {
    let paths = forgotten::OWN.map(|name| home.path.join(name));
    paths.iter().flat_map(|path| lines(root, path, refused)).collect()
}

/// The start-up files of everyone.
fn system(root: &Root, refused: &mut Tally) -> Vec<PathBuf> {
    let folder = Path::new(forgotten::FOLDER);
    let listing = root.list_if_there(folder).unwrap_or_else(|failure| {
        refused.add(&[], name::path(folder), failure);
        Listing::default()
    });
    let entries = listing.entries.iter().take(MAX_FILES).map(|entry| folder.join(&entry.name));
    forgotten::SYSTEM.map(PathBuf::from).into_iter().chain(entries).collect()
}

/// A row for each line of a start-up file by which a shell keeps no history.
fn lines(root: &Root, path: &Path, refused: &mut Tally) -> Vec<LoginLog> {
    let content = match root.read_if_there(path, forgotten::CAP) {
        Ok(content) => content.unwrap_or_default(),
        Err(failure) => {
            refused.add(&[], name::path(path), failure);
            return Vec::new();
        }
    };
    let found = forgotten::parse(&content).into_iter();
    let odd = found.map(|(line, text)| format!("line {line} keeps none: {text}"));
    let row = |oddity| LoginLog {
        path: name::path(path),
        kind: "history".into(),
        oddity: Some(oddity),
        size: content.len() as i64,
        modified: root.stat(path).ok().map(|stat| Time(stat.st_mtime)),
        ..LoginLog::default()
    };
    odd.map(row).collect()
}
