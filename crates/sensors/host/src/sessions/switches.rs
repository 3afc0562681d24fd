//! Shells that somebody who is in opened as another account.

use leaksweep_facts::tables::host::{Process, Session};

use super::{
    scene::Scene,
    shells::is_interactive,
    ssh::{connection, session_user},
};

const PROGRAMS: [&str; 6] = ["doas", "machinectl", "pkexec", "runuser", "su", "sudo"];
/// sudo has a process of its own between itself and the shell.
const DEPTH: usize = 3;

pub fn tell(scene: &mut Scene<'_>) {
    let switch = |process: &Process| PROGRAMS.contains(&process.name.as_str());
    let outermost = scene
        .processes
        .iter()
        .filter(|process| switch(process) && !scene.parent(process).is_some_and(switch));
    let rows: Vec<Session> =
        outermost.filter_map(|process| Some(row(scene, shell(scene, process)?))).collect();
    rows.into_iter().for_each(|row| scene.add(row));
}

fn shell<'a>(scene: &Scene<'a>, process: &Process) -> Option<&'a Process> {
    let mut level: Vec<&Process> = scene.children(process.pid).collect();
    for _ in 0..DEPTH {
        let found =
            level.iter().find(|below| is_interactive(below) && scene.terminal(below.pid).is_some());
        if let Some(shell) = found {
            return Some(shell);
        }
        level = level.iter().flat_map(|below| scene.children(below.pid)).collect();
    }
    None
}

fn row(scene: &Scene<'_>, shell: &Process) -> Session {
    let server = scene.ancestors(shell).find(|above| session_user(above).is_some());
    let connection =
        server.and_then(|server| connection(server, scene.parent(server), scene.sockets));
    Session {
        from_address: connection.and_then(|socket| socket.remote_address.clone()),
        ..scene.row("switch", shell)
    }
}
