//! Names that stand for others, and whether a list of names covers an account or this host.
//!
//! The last name of a list that fits decides. Limits: aliases 16 deep, 100,000 steps for one list.

use std::collections::HashMap;

use super::grammar::{Command, Item, Kind, Meaning, is_alias};
use crate::rights::people::People;
use leaksweep_facts::glob;

const DEPTH: usize = 16;
const STEPS: usize = 100_000;

#[derive(Debug, Default)]
pub struct Aliases(HashMap<(Kind, String), Meaning>);

impl Aliases {
    /// Of two of one name the later counts.
    pub fn add(&mut self, kind: Kind, name: String, means: Meaning) {
        self.0.insert((kind, name), means);
    }

    pub fn items(&self, kind: Kind, item: &Item) -> Option<&[Item]> {
        match self.get(kind, &item.name).filter(|_| !item.quoted)? {
            Meaning::Items(items) => Some(items),
            Meaning::Commands(_) => None,
        }
    }

    pub fn commands(&self, name: &str) -> Option<&[Command]> {
        match self.get(Kind::Command, name)? {
            Meaning::Commands(commands) => Some(commands),
            Meaning::Items(_) => None,
        }
    }

    fn get(&self, kind: Kind, name: &str) -> Option<&Meaning> {
        if !is_alias(name) || name == "ALL" {
            return None;
        }
        self.0.get(&(kind, name.to_owned()))
    }
}

/// A question to lists: what covers something, and what could not be told.
pub struct Ask<'a> {
    pub aliases: &'a Aliases,
    pub people: &'a People,
    pub host: &'a str,
    steps: usize,
    /// Names that only a directory service can resolve, or aliases in a circle.
    pub unresolved: Vec<String>,
}

impl<'a> Ask<'a> {
    pub fn new(aliases: &'a Aliases, people: &'a People, host: &'a str) -> Self {
        Self { aliases, people, host, steps: 0, unresolved: Vec::new() }
    }

    /// Whether the list covers the account, and through which of its names; none where no name fits.
    pub fn covers(&mut self, items: &[Item], user: &str) -> Option<(bool, Option<String>)> {
        self.user(Kind::User, items, user, 0)
    }

    /// Whether a list of those as whom one may run covers an account.
    pub fn runs_as(&mut self, items: &[Item], user: &str) -> bool {
        self.user(Kind::RunAs, items, user, 0).is_some_and(|(covers, _)| covers)
    }

    fn user(
        &mut self,
        kind: Kind,
        items: &[Item],
        user: &str,
        depth: usize,
    ) -> Option<(bool, Option<String>)> {
        if !self.goes_on(depth) {
            return None;
        }
        let aliases = self.aliases;
        items.iter().rev().find_map(|item| {
            self.steps += 1;
            if let Some(inner) = aliases.items(kind, item) {
                let (covers, _) = self.user(kind, inner, user, depth + 1)?;
                return Some((covers != item.negated, Some(format!("alias {}", item.name))));
            }
            let through = self.fits(item, user)?;
            Some((!item.negated, through))
        })
    }

    /// Through what a single name is the account's.
    fn fits(&self, item: &Item, user: &str) -> Option<Option<String>> {
        let name = item.name.as_str();
        if item.quoted {
            return (name == user).then_some(None);
        }
        if name == "ALL" {
            return Some(Some("everyone".into()));
        }
        if let Some(group) = self.group(name) {
            let through = Some(format!("group {group}"));
            return self.people.is_member(user, &group).then_some(through);
        }
        let same = match name.strip_prefix('#') {
            Some(number) => number.parse().ok() == self.people.number(user),
            None => name == user,
        };
        same.then_some(None)
    }

    /// The group that a name with `%` means.
    pub fn group(&self, name: &str) -> Option<String> {
        let group = name.strip_prefix('%')?;
        match group.strip_prefix('#') {
            Some(number) => Some(self.people.group(number.parse().ok()?)),
            None => Some(group.to_owned()),
        }
    }

    /// Whom the list might cover: every account that one of its names stands for, and names that no
    /// account has. `None` stands for everyone.
    pub fn candidates(&mut self, items: &[Item]) -> Vec<Option<String>> {
        let mut found = Vec::new();
        self.gather(items, 0, &mut found);
        let mut seen = std::collections::HashSet::new();
        found.retain(|one| seen.insert(one.clone()));
        found
    }

    fn gather(&mut self, items: &[Item], depth: usize, found: &mut Vec<Option<String>>) {
        if !self.goes_on(depth) {
            return;
        }
        let (aliases, people) = (self.aliases, self.people);
        for item in items {
            self.steps += 1;
            let name = item.name.as_str();
            if let Some(inner) = aliases.items(Kind::User, item) {
                self.gather(inner, depth + 1, found);
                // What an alias excludes, its negation includes.
                if item.negated {
                    found.push(None);
                }
            } else if item.quoted {
                found.push(Some(name.to_owned()));
            } else if name == "ALL" {
                found.push(None);
            } else if name.starts_with('+') || name.starts_with("%:") {
                self.unresolved.push(name.to_owned());
            } else if let Some(group) = self.group(name) {
                found.extend(people.members(&group).iter().cloned().map(Some));
            } else if let Some(number) = name.strip_prefix('#') {
                let number = number.parse().unwrap_or(-1);
                found.extend(people.named(number).map(|name| Some(name.to_owned())));
            } else {
                found.push(Some(name.to_owned()));
            }
        }
    }

    /// Whether the list of hosts may cover this one.
    pub fn here(&mut self, items: &[Item]) -> bool {
        self.hosts(items, 0).unwrap_or(false)
    }

    fn hosts(&mut self, items: &[Item], depth: usize) -> Option<bool> {
        if !self.goes_on(depth) {
            return Some(true);
        }
        let aliases = self.aliases;
        items.iter().rev().find_map(|item| {
            self.steps += 1;
            if let Some(inner) = aliases.items(Kind::Host, item) {
                return self.hosts(inner, depth + 1).map(|here| here != item.negated);
            }
            let may = self.may_be_here(&item.name);
            // What may be meant, or not, excludes nothing.
            let certain = may && !is_uncertain(&item.name);
            (may && (certain || !item.negated)).then_some(!item.negated)
        })
    }

    fn may_be_here(&self, name: &str) -> bool {
        if name == "ALL" || is_uncertain(name) || self.host.is_empty() {
            return true;
        }
        let (name, host) = (name.to_lowercase(), self.host.to_lowercase());
        let short = host.split('.').next().unwrap_or_default();
        glob(&name, &host) || glob(&name, short) || name.split('.').next() == Some(short)
    }

    fn goes_on(&mut self, depth: usize) -> bool {
        let goes_on = depth <= DEPTH && self.steps <= STEPS;
        if !goes_on {
            self.unresolved.push("aliases in a circle, or too many".into());
        }
        goes_on
    }
}

/// An address or a netgroup.
fn is_uncertain(name: &str) -> bool {
    name.starts_with('+') || name.contains(['/', ':']) || name.parse::<std::net::IpAddr>().is_ok()
}
