//! Sessions of sshd, by the titles that it gives its processes: `sshd: bob@pts/3`, `sshd: bob@notty`,
//! `sshd: bob` before any session; `sshd-session: …` since 9.8. The connection is held by that
//! process or by the one above it, `sshd: bob [priv]`.

use leaksweep_facts::tables::host::{Process, Session, Socket};

use super::scene::Scene;

/// The user of a session, if the process is one of sshd that serves one.
pub fn session_user(process: &Process) -> Option<&str> {
    let title = title(process).filter(|title| !title.contains(" ["))?;
    Some(title.split('@').next().unwrap_or(title))
}

fn title(process: &Process) -> Option<&str> {
    let served = matches!(process.name.as_str(), "sshd" | "sshd-session");
    let title = || {
        ["sshd: ", "sshd-session: "].iter().find_map(|start| process.arguments.strip_prefix(start))
    };
    served.then(title).flatten().filter(|title| !title.starts_with(['/', '[']))
}

fn is_monitor(process: &Process) -> bool {
    title(process).is_some_and(|title| title.ends_with(" [priv]"))
}

/// The connection by which the session came in, and who may hold it.
pub fn connection<'s>(
    process: &Process,
    parent: Option<&Process>,
    sockets: &'s [Socket],
) -> Option<&'s Socket> {
    let above = parent.filter(|parent| is_monitor(parent)).map(|parent| parent.pid);
    let ports: Vec<_> = sockets
        .iter()
        .filter(|socket| socket.protocol == "tcp" && socket.state == "listen")
        .filter(|socket| socket.process.as_deref() == Some("sshd"))
        .map(|socket| socket.local_port)
        .collect();
    let open =
        sockets.iter().filter(|socket| socket.protocol == "tcp" && socket.state == "established");
    let own = |socket: &&Socket| {
        socket.pid == Some(process.pid) || (above.is_some() && socket.pid == above)
    };
    // What it forwards are connections too.
    open.filter(own).min_by_key(|socket| (!ports.contains(&socket.local_port), socket.local_port))
}

pub fn tell(scene: &mut Scene<'_>) {
    for server in scene.processes.iter().filter(|process| session_user(process).is_some()) {
        let parent = scene.parent(server);
        if parent.is_some_and(|parent| session_user(parent).is_some()) || scene.is_told(server) {
            continue;
        }
        let leaders: Vec<_> = scene.children(server.pid).collect();
        let leaders = if leaders.is_empty() { vec![server] } else { leaders };
        for leader in leaders {
            let row = row(scene, server, parent, leader);
            scene.add(row);
        }
        let below = scene.all_below(server.pid);
        scene.claim(below);
    }
}

fn row(scene: &Scene<'_>, server: &Process, parent: Option<&Process>, leader: &Process) -> Session {
    let connection = connection(server, parent, scene.sockets);
    let above = parent.filter(|parent| is_monitor(parent)).map_or(server.pid, |parent| parent.pid);
    let mut row = scene.row("ssh", leader);
    let (records, recorded) =
        scene.records(&[leader.pid, server.pid, above], row.terminal.as_ref());
    row.user = session_user(server).unwrap_or_default().to_owned();
    row.from_address = connection.and_then(|socket| socket.remote_address.clone());
    row.connected =
        (connection.is_some() || scene.machine.privileged).then_some(connection.is_some());
    row.recorded = recorded;
    let socket = connection.map(|_| "socket");
    row.said_by =
        records.into_iter().chain(["process"]).chain(socket).collect::<Vec<_>>().join(" ");
    row
}
