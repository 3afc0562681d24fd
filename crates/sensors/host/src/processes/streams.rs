//! Where a process's standard input, output and errors go. Reads the links `/proc/PID/fd/{0,1,2}`.

use std::{collections::HashMap, os::unix::ffi::OsStrExt, path::Path};

use crate::{
    name,
    root::{Failure, Root},
};

/// Of every connected internet socket the other side, by the socket's inode.
pub type Remotes = HashMap<u64, String>;

/// In the order of their first use, without repetition.
pub fn standard(proc: &Root, folder: &Path, remotes: &Remotes) -> Result<String, Failure> {
    let mut found: Vec<String> = Vec::new();
    for number in ["fd/0", "fd/1", "fd/2"] {
        let stream = match proc.link(folder.join(number)) {
            Ok(target) => stream(target.as_os_str().as_bytes(), remotes),
            // It is closed.
            Err(failure) if failure.is_absence() => continue,
            Err(failure) => return Err(failure),
        };
        if !found.contains(&stream) {
            found.push(stream);
        }
    }
    Ok(found.join(" "))
}

pub fn stream(target: &[u8], remotes: &Remotes) -> String {
    let path = target.strip_suffix(b" (deleted)").unwrap_or(target);
    if let Some(inode) = crate::sockets::socket(target) {
        let remote = remotes.get(&inode);
        return remote.map_or("socket".into(), |remote| format!("connection {remote}"));
    }
    match path {
        b"/dev/null" => "null".into(),
        _ if target.starts_with(b"pipe:[") => "pipe".into(),
        _ if terminal(path) => format!("terminal {}", name::text(path)),
        _ => "file".into(),
    }
}

fn terminal(path: &[u8]) -> bool {
    path.starts_with(b"/dev/pts/") || path.starts_with(b"/dev/tty") || path == b"/dev/console"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_named_by_what_they_lead_to() {
        let remotes = Remotes::from([(7, "192.0.2.7:4444".to_owned())]);
        let cases: [(&[u8], &str); 9] = [
            (b"socket:[7]", "connection 192.0.2.7:4444"),
            (b"socket:[8]", "socket"),
            (b"pipe:[7]", "pipe"),
            (b"/dev/null", "null"),
            (b"/dev/pts/3", "terminal /dev/pts/3"),
            (b"/dev/tty1 (deleted)", "terminal /dev/tty1"),
            (b"/tmp/socket:[7]", "file"),
            (b"anon_inode:[eventfd]", "file"),
            (b"socket:[\xff]", "file"),
        ];
        for (target, expected) in cases {
            assert_eq!(stream(target, &remotes), expected);
        }
    }
}
