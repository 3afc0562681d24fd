//! What a container shares with the machine, and whether that is enough to become its root.

use std::collections::BTreeSet;

/// What every container may do unless told otherwise.
const USUAL: [&str; 14] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];
/// Whoever may write to one of these may have anything run by root. A socket takes orders even
/// where the folder is mounted for reading only.
const SOCKETS: [&str; 6] = [
    "docker.sock",
    "podman.sock",
    "containerd.sock",
    "crio.sock",
    "incus/unix.socket",
    "lxd/unix.socket",
];
const SOCKET_FOLDERS: [&str; 5] = ["/run", "/var/run", "/var", "/run/containerd", "/run/podman"];
/// With these over the machine's processes, one of them runs what the container wants.
const OVER_PROCESSES: [&str; 3] = ["SYS_PTRACE", "SYS_ADMIN", "ALL"];
/// More capabilities than this are all that there are.
const ALL: usize = 37;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Isolation {
    pub privileged: bool,
    /// Root inside is nobody in particular outside.
    pub mapped: bool,
    shares: BTreeSet<&'static str>,
    folders: Vec<Folder>,
    capabilities: BTreeSet<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Folder {
    from: String,
    to: String,
    read_only: bool,
}

impl Isolation {
    pub fn share(&mut self, what: &'static str, shared: bool) {
        if shared {
            self.shares.insert(what);
        }
    }

    /// A folder of the machine; what is no path of it (a volume's name) is passed over.
    pub fn folder(&mut self, from: &str, to: &str, read_only: bool) {
        let known = |folder: &&Folder| folder.from == from && folder.to == to;
        if from.starts_with('/') && self.folders.iter().find(known).is_none() {
            self.folders.push(Folder { from: from.into(), to: to.into(), read_only });
        }
    }

    /// Leaves out what the manager itself puts into each container.
    pub fn without_folders(&mut self, starts: &[&str]) {
        self.folders.retain(|folder| !starts.iter().any(|start| folder.from.starts_with(start)));
    }

    /// `FROM:TO`, `FROM:TO:ro,z`
    pub fn bind(&mut self, text: &str) {
        let mut parts = text.splitn(3, ':');
        let from = parts.next().unwrap_or_default();
        let to = parts.next().unwrap_or(from);
        let options = parts.next().unwrap_or_default();
        self.folder(from, to, options.split(',').any(|option| option == "ro"));
    }

    pub fn capability(&mut self, text: &str) {
        let name = text.trim().to_ascii_uppercase();
        let name = name.strip_prefix("CAP_").unwrap_or(&name);
        if !name.is_empty() && !USUAL.contains(&name) {
            self.capabilities.insert(name.to_owned());
        }
    }

    pub fn has_all(&self) -> bool {
        self.capabilities.contains("ALL") || self.capabilities.len() + USUAL.len() >= ALL
    }

    pub fn escapes(&self) -> bool {
        let over = || OVER_PROCESSES.iter().any(|name| self.capabilities.contains(*name));
        let processes = self.shares.contains("pid") && over();
        !self.mapped && (self.privileged || processes || self.folders.iter().any(Folder::escapes))
    }

    pub fn shares(&self) -> String {
        self.shares.iter().copied().collect::<Vec<_>>().join(" ")
    }

    pub fn folders(&self) -> String {
        self.folders.iter().map(Folder::shown).collect::<Vec<_>>().join(" ")
    }

    pub fn capabilities(&self) -> String {
        self.capabilities.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

impl Folder {
    fn shown(&self) -> String {
        let end = if self.read_only { ":ro" } else { "" };
        format!("{}:{}{end}", self.from, self.to)
    }

    fn escapes(&self) -> bool {
        let from = self.from.trim_end_matches('/');
        let socket = SOCKET_FOLDERS.contains(&from)
            || SOCKETS
                .iter()
                .any(|end| from.strip_suffix(end).is_some_and(|rest| rest.ends_with('/')));
        from.is_empty() || socket || (!self.read_only && matches!(from, "/etc" | "/proc"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl Fn(&mut Isolation)) -> bool {
        let mut isolation = Isolation::default();
        change(&mut isolation);
        isolation.escapes()
    }

    #[test]
    fn what_is_shared_decides_whether_root_is_near() {
        for bind in [
            "/:/host:ro",
            "//:/h",
            "/etc:/etc",
            "/proc/:/p",
            "/run/docker.sock:/s:ro",
            "/var/run:/r",
        ] {
            assert!(with(|isolation| isolation.bind(bind)), "{bind}");
        }
        for bind in
            ["/etc:/etc:ro", "/proc:/p:z,ro", "/srv:/srv", "data:/", "/opt/xdocker.sock:/s", ""]
        {
            assert!(!with(|isolation| isolation.bind(bind)), "{bind}");
        }
        assert!(with(|isolation| isolation.privileged = true));
        let processes = |capability: &'static str| {
            move |isolation: &mut Isolation| {
                isolation.share("pid", true);
                isolation.capability(capability);
            }
        };
        assert!(with(processes("CAP_SYS_PTRACE")));
        assert!(!with(processes("NET_ADMIN")));
        assert!(!with(|isolation| isolation.capability("SYS_ADMIN")));
        assert!(!with(|isolation| {
            isolation.privileged = true;
            isolation.mapped = true;
        }));
    }

    #[test]
    fn only_unusual_capabilities_are_told() {
        let mut isolation = Isolation::default();
        for name in ["cap_chown", "CAP_NET_ADMIN", "sys_admin", "KILL", ""] {
            isolation.capability(name);
        }
        assert_eq!(isolation.capabilities(), "NET_ADMIN SYS_ADMIN");
        assert!(!isolation.has_all());
    }
}
