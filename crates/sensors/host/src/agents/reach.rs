//! Who besides root and its owner can reach a socket: who may write it and search every folder above.

use std::path::{Path, PathBuf};

use rustix::fs::Stat;

use crate::{
    accounts::Names,
    root::{Failure, Root, components},
};

/// `everyone` or `group NAME`; a name in no folder (`@…`) has no mode.
pub fn reachable_by(root: &Root, names: &Names, path: &str) -> Result<Option<String>, Failure> {
    if path.starts_with('@') {
        return Ok(Some("everyone".into()));
    }
    let path = root.resolve(path)?;
    let socket = root.stat(&path)?;
    let folders = folders(root, &path)?;
    if socket.st_mode & 0o002 != 0 && folders.iter().all(|folder| folder.st_mode & 0o001 != 0) {
        return Ok(Some("everyone".into()));
    }
    let group = socket.st_gid;
    let through =
        |folder: &Stat| folder.st_mode & if folder.st_gid == group { 0o010 } else { 0o001 } != 0;
    let harmless = group == 0 || names.is_own_group(socket.st_uid, group);
    let reaches = socket.st_mode & 0o020 != 0 && !harmless && folders.iter().all(through);
    Ok(reaches.then(|| format!("group {}", names.group(group))))
}

fn folders(root: &Root, path: &Path) -> Result<Vec<Stat>, Failure> {
    let mut here = PathBuf::from("/");
    let mut found = vec![root.stat(&here)?];
    let mut parts = components(path);
    parts.pop_back();
    for part in parts {
        here.push(part);
        found.push(root.stat(&here)?);
    }
    Ok(found)
}
