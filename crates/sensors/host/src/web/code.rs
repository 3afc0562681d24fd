//! What a script does by its text: it is not run and not parsed, but comments are left out, and of
//! each call the arguments are looked at, and of each variable what it was given.
//!
//! Limits: 400 variables and 2,000 calls of a script, 4,096 bytes of a call's arguments, 20,000 bytes
//! between a variable and its use. Code that a
//! script puts together from pieces, or that stands in another file, is not seen.

use std::collections::HashSet;

use super::language::{self, Language};

const MAX_VARIABLES: usize = 400;
const MAX_CALLS: usize = 2_000;
const MAX_ARGUMENTS: usize = 4_096;
const MAX_STATEMENT: usize = 1_000;
/// So far behind, a variable has long got another value.
const MAX_DISTANCE: usize = 20_000;
/// A run of letters and digits that no person wrote.
const HIDDEN_RUN: usize = 2_000;

/// Where another function begins, in which a variable of the same name is another.
const OTHER_FUNCTION: [&str; 4] = ["\nfunction ", " function ", "\ndef ", "\nsub "];

/// What was seen, and the line of the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub traits: Vec<&'static str>,
    pub line: Option<usize>,
    /// Where in the text it stands.
    first: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self { traits: Vec::new(), line: None, first: usize::MAX }
    }
}

impl Seen {
    /// One thing in one line.
    pub fn one(what: &'static str, line: usize) -> Self {
        Self { traits: vec![what], line: Some(line), ..Self::default() }
    }

    fn note(&mut self, at: usize, what: &'static str) {
        if !self.traits.contains(&what) {
            self.traits.push(what);
        }
        self.first = self.first.min(at);
    }

    /// Tells the line of what stands first.
    fn done(mut self, code: &str) -> Self {
        let before = code.as_bytes().get(..self.first);
        let line = before.map(|before| memchr::memchr_iter(b'\n', before).count() + 1);
        self.line = line.filter(|_| !self.traits.is_empty());
        self
    }
}

pub fn look(text: &str, language: &Language) -> Seen {
    let mut seen = Seen::default();
    if !language::may_run(text, language) {
        return seen;
    }
    let code = super::comments::without(text, language).to_ascii_lowercase();
    let given = Given::find(&code, language);
    for call in calls(&code, language.runs, language) {
        let from_visitor = has_any(call.arguments, language.sources)
            || given.reach(&code, call.at, call.arguments);
        if from_visitor && !has_any(call.arguments, language.tames) {
            seen.note(call.at, "runs-request");
        } else if has_any(call.arguments, language.decoders)
            && language.evaluates.contains(&call.name)
        {
            seen.note(call.at, "decodes");
        } else if !language.evaluates.contains(&call.name) {
            seen.note(call.at, "runs-command");
        }
    }
    for call in calls(&code, language.includes, language) {
        if includes_visitor(&call, language) {
            seen.note(call.at, "runs-request");
        }
    }
    if let Some(at) = by_variable(&code, language) {
        seen.note(at, "runs-request");
    }
    if let Some((at, inner)) = back_quoted(&code, language) {
        let visitor = has_any(inner, language.sources) || given.reach(&code, at, inner);
        seen.note(at, if visitor { "runs-request" } else { "runs-command" });
    }
    for call in calls(&code, language.uploads, language) {
        seen.note(call.at, "uploads");
    }
    if let Some(at) = hidden_run(&code).filter(|_| !seen.traits.is_empty()) {
        seen.note(at, "obfuscated");
    }
    seen.done(&code)
}

fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

/// A call of a function: what stands in its brackets, or behind it up to the end of the statement.
struct Call<'a> {
    name: &'static str,
    at: usize,
    arguments: &'a str,
}

fn calls<'a>(code: &'a str, names: &'static [&'static str], language: &Language) -> Vec<Call<'a>> {
    let mut found = Vec::new();
    for name in names {
        for at in memchr::memmem::find_iter(code.as_bytes(), name.as_bytes()) {
            if found.len() >= MAX_CALLS {
                return found;
            }
            let after = code.get(at + name.len()..).unwrap_or_default();
            if is_call(code, at, name) {
                found.extend(arguments(after, language).map(|arguments| Call {
                    name,
                    at,
                    arguments,
                }));
            }
        }
    }
    found
}

/// No part of a longer name, no method of an object, no definition.
fn is_call(code: &str, at: usize, name: &str) -> bool {
    let before = code.get(..at).unwrap_or_default();
    let of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    if name.starts_with('.') {
        return true;
    }
    let trimmed = before.trim_end();
    let defines = ["function", "def", "sub", "new function"].iter().any(|word| {
        let rest = trimmed.strip_suffix(word);
        trimmed.len() < before.len() && rest.is_some_and(|rest| !rest.ends_with(of_name))
    });
    let belongs = trimmed.ends_with("->") || trimmed.ends_with("::") || before.ends_with('.');
    !before.ends_with(of_name) && !belongs && !defines && !before.ends_with('-')
}

/// What stands in the brackets that follow, or up to the end of the statement; none where no
/// argument can follow.
fn arguments<'a>(after: &'a str, language: &Language) -> Option<&'a str> {
    let end = after.floor_char_boundary(MAX_ARGUMENTS);
    let after = after.get(..end)?;
    let trimmed = after.trim_start();
    if let Some(inner) = trimmed.strip_prefix('(') {
        return Some(inner.get(..closing(inner)).unwrap_or(inner));
    }
    // A word without brackets takes what follows a blank, and only up to the end of the line.
    let takes =
        trimmed.len() < after.len() && trimmed.starts_with(['$', '"', '\'', '@', '<', '/', '`']);
    let takes = takes || language.sources.iter().any(|source| trimmed.starts_with(source));
    let end = trimmed.find([';', '\n']).unwrap_or(trimmed.len());
    takes.then(|| trimmed.get(..end)).flatten()
}

/// Where the bracket closes that was open before.
fn closing(text: &str) -> usize {
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    for (at, byte) in text.bytes().enumerate() {
        match (byte, quote) {
            _ if escaped => escaped = false,
            (b'\\', Some(_)) => escaped = true,
            (byte, Some(open)) if byte == open => quote = None,
            (_, Some(_)) => {}
            (b'"' | b'\'', None) => quote = Some(byte),
            (b'(', None) => depth += 1,
            (b')', None) if depth == 0 => return at,
            (b')', None) => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Variables that were given what a visitor sent, and where.
struct Given<'a>(Vec<(&'a str, usize)>);

impl<'a> Given<'a> {
    fn find(code: &'a str, language: &Language) -> Self {
        let mut given = Vec::new();
        for source in language.sources {
            for at in memchr::memmem::find_iter(code.as_bytes(), source.as_bytes()) {
                let near = code.floor_char_boundary(at.saturating_sub(MAX_STATEMENT));
                let before = code.get(..at).unwrap_or_default();
                let start = before.get(near..).unwrap_or_default().rfind([';', '{', '}', '\n']);
                let start = near + start.map_or(0, |at| at + 1);
                let far = code.floor_char_boundary(at + MAX_STATEMENT);
                let rest = code.get(at..far).unwrap_or_default();
                let end = at + rest.find([';', '\n']).unwrap_or(rest.len());
                let whole = code.get(start..end).unwrap_or_default();
                if !has_any(whole, language.tames) && given.len() < MAX_VARIABLES {
                    let name = assigned(before.get(start..).unwrap_or_default());
                    given.extend(name.map(|name| (name, at)));
                }
            }
        }
        Self(given)
    }

    /// Whether a text at a place has one of them as a whole word, with no other function between.
    fn reach(&self, code: &str, place: usize, text: &str) -> bool {
        let of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let words: HashSet<&str> = text.split(|c| !of_name(c)).collect();
        let near = self.0.iter().filter(|(_, at)| *at < place && place - *at < MAX_DISTANCE);
        near.into_iter().any(|(name, at)| {
            let between = || code.get(*at..place).unwrap_or_default();
            words.contains(name) && !has_any(between(), &OTHER_FUNCTION)
        })
    }
}

/// The variable to which a statement gives something, if nothing but the value follows.
fn assigned(statement: &str) -> Option<&str> {
    let at = statement.find('=')?;
    let (name, value) = statement.split_at(at);
    let value = value.get(1..)?;
    let compares = value.starts_with(['=', '>', '~']) || name.ends_with(['!', '<', '>', '=']);
    let name = name.trim_end_matches(['.', ':', ' ', '\t']);
    let start = name.rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
    let name = name.get(start.map_or(0, |at| at + 1)..)?;
    // What only asks whether the visitor sent something does not take it.
    let asks =
        ["isset", "empty", "==", "?", "in_array", "count("].iter().any(|word| value.contains(word));
    (!compares && !asks && !name.is_empty() && name != "$").then_some(name)
}

/// What is included or called back comes straight from a visitor.
fn includes_visitor(call: &Call<'_>, language: &Language) -> bool {
    let first = call.arguments.split(',').next().unwrap_or_default().trim();
    let first = first.trim_start_matches(['(', '@', ' ']);
    let straight =
        language.sources.iter().any(|source| first.trim_matches(['"', '\'']).starts_with(source));
    match call.name {
        "preg_replace" | "mb_ereg_replace" => {
            straight && has_any(call.arguments, &["eval"])
                || (evaluates(first) && has_any(call.arguments, language.sources))
        }
        "array_map" | "array_filter" | "call_user_func" | "call_user_func_array" | "usort" => {
            let runner = language.runs.iter().any(|name| first.trim_matches(['"', '\'']) == *name);
            straight || (runner && has_any(call.arguments, language.sources))
        }
        "mail" => false,
        _ => straight,
    }
}

/// A pattern that ends in `/e` runs what it puts in.
fn evaluates(pattern: &str) -> bool {
    let pattern = pattern.trim_matches(['"', '\'']);
    let delimiter = pattern.chars().next().filter(|c| !c.is_alphanumeric() && *c != '$');
    let flags = delimiter.and_then(|c| pattern.rsplit_once(c)).map(|(_, flags)| flags);
    flags.is_some_and(|flags| {
        flags.contains('e') && flags.len() <= 6 && flags.chars().all(char::is_alphabetic)
    })
}

/// `$_GET['f']($_GET['x'])`: the visitor says which function.
fn by_variable(code: &str, language: &Language) -> Option<usize> {
    let own = language.sources.iter().filter(|source| source.starts_with("$_"));
    for source in own {
        for at in memchr::memmem::find_iter(code.as_bytes(), source.as_bytes()) {
            let rest = code.get(at + source.len()..).unwrap_or_default();
            let Some(inner) = rest.strip_prefix('[') else { continue };
            let Some(end) = inner.find(']').filter(|end| *end < 64) else { continue };
            if inner.get(end + 1..).is_some_and(|after| after.starts_with('(')) {
                return Some(at);
            }
        }
    }
    None
}

/// The first command in back quotes.
fn back_quoted<'a>(code: &'a str, language: &Language) -> Option<(usize, &'a str)> {
    if !language.back_quotes {
        return None;
    }
    let mut from = 0;
    for (at, _) in code.match_indices('`').take(MAX_CALLS) {
        if at < from {
            continue;
        }
        let inner = code.get(at + 1..)?;
        let Some(end) = inner.find(['`', '\n']) else { continue };
        let before = code.get(..at).unwrap_or_default().trim_end();
        let runs = before.ends_with(['=', '(', '?', ';', '{', ',']) || before.ends_with("echo");
        if inner.get(end..).is_some_and(|rest| rest.starts_with('`')) && runs && end > 0 {
            return Some((at, inner.get(..end)?));
        }
        from = at + 1 + end + 1;
    }
    None
}

/// Where a long run of letters and digits begins.
fn hidden_run(code: &str) -> Option<usize> {
    let of_run = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=\\".contains(&byte);
    let mut start = None;
    for (at, byte) in code.bytes().enumerate() {
        match start {
            _ if !of_run(byte) => start = None,
            None => start = Some(at),
            Some(first) if at - first >= HIDDEN_RUN => return start,
            Some(_) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
