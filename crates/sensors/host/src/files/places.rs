//! Which files are of interest, in one table, and where they are on this disk.
//!
//! A pattern is a path; `~` stands for each home folder, one `*` in a component for any text that
//! does not start with a dot.

use std::{
    collections::HashMap,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Problem, Reason};

use super::TABLE;
use crate::{accounts::Home, name, root::Root};

/// Why a file is of interest, and what may be told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interest {
    pub name: &'static str,
    /// A digest of a short secret gives it away to whoever guesses.
    pub secret: bool,
    /// Whether it is of interest only if it is not what a package brought.
    pub odd: bool,
}

const fn open(name: &'static str) -> Interest {
    Interest { name, secret: false, odd: false }
}

pub const SET_UID: Interest = open("set-uid");
pub const RUNNING: Interest = open("running");
pub const SERVICE: Interest = open("service");
pub const CAPABLE: Interest = open("capable");
pub const STARTED: Interest = open("started");
pub const PACKAGED: Interest = open("package");
pub const COMMAND: Interest = Interest { odd: true, ..open("command") };
const CREDENTIALS: Interest = open("credentials");
const SECRET: Interest = Interest { secret: true, ..open("credentials") };

const PLACES: &[(Interest, &[&str])] = &[
    (
        SECRET,
        &[
            "/etc/shadow",
            "/etc/shadow-",
            "/etc/gshadow",
            "/etc/gshadow-",
            "/etc/ssh/ssh_host_*_key",
            "~/.netrc",
            "~/.pgpass",
        ],
    ),
    // Private keys too are called so; the public ones are told apart by their end.
    (SECRET, &["~/.ssh/id_*"]),
    (
        CREDENTIALS,
        &[
            "/etc/passwd",
            "/etc/passwd-",
            "/etc/group",
            "/etc/group-",
            "/etc/ssh/ssh_host_*_key.pub",
            "~/.ssh/authorized_keys*",
        ],
    ),
    (
        open("log-in"),
        &[
            "/etc/ssh/sshd_config",
            "/etc/ssh/sshd_config.d/*",
            "/etc/pam.conf",
            "/etc/pam.d/*",
            "/etc/sudoers",
            "/etc/sudoers.d/*",
            "/etc/doas.conf",
            "/etc/nsswitch.conf",
            "/etc/login.defs",
            "/etc/securetty",
            "/etc/security/*.conf",
            "/etc/polkit-1/rules.d/*",
            "/usr/share/polkit-1/rules.d/*",
            "/etc/polkit-1/localauthority/*/*.pkla",
        ],
    ),
    (open("preload"), &["/etc/ld.so.preload", "/etc/ld.so.conf", "/etc/ld.so.conf.d/*"]),
    (
        open("schedule"),
        &[
            "/etc/crontab",
            "/etc/anacrontab",
            "/etc/cron.d/*",
            "/etc/cron.hourly/*",
            "/etc/cron.daily/*",
            "/etc/cron.weekly/*",
            "/etc/cron.monthly/*",
            "/var/spool/cron/*",
            "/var/spool/cron/crontabs/*",
            "/var/spool/cron/atjobs/*",
            "/var/spool/at/*",
        ],
    ),
    (
        open("start-up"),
        &[
            "/etc/rc.local",
            "/etc/rc.d/rc.local",
            "/etc/environment",
            "/etc/profile",
            "/etc/profile.d/*",
            "/etc/bash.bashrc",
            "/etc/bashrc",
            "/etc/zshenv",
            "/etc/zsh/*",
            "/etc/update-motd.d/*",
            "/etc/xdg/autostart/*",
            "/etc/X11/Xsession.d/*",
            "/etc/udev/rules.d/*",
            "/etc/NetworkManager/dispatcher.d/*",
            "/etc/modules",
            "/etc/modules-load.d/*",
            "/run/modules-load.d/*",
            "/usr/lib/modules-load.d/*",
            "/usr/local/lib/modules-load.d/*",
            "/etc/initramfs-tools/modules",
            "~/.profile",
            "~/.bashrc",
            "~/.bash_profile",
            "~/.bash_login",
            "~/.bash_logout",
            "~/.zshrc",
            "~/.zshenv",
            "~/.zprofile",
            "~/.zlogin",
            "~/.xprofile",
            "~/.xsession",
            "~/.xinitrc",
            "~/.config/autostart/*",
            "~/.config/fish/config.fish",
            "~/.ssh/rc",
        ],
    ),
];

/// Where the system looks for the commands that people type.
const COMMANDS: [&str; 8] = [
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/usr/local/games",
    "/usr/games",
];

/// A place where a file of interest is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub path: PathBuf,
    pub interest: Interest,
    /// Whose home it is in.
    pub trusted: Option<u32>,
}

/// Every place where something is. There are many homes and many patterns, and most of them meet
/// nothing: no list of all of them is made.
pub fn find(root: &Root, homes: &[Home], problems: &mut Vec<Problem>) -> Vec<Place> {
    let users: HashMap<&str, u32> =
        homes.iter().map(|home| (home.user.as_str(), home.uid)).collect();
    let mut places = Vec::new();
    for (interest, patterns) in PLACES {
        for pattern in *patterns {
            for (path, trusted) in starts(pattern, homes) {
                for path in expand(root, path, problems) {
                    let trusted = trusted.or_else(|| runs_as(&path, &users));
                    places.push(place(path, *interest, trusted));
                }
            }
        }
    }
    places
}

fn place(path: PathBuf, interest: Interest, trusted: Option<u32>) -> Place {
    let public = path.extension().is_some_and(|end| end == "pub");
    Place { path, interest: Interest { secret: interest.secret && !public, ..interest }, trusted }
}

/// Every command of the system. A folder that is another's other name is looked into once.
pub fn commands(root: &Root, problems: &mut Vec<Problem>) -> Vec<Place> {
    let mut folders: Vec<PathBuf> =
        COMMANDS.iter().filter_map(|path| root.resolve(path).ok()).collect();
    folders.sort();
    folders.dedup();
    let paths = folders.iter().flat_map(|folder| matching(root, folder, b"", b"", problems));
    paths.map(|path| Place { path, interest: COMMAND, trusted: None }).collect()
}

/// A user's own table of cron bears the user's name and runs with no more than the user's rights.
fn runs_as(path: &Path, users: &HashMap<&str, u32>) -> Option<u32> {
    let user = path.strip_prefix("/var/spool/cron").ok()?.file_name()?;
    users.get(user.to_str()?).copied()
}

/// The pattern in each place for which it stands.
fn starts<'a>(
    pattern: &'a str,
    homes: &'a [Home],
) -> impl Iterator<Item = (PathBuf, Option<u32>)> + 'a {
    let inside = pattern.strip_prefix("~/");
    let homes = inside.into_iter().flat_map(move |inside| {
        homes.iter().map(move |home| (home.path.join(inside), Some(home.uid)))
    });
    homes.chain(inside.is_none().then(|| (PathBuf::from(pattern), None)))
}

/// The paths that match and where something is, or where that cannot be told.
fn expand(root: &Root, pattern: PathBuf, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for component in pattern.components() {
        let Some((start, end)) = star(component.as_os_str().as_bytes()) else {
            found.iter_mut().for_each(|path| path.push(component));
            continue;
        };
        found =
            found.iter().flat_map(|folder| matching(root, folder, start, end, problems)).collect();
    }
    found.retain(|path| !root.stat_link(path).is_err_and(|failure| failure.is_absence()));
    found
}

fn star(component: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = component.iter().position(|byte| *byte == b'*')?;
    Some((component.get(..at)?, component.get(at + 1..)?))
}

fn matching(
    root: &Root,
    folder: &Path,
    start: &[u8],
    end: &[u8],
    problems: &mut Vec<Problem>,
) -> Vec<PathBuf> {
    let listing = match root.list_if_there(folder) {
        Ok(listing) => listing,
        Err(failure) => {
            problems.push(failure.problem(TABLE, name::path(folder)));
            return Vec::new();
        }
    };
    if listing.cut {
        let detail = "the folder has more entries than are read";
        problems.push(Problem::new(TABLE, name::path(folder), Reason::TooLarge, detail));
    }
    let fits = |name: &[u8]| {
        let hidden = start.is_empty() && name.starts_with(b".");
        let long = name.len() >= start.len() + end.len();
        !hidden && long && name.starts_with(start) && name.ends_with(end)
    };
    let names = listing.entries.into_iter().map(|entry| entry.name);
    names.filter(|name| fits(name.as_bytes())).map(|name| folder.join(name)).collect()
}
