//! Servers that an editor on another machine starts here, or that hold a tunnel to its maker.

use leaksweep_facts::tables::host::{Process, Session};

use super::scene::Scene;

const FOLDERS: [&str; 5] = [
    "/.cursor-server/",
    "/.vscode-server-insiders/",
    "/.vscode-server/",
    "/.vscodium-server/",
    "/.windsurf-server/",
];

const STARTERS: [&str; 4] = ["bash", "dash", "node", "sh"];

/// All servers of a user are one session.
pub fn tell(scene: &mut Scene<'_>) {
    let servers: Vec<&Process> =
        scene.processes.iter().filter(|process| is_server(process)).collect();
    let mut users: Vec<i64> = servers.iter().map(|server| server.uid).collect();
    users.sort_unstable();
    users.dedup();
    for user in users {
        let own: Vec<&Process> =
            servers.iter().filter(|server| server.uid == user).copied().collect();
        let Some(first) = own.first() else { continue };
        let below: Vec<i64> = own.iter().flat_map(|server| scene.all_below(server.pid)).collect();
        let open = scene.sockets.iter().any(|socket| {
            socket.pid.is_some_and(|pid| below.contains(&pid))
                && socket.protocol == "tcp"
                && socket.state == "established"
        });
        let row = Session {
            connected: Some(open),
            state: if open { String::new() } else { "detached".into() },
            said_by: "process socket".into(),
            processes: below.iter().collect::<std::collections::HashSet<_>>().len() as i64,
            ..scene.row("vscode", first)
        };
        scene.claim(below);
        scene.add(row);
    }
}

fn is_server(process: &Process) -> bool {
    let program = process.program.as_deref().unwrap_or_default();
    let tunnel = process.name == "code-tunnel" || process.arguments.starts_with("code tunnel");
    // The scripts that start it lie there too.
    let script = STARTERS.contains(&process.name.as_str()).then_some(process.arguments.as_str());
    let within = |text: &str| FOLDERS.iter().any(|folder| text.contains(folder));
    tunnel || within(program) || script.is_some_and(within)
}
