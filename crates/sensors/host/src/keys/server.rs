//! Which files the servers of this machine read keys from, as their configuration says.
//!
//! Reads: sshd's configuration with what it includes. Of `Match` the criteria User and Group are
//! weighed; what any other would change may hold and counts. Limits: a server that is started with a
//! file of its own (`sshd -f`) is not followed.

use std::path::{Path, PathBuf};

use leaksweep_facts::{glob, tables::host::User};

use super::Keys;
use crate::{name, remote::settings, root::Root};

const CONFIGURATIONS: [&str; 2] = ["/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config"];
const SSHD: [&str; 4] = ["/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd"];
const DROPBEAR: [&str; 3] = ["/usr/sbin/dropbear", "/usr/bin/dropbear", "/usr/local/sbin/dropbear"];
pub const DEFAULT: &str = ".ssh/authorized_keys .ssh/authorized_keys2";
const KEYWORDS: [&str; 8] = [
    "authorizedkeysfile",
    "authorizedkeyscommand",
    "authorizedprincipalsfile",
    "authorizedprincipalscommand",
    "trustedusercakeys",
    "pubkeyauthentication",
    "hostkey",
    "hostcertificate",
];

#[derive(Debug, Default)]
pub struct Server {
    /// Whether sshd is there and takes keys.
    pub sshd: bool,
    pub dropbear: bool,
    said: Vec<Said>,
}

/// One line of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub keyword: String,
    pub value: String,
    pub path: String,
    pub line: Option<i64>,
    /// For whom it counts; none for all.
    scope: Option<String>,
}

impl Server {
    pub fn of(keys: &mut Keys<'_>) -> Self {
        let root = keys.reading.root;
        let there = |paths: &[&str]| paths.iter().any(|path| root.stat(path).is_ok());
        let mut server = Self { sshd: there(&SSHD), dropbear: there(&DROPBEAR), said: Vec::new() };
        for path in CONFIGURATIONS.map(Path::new) {
            match settings::of_sshd(root, path, &KEYWORDS) {
                Ok(None) => continue,
                Ok(Some((entries, problems))) => {
                    server.said = entries.list.iter().map(|entry| Said::of(entry, path)).collect();
                    keys.problems(problems);
                }
                Err(failure) => keys.reading.failed(path, &[], failure),
            }
            break;
        }
        let off = |said: &Said| said.scope.is_none() && said.value.eq_ignore_ascii_case("no");
        let closed = server.all("pubkeyauthentication").any(off);
        server.sshd &= !closed;
        server
    }

    /// Every line of a keyword, but for those that say `none`.
    pub fn all<'a>(&'a self, keyword: &'a str) -> impl Iterator<Item = &'a Said> {
        let fits = move |said: &&Said| said.keyword == keyword;
        self.said.iter().filter(fits).filter(|said| !said.value.eq_ignore_ascii_case("none"))
    }

    /// The patterns of files of a keyword that may count for an account.
    pub fn patterns(
        &self,
        keyword: &str,
        default: &str,
        user: &User,
        groups: &[&str],
    ) -> Vec<String> {
        let of = |scoped: bool| {
            self.said
                .iter()
                .filter(move |said| said.keyword == keyword && said.scope.is_some() == scoped)
        };
        let mut found = Vec::new();
        for said in of(true) {
            match said.covers(&user.name, groups) {
                Covers::Yes => {
                    found.push(said.value.clone());
                    return words(&found);
                }
                Covers::Perhaps => found.push(said.value.clone()),
                Covers::No => {}
            }
        }
        found.push(of(false).next().map_or(default, |said| &said.value).to_owned());
        words(&found)
    }

    pub fn is_host_key(&self, path: &Path) -> bool {
        let name = path.file_name().map(name::os).unwrap_or_default();
        let named = self.all("hostkey").any(|said| Path::new(&said.value) == path);
        named || name.starts_with("ssh_host_")
    }
}

fn words(values: &[String]) -> Vec<String> {
    let words = values.iter().flat_map(|value| value.split_whitespace());
    words.filter(|word| !word.eq_ignore_ascii_case("none")).map(str::to_owned).collect()
}

enum Covers {
    Yes,
    No,
    Perhaps,
}

impl Said {
    fn of(entry: &settings::entries::Entry, path: &Path) -> Self {
        let origin = entry.origin.as_ref().map(|origin| origin.path.clone());
        Self {
            keyword: entry.key.clone(),
            value: entry.value.clone(),
            path: origin.unwrap_or_else(|| name::path(path)),
            line: entry.line.and_then(|line| i64::try_from(line).ok()),
            scope: entry.scope.as_ref().map(ToString::to_string),
        }
    }

    fn covers(&self, user: &str, groups: &[&str]) -> Covers {
        let mut words = self.scope.as_deref().unwrap_or_default().split_whitespace();
        let mut certain = true;
        while let Some(criterion) = words.next() {
            if criterion.eq_ignore_ascii_case("all") {
                continue;
            }
            let patterns = words.next().unwrap_or_default();
            let fits = match criterion.to_ascii_lowercase().as_str() {
                "user" => listed(patterns, &[user]),
                "group" => listed(patterns, groups),
                _ => {
                    certain = false;
                    true
                }
            };
            if !fits {
                return Covers::No;
            }
        }
        if certain { Covers::Yes } else { Covers::Perhaps }
    }
}

/// A list of patterns covers one of the names, and none of its negated patterns does.
fn listed(patterns: &str, names: &[&str]) -> bool {
    let fits = |pattern: &str| names.iter().any(|name| glob(pattern, name));
    let mut covers = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(pattern) if fits(pattern) => return false,
            Some(_) => {}
            None => covers |= fits(pattern),
        }
    }
    covers
}

/// The file that a pattern means for an account: `%h` its home, `%u` its name, `%U` its number.
pub fn expanded(pattern: &str, user: &User) -> PathBuf {
    let mut path = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            path.push(c);
            continue;
        }
        match chars.next() {
            Some('h') => path.push_str(&user.home),
            Some('u') => path.push_str(&user.name),
            Some('U') => path.push_str(&user.uid.to_string()),
            Some(other) => path.push(other),
            None => {}
        }
    }
    Path::new(&user.home).join(path)
}

/// Whether a path is the same for every account.
pub fn is_shared(pattern: &str) -> bool {
    pattern.starts_with('/') && !["%h", "%u", "%U"].iter().any(|token| pattern.contains(token))
}

/// Files that a server before the system's start reads, which lets somebody in as root.
pub fn early(root: &Root) -> Vec<PathBuf> {
    let paths =
        ["/etc/dropbear/initramfs/authorized_keys", "/etc/dropbear-initramfs/authorized_keys"];
    let there = |path: &&str| root.stat_link(path).is_ok();
    paths.into_iter().filter(there).map(PathBuf::from).collect()
}
