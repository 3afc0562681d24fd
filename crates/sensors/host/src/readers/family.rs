//! Which processes are one with a reader, for what a reader sees leaves through any of them: those below it, those of
//! its process group (the parts of one pipe), and those above it up to the leader of its session, or of its service.
//!
//! A server that lets people in is not one with what they start: its connection is theirs, and everybody has one.

use std::collections::{BTreeSet, HashMap};

use crate::{machine::Kernel, processes};

const HEAD_CAP: usize = 4096;
const GROUP_CAP: u64 = 64 << 10;
/// Where processes are each other's parents, something is wrong.
const DEPTH: usize = 1000;
const SERVERS: &[&str] = &[
    "/usr/sbin/sshd",
    "/usr/lib/openssh/sshd-session",
    "/usr/libexec/openssh/sshd-session",
    "/usr/libexec/sshd-session",
    "/usr/sbin/dropbear",
    "/usr/sbin/telnetd",
    "/usr/sbin/in.telnetd",
];

#[derive(Debug, Clone, Copy)]
struct Kin {
    parent: i64,
    group: i64,
    session: i64,
}

/// Who is whose.
pub struct Family<'a> {
    kernel: &'a Kernel,
    of: HashMap<i64, Kin>,
}

impl<'a> Family<'a> {
    pub fn read(kernel: &'a Kernel) -> Self {
        let listing = kernel.proc.list("").unwrap_or_default();
        let names = listing.entries.iter().filter_map(|entry| entry.name.to_str());
        let of = names.filter_map(|name| {
            let pid: i64 = name.parse().ok()?;
            let (line, _) = kernel.proc.head(format!("{pid}/stat"), HEAD_CAP).ok()?;
            let stat = processes::stat(&line)?;
            Some((pid, Kin { parent: stat.parent, group: stat.group, session: stat.session }))
        });
        let of = of.collect();
        Self { kernel, of }
    }

    pub fn knows(&self, pid: i64) -> bool {
        self.of.contains_key(&pid)
    }

    /// The process and those that are one with it.
    pub fn around(&self, pid: i64) -> BTreeSet<i64> {
        let mut all = BTreeSet::from([pid]);
        let Some(own) = self.of.get(&pid) else { return all };
        all.extend(self.above(pid, own));
        if own.group > 0 {
            let mates = self.of.iter().filter(|(_, kin)| kin.group == own.group);
            all.extend(mates.map(|(mate, _)| *mate));
        }
        let below = self.of.keys().filter(|other| self.is_below(**other, pid));
        all.extend(below);
        all
    }

    fn above(&self, pid: i64, own: &Kin) -> Vec<i64> {
        let unit = self.service(pid);
        let (mut found, mut parent) = (Vec::new(), own.parent);
        while parent > 1 && found.len() < DEPTH && !self.is_server(parent) {
            let Some(kin) = self.of.get(&parent) else { break };
            let one_session = own.session > 0 && kin.session == own.session;
            if !one_session && (unit.is_none() || self.service(parent) != unit) {
                break;
            }
            found.push(parent);
            parent = kin.parent;
        }
        found
    }

    fn is_below(&self, pid: i64, top: i64) -> bool {
        let mut at = pid;
        for _ in 0..DEPTH {
            match self.of.get(&at) {
                Some(kin) if kin.parent == top => return true,
                Some(kin) if kin.parent > 1 => at = kin.parent,
                _ => return false,
            }
        }
        false
    }

    /// The service of the system in which it runs. A session of a person is none, nor is a person's own manager.
    fn service(&self, pid: i64) -> Option<String> {
        let content = self.kernel.proc.read(format!("{pid}/cgroup"), GROUP_CAP).ok()?;
        let unit = processes::unit(&processes::control_group(&content)?)?;
        (unit.ends_with(".service") && !unit.starts_with("user@")).then_some(unit)
    }

    fn is_server(&self, pid: i64) -> bool {
        let program = self.kernel.proc.link(format!("{pid}/exe"));
        program.is_ok_and(|program| {
            let program = program.to_string_lossy();
            SERVERS.contains(&program.trim_end_matches(" (deleted)"))
        })
    }
}
