//! Keys of SSH: those that let somebody in, authorities that can make such, programs that say which
//! count, and the private keys, certificates and host keys that lie on this machine.
//!
//! Reads: the files that the configuration of sshd names for each account, and the usual ones whether
//! it names them or not; `/etc/ssh` and `.ssh` in each home. Limits: 1 MiB of a file of keys, 10,000
//! keys in it; 64 KiB of a private key, 1,000 files of a folder; 10,000 accounts, 32 MiB of the system
//! and as much of each home, 50,000 rows. Keys of the first version of SSH are not known.

mod authorized;
mod here;
mod private;
mod public;
mod server;
#[cfg(test)]
mod tests;
mod wire;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use leaksweep_facts::{
    Observed, Problem, Table,
    tables::host::{SshKey, User},
};

use crate::{
    accounts::Accounts,
    machine::Machine,
    name,
    reading::{Limits, Reading},
};
use authorized::{Key, Lines, Options};
use server::{Said, Server};

pub use authorized::parse as parse_authorized;
pub use private::parse as parse_private;

const LIMITS: Limits = Limits { rows: 50_000, bytes: 32 << 20 };
const CAP: u64 = 1 << 20;
const MAX_ACCOUNTS: usize = 10_000;

pub fn collect(machine: &Machine, accounts: &Accounts) -> Observed<SshKey> {
    let mut keys = Keys { reading: Reading::new(&machine.root, LIMITS) };
    let server = Server::of(&mut keys);
    let mut files = Files::default();
    files.of_accounts(&server, accounts);
    for path in server::early(&machine.root) {
        files.add(path, Some("root"), true);
    }
    for file in files.0 {
        keys.reading.turn();
        keys.authorized(&file);
    }
    keys.reading.turn();
    keys.said(&server);
    keys.principals(&server, accounts);
    here::collect(&mut keys, &server, accounts);
    keys.reading.done(machine.privileged)
}

pub struct Keys<'a> {
    pub reading: Reading<'a, SshKey>,
}

/// A file of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
struct File {
    path: PathBuf,
    user: Option<String>,
    counts: bool,
}

/// Each file once, with the first account that it opens.
#[derive(Default)]
struct Files(Vec<File>);

impl Files {
    fn of_accounts(&mut self, server: &Server, accounts: &Accounts) {
        let mut known = HashMap::new();
        let groups = groups(accounts);
        for user in accounts.users.rows.iter().take(MAX_ACCOUNTS) {
            let own = groups.get(user.name.as_str()).map(Vec::as_slice).unwrap_or_default();
            let read = server.patterns("authorizedkeysfile", server::DEFAULT, user, own);
            for pattern in &read {
                let name = (!server::is_shared(pattern)).then_some(user.name.as_str());
                self.once(&mut known, server::expanded(pattern, user), name, server.sshd);
            }
            for pattern in server::DEFAULT.split_whitespace() {
                let dropbear = server.dropbear && !pattern.ends_with('2');
                let path = server::expanded(pattern, user);
                self.once(&mut known, path, Some(&user.name), dropbear);
            }
        }
        self.once(
            &mut known,
            "/etc/dropbear/authorized_keys".into(),
            Some("root"),
            server.dropbear,
        );
    }

    fn once(
        &mut self,
        known: &mut HashMap<PathBuf, usize>,
        path: PathBuf,
        user: Option<&str>,
        counts: bool,
    ) {
        match known.get(&path).and_then(|at| self.0.get_mut(*at)) {
            Some(file) => file.counts |= counts,
            None => {
                known.insert(path.clone(), self.0.len());
                self.add(path, user, counts);
            }
        }
    }

    fn add(&mut self, path: PathBuf, user: Option<&str>, counts: bool) {
        self.0.push(File { path, user: user.map(str::to_owned), counts });
    }
}

/// The names of the groups in which each account is.
fn groups(accounts: &Accounts) -> HashMap<&str, Vec<&str>> {
    let mut groups: HashMap<&str, Vec<&str>> = HashMap::new();
    for row in &accounts.memberships.rows {
        groups.entry(&row.user).or_default().push(&row.group);
    }
    groups
}

impl Keys<'_> {
    /// What another part found wrong counts for this table too.
    pub fn problems(&mut self, problems: Vec<Problem>) {
        for mut problem in problems {
            problem.table = SshKey::DEF.name;
            self.reading.found.problem(problem);
        }
    }

    fn authorized(&mut self, file: &File) {
        let Some(content) = self.reading.content(&file.path, CAP, &[]) else { return };
        let modified = self.reading.modified(&file.path);
        let found = authorized::parse(&content);
        self.told(&file.path, &found);
        for key in found.all {
            let kind = if key.options.authority { "authority" } else { "authorized" };
            let row = key.row(kind, &file.path);
            let user = file.user.clone();
            self.reading.row(SshKey { user, counts: Some(file.counts), modified, ..row });
        }
    }

    /// The senseless line is never quoted: a link can make any file look like one of these.
    fn told<T>(&mut self, path: &Path, found: &Lines<T>) {
        if let Some((line, count)) = found.senseless {
            let detail = format!("line {line} is no key; so for {count} such");
            self.reading.malformed(path, &[], &detail);
        }
        if found.more {
            self.reading.too_large(path, &[], "more keys than are read".into());
        }
    }

    /// Authorities and programs that the configuration names.
    fn said(&mut self, server: &Server) {
        for said in server.all("trustedusercakeys") {
            let path = Path::new(&said.value);
            let Some(content) = self.reading.content(path, CAP, &[]) else { continue };
            let modified = self.reading.modified(path);
            let found = authorized::parse(&content);
            self.told(path, &found);
            for key in found.all {
                let row = key.row("authority", path);
                self.reading.row(SshKey { counts: Some(server.sshd), modified, ..row });
            }
        }
        for keyword in ["authorizedkeyscommand", "authorizedprincipalscommand"] {
            for said in server.all(keyword) {
                self.command(server, said);
            }
        }
    }

    fn command(&mut self, server: &Server, said: &Said) {
        let command = crate::secrets::in_line(said.value.as_bytes());
        self.reading.row(SshKey {
            kind: "command".into(),
            path: said.path.clone(),
            line: said.line,
            counts: Some(server.sshd),
            comment: said.keyword.clone(),
            command: Some(name::text(&command)),
            modified: self.reading.modified(Path::new(&said.path)),
            ..SshKey::default()
        });
    }

    fn principals(&mut self, server: &Server, accounts: &Accounts) {
        let groups = groups(accounts);
        let mut seen = std::collections::HashSet::new();
        for user in accounts.users.rows.iter().take(MAX_ACCOUNTS) {
            let own = groups.get(user.name.as_str()).map(Vec::as_slice).unwrap_or_default();
            for pattern in server.patterns("authorizedprincipalsfile", "none", user, own) {
                let path = server::expanded(&pattern, user);
                if seen.insert(path.clone()) {
                    let shared = server::is_shared(&pattern);
                    self.principals_of(&path, (!shared).then_some(user), server.sshd);
                }
            }
        }
    }

    fn principals_of(&mut self, path: &Path, user: Option<&User>, counts: bool) {
        let Some(content) = self.reading.content(path, CAP, &[]) else { return };
        let modified = self.reading.modified(path);
        let found = authorized::principals(&content);
        self.told(path, &found);
        for (line, principal, options) in found.all {
            self.reading.row(SshKey {
                kind: "principals".into(),
                user: user.map(|user| user.name.clone()),
                path: name::path(path),
                line: i64::try_from(line).ok(),
                counts: Some(counts),
                comment: principal,
                modified,
                ..options.row()
            });
        }
    }
}

impl Options {
    fn row(self) -> SshKey {
        SshKey {
            options: self.written,
            command: self.command,
            from: self.from,
            expires: self.expires,
            ..SshKey::default()
        }
    }
}

impl Key {
    fn row(self, kind: &str, path: &Path) -> SshKey {
        SshKey {
            kind: kind.into(),
            path: name::path(path),
            line: i64::try_from(self.line).ok(),
            algorithm: self.public.algorithm,
            bits: self.public.bits,
            fingerprint: Some(self.public.fingerprint),
            comment: self.comment,
            ..self.options.row()
        }
    }
}
