//! At which port each service is looked for; the user can name another.

use std::collections::BTreeMap;

/// A service, its usual port, and whether it is tried by a connection.
const USUAL: &[(&str, u16, bool)] = &[
    ("ftp", 21, true),
    ("ssh", 22, true),
    ("telnet", 23, true),
    ("http", 80, true),
    ("snmp", 161, false),
    ("https", 443, true),
    ("smb", 445, true),
    ("lpd", 515, true),
    ("ipp", 631, true),
    ("wsd", 3702, false),
    ("http-alt", 8080, true),
    ("raw", 9100, true),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ports(BTreeMap<&'static str, u16>);

impl Default for Ports {
    fn default() -> Self {
        Self(USUAL.iter().map(|&(service, port, _)| (service, port)).collect())
    }
}

impl Ports {
    /// Looks for a service at another port; false for a service that is not known.
    pub fn set(&mut self, service: &str, port: u16) -> bool {
        let known = USUAL.iter().find(|(name, ..)| *name == service);
        known.is_some_and(|&(name, ..)| self.0.insert(name, port).is_some())
    }

    /// Where a service is looked for; zero for one that is not known.
    pub fn of(&self, service: &str) -> u16 {
        self.0.get(service).copied().unwrap_or_default()
    }

    /// Those that are tried by a connection.
    pub fn by_connection(&self) -> impl Iterator<Item = (&'static str, u16)> {
        let tried = USUAL.iter().filter(|(.., tried)| *tried);
        tried.map(|&(service, ..)| (service, self.of(service)))
    }

    pub fn known() -> impl Iterator<Item = &'static str> {
        USUAL.iter().map(|&(service, ..)| service)
    }
}
