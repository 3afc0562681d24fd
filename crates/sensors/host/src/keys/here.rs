//! The keys that lie on this machine: host keys and others in `/etc/ssh`, and what is in `.ssh` of
//! each home.

use std::path::{Path, PathBuf};

use leaksweep_facts::tables::host::SshKey;
use rustix::fs::FileType;

use super::{Keys, authorized::bare, private, public::Public, server::Server};
use crate::{accounts::Accounts, name};

const FOLDER: &str = "/etc/ssh";
const MAX_FILES: usize = 1000;
/// Of files of public keys and certificates.
const PUBLIC_CAP: usize = 64 << 10;
/// What lies there under these names is no key of this machine's own.
const OTHERS: [&str; 5] = ["authorized_keys", "known_hosts", "config", "rc", "environment"];

pub fn collect(keys: &mut Keys<'_>, server: &Server, accounts: &Accounts) {
    look(keys, Path::new(FOLDER), None, server);
    for home in &accounts.homes {
        keys.reading.turn();
        look(keys, &home.path.join(".ssh"), Some(&home.user), server);
    }
}

fn look(keys: &mut Keys<'_>, folder: &Path, user: Option<&str>, server: &Server) {
    for path in keys.reading.entries(folder, MAX_FILES) {
        let name = path.file_name().map(name::os).unwrap_or_default();
        if OTHERS.iter().any(|other| name.starts_with(other)) || !is_file(keys, &path) {
            continue;
        }
        let row = if name.ends_with("-cert.pub") {
            certificate(keys, &path)
        } else if name.ends_with(".pub") {
            None
        } else {
            private(keys, &path, server)
        };
        if let Some(row) = row {
            let modified = keys.reading.modified(&path);
            let user = user.map(str::to_owned);
            keys.reading.row(SshKey { user, path: name::path(&path), modified, ..row });
        }
    }
}

/// A pipe or a socket of an agent lies there often and is no key; a link is what it leads to.
fn is_file(keys: &Keys<'_>, path: &Path) -> bool {
    match keys.reading.root.stat(path) {
        Ok(stat) => FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile,
        Err(failure) => !failure.is_absence(),
    }
}

fn head(keys: &mut Keys<'_>, path: &Path, cap: usize) -> Option<Vec<u8>> {
    match keys.reading.root.head(path, cap) {
        // Something larger is no key.
        Ok((content, more)) => (!more).then_some(content),
        Err(failure) if failure.is_absence() => None,
        Err(failure) => {
            keys.reading.failed(path, &[], failure);
            None
        }
    }
}

fn private(keys: &mut Keys<'_>, path: &Path, server: &Server) -> Option<SshKey> {
    let mut content = head(keys, path, private::CAP)?;
    let found = private::parse(&content);
    // The private half must not stay in memory; without black_box the compiler drops the wiping.
    content.fill(0);
    std::hint::black_box(&content);
    let found = found?;
    let beside = beside(keys, path);
    let comment = beside.as_ref().map(|(_, comment)| comment.clone()).unwrap_or_default();
    let public = found.public.or(beside.map(|(public, _)| public));
    let kind = if server.is_host_key(path) { "host" } else { "private" };
    Some(SshKey {
        kind: kind.into(),
        algorithm: public.as_ref().map_or(found.algorithm, |key| key.algorithm.clone()),
        bits: public.as_ref().and_then(|key| key.bits),
        fingerprint: public.map(|key| key.fingerprint),
        comment,
        protected: found.protected,
        ..SshKey::default()
    })
}

/// The public half in the file beside a private key.
fn beside(keys: &mut Keys<'_>, path: &Path) -> Option<(Public, String)> {
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    let path = PathBuf::from(name);
    let content = keys.reading.root.head(&path, PUBLIC_CAP).ok()?.0;
    bare(name::text(&content).lines().next()?)
}

fn certificate(keys: &mut Keys<'_>, path: &Path) -> Option<SshKey> {
    let content = head(keys, path, PUBLIC_CAP)?;
    let text = name::text(&content);
    let found = bare(text.lines().next().unwrap_or_default().trim());
    let Some((public, comment)) = found else {
        keys.reading.malformed(path, &[], "it is no certificate");
        return None;
    };
    let certificate = public.certificate?;
    let principals = certificate.principals.join(",");
    Some(SshKey {
        kind: "certificate".into(),
        algorithm: public.algorithm,
        bits: public.bits,
        fingerprint: Some(public.fingerprint),
        comment,
        options: format!("id=\"{}\",principals=\"{principals}\"", certificate.id),
        command: certificate.command,
        from: certificate.from,
        expires: certificate.expires,
        ..SshKey::default()
    })
}
