//! Rules in JavaScript. Nothing is run: recognised are functions given to `polkit.addRule` and
//! `polkit.addAdminRule` that compare `action.id` and `subject.user`, ask `subject.isInGroup`, and
//! return a result or a list of who counts as an administrator.
//!
//! Limits: a rule that says yes under conditions that are not recognised is a row without them and a
//! problem; one that cannot be read at all is a problem.

use std::path::Path;

use super::{
    UNKNOWN,
    condition::{self, Condition, Names},
    grant, identity, of_group,
    statements::{Return, Walk},
    terms::Term,
    tokens::{self, Token},
};
use crate::{
    name,
    rights::{Grant, Reached, Rights},
};

/// What a rule lets somebody do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    line: usize,
    /// Whether no password is asked; otherwise the person's own.
    no_password: bool,
    /// Who counts as an administrator, of a rule that says so.
    administrators: Vec<String>,
    /// None where the conditions are not known.
    terms: Option<Vec<Term>>,
}

/// What the rules say, and the first line that could not be understood.
pub fn parse(bytes: &[u8]) -> (Vec<Said>, Option<usize>) {
    let text = name::text(bytes);
    let Some(tokens) = tokens::of(&text) else { return (Vec::new(), Some(1)) };
    let mut said = Vec::new();
    let mut strange = None;
    let mut walk = Walk::new(&tokens, Names::default());
    walk.block(&[], 0);
    let shared = walk.names.texts;
    for (at, token) in tokens.iter().enumerate() {
        let before = tokens.get(at.saturating_sub(2)..at).unwrap_or_default();
        let of_polkit = matches!(before, [a, b] if a.is_word("polkit") && b.is("."));
        let admin = match token.word() {
            Some("addRule") if of_polkit => false,
            Some("addAdminRule") if of_polkit => true,
            _ => continue,
        };
        match function(tokens.get(at + 1..).unwrap_or_default()) {
            Some((mut names, body)) => {
                names.texts.clone_from(&shared);
                let mut walk = Walk::new(body, names);
                walk.block(&[], 0);
                let returns = std::mem::take(&mut walk.returns);
                said.extend(returns.iter().filter_map(|one| result(one, admin, &walk.names)));
            }
            None => strange = strange.or(Some(token.line)),
        }
    }
    (said, strange)
}

/// The names of a function's arguments and its body: `(function(a, s) { … })`, `((a, s) => { … })`.
fn function(tokens: &[Token]) -> Option<(Names, &[Token])> {
    let [open, rest @ ..] = tokens else { return None };
    if !open.is("(") {
        return None;
    }
    let start = rest.iter().position(|token| token.is("("))?;
    let end = rest.iter().position(|token| token.is(")"))?;
    let head = rest.get(..start)?;
    if start > end || head.len() > 2 || head.first().is_some_and(|word| !word.is_word("function")) {
        return None;
    }
    let mut arguments = rest.get(start + 1..end)?.iter().filter_map(Token::word);
    let action = arguments.next().unwrap_or("action").to_owned();
    let subject = arguments.next().unwrap_or("subject").to_owned();
    let body = rest.get(end + 1..)?;
    let skip = usize::from(body.first().is_some_and(|token| token.is("=>")));
    let body = body.get(skip..)?;
    body.first().filter(|token| token.is("{"))?;
    let mut open = 0;
    let length = body.iter().position(|token| {
        open = condition::depth_after(open, token);
        open == 0
    })?;
    let names = Names { action, subject, ..Names::default() };
    Some((names, body.get(1..length)?))
}

/// What a return lets somebody do; none where it lets nobody.
fn result(one: &Return<'_>, admin: bool, names: &Names) -> Option<Said> {
    let mut conditions = one.conditions.clone();
    let mut value = one.value;
    if let Some(at) = value.iter().position(|token| token.is("?")) {
        let (condition, branches) = value.split_at(at);
        conditions.push(condition::parse(condition, names, 0));
        let branches = condition::split(branches.get(1..)?, ":");
        value = branches.first().copied().unwrap_or_default();
        if branches.get(1).is_some_and(|other| level(other) != Level::Nothing) {
            conditions.push(Condition::Unknown);
        }
    }
    let mut said = Said {
        line: one.line,
        no_password: false,
        administrators: Vec::new(),
        terms: Condition::All(conditions).terms(false),
    };
    if admin {
        said.administrators = condition::texts(value, names).unwrap_or_default();
        let known = !said.administrators.is_empty() || level(value) == Level::Nothing;
        if !known {
            said.terms = None;
        }
        return (!known || !said.administrators.is_empty()).then_some(said);
    }
    match level(value) {
        Level::Nothing => return None,
        Level::Yes => said.no_password = true,
        Level::Own => {}
        Level::Unknown => said.terms = None,
    }
    Some(said)
}

#[derive(Debug, PartialEq, Eq)]
enum Level {
    Nothing,
    Own,
    Yes,
    Unknown,
}

fn level(value: &[Token]) -> Level {
    let last = value.last().and_then(|token| token.word().or(token.text()));
    match (value.len(), last.map(str::to_lowercase).as_deref()) {
        (0, _) => Level::Nothing,
        (1 | 5, Some("yes")) => Level::Yes,
        (1 | 5, Some("auth_self" | "auth_self_keep")) => Level::Own,
        (1 | 5, Some("no" | "auth_admin" | "auth_admin_keep" | "not_handled")) => Level::Nothing,
        (1, Some("null" | "undefined" | "false")) => Level::Nothing,
        (2, _) if value.first().is_some_and(|token| token.is("[")) => Level::Nothing,
        _ => Level::Unknown,
    }
}

pub fn collect(rights: &mut Rights<'_>, path: &Path, content: &[u8]) {
    let (said, strange) = parse(content);
    let mut strange = strange;
    for one in said {
        let base = grant(rights, path, one.line);
        let Some(terms) = &one.terms else {
            strange = strange.or(Some(one.line));
            rights.give(&base, &[Reached::everyone()]);
            continue;
        };
        if terms.iter().any(|term| term.unknown) {
            strange = strange.or(Some(one.line));
        }
        for (reached, actions) in grouped(rights, &one, terms) {
            let everything = actions.iter().any(|action| action == ALL);
            let command = if everything { ALL.into() } else { actions.join(", ") };
            let no_password = one.no_password;
            rights.give(&Grant { command, everything, no_password, ..base.clone() }, &[reached]);
        }
    }
    if let Some(line) = strange {
        let detail = format!("line {line}: a rule that is not understood");
        let reason = leaksweep_facts::Reason::Unsupported;
        rights.reading.failed(path, UNKNOWN, crate::root::Failure { reason, detail });
    }
}

const ALL: &str = "*";

/// Whom the terms reach, each once, with the actions; `*` for all of them, none where they are not
/// known. A term that is not known and names nobody and nothing says nothing of its own.
fn grouped(rights: &Rights<'_>, said: &Said, terms: &[Term]) -> Vec<(Reached, Vec<String>)> {
    let mut found: Vec<(Reached, Vec<String>)> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for term in terms {
        let mut actions = term.actions.clone();
        if actions.is_empty() && !term.unknown {
            actions.push(ALL.into());
        }
        for one in reached(rights, said, term) {
            let at = *known.entry(one.clone()).or_insert_with(|| {
                found.push((one, Vec::new()));
                found.len() - 1
            });
            let Some((_, all)) = found.get_mut(at) else { continue };
            let new: Vec<String> =
                actions.iter().filter(|one| !all.contains(one)).cloned().collect();
            all.extend(new);
        }
    }
    found
}

fn reached(rights: &Rights<'_>, said: &Said, term: &Term) -> Vec<Reached> {
    if !term.users.is_empty() {
        term.users.iter().map(|user| Reached::named(user)).collect()
    } else if !term.groups.is_empty() {
        term.groups.iter().flat_map(|group| of_group(rights, group)).collect()
    } else if !said.administrators.is_empty() {
        administrators(rights, said)
    } else if term.unknown && term.actions.is_empty() {
        Vec::new()
    } else {
        vec![Reached::everyone()]
    }
}

fn administrators(rights: &Rights<'_>, said: &Said) -> Vec<Reached> {
    said.administrators.iter().filter_map(|one| identity(rights, one)).flatten().collect()
}
