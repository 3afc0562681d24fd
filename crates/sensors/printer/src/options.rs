//! What to look at, and how.

use leaksweep_facts::seal::PublicKey;

use crate::{
    Target,
    plan::Plan,
    wire::{Patience, Ports},
};

/// Answers that the user brought from a place that this machine cannot reach.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    /// Walks of SNMP, as snmpsim records them or `snmpwalk -On` prints them: a name and the content.
    pub walks: Vec<(String, Vec<u8>)>,
    /// Answers to IPP questions, each one message as it came: a name and the content.
    pub answers: Vec<(String, Vec<u8>)>,
}

/// How SNMP is asked.
#[derive(Debug, Clone, Default)]
pub struct Snmp {
    /// A community beside the well-known one.
    pub community: Option<String>,
    /// A user of version 3, with what he knows.
    pub user: Option<User>,
}

/// A user of SNMP version 3.
#[derive(Clone)]
pub struct User {
    /// His name; behind an `@`, the context in which he asks, for engines that keep their objects in one.
    pub name: String,
    /// `md5`, `sha1`, `sha224`, `sha256`, `sha384` or `sha512`, and the password.
    pub authentication: Option<(String, String)>,
    /// `des` or `aes128`, and the password.
    pub privacy: Option<(String, String)>,
}

/// Passwords are never shown.
impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Where the answers come from.
#[derive(Debug, Clone)]
pub enum Source {
    Live(Target),
    Recorded(Recorded),
}

impl Source {
    /// How it is called in reports, if the user gave it no name.
    pub fn name(&self) -> String {
        match self {
            Source::Live(target) => target.name(),
            Source::Recorded(recorded) => {
                let first = recorded.walks.iter().chain(&recorded.answers).next();
                first.map(|(name, _)| name.clone()).unwrap_or_default()
            }
        }
    }
}

#[derive(Debug, Clone)]
pub struct Options {
    pub source: Source,
    /// The name to give the target; none takes what the user wrote.
    pub name: Option<String>,
    pub plan: Plan,
    pub ports: Ports,
    pub patience: Patience,
    pub snmp: Snmp,
    /// Signed statements on this printer: a file's name and its content.
    pub statements: Vec<(String, Vec<u8>)>,
    /// Whose statements count. A statement by another key is told and counts for nothing.
    pub trusted: Vec<PublicKey>,
}

impl Options {
    pub fn new(source: Source) -> Self {
        Self {
            source,
            name: None,
            plan: Plan::default(),
            ports: Ports::default(),
            patience: Patience::default(),
            snmp: Snmp::default(),
            statements: Vec::new(),
            trusted: Vec::new(),
        }
    }
}
