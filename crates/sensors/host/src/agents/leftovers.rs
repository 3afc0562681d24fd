//! Sockets of agents that lie there and at which nobody listens.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Time, tables::host::Agent};
use rustix::fs::FileType;

use super::{Look, by_path, is_main_socket};
use crate::name;

const MAX_ENTRIES: usize = 10_000;

pub fn find(look: &mut Look<'_>) -> Vec<Agent> {
    let sockets = look.sockets.iter().filter(|socket| socket.protocol == "unix");
    let live: HashSet<&str> = sockets.map(|socket| socket.local_address.as_str()).collect();
    let mut folders: Vec<PathBuf> = listed(look, Path::new("/tmp"));
    folders.retain(|path| path.to_string_lossy().starts_with("/tmp/ssh-"));
    folders.extend(listed(look, Path::new("/run/user")).iter().map(|user| user.join("keyring")));
    let homes = look.accounts.homes.iter();
    folders
        .extend(homes.flat_map(|home| [".ssh/agent", ".gnupg"].map(|name| home.path.join(name))));
    let mut found = Vec::new();
    for folder in folders {
        let paths =
            listed(look, &folder).into_iter().filter(|path| !live.contains(&*name::path(path)));
        let paths: Vec<PathBuf> = paths.collect();
        found.extend(paths.iter().filter_map(|path| row(look, path)));
    }
    found
}

fn listed(look: &mut Look<'_>, folder: &Path) -> Vec<PathBuf> {
    match look.machine.root.list_if_there(folder) {
        Ok(listing) => {
            listing.entries.iter().take(MAX_ENTRIES).map(|entry| folder.join(&entry.name)).collect()
        }
        // A file of that name is none's folder.
        Err(failure) => {
            if failure.reason == leaksweep_facts::Reason::Denied {
                look.tally.add(&["left_over"], name::path(folder), failure);
            }
            Vec::new()
        }
    }
}

fn row(look: &mut Look<'_>, path: &Path) -> Option<Agent> {
    let text = name::path(path);
    let kind = by_path(&text).filter(|_| is_main_socket(&text))?;
    let stat = look.machine.root.stat_link(path).ok()?;
    let socket = FileType::from_raw_mode(stat.st_mode) == FileType::Socket;
    socket.then(|| Agent {
        kind: kind.into(),
        user: look.accounts.names.user(stat.st_uid),
        since: Some(Time(stat.st_mtime)),
        reachable_by: look.reachable_by(&text),
        path: text,
        left_over: true,
        ..Agent::default()
    })
}
