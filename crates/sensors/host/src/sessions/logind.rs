//! logind's files in `/run/systemd/sessions` and `/run/systemd/users`: `KEY=VALUE` lines, 64 KiB each,
//! 10,000 of each folder.

use std::{collections::HashMap, path::Path};

use leaksweep_facts::{
    Time,
    tables::host::{Process, Session},
};

use super::scene::Scene;
use crate::{
    name,
    root::{Failure, Root},
};

const SESSIONS: &str = "/run/systemd/sessions";
const USERS: &str = "/run/systemd/users";
const MAX_FILES: usize = 10_000;
const CAP: u64 = 64 << 10;

#[derive(Debug, Default)]
pub struct Logind {
    pub sessions: Vec<Entry>,
    /// The numbers of users whose manager runs without a session.
    lingering: Vec<u32>,
}

#[derive(Debug, Default, Clone)]
pub struct Entry {
    pub id: String,
    pub leader: i64,
    keys: HashMap<String, String>,
}

impl Entry {
    fn key(&self, key: &str) -> &str {
        self.keys.get(key).map(String::as_str).unwrap_or_default()
    }

    pub fn is_closing(&self) -> bool {
        self.key("STATE") == "closing"
    }

    pub fn user(&self) -> &str {
        self.key("USER")
    }

    pub fn other_machine(&self) -> Option<String> {
        let host = self.key("REMOTE_HOST");
        let remote = self.key("REMOTE") == "1" && !host.is_empty();
        remote.then(|| host.to_owned())
    }

    /// Of a person, and not a screen that asks for a name, a manager or a job.
    fn is_of_person(&self) -> bool {
        matches!(self.key("CLASS"), "" | "user" | "user-early" | "user-incomplete" | "user-light")
    }

    pub fn way(&self) -> &'static str {
        match (self.key("SERVICE"), self.key("TYPE")) {
            ("sshd" | "ssh", _) => "ssh",
            (service, _) if service.starts_with("xrdp") => "xrdp",
            ("su" | "su-l" | "sudo" | "sudo-i" | "runuser" | "runuser-l" | "doas", _) => "switch",
            (_, "x11") => "x11",
            (_, "wayland") => "wayland",
            (_, "tty") if self.key("REMOTE") != "1" => "console",
            _ => "other",
        }
    }
}

impl Logind {
    pub fn read(root: &Root) -> Result<Self, Failure> {
        let mut found = Self::default();
        for (id, keys) in files(root, SESSIONS)? {
            let leader = keys.get("LEADER").and_then(|pid| pid.parse().ok()).unwrap_or_default();
            found.sessions.push(Entry { id, leader, keys });
        }
        for (id, keys) in files(root, USERS)? {
            let lingers = keys.get("STATE").is_some_and(|state| state == "lingering");
            let uid: Option<u32> = id.parse().ok().filter(|_| lingers);
            found.lingering.extend(uid);
        }
        Ok(found)
    }

    /// The session in whose control group a process runs.
    pub fn of(&self, process: &Process) -> Option<&Entry> {
        let id = scope(process)?;
        self.sessions.iter().find(|session| session.id == id)
    }
}

/// `session-3.scope` gives 3.
pub fn scope(process: &Process) -> Option<&str> {
    let scope = process.control_group.split('/').find_map(|part| part.strip_prefix("session-"))?;
    scope.strip_suffix(".scope")
}

type Keys = HashMap<String, String>;

fn files(root: &Root, folder: &str) -> Result<Vec<(String, Keys)>, Failure> {
    let listing = root.list_if_there(folder)?;
    let mut found = Vec::new();
    for entry in listing.entries.iter().take(MAX_FILES) {
        let id = name::os(&entry.name);
        // A pipe stands beside each session's file.
        if id.starts_with('.') || id.ends_with(".ref") {
            continue;
        }
        let content = root.read_if_there(Path::new(folder).join(&entry.name), CAP)?;
        found.extend(content.map(|content| (id, parse(&content))));
    }
    Ok(found)
}

pub fn parse(content: &[u8]) -> Keys {
    let lines = content.split(|byte| *byte == b'\n').map(name::text);
    let pairs = lines.filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (key, value) = line.split_once('=')?;
        Some((key.to_owned(), value.trim_matches('"').to_owned()))
    });
    pairs.collect()
}

/// Sessions of which no process told yet, and managers of users who are not in.
pub fn tell(scene: &mut Scene<'_>) {
    let Some(logind) = &scene.logind else { return };
    let persons = logind.sessions.iter().filter(|session| session.is_of_person());
    let open: Vec<_> = persons.filter(|session| !session.is_closing()).cloned().collect();
    let lingering = logind.lingering.clone();
    for session in open {
        let inside: Vec<&Process> =
            scene.processes.iter().filter(|process| scope(process) == Some(&session.id)).collect();
        let leader = scene.process(session.leader);
        if leader.is_some_and(|leader| scene.is_told(leader) || serves_told(scene, leader)) {
            continue;
        }
        let row = row(scene, &session, &inside, leader);
        scene.claim(inside.iter().map(|process| process.pid));
        scene.add(row);
    }
    for uid in lingering {
        let row = manager(scene, uid);
        row.into_iter().for_each(|row| scene.add(row));
    }
}

/// sshd's process above the one that was told leads a session.
fn serves_told(scene: &Scene<'_>, leader: &Process) -> bool {
    scene.children(leader.pid).any(|child| scene.is_told(child))
}

fn row(
    scene: &Scene<'_>,
    session: &Entry,
    inside: &[&Process],
    leader: Option<&Process>,
) -> Session {
    let started = session.key("REALTIME").parse().ok().map(|micro: i64| Time(micro / 1_000_000));
    let named = |key| Some(session.key(key).to_owned()).filter(|text| !text.is_empty());
    let terminal = named("TTY").or(named("DISPLAY"));
    let way = session.way();
    let from_address = session.other_machine();
    let first = leader.or(inside.first().copied());
    Session {
        way: way.into(),
        user: session.user().into(),
        idle_seconds: scene.idle(terminal.as_ref().filter(|_| matches!(way, "ssh" | "console"))),
        terminal,
        connected: None,
        from_address,
        pid: first.map(|process| process.pid),
        process: first.map(|process| process.arguments.clone()),
        since: started,
        state: if first.is_none() { "record".into() } else { String::new() },
        said_by: if first.is_none() { "logind" } else { "logind process" }.into(),
        recorded: Some(true),
        processes: inside.len() as i64,
    }
}

fn manager(scene: &Scene<'_>, uid: u32) -> Option<Session> {
    let unit = format!("user@{uid}.service");
    let inside = |process: &&&Process| process.control_group.split('/').any(|part| part == unit);
    let all: Vec<&Process> = scene.processes.iter().collect();
    let all: Vec<&Process> = all.iter().filter(inside).copied().collect();
    let leader = all.iter().find(|process| process.name == "systemd").or(all.first())?;
    Some(Session {
        user: scene.accounts.names.user(uid),
        said_by: "logind process".into(),
        recorded: Some(true),
        processes: all.len() as i64,
        ..scene.row("service", leader)
    })
}
