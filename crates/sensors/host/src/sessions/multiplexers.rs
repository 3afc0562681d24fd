//! tmux, screen, tmate and mosh: a server whose shells go on when their user goes. tmux and screen set the
//! bit of execution on their socket while somebody is connected.

use leaksweep_facts::tables::host::{Process, Session};
use rustix::fs::Stat;

use super::scene::Scene;
use crate::name;

/// It waits for its user, who may be anywhere, and needs no connection meanwhile.
const MOSH: &str = "other";
const OWNER_EXECUTES: u32 = 0o100;

pub fn tell(scene: &mut Scene<'_>) {
    let servers: Vec<(&str, &Process)> =
        scene.processes.iter().filter_map(|process| Some((way(process)?, process))).collect();
    for (way, server) in servers {
        let row = row(scene, way, server);
        let below = scene.all_below(server.pid);
        scene.claim(below);
        scene.add(row);
    }
}

fn way(process: &Process) -> Option<&'static str> {
    match process.name.as_str() {
        "tmux: server" => Some("tmux"),
        "tmate: server" => Some("tmate"),
        "screen" if is_screen_server(process) => Some("screen"),
        "tmate" => Some("tmate"),
        "mosh-server" => Some(MOSH),
        _ => None,
    }
}

/// It writes its own name in capitals.
fn is_screen_server(process: &Process) -> bool {
    let first = process.arguments.split(' ').next().unwrap_or_default();
    first.rsplit('/').next() == Some("SCREEN")
}

fn row(scene: &Scene<'_>, way: &str, server: &Process) -> Session {
    let below = scene.all_below(server.pid);
    let own = Some(server.pid);
    let relay = scene.sockets.iter().any(|socket| {
        socket.pid == own && socket.protocol == "tcp" && socket.state == "established"
    });
    let attached = match way {
        MOSH => None,
        "tmate" => Some(relay),
        "tmux" => attached(scene, server, "tmux: client"),
        _ => attached(scene, server, "screen"),
    };
    let mut row = Session {
        terminal: None,
        idle_seconds: scene.idle(below.iter().filter_map(|pid| scene.terminal(*pid))),
        connected: (way == "tmate").then_some(relay),
        ..scene.row(way, server)
    };
    if attached == Some(false) {
        row.state = "detached".into();
    }
    if attached.is_some() {
        row.said_by = "process socket".into();
    }
    row
}

/// By the mode of its socket, or by whether a client of the same user runs.
fn attached(scene: &Scene<'_>, server: &Process, client: &str) -> Option<bool> {
    let sockets = scene.sockets.iter().filter(|socket| socket.protocol == "unix");
    let own = sockets.filter(|socket| socket.pid == Some(server.pid));
    let mut paths: Vec<String> = own.map(|socket| socket.local_address.clone()).collect();
    paths.extend(screen_socket(scene, server));
    let stat = |path: &String| -> Option<Stat> { scene.machine.root.stat(path).ok() };
    let marked = paths.iter().find_map(stat).map(|stat| stat.st_mode & OWNER_EXECUTES != 0);
    let clients = || {
        let mut others = scene.processes.iter().filter(|process| process.pid != server.pid);
        others.any(|process| process.name == client && process.uid == server.uid)
    };
    marked.or_else(|| Some(clients()))
}

/// `/run/screen/S-bob/1234.pts-0.host`
fn screen_socket(scene: &Scene<'_>, server: &Process) -> Option<String> {
    if server.name != "screen" {
        return None;
    }
    let folder =
        format!("/run/screen/S-{}", scene.accounts.names.user(u32::try_from(server.uid).ok()?));
    let start = format!("{}.", server.pid);
    let listing = scene.machine.root.list(&folder).ok()?;
    let names = listing.entries.iter().map(|entry| name::os(&entry.name));
    names.filter(|name| name.starts_with(&start)).map(|name| format!("{folder}/{name}")).next()
}
