//! Interfaces that take all frames without a packet socket that asked for it. Reads `flags` in
//! `/sys/class/net`. Bridges, bonds, virtual machines and an administrator ask in other ways.

use leaksweep_facts::{
    Observed,
    tables::host::{Contradiction, Socket},
};

use super::{add, row};
use crate::{machine::Kernel, name, root::TEXT_CAP};

const PROMISCUOUS: u32 = 0x100;
const MOST: usize = 1000;

pub fn look(kernel: &Kernel, sockets: &[Socket], seen: &mut Observed<Contradiction>) {
    let entries = kernel.sys.list_if_there("class/net").unwrap_or_default().entries;
    let names = entries.iter().take(MOST).map(|entry| name::os(&entry.name));
    let taking = names.filter(|name| takes_all(kernel, name) && !asked(sockets, name));
    let rows = taking.map(|name| {
        let detail = "it takes all frames, and no packet socket is there that asked for it";
        row("interface", name, ("/sys/class/net", "/proc/net/packet"), detail, "possible")
    });
    add(seen, rows.collect());
}

/// Not those that a bridge or bond has, or on which others stand.
fn takes_all(kernel: &Kernel, name: &str) -> bool {
    let folder = format!("class/net/{name}");
    let flags = kernel.sys.read(format!("{folder}/flags"), TEXT_CAP).unwrap_or_default();
    let flags = String::from_utf8_lossy(&flags);
    let flags = flags.trim().trim_start_matches("0x");
    let flags = u32::from_str_radix(flags, 16).unwrap_or_default();
    flags & PROMISCUOUS != 0 && !stands_below(kernel, &folder)
}

fn stands_below(kernel: &Kernel, folder: &str) -> bool {
    let entries = kernel.sys.list(folder).unwrap_or_default().entries;
    let names = entries.iter().map(|entry| name::os(&entry.name));
    names.into_iter().any(|name| name == "master" || name.starts_with("upper_"))
}

fn asked(sockets: &[Socket], interface: &str) -> bool {
    let packet = |socket: &&Socket| socket.protocol == "packet" && socket.machine_namespace;
    let on = |socket: &Socket| socket.local_address == "*" || socket.local_address == interface;
    sockets.iter().filter(packet).any(on)
}
