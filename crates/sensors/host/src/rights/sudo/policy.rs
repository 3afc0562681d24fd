//! All statements together, resolved for each account.

use leaksweep_facts::Reason;

use super::{
    Source,
    aliases::{Aliases, Ask},
    commands,
    defaults::{Placed, Settings},
    grammar::{Item, Kind, Part, Privilege, RunAs, Scope, Statement},
};
use crate::{
    rights::{Grant, Reached, Rights},
    root::Failure,
};

#[derive(Debug, Default)]
pub struct Policy {
    aliases: Aliases,
    settings: Settings,
    rules: Vec<(Source, Vec<Item>, Vec<Privilege>)>,
}

/// What the columns are that depend on who is meant.
const WHOLE_ROWS: &[&str] = &[];

impl Policy {
    pub fn add(&mut self, statement: Statement, source: Source) {
        match statement {
            Statement::Alias { kind, name, means } => self.aliases.add(kind, name, means),
            Statement::Rule { users, privileges } => self.rules.push((source, users, privileges)),
            Statement::Defaults { of, settings } => {
                let each = settings.into_iter().map(|setting| Placed {
                    of: of.clone(),
                    setting,
                    source: source.clone(),
                });
                self.settings.0.extend(each);
            }
            Statement::Include { .. } => {}
        }
    }

    pub fn resolve(&self, rights: &mut Rights<'_>) {
        let before = rights.reading.found.rows.len();
        for (source, users, privileges) in &self.rules {
            let grants = self.grants(rights, source, users, privileges);
            for (grant, reached) in grants {
                rights.give(&grant, &reached);
            }
        }
        overruled(rights, before);
        for default in &self.settings.0 {
            self.default(rights, default);
        }
    }

    /// What one rule gives. Of an account whose password is asked by a setting of its own, the same
    /// grant differs, so that each account has its own.
    fn grants(
        &self,
        rights: &mut Rights<'_>,
        source: &Source,
        users: &[Item],
        privileges: &[Privilege],
    ) -> Vec<(Grant, Vec<Reached>)> {
        let mut ask = Ask::new(&self.aliases, &rights.people, &rights.host);
        let mut grants = Vec::new();
        let reached = reached(&mut ask, users);
        let mut too_deep = false;
        for privilege in privileges {
            if !ask.here(&privilege.hosts) {
                continue;
            }
            for part in &privilege.parts {
                let commands = commands::of(part, &self.aliases);
                too_deep |= commands.unresolved;
                for to in &reached {
                    let grant = Grant {
                        way: "sudo",
                        as_user: self.as_user(&mut ask, part, &to.user),
                        command: commands.written.clone(),
                        everything: commands.everything,
                        no_password: match part.tags.password {
                            Some(asked) => !asked,
                            None => !self.settings.asks(&mut ask, &to.user, part),
                        },
                        programs: commands.programs.clone(),
                        ..at(source)
                    };
                    grants.push((grant, vec![to.clone()]));
                }
            }
        }
        let unresolved = ask.unresolved;
        self.told(rights, source, unresolved, too_deep);
        grants
    }

    fn as_user(&self, ask: &mut Ask<'_>, part: &Part, user: &str) -> String {
        let Some(RunAs { users, .. }) = &part.run_as else {
            return self.settings.run_as(ask, user, part);
        };
        if users.is_empty() {
            return user.to_owned();
        }
        let mut names = Vec::new();
        self.names(ask, users, false, 0, &mut names);
        let all = names.iter().any(|name| name == "ALL");
        let left_out = names.iter().any(|name| name.starts_with('!'));
        if all && !left_out { "ALL".into() } else { names.join(", ") }
    }

    fn names(
        &self,
        ask: &Ask<'_>,
        items: &[Item],
        negated: bool,
        depth: usize,
        names: &mut Vec<String>,
    ) {
        for item in items {
            let negated = negated != item.negated;
            let inner = self.aliases.items(Kind::RunAs, item).filter(|_| depth < 8);
            if let Some(inner) = inner {
                self.names(ask, inner, negated, depth + 1, names);
                continue;
            }
            let number = item.name.strip_prefix('#').and_then(|number| number.parse().ok());
            let name = number.and_then(|number| ask.people.named(number).next());
            let name = name.unwrap_or(&item.name);
            if names.len() < MOST_NAMES {
                names.push(if negated { format!("!{name}") } else { name.to_owned() });
            }
        }
    }

    /// A setting that gives more than rules do is a row of its own.
    fn default(&self, rights: &mut Rights<'_>, default: &Placed) {
        let Some(command) = default.gives() else { return };
        let mut ask = Ask::new(&self.aliases, &rights.people, &rights.host);
        let reached = match &default.of {
            Scope::Users(items) => reached(&mut ask, items),
            Scope::Hosts(items) if !ask.here(items) => Vec::new(),
            _ if default.setting.name == "exempt_group" => {
                let group = &default.setting.value;
                let members = rights.people.members(group).iter();
                members.map(|user| Reached::through(user, format!("group {group}"))).collect()
            }
            _ => vec![Reached::everyone()],
        };
        let unresolved = ask.unresolved;
        let asks_none = matches!(default.setting.name.as_str(), "authenticate" | "exempt_group");
        let grant = Grant {
            way: "sudo",
            as_user: "ALL".into(),
            command,
            no_password: asks_none,
            ..at(&default.source)
        };
        rights.give(&grant, &reached);
        self.told(rights, &default.source, unresolved, false);
    }

    fn told(
        &self,
        rights: &mut Rights<'_>,
        source: &Source,
        mut unresolved: Vec<String>,
        too_deep: bool,
    ) {
        if too_deep {
            unresolved.push("aliases in a circle, or too many".into());
        }
        unresolved.dedup();
        let Some(first) = unresolved.first() else { return };
        let detail = format!("line {}: {first} cannot be resolved", source.line);
        let failure = Failure { reason: Reason::Unsupported, detail };
        rights.reading.failed(std::path::Path::new(&source.path), WHOLE_ROWS, failure);
    }
}

/// More than any list of those as whom somebody may run.
const MOST_NAMES: usize = 100;

fn at(source: &Source) -> Grant {
    Grant {
        path: source.path.clone(),
        line: i64::try_from(source.line).ok(),
        modified: source.modified,
        ..Grant::default()
    }
}

/// Whom a list of users covers.
fn reached(ask: &mut Ask<'_>, users: &[Item]) -> Vec<Reached> {
    let candidates = ask.candidates(users);
    let everyone = candidates.contains(&None);
    if everyone && !leaves_out(ask, users) {
        return vec![Reached::everyone()];
    }
    let people = ask.people;
    let named = candidates.into_iter().flatten().filter(|name| !everyone || !people.has(name));
    let all = people.all.iter().filter(|_| everyone).cloned();
    let mut found = Vec::new();
    for user in all.chain(named) {
        if let Some((true, through)) = ask.covers(users, &user) {
            found.push(Reached { user, through });
        }
    }
    found
}

/// Whether anybody is named who is not meant.
fn leaves_out(ask: &Ask<'_>, users: &[Item]) -> bool {
    fn any(ask: &Ask<'_>, items: &[Item], depth: usize) -> bool {
        items.iter().any(|item| {
            let inner = ask.aliases.items(Kind::User, item).filter(|_| depth < 16);
            item.negated || inner.is_some_and(|inner| any(ask, inner, depth + 1))
        })
    }
    any(ask, users, 0)
}

/// Whether a password is asked, the last rule that covers the command says: a later rule for
/// everything that asks one takes an earlier exemption away.
fn overruled(rights: &mut Rights<'_>, from: usize) {
    let rows = rights.reading.found.rows.get_mut(from..).unwrap_or_default();
    let mut asked = std::collections::HashSet::new();
    for row in rows.iter_mut().rev() {
        if row.no_password && (asked.contains(&row.user) || asked.contains("*")) {
            row.no_password = false;
        }
        let all = row.everything && row.escapes.is_none() && row.as_user == "ALL";
        if all && !row.no_password {
            asked.insert(row.user.clone());
        }
    }
}
