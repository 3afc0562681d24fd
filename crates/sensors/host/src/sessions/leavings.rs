//! Processes that went on when their session ended: those in the control group of a session that
//! logind closed, and those that an ssh session started (its variable `SSH_CONNECTION` tells) and
//! that no process of sshd is above any more.
//!
//! Limits: agents and the helpers of desktops stay on for a while and are not counted.

use std::collections::BTreeMap;

use leaksweep_facts::tables::host::{Process, Session};

use super::{
    logind::scope,
    scene::{Scene, is_kernel},
    ssh::session_user,
};
use crate::name;

const ENVIRONMENT_CAP: usize = 256 << 10;
const VARIABLE: &[u8] = b"SSH_CONNECTION=";
const HELPERS: [&str; 27] = [
    "(sd-pam)",
    "at-spi-bus-laun",
    "at-spi2-registr",
    "dbus-broker",
    "dbus-broker-lau",
    "dbus-daemon",
    "dbus-launch",
    "dconf-service",
    "fcitx",
    "fcitx5",
    "fusermount3",
    "gcr-ssh-agent",
    "gnome-keyring-d",
    "gpg-agent",
    "ibus-daemon",
    "kwalletd5",
    "kwalletd6",
    "obexd",
    "pipewire",
    "pipewire-pulse",
    "pulseaudio",
    "scdaemon",
    "ssh-agent",
    "systemd",
    "wireplumber",
    "xdg-desktop-por",
    "xfconfd",
];

/// What the processes of one ended session have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Scope(String),
    /// The user's number, and the addresses and ports of both sides.
    Connection(i64, String),
}

pub fn tell(scene: &mut Scene<'_>) {
    let mut ended: BTreeMap<Origin, Vec<&Process>> = BTreeMap::new();
    let candidates: Vec<&Process> =
        scene.processes.iter().filter(|process| is_candidate(scene, process)).collect();
    for process in candidates {
        let origin = closed(scene, process).or_else(|| connection(scene, process));
        if let Some(origin) = origin {
            ended.entry(origin).or_default().push(process);
        }
    }
    for (origin, processes) in ended {
        let row = row(scene, &origin, &processes);
        row.into_iter().for_each(|row| scene.add(row));
    }
}

fn is_candidate(scene: &Scene<'_>, process: &Process) -> bool {
    let helper = HELPERS.contains(&process.name.as_str()) || process.name.starts_with("gvfs");
    // The first process is nobody's leaving, and a sandbox refuses its environment even to root.
    !is_kernel(process) && process.pid != 1 && !helper && !scene.is_told(process)
}

fn closed(scene: &Scene<'_>, process: &Process) -> Option<Origin> {
    let logind = scene.logind.as_ref()?;
    let id = scope(process)?;
    let session = logind.sessions.iter().find(|session| session.id == id);
    let ended = session.is_none_or(|session| session.is_closing());
    ended.then(|| Origin::Scope(id.to_owned()))
}

fn connection(scene: &mut Scene<'_>, process: &Process) -> Option<Origin> {
    let by_ssh = |unit: &String| !unit.ends_with(".service") || unit.starts_with("ssh");
    let left = process.unit.as_ref().is_none_or(by_ssh);
    if !left || scene.ancestors(process).any(|above| session_user(above).is_some()) {
        return None;
    }
    let text = match scene.kernel.proc.head(format!("{}/environ", process.pid), ENVIRONMENT_CAP) {
        Ok((content, _)) => variable(&content),
        Err(failure) => {
            if !failure.is_absence() {
                let subject = format!("environment of process {}", process.pid);
                scene.refused.add(&[], subject, failure);
            }
            None
        }
    };
    text.map(|text| Origin::Connection(process.uid, text))
}

fn variable(content: &[u8]) -> Option<String> {
    let mut variables = content.split(|byte| *byte == 0);
    let value = variables.find_map(|variable| variable.strip_prefix(VARIABLE))?;
    Some(name::text(value)).filter(|text| !text.trim().is_empty())
}

fn row(scene: &Scene<'_>, origin: &Origin, processes: &[&Process]) -> Option<Session> {
    let first = processes.first()?;
    let logind = scene.logind.as_ref();
    let session = match origin {
        Origin::Scope(id) => logind.and_then(|all| all.sessions.iter().find(|one| one.id == *id)),
        Origin::Connection(..) => None,
    };
    let from_address = match origin {
        Origin::Connection(_, text) => text.split(' ').next().map(str::to_owned),
        Origin::Scope(_) => session.and_then(|session| session.other_machine()),
    };
    let by_ssh = matches!(origin, Origin::Connection(..));
    let readable = scene.utmp.is_some() || logind.is_some();
    Some(Session {
        way: session.map_or(if by_ssh { "ssh" } else { "other" }, |session| session.way()).into(),
        from_address,
        since: processes.iter().filter_map(|process| process.started).min(),
        state: "outlived".into(),
        connected: Some(false),
        said_by: if by_ssh { "process" } else { "logind process" }.into(),
        recorded: readable.then_some(session.is_some()),
        processes: processes.len() as i64,
        ..scene.row("ssh", first)
    })
}
