//! Sockets that take connections and that no process holds. The kernel's own (NFS, WireGuard) look
//! so too, which is why this is never more than possible. Links in `/proc/PID/fd` are looked at only
//! where the sweep found such a socket; a million at most.

use std::{
    collections::{BTreeMap, HashMap},
    os::unix::ffi::OsStrExt,
};

use leaksweep_facts::{
    Observed,
    tables::host::{Contradiction, Socket},
};

use super::{LIST_CAP, ROUNDS, add, census, pause, row};
use crate::{
    machine::Kernel,
    root::Failure,
    sockets::{self, Layout},
};

const FILES: [(&str, &str); 4] = [("tcp", "tcp"), ("tcp6", "tcp"), ("udp", "udp"), ("udp6", "udp")];
const MOST_FILES: usize = 1_000_000;

/// What a socket is, by its inode.
type Open = BTreeMap<u64, String>;

pub fn look(kernel: &Kernel, sockets: &[Socket], seen: &mut Observed<Contradiction>) {
    let mut known: Option<Open> = None;
    if !sockets.iter().any(unheld) {
        return;
    }
    for _ in 0..=ROUNDS {
        // Where somebody's open files may not be seen, theirs is any socket.
        let Ok(mut now) = unheld_now(kernel) else { return };
        now.retain(|inode, _| known.as_ref().is_none_or(|known| known.contains_key(inode)));
        if now.is_empty() {
            return;
        }
        known = Some(now);
        pause();
    }
    let rows = known.unwrap_or_default().into_values().map(|subject| {
        let detail = "a socket waits for others and no process holds it; some are the kernel's own";
        row("port", subject, ("/proc/net", "/proc/PID/fd"), detail, "possible")
    });
    add(seen, rows.collect());
}

fn unheld(socket: &Socket) -> bool {
    let inet = matches!(socket.protocol.as_str(), "tcp" | "udp");
    inet && socket.machine_namespace && socket.pid.is_none() && socket.state == "listen"
}

/// Open before and after everybody's files were looked at, and in none of them.
fn unheld_now(kernel: &Kernel) -> Result<Open, Failure> {
    let mut open = listening(kernel);
    let held = held(kernel)?;
    let after = listening(kernel);
    open.retain(|inode, _| after.contains_key(inode) && !held.contains_key(inode));
    Ok(open)
}

fn listening(kernel: &Kernel) -> Open {
    let mut open = Open::new();
    for (file, protocol) in FILES {
        let content = kernel.proc.head(format!("net/{file}"), LIST_CAP).unwrap_or_default().0;
        let lines = Layout(protocol).parse(&content);
        let listening = lines.sockets.into_iter().filter(|one| one.state == "listen");
        open.extend(listening.filter(|one| one.inode != 0).map(|one| {
            let port = one.local.1.unwrap_or_default();
            (one.inode, format!("{protocol} {} port {port}", one.local.0))
        }));
    }
    open
}

/// Which process holds a socket; of several any.
pub fn held(kernel: &Kernel) -> Result<HashMap<u64, i64>, Failure> {
    let mut held = HashMap::new();
    let mut left = MOST_FILES;
    for pid in census::processes(&kernel.proc)? {
        let folder = format!("{pid}/fd");
        let listing = match kernel.proc.list(&folder) {
            Ok(listing) => listing,
            Err(failure) if failure.is_absence() => continue,
            Err(failure) => return Err(failure),
        };
        left = left
            .checked_sub(listing.entries.len())
            .ok_or_else(|| Failure::malformed("more open files than can be compared"))?;
        for entry in &listing.entries {
            match kernel.proc.link(format!("{folder}/{}", entry.name.display())) {
                Ok(to) => {
                    let socket = sockets::socket(to.as_os_str().as_bytes());
                    held.extend(socket.map(|inode| (inode, pid)));
                }
                Err(failure) if failure.is_absence() => {}
                Err(failure) => return Err(failure),
            }
        }
    }
    Ok(held)
}
