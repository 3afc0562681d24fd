//! What one folder of `/sys/class/net` tells.

use std::path::{Path, PathBuf};

use crate::{machine::Kernel, name, root::Failure};

/// Numbers and names, one a file.
const VALUE_CAP: u64 = 64 << 10;

/// Kinds by the `DEVTYPE` that a driver declares.
const DECLARED: [(&str, &str); 13] = [
    ("wlan", "wireless"),
    ("wwan", "mobile"),
    ("bluetooth", "bluetooth"),
    ("bridge", "bridge"),
    ("bond", "bond"),
    ("team", "bond"),
    ("wireguard", "tunnel"),
    ("vxlan", "tunnel"),
    ("geneve", "tunnel"),
    ("gretap", "tunnel"),
    ("ppp", "tunnel"),
    ("vlan", "virtual"),
    ("macvlan", "virtual"),
];

pub struct Device<'a> {
    kernel: &'a Kernel,
    folder: &'a Path,
}

impl<'a> Device<'a> {
    pub fn new(kernel: &'a Kernel, folder: &'a Path) -> Self {
        Self { kernel, folder }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    pub fn has(&self, file: &str) -> bool {
        self.kernel.sys.stat(self.path(file)).is_ok()
    }

    pub fn text(&self, file: &str) -> Result<String, Failure> {
        let content = self.kernel.sys.read(self.path(file), VALUE_CAP)?;
        Ok(name::text(content.trim_ascii()))
    }

    pub fn number(&self, file: &str) -> Option<i64> {
        self.text(file).ok()?.parse().ok()
    }

    /// The kernel refuses to answer while the interface is switched off.
    pub fn carrier(&self) -> Option<bool> {
        self.number("carrier").map(|number| number != 0)
    }

    pub fn driver(&self) -> Option<String> {
        let target = self.kernel.sys.link(self.path("device/driver")).ok()?;
        target.file_name().map(name::os)
    }

    pub fn kind(&self) -> Result<&'static str, Failure> {
        let kind: u32 = self.text("type")?.parse().unwrap_or_default();
        Ok(self.declared().or_else(|| self.by_files()).unwrap_or_else(|| self.by_number(kind)))
    }

    fn declared(&self) -> Option<&'static str> {
        let content = self.text("uevent").ok()?;
        let declared = content.lines().find_map(|line| line.strip_prefix("DEVTYPE="))?;
        DECLARED.iter().find(|(name, _)| *name == declared).map(|(_, kind)| *kind)
    }

    fn by_files(&self) -> Option<&'static str> {
        let kinds = [
            ("wireless", "wireless"),
            ("phy80211", "wireless"),
            ("bridge", "bridge"),
            ("bonding", "bond"),
            ("tun_flags", "tunnel"),
        ];
        kinds.iter().find(|(file, _)| self.has(file)).map(|(_, kind)| *kind)
    }

    /// The numbers are those of ARP's hardware types.
    fn by_number(&self, number: u32) -> &'static str {
        match number {
            772 => "loopback",
            801..=803 => "wireless",
            512 | 768 | 769 | 776 | 778 | 823 | 65534 => "tunnel",
            1 if self.has("device") => "ethernet",
            1 => "virtual",
            _ => "other",
        }
    }
}
