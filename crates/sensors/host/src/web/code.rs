//! What a script does by its text: it is not run and not parsed, but comments are left out, and of
//! each call the arguments are looked at, and of each variable what it was given.
//!
//! Limits: 400 variables and 2,000 calls of a script, 4,096 bytes of a call's arguments, 20,000 bytes
//! between a variable and its use. Code that a
//! script puts together from pieces, or that stands in another file, is not seen.

mod calls;
mod given;

use super::language::{self, Language};
use calls::{Call, MAX_CALLS, calls};
use given::Given;

/// A run of letters and digits that no person wrote.
const HIDDEN_RUN: usize = 2_000;

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

pub fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
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
        "array_map" | "call_user_func" | "call_user_func_array" => {
            straight || (names_runner(first, language) && has_any(call.arguments, language.sources))
        }
        // The function comes second.
        "array_filter" | "usort" => {
            let second = call.arguments.split(',').nth(1).unwrap_or_default().trim();
            let sent = language.sources.iter().any(|source| second.starts_with(source));
            sent || (names_runner(second, language) && has_any(first, language.sources))
        }
        _ => straight,
    }
}

fn names_runner(argument: &str, language: &Language) -> bool {
    language.runs.contains(&argument.trim_matches(['"', '\'']))
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
