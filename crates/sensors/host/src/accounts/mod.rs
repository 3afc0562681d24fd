//! Accounts and groups. Reads `/etc/passwd`, `/etc/shadow` and `/etc/group`; of a password it keeps
//! whether and how it is set, never its hash.
//!
//! At most 10,000 homes are looked into: of the accounts that come first.
//!
//! Limits: accounts that come from a directory service (NIS, LDAP, SSSD) are not on the disk. A line
//! that sends readers to NIS is a problem; other services leave no trace in these files.

mod group;
mod passwd;
mod shadow;

#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use leaksweep_facts::{
    Observed, Problem, Reason,
    tables::host::{Group, Membership, User},
};
use rustix::fs::FileType;

use crate::{
    machine::Machine,
    root::{Failure, Root, TEXT_CAP},
};

pub use group::parse as parse_group;
pub use passwd::parse as parse_passwd;
pub use shadow::parse as parse_shadow;

/// Everything that the account files say.
#[derive(Debug, Default)]
pub struct Accounts {
    pub users: Observed<User>,
    pub groups: Observed<Group>,
    pub memberships: Observed<Membership>,
    pub names: Names,
    pub homes: Vec<Home>,
    /// Of the tables to which homes contribute.
    pub home_problems: Vec<Problem>,
}

/// Every home costs a few hundred looks at the disk.
const MAX_HOMES: usize = 10_000;

/// Numbers to names.
#[derive(Debug, Default)]
pub struct Names {
    users: HashMap<u32, String>,
    groups: HashMap<u32, String>,
    /// Users to the group that holds nobody else.
    own_groups: HashMap<u32, u32>,
}

/// A home folder and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    pub user: String,
    pub uid: u32,
    pub path: PathBuf,
}

impl Names {
    /// The account's name, or the number where no account has it.
    pub fn user(&self, uid: u32) -> String {
        self.users.get(&uid).cloned().unwrap_or_else(|| uid.to_string())
    }

    pub fn group(&self, gid: u32) -> String {
        self.groups.get(&gid).cloned().unwrap_or_else(|| gid.to_string())
    }

    /// Whether the group is the user's main group and nobody else is in it.
    pub fn is_own_group(&self, uid: u32, gid: u32) -> bool {
        self.own_groups.get(&uid) == Some(&gid)
    }

    fn of(users: &[User], groups: &[Group], memberships: &[Membership]) -> Self {
        let mut names = Self::default();
        for user in users {
            if let Ok(uid) = u32::try_from(user.uid) {
                names.users.entry(uid).or_insert_with(|| user.name.clone());
            }
        }
        for group in groups {
            if let Ok(gid) = u32::try_from(group.gid) {
                names.groups.entry(gid).or_insert_with(|| group.name.clone());
            }
        }
        names.own_groups = own_groups(users, &names, memberships);
        names
    }
}

fn own_groups(users: &[User], names: &Names, memberships: &[Membership]) -> HashMap<u32, u32> {
    let mut members: HashMap<&str, HashSet<&str>> = HashMap::new();
    for row in memberships {
        members.entry(&row.group).or_default().insert(&row.user);
    }
    let mut own = HashMap::new();
    for user in users {
        let (Ok(uid), Ok(gid)) = (u32::try_from(user.uid), u32::try_from(user.gid)) else {
            continue;
        };
        if members.get(names.group(gid).as_str()).is_some_and(|all| all.len() == 1) {
            own.insert(uid, gid);
        }
    }
    own
}

pub fn collect(machine: &Machine) -> Accounts {
    let root = &machine.root;
    let mut users = users(root);
    passwords(root, &mut users);
    let (groups, listed) = groups(root);
    let memberships = memberships(&users.value.rows, &groups.rows, listed);
    let names = Names::of(&users.value.rows, &groups.rows, &memberships.rows);
    let (homes, left_out) = homes(root, &users.value.rows, MAX_HOMES);
    let home_problems = home_problems(left_out);
    Accounts { users: users.value, groups, memberships, names, homes, home_problems }
}

/// The accounts, and for each what its password field in passwd itself says.
struct Users {
    value: Observed<User>,
    shadowed: Vec<bool>,
}

fn users(root: &Root) -> Users {
    match root.read("/etc/passwd", TEXT_CAP) {
        Ok(content) => {
            let (value, shadowed) = passwd::parse(&content);
            Users { value, shadowed }
        }
        Err(failure) => {
            let mut value = Observed::default();
            value.problem(absence_counts(&failure, "host_users", "/etc/passwd"));
            Users { value, shadowed: Vec::new() }
        }
    }
}

/// Fills what `/etc/shadow` says of the accounts that refer to it.
fn passwords(root: &Root, users: &mut Users) {
    if !users.shadowed.contains(&true) {
        return;
    }
    let found = match root.read("/etc/shadow", TEXT_CAP) {
        Ok(mut content) => {
            let found = shadow::parse(&content);
            // The hashes must not stay in memory; without black_box the compiler drops the wiping.
            content.fill(0);
            std::hint::black_box(&content);
            found
        }
        Err(failure) => {
            let problem = absence_counts(&failure, "host_users", "/etc/shadow");
            users.value.problem(problem.in_columns(shadow::COLUMNS));
            return;
        }
    };
    let mut entries: HashMap<&str, &shadow::Entry> = HashMap::new();
    for entry in &found.rows {
        entries.entry(&entry.name).or_insert(entry);
    }
    for (user, shadowed) in users.value.rows.iter_mut().zip(&users.shadowed) {
        if *shadowed {
            let entry = entries.get(user.name.as_str()).copied();
            shadow::Entry::fill(entry, user);
        }
    }
    users.value.problems.extend(found.problems);
}

fn groups(root: &Root) -> (Observed<Group>, Observed<group::Listed>) {
    match root.read("/etc/group", TEXT_CAP) {
        Ok(content) => group::parse(&content),
        Err(failure) => {
            let (mut groups, mut listed) = (Observed::default(), Observed::default());
            groups.problem(absence_counts(&failure, "host_groups", "/etc/group"));
            listed.problem(absence_counts(&failure, "host_memberships", "/etc/group"));
            (groups, listed)
        }
    }
}

fn memberships(
    users: &[User],
    groups: &[Group],
    listed: Observed<group::Listed>,
) -> Observed<Membership> {
    let mut by_number: HashMap<i64, &str> = HashMap::new();
    for group in groups {
        by_number.entry(group.gid).or_insert(&group.name);
    }
    let main = users.iter().map(|user| Membership {
        user: user.name.clone(),
        group: by_number.get(&user.gid).map_or(user.gid.to_string(), |name| (*name).to_owned()),
        main: true,
    });
    let others = listed.rows.into_iter().map(|listed| Membership {
        user: listed.user,
        group: listed.group,
        main: false,
    });
    Observed { rows: main.chain(others).collect(), problems: listed.problems }
}

/// The folders of people, of root, and of services that have one, each folder once; and how many
/// there are beyond `most`.
fn homes(root: &Root, users: &[User], most: usize) -> (Vec<Home>, usize) {
    let (mut named, mut seen) = (HashSet::new(), HashSet::new());
    let (mut homes, mut left_out) = (Vec::new(), 0);
    for user in users.iter().filter(|user| named.insert(user.home.as_str())) {
        let Ok(uid) = u32::try_from(user.uid) else { continue };
        let path = PathBuf::from(&user.home);
        if !folder(root, &path).is_some_and(|place| seen.insert(place)) {
            continue;
        }
        if homes.len() < most {
            homes.push(Home { user: user.name.clone(), uid, path });
        } else {
            left_out += 1;
        }
    }
    (homes, left_out)
}

fn home_problems(left_out: usize) -> Vec<Problem> {
    let detail = format!("homes that were not looked into: {left_out}");
    let problem = |table| Problem::new(table, "homes", Reason::TooLarge, detail.clone());
    let tables = [
        "host_files",
        "host_services",
        "host_packages",
        "host_browser_extensions",
        "host_autostarts",
        "host_ssh_keys",
        "host_library_rules",
        "host_containers",
        "host_editor_extensions",
    ];
    tables.into_iter().filter(|_| left_out > 0).map(problem).collect()
}

/// Where the folder really is, if it is one that can be somebody's own.
fn folder(root: &Root, path: &Path) -> Option<PathBuf> {
    if !path.is_absolute() {
        return None;
    }
    let place = root.resolve(path).ok()?;
    let kind = FileType::from_raw_mode(root.stat(&place).ok()?.st_mode);
    (kind == FileType::Directory && place != Path::new("/")).then_some(place)
}

/// These files are never optional, so that their absence is more than a file gone a moment ago.
fn absence_counts(failure: &Failure, table: &'static str, path: &str) -> Problem {
    if failure.is_absence() {
        return Problem::new(table, path, Reason::Failed, "there is no such file");
    }
    failure.problem(table, path)
}

/// The lines that say something, numbered from 1. White space at the start and comments are passed
/// over as the C library does.
fn lines(content: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = content.split(|byte| *byte == b'\n').map(|line| line.trim_ascii_start());
    let lines = lines.enumerate().map(|(index, line)| (index + 1, line));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with(b"#"))
}

/// A line that brings in accounts from elsewhere, or hides some.
fn is_from_nis(line: &[u8]) -> bool {
    line.starts_with(b"+") || line.starts_with(b"-")
}

fn nis(table: &'static str, path: &str, line: usize) -> Problem {
    let subject = format!("{path}:{line}");
    Problem::new(table, subject, Reason::Unsupported, "accounts come from NIS")
}

fn malformed(table: &'static str, path: &str, line: usize, detail: &str) -> Problem {
    Problem::new(table, format!("{path}:{line}"), Reason::Malformed, detail)
}

/// A user or group number.
fn number(field: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(field).ok()?.trim_ascii();
    text.parse::<u32>().ok().map(i64::from)
}
