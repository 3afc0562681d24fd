//! Shells that are led by a connection and by no way that keeps records: the connection is their
//! standard input, or a program that only carries bytes holds it and their terminal.

use leaksweep_facts::tables::host::{Process, Session, Socket};

use super::scene::{Scene, incoming};

const SHELLS: [&str; 10] =
    ["ash", "bash", "csh", "dash", "fish", "ksh", "mksh", "sh", "tcsh", "zsh"];
const CARRIERS: [&str; 12] = [
    "lua",
    "nc",
    "nc.openbsd",
    "nc.traditional",
    "ncat",
    "netcat",
    "perl",
    "php",
    "python",
    "ruby",
    "socat",
    "telnet",
];

/// A shell that takes commands, and not one that runs a text or a file.
pub fn is_interactive(process: &Process) -> bool {
    let mut words = process.arguments.split_whitespace();
    words.next();
    let known = SHELLS.contains(&process.name.trim_start_matches('-'));
    known && words.all(|word| word.starts_with('-') && !is_command(word))
}

/// `-c`, `-lc`
fn is_command(word: &str) -> bool {
    !word.starts_with("--") && word.contains('c')
}

pub fn tell(scene: &mut Scene<'_>) {
    let shells: Vec<&Process> = scene
        .processes
        .iter()
        .filter(|process| is_interactive(process) && !scene.is_told(process))
        .collect();
    for shell in shells {
        let Some(socket) = by_input(scene, shell).or_else(|| by_carrier(scene, shell)) else {
            continue;
        };
        let recorded = scene.records(&[shell.pid], scene.terminal(shell.pid)).1;
        let row = Session {
            from_address: socket.remote_address.clone(),
            connected: Some(true),
            recorded,
            said_by: "process socket".into(),
            ..scene.row("other", shell)
        };
        let below = scene.all_below(shell.pid);
        scene.claim(below);
        scene.add(row);
    }
}

/// The connection that a shell has for its standard input.
fn by_input<'a>(scene: &mut Scene<'a>, shell: &Process) -> Option<&'a Socket> {
    let link = match scene.kernel.proc.link(format!("{}/fd/0", shell.pid)) {
        Ok(link) => link,
        Err(failure) => {
            if !failure.is_absence() {
                scene.refused.add(&[], format!("standard input of process {}", shell.pid), failure);
            }
            return None;
        }
    };
    let holders: Vec<i64> = std::iter::once(shell.pid)
        .chain(scene.ancestors(shell).take(2).map(|above| above.pid))
        .collect();
    let socket = link.to_str().is_some_and(|link| link.starts_with("socket:["));
    let held = |socket: &&Socket| {
        socket.protocol == "tcp"
            && socket.state == "established"
            && socket.pid.is_some_and(|pid| holders.contains(&pid))
    };
    scene.sockets.iter().filter(|_| socket).find(held)
}

/// The connection to another machine that the program above a shell opened.
fn by_carrier<'a>(scene: &Scene<'a>, shell: &Process) -> Option<&'a Socket> {
    scene.terminal(shell.pid)?;
    let carrier = scene.parent(shell).filter(|parent| is_carrier(parent))?;
    let came = incoming(scene.sockets, &[carrier.pid]);
    scene.sockets.iter().find(|socket| {
        let remote = socket.remote_address.as_deref().unwrap_or_default();
        let own = socket.pid == Some(carrier.pid) && socket.state == "established";
        let elsewhere = !remote.is_empty() && !remote.starts_with("127.") && remote != "::1";
        own && elsewhere && socket.protocol == "tcp" && !came.contains(socket)
    })
}

fn is_carrier(process: &Process) -> bool {
    let program = process.program.as_deref().unwrap_or(&process.name);
    let name = program.rsplit('/').next().unwrap_or(program);
    let bare = name.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    CARRIERS.contains(&name) || CARRIERS.contains(&bare)
}
