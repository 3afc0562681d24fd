//! The accounts and groups of the machine, as rules of rights name them.

use std::collections::{HashMap, HashSet};

use crate::accounts::Accounts;

#[derive(Default)]
pub struct People {
    /// Accounts in the order of passwd.
    pub all: Vec<String>,
    numbers: HashMap<String, i64>,
    groups: HashMap<i64, String>,
    members: HashMap<String, Vec<String>>,
}

impl People {
    pub fn of(accounts: &Accounts) -> Self {
        let mut people = Self::default();
        for user in &accounts.users.rows {
            if people.numbers.insert(user.name.clone(), user.uid).is_none() {
                people.all.push(user.name.clone());
            }
        }
        for group in &accounts.groups.rows {
            people.groups.entry(group.gid).or_insert_with(|| group.name.clone());
        }
        let mut seen = HashSet::new();
        for row in &accounts.memberships.rows {
            if seen.insert((&row.group, &row.user)) {
                people.members.entry(row.group.clone()).or_default().push(row.user.clone());
            }
        }
        people
    }

    pub fn has(&self, name: &str) -> bool {
        self.numbers.contains_key(name)
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.numbers.get(name).copied()
    }

    /// All accounts of a number, for two may share one.
    pub fn named(&self, number: i64) -> impl Iterator<Item = &str> {
        let fits = move |name: &&String| self.number(name) == Some(number);
        self.all.iter().filter(fits).map(String::as_str)
    }

    /// A group by its number. A number that no group has still has accounts whose main group it is.
    pub fn group(&self, number: i64) -> String {
        self.groups.get(&number).cloned().unwrap_or_else(|| number.to_string())
    }

    pub fn members(&self, group: &str) -> &[String] {
        self.members.get(group).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn is_member(&self, user: &str, group: &str) -> bool {
        self.members(group).iter().any(|member| member == user)
    }
}
