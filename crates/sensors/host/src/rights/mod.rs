//! Who may do something with the rights of another: the rules of sudo, doas and polkit, resolved for
//! each account that they reach.
//!
//! Reads: sudoers with what it includes; `doas.conf`; polkit's rules, local authorities and actions.
//! Limits: 1 MiB of a file, 32 MiB of all, 256 files of a folder, 10,000 statements of a file, lines
//! of 64 KiB, 50,000 rows, 4,096 bytes of a command. Accounts and groups of a directory service are
//! not on the disk. Each part says what it does not understand.

mod doas;
mod people;
mod polkit;
mod programs;
mod sudo;
#[cfg(test)]
mod tests;

use std::path::Path;

use leaksweep_facts::{Observed, Table, Time, tables::host::Right};

use crate::{
    accounts::Accounts,
    changeable::Judge,
    machine::Machine,
    name,
    reading::{Limits, Reading},
    secrets,
};
use people::People;
use programs::Named;

pub use doas::parse as parse_doas;
pub use polkit::parse_script as parse_polkit_script;
pub use polkit::{parse_actions as parse_polkit_actions, parse_local as parse_polkit_local};
pub use sudo::parse as parse_sudoers;

const LIMITS: Limits = Limits { rows: 50_000, bytes: 32 << 20 };
/// No rule of rights is this large on a healthy machine.
const CAP: u64 = 1 << 20;
const MAX_FILES: usize = 256;
const COMMAND_LENGTH: usize = 4 << 10;
/// What is judged of one rule's programs.
const MAX_PROGRAMS: usize = 256;

pub fn collect(machine: &Machine, accounts: &Accounts) -> Observed<Right> {
    let mut rights = Rights {
        reading: Reading::new(&machine.root, LIMITS),
        people: People::of(accounts),
        judge: Judge::new(&machine.root, &accounts.names),
        host: host(machine),
    };
    rights.accounts_missing(accounts);
    sudo::collect(&mut rights);
    doas::collect(&mut rights);
    polkit::collect(&mut rights);
    rights.reading.done(machine.privileged)
}

fn host(machine: &Machine) -> String {
    let kernel = machine.kernel(Right::DEF.name).ok();
    let content = match kernel {
        Some(kernel) => kernel.proc.read("/sys/kernel/hostname", CAP),
        None => machine.root.read("/etc/hostname", CAP),
    };
    name::text(content.unwrap_or_default().trim_ascii())
}

/// What all parts share: the rows, the accounts, and who can change what.
struct Rights<'a> {
    reading: Reading<'a, Right>,
    people: People,
    judge: Judge<'a>,
    /// The machine's own name; empty where it is not known.
    host: String,
}

/// Whom a rule reaches.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Reached {
    /// `*` for everyone.
    user: String,
    through: Option<String>,
}

/// What a rule gives to whom it reaches.
#[derive(Debug, Clone, Default)]
struct Grant {
    way: &'static str,
    as_user: String,
    command: String,
    everything: bool,
    no_password: bool,
    programs: Vec<Named>,
    path: String,
    line: Option<i64>,
    modified: Option<Time>,
}

impl Reached {
    fn everyone() -> Self {
        Self { user: "*".into(), through: Some("everyone".into()) }
    }

    fn named(user: &str) -> Self {
        Self { user: user.into(), through: None }
    }

    fn through(user: &str, through: String) -> Self {
        Self { user: user.into(), through: Some(through) }
    }
}

impl Rights<'_> {
    /// Without accounts and groups no rule can be resolved.
    fn accounts_missing(&mut self, accounts: &Accounts) {
        let problems = accounts.users.problems.iter().filter(|problem| problem.columns.is_empty());
        let problems = problems.chain(&accounts.memberships.problems);
        for problem in problems {
            let mut problem = problem.clone();
            problem.table = Right::DEF.name;
            self.reading.found.problem(problem.in_columns(&["user"]));
        }
    }

    /// Adds a row for each account.
    fn give(&mut self, grant: &Grant, reached: &[Reached]) {
        let escapes = escapes(grant);
        let command = self.shown(&grant.path, &grant.command);
        for to in reached {
            let changeable = self.changeable(grant, &to.user);
            self.reading.row(Right {
                way: grant.way.into(),
                user: to.user.clone(),
                through: to.through.clone(),
                as_user: grant.as_user.clone(),
                command: command.clone(),
                everything: grant.everything,
                no_password: grant.no_password,
                changeable,
                escapes: escapes.clone(),
                path: grant.path.clone(),
                line: grant.line,
                package: None,
                origin: None,
                modified: grant.modified,
            });
        }
    }

    fn shown(&mut self, path: &str, command: &str) -> String {
        let mut shown = name::text(&secrets::in_line(command.as_bytes()));
        if shown.len() > COMMAND_LENGTH {
            let detail = format!("a command of more than {COMMAND_LENGTH} bytes");
            self.reading.too_large(Path::new(path), &["command"], detail);
            shown.truncate(shown.floor_char_boundary(COMMAND_LENGTH));
        }
        shown
    }

    /// The programs that the account itself, a group that it is in, or everyone could change.
    fn changeable(&mut self, grant: &Grant, user: &str) -> Option<String> {
        if self.people.number(user) == Some(0) {
            return None;
        }
        let mut found = Vec::new();
        for program in grant.programs.iter().take(MAX_PROGRAMS) {
            let Some(place) = program.place() else { continue };
            match self.judge.by(&place, None) {
                Ok(who) if who.as_deref().is_some_and(|who| self.is_or_has(user, who)) => {
                    found.push(program.written.clone());
                }
                Ok(_) => {}
                Err(failure) => self.reading.failed(&place, &["changeable"], failure),
            }
        }
        joined(found)
    }

    /// Whether who can change something (`user li`, `group staff`, `everyone`) is the account.
    fn is_or_has(&self, user: &str, who: &str) -> bool {
        match who.split_once(' ') {
            _ if user == "*" => true,
            Some(("user", name)) => name == user,
            Some(("group", group)) => self.people.is_member(user, group),
            _ => who == "everyone",
        }
    }
}

fn escapes(grant: &Grant) -> Option<String> {
    joined(grant.programs.iter().filter_map(Named::escape).collect())
}

fn joined(mut names: Vec<String>) -> Option<String> {
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    (!names.is_empty()).then(|| names.join(", "))
}
