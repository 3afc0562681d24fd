//! Screens that other machines see: sessions of xrdp and VNC.

use leaksweep_facts::tables::host::{Process, Session};

use super::scene::{Scene, incoming};

/// X servers that have no screen but the one that others see.
const VIRTUAL: [&str; 4] = ["Xtigervnc", "Xtightvnc", "Xvnc", "Xvnc-core"];
/// What shows a screen that is there anyway: somebody is in only while connected.
const SHOWING: [&str; 8] = [
    "gnome-remote-desktop-daemon",
    "krfb",
    "vino-server",
    "vncserver-x11-core",
    "wayvnc",
    "x0tigervncserver",
    "x0vncserver",
    "x11vnc",
];

pub fn tell(scene: &mut Scene<'_>) {
    let shown: Vec<Session> =
        scene.processes.iter().filter_map(|process| session(scene, process)).collect();
    for row in shown {
        let pids = row.pid.map(|pid| scene.all_below(pid)).unwrap_or_default();
        scene.claim(pids);
        scene.add(row);
    }
}

fn session(scene: &Scene<'_>, process: &Process) -> Option<Session> {
    let program = program(process);
    let of_xrdp = scene.ancestors(process).any(|above| above.name.starts_with("xrdp-ses"));
    if of_xrdp && (program == "Xorg" || VIRTUAL.contains(&program)) {
        return Some(xrdp(scene, process));
    }
    let alone = VIRTUAL.contains(&program);
    if !alone && !SHOWING.contains(&program) {
        return None;
    }
    let came = incoming(scene.sockets, &[process.pid]);
    (alone || !came.is_empty()).then(|| Session {
        from_address: came.first().and_then(|socket| socket.remote_address.clone()),
        terminal: display(scene, process),
        connected: Some(!came.is_empty()),
        state: if came.is_empty() { "detached".into() } else { String::new() },
        said_by: "process socket".into(),
        ..scene.row("vnc", process)
    })
}

/// The last part of the program's path; a name that the kernel shows is cut.
fn program(process: &Process) -> &str {
    let program = process.program.as_deref().unwrap_or(&process.name);
    program.rsplit('/').next().unwrap_or(program)
}

/// xrdp has a process for each connection, apart from the session that it shows.
fn xrdp(scene: &Scene<'_>, process: &Process) -> Session {
    let servers: Vec<i64> = scene
        .processes
        .iter()
        .filter(|other| other.name == "xrdp")
        .map(|other| other.pid)
        .collect();
    let came = incoming(scene.sockets, &servers);
    let sessions = scene.processes.iter().filter(|other| {
        scene.ancestors(other).any(|above| above.name.starts_with("xrdp-ses"))
            && (program(other) == "Xorg" || VIRTUAL.contains(&program(other)))
    });
    let connected = match (came.len(), sessions.count()) {
        (0, _) => Some(false),
        (connections, sessions) if connections >= sessions => Some(true),
        _ => None,
    };
    let only = came.first().filter(|_| came.len() == 1 && connected == Some(true));
    Session {
        from_address: only.and_then(|socket| socket.remote_address.clone()),
        terminal: display(scene, process),
        connected,
        state: if connected == Some(false) { "detached".into() } else { String::new() },
        said_by: "process socket".into(),
        ..scene.row("xrdp", process)
    }
}

/// `:10`, by the socket at which programs reach it.
fn display(scene: &Scene<'_>, process: &Process) -> Option<String> {
    let own = scene.sockets.iter().filter(|socket| socket.pid == Some(process.pid));
    let mut names = own.filter_map(|socket| socket.local_address.split_once("/.X11-unix/X"));
    names.next().map(|(_, number)| format!(":{number}"))
}
