//! Files of interest: those that decide who gets in and what runs.
//!
//! Reads what `places` names, the folders that `set_uid` searches, the commands of the system, and
//! what the rows of others say is started. Limits: SHA-256 only of plain files up to 64 MiB, of
//! programs that merely run up to 16 MiB, and never of shadow files, private keys and password
//! files; a script is read up to 1 MiB; see `places`, `set_uid` and `started`.

mod capabilities;
mod places;
mod script;
mod seen;
mod set_uid;
mod started;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    path::PathBuf,
};

use leaksweep_facts::{Observed, Problem, Reason, tables::host::File};

use crate::{
    accounts::Accounts,
    changeable::Judge,
    digest::{self, Digests, Identity, Job},
    machine::Machine,
    origins,
};
use places::{CAPABLE, COMMAND, Interest, PACKAGED, Place, RUNNING, SERVICE, SET_UID, STARTED};
use seen::Seen;
use set_uid::Giving;
use started::{Started, Why};

pub use capabilities::parse as parse_capabilities;
pub use started::Starts;

const TABLE: &str = "host_files";
const LARGEST: u64 = 64 << 20;
/// The time of a sweep goes into large programs, which packages tell more about than digests do.
const LARGEST_PROGRAM: u64 = 16 << 20;

/// Where files of interest are, before anything is known of what starts.
#[derive(Default)]
pub struct Searched {
    giving: Giving,
    named: Vec<Place>,
    commands: Vec<Place>,
    problems: Vec<Problem>,
}

/// The rows, and what is still to be done for each.
#[derive(Default)]
pub struct Files {
    pub table: Observed<File>,
    seen: Vec<Seen>,
}

pub fn search(machine: &Machine, accounts: &Accounts) -> Searched {
    let mut problems = Vec::new();
    let giving = set_uid::find(machine, &accounts.homes, &mut problems);
    let named = places::find(&machine.root, &accounts.homes, &mut problems);
    let commands = places::commands(&machine.root, &mut problems);
    Searched { giving, named, commands, problems }
}

/// The rows without digests and origins. `packaged` are files of packages that are not what those
/// brought.
pub fn describe(
    machine: &Machine,
    accounts: &Accounts,
    searched: Searched,
    starts: &Starts<'_>,
    packaged: Vec<PathBuf>,
) -> Files {
    let root = &machine.root;
    let mut judge = Judge::new(root, &accounts.names);
    let Searched { giving, named, commands, problems } = searched;
    let mut files = Files { table: Observed { rows: Vec::new(), problems }, seen: Vec::new() };
    let started = starts.of(root);
    if started.len() > started::MOST {
        let detail = format!("more than {} files that are started", started::MOST);
        let problem = Problem::new(TABLE, "what is started", Reason::TooLarge, detail);
        files.table.problem(problem);
    }
    let capable = giving.capable.clone();
    for place in places(giving, named, starts, &started, packaged, commands) {
        let Some(seen) = Seen::look(root, place, &mut files.table.problems) else { continue };
        let mut row = seen.row(&accounts.names);
        row.capabilities = capable.get(&seen.place.path).cloned();
        files.add(seen, row, &mut judge);
    }
    files.tell_starts(&started, &starts.addresses());
    files
}

/// Every path once, with the first interest that it has.
fn places(
    giving: Giving,
    named: Vec<Place>,
    starts: &Starts<'_>,
    started: &Started,
    packaged: Vec<PathBuf>,
    commands: Vec<Place>,
) -> Vec<Place> {
    let plain = |interest| move |path: PathBuf| Place { path, interest, trusted: None };
    let mut places: Vec<Place> = giving.set_uid.into_iter().map(plain(SET_UID)).collect();
    places.extend(giving.capable.into_keys().map(plain(CAPABLE)));
    places.extend(named);
    let programs = starts.services.iter().filter(|row| row.program_exists == Some(true));
    let programs = programs.filter_map(|row| row.program.as_deref());
    places.extend(programs.map(PathBuf::from).map(plain(SERVICE)));
    let of = |why, interest| {
        let paths = started.iter().filter(move |(_, starters)| starters.why == why);
        paths.map(move |(path, _)| Place { path: path.into(), interest, trusted: None })
    };
    places.extend(of(Why::Starts, STARTED));
    places.extend(of(Why::Runs, RUNNING));
    places.extend(of(Why::Lies, Interest { odd: true, ..STARTED }));
    places.extend(packaged.into_iter().map(plain(PACKAGED)));
    places.extend(commands);
    let mut seen = HashSet::new();
    places.retain(|place| seen.insert(place.path.clone()));
    places
}

impl Files {
    pub fn without_rows(table: Observed<File>) -> Self {
        Self { table, seen: Vec::new() }
    }

    fn add(&mut self, seen: Seen, mut row: File, judge: &mut Judge<'_>) {
        // Of thousands of commands only the few that stay need to be judged, which is done then.
        if !seen.place.interest.odd {
            self.judge(&seen.place, &mut row, judge);
        }
        self.table.rows.push(row);
        self.seen.push(seen);
    }

    fn judge(&mut self, place: &Place, row: &mut File, judge: &mut Judge<'_>) {
        let (who, failures) = judge.by_any(std::iter::once(place.path.as_path()), place.trusted);
        let failures = failures
            .into_iter()
            .map(|(_, failure)| failure.problem(TABLE, &row.path).in_columns(&["changeable_by"]));
        self.table.problems.extend(failures);
        row.changeable_by = who;
    }

    /// One file has several names: `/sbin/agetty` in a unit, `/usr/sbin/agetty` as it runs.
    fn tell_starts(&mut self, started: &Started, addresses: &HashMap<&str, BTreeSet<String>>) {
        let mut names: HashMap<Identity, Vec<&String>> = HashMap::new();
        let mut talks: HashMap<Identity, BTreeSet<&String>> = HashMap::new();
        for (row, seen) in self.table.rows.iter().zip(&self.seen) {
            let Some(identity) = seen.identity() else { continue };
            let starters = started.get(&row.path).into_iter().flat_map(|by| &by.names);
            let known = names.entry(identity).or_default();
            for name in starters {
                if !known.contains(&name) && known.len() < started::MOST_STARTERS {
                    known.push(name);
                }
            }
            talks
                .entry(identity)
                .or_default()
                .extend(addresses.get(row.path.as_str()).into_iter().flatten());
        }
        for (row, seen) in self.table.rows.iter_mut().zip(&self.seen) {
            let Some(identity) = seen.identity() else { continue };
            row.started_by = joined(names.get(&identity).into_iter().flatten(), "; ");
            row.talks_to = joined(talks.get(&identity).into_iter().flatten(), " ");
        }
    }

    /// The files of which a digest is told.
    pub fn jobs(&self) -> Vec<Job> {
        self.seen.iter().filter(|seen| !seen.place.interest.odd).filter_map(Seen::job).collect()
    }

    pub fn take(&mut self, digests: &Digests) {
        for (row, seen) in self.table.rows.iter_mut().zip(&self.seen) {
            if row.sha256.is_none() {
                row.sha256 = seen.sha256(digests, &mut self.table.problems);
            }
        }
    }

    /// Once origins are known: of what is of interest only if it is odd, the odd ones stay, and the
    /// commands before which one of them stands; scripts that are nobody's are read.
    pub fn finish(&mut self, machine: &Machine, accounts: &Accounts) {
        let shadows = self.shadows();
        let rows = std::mem::take(&mut self.table.rows).into_iter();
        let seen = std::mem::take(&mut self.seen);
        let kept = rows.zip(seen).filter(|(row, seen)| {
            !seen.place.interest.odd || is_odd(row) || shadows.contains(last(&row.path))
        });
        (self.table.rows, self.seen) = kept.unzip();
        let late = self.seen.iter().filter(|seen| seen.place.interest.odd).filter_map(Seen::job);
        let digests = digest::all(&machine.root, late.collect(), LARGEST);
        self.take(&digests);
        let mut judge = Judge::new(&machine.root, &accounts.names);
        let mut rows = std::mem::take(&mut self.table.rows);
        let seen = std::mem::take(&mut self.seen);
        for (row, seen) in rows.iter_mut().zip(&seen) {
            if seen.place.interest.odd {
                self.judge(&seen.place, row, &mut judge);
            }
            if is_odd(row) && seen.may_be_script() {
                let (path, interest) = (&seen.place.path, seen.place.interest.name);
                let problems = &mut self.table.problems;
                row.traits = script::traits(&machine.root, path, interest, seen.size(), problems);
            }
        }
        self.table.rows = rows;
    }

    /// The names of commands that are nobody's and come first in the search for a command.
    fn shadows(&self) -> HashSet<String> {
        let first = |row: &&File| row.path.starts_with("/usr/local/") && is_odd(row);
        let commands = self.table.rows.iter().zip(&self.seen);
        let commands = commands.filter(|(_, seen)| seen.place.interest == COMMAND);
        let names = commands.map(|(row, _)| row).filter(first).map(|row| last(&row.path));
        names.map(str::to_owned).collect()
    }
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn joined<'a>(texts: impl Iterator<Item = &'a &'a String>, between: &str) -> Option<String> {
    let texts: Vec<&str> = texts.map(|text| text.as_str()).collect();
    (!texts.is_empty()).then(|| texts.join(between))
}

/// Whether it is something else than what a package brought or the system made.
fn is_odd(row: &File) -> bool {
    let odd = [origins::FOREIGN, origins::CHANGED, origins::EDITED, origins::MISSING];
    row.origin.as_deref().is_some_and(|origin| odd.contains(&origin))
}
