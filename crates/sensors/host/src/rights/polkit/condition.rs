//! Conditions of a rule: which actions, accounts and groups they name.
//!
//! Limits: 64 deep.

use std::collections::HashMap;

use super::tokens::{Token, What};

const DEPTH: usize = 64;

/// What a script calls the action and who asks, and the texts that its variables hold.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub action: String,
    pub subject: String,
    pub texts: HashMap<String, Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Action(String),
    Group(String),
    User(String),
    /// What makes the rule reach less, and nothing that counts here: a session at the machine.
    Narrow,
    Unknown,
}

pub fn parse(tokens: &[Token], names: &Names, depth: usize) -> Condition {
    if depth > DEPTH {
        return Condition::Unknown;
    }
    let inner = |part: &[Token]| parse(part, names, depth + 1);
    let any = split(tokens, "||");
    if any.len() > 1 {
        return Condition::Any(any.into_iter().map(inner).collect());
    }
    let all = split(tokens, "&&");
    if all.len() > 1 {
        return Condition::All(all.into_iter().map(inner).collect());
    }
    match tokens {
        [mark, rest @ ..] if mark.is("!") => Condition::Not(Box::new(inner(rest))),
        [open, within @ .., close] if open.is("(") && close.is(")") && is_whole(tokens) => {
            inner(within)
        }
        _ => atom(tokens, names),
    }
}

/// The parts between marks that stand in no brackets.
pub fn split<'a>(tokens: &'a [Token], mark: &str) -> Vec<&'a [Token]> {
    let mut open = 0_usize;
    tokens
        .split(|token| {
            open = depth_after(open, token);
            open == 0 && token.is(mark)
        })
        .collect()
}

/// How many brackets are open behind a token.
pub fn depth_after(open: usize, token: &Token) -> usize {
    match &token.what {
        What::Mark(mark) if matches!(&**mark, "(" | "[" | "{") => open + 1,
        What::Mark(mark) if matches!(&**mark, ")" | "]" | "}") => open.saturating_sub(1),
        _ => open,
    }
}

/// Whether the first bracket is closed by the last token.
fn is_whole(tokens: &[Token]) -> bool {
    let mut open = 0;
    let first = tokens.iter().position(|token| {
        open = depth_after(open, token);
        open == 0
    });
    first.is_some_and(|at| at + 1 == tokens.len())
}

fn atom(tokens: &[Token], names: &Names) -> Condition {
    let equal = tokens.iter().position(|token| {
        ["==", "===", "!=", "!==", ">", ">=", "<"].iter().any(|mark| token.is(mark))
    });
    let Some(at) = equal else { return claim(tokens, names) };
    let (left, right) =
        (tokens.get(..at).unwrap_or_default(), tokens.get(at + 1..).unwrap_or_default());
    let negated = tokens.get(at).is_some_and(|mark| mark.is("!=") || mark.is("!=="));
    let claimed = compared(left, right, names).or_else(|| compared(right, left, names));
    if let Some(claimed) = claimed {
        return if negated { Condition::Not(Box::new(claimed)) } else { claimed };
    }
    // `indexOf(…) >= 0`, `match(…) != null`, `isInGroup(…) == true`
    let shown: String = right.iter().map(shown).collect();
    let less = tokens.get(at).is_some_and(|mark| mark.is("<"));
    let absent = match shown.as_str() {
        "-1" => !negated && !tokens.get(at).is_some_and(|mark| mark.is(">")),
        "0" => less,
        "false" | "null" | "undefined" => !negated,
        "true" => negated,
        _ => return if is_lookup(left, names) { Condition::Narrow } else { Condition::Unknown },
    };
    let claimed = claim(left, names);
    if absent { Condition::Not(Box::new(claimed)) } else { claimed }
}

/// `action.id == "x"`, `subject.user == "x"`
fn compared(name: &[Token], value: &[Token], names: &Names) -> Option<Condition> {
    let texts = texts(value, names)?;
    let make = if is_member(name, &names.action, "id") {
        Condition::Action
    } else if is_member(name, &names.subject, "user") {
        Condition::User
    } else {
        return is_lookup(name, names).then_some(Condition::Narrow);
    };
    Some(any(texts, make))
}

fn any(texts: Vec<String>, make: fn(String) -> Condition) -> Condition {
    Condition::Any(texts.into_iter().map(make).collect())
}

/// What stands alone and is true or false.
fn claim(tokens: &[Token], names: &Names) -> Condition {
    if let [one] = tokens
        && one.is_word("true")
    {
        return Condition::All(Vec::new());
    }
    if let [name, dot, member] = tokens
        && name.is_word(&names.subject)
        && dot.is(".")
        && ["local", "active", "session", "seat"].iter().any(|known| member.is_word(known))
    {
        return Condition::Narrow;
    }
    let Some((of, method, arguments)) = call(tokens) else { return Condition::Unknown };
    if of.len() == 1 && of.first().is_some_and(|one| one.is_word(&names.subject)) {
        return match (method, texts(arguments, names)) {
            ("isInGroup", Some(groups)) => any(groups, Condition::Group),
            _ => Condition::Unknown,
        };
    }
    if is_member(of, &names.action, "id") {
        return by_pattern(method, arguments, names);
    }
    if is_lookup(tokens, names) || is_lookup(of, names) {
        return Condition::Narrow;
    }
    if let [Token { what: What::Pattern(pattern), .. }] = of {
        let action = is_member(arguments, &names.action, "id");
        return if action { Condition::Action(format!("/{pattern}/")) } else { Condition::Unknown };
    }
    let listed = matches!(method, "indexOf" | "includes").then(|| texts(of, names)).flatten();
    match listed {
        Some(texts) if is_member(arguments, &names.action, "id") => any(texts, Condition::Action),
        Some(texts) if is_member(arguments, &names.subject, "user") => any(texts, Condition::User),
        _ => Condition::Unknown,
    }
}

/// `action.id.startsWith("x")` and the like.
fn by_pattern(method: &str, arguments: &[Token], names: &Names) -> Condition {
    if let [Token { what: What::Pattern(pattern), .. }] = arguments {
        return Condition::Action(format!("/{pattern}/"));
    }
    let Some(texts) = texts(arguments, names) else { return Condition::Unknown };
    let pattern = |text: String| match method {
        // Where it was found is seldom asked but for the start.
        "startsWith" | "indexOf" | "lastIndexOf" => Some(format!("{text}*")),
        "endsWith" => Some(format!("*{text}")),
        "includes" => Some(format!("*{text}*")),
        "match" | "search" => Some(format!("/{text}/")),
        _ => None,
    };
    let patterns: Option<Vec<String>> = texts.into_iter().map(pattern).collect();
    patterns.map_or(Condition::Unknown, |patterns| any(patterns, Condition::Action))
}

/// `OF.METHOD(ARGUMENTS)`
fn call(tokens: &[Token]) -> Option<(&[Token], &str, &[Token])> {
    let mut open = 0;
    let mut start = None;
    for (at, token) in tokens.iter().enumerate() {
        if open == 0 && token.is("(") {
            start = Some(at);
        }
        open = depth_after(open, token);
    }
    let start = start.filter(|_| tokens.last().is_some_and(|last| last.is(")")))?;
    let method = tokens.get(start.checked_sub(1)?)?.word()?;
    let of = tokens.get(..start.checked_sub(2)?)?;
    tokens.get(start - 2).filter(|dot| dot.is("."))?;
    Some((of, method, tokens.get(start + 1..tokens.len() - 1)?))
}

fn is_member(tokens: &[Token], of: &str, member: &str) -> bool {
    matches!(tokens, [a, dot, b] if a.is_word(of) && dot.is(".") && b.is_word(member))
}

/// `action.lookup("unit")`: what the program that asks says of its action.
fn is_lookup(tokens: &[Token], names: &Names) -> bool {
    matches!(tokens, [a, dot, b, ..] if a.is_word(&names.action) && dot.is(".") && b.is_word("lookup"))
}

/// The texts that stand here: one, a list of them, or a variable that holds such.
pub fn texts(tokens: &[Token], names: &Names) -> Option<Vec<String>> {
    match tokens {
        [one] => match one.word() {
            Some(word) => names.texts.get(word).cloned(),
            None => one.text().map(|text| vec![text.to_owned()]),
        },
        [open, within @ .., close] if open.is("[") && close.is("]") && is_whole(tokens) => {
            let parts = split(within, ",").into_iter().filter(|part| !part.is_empty());
            let texts: Option<Vec<Vec<String>>> = parts.map(|part| texts(part, names)).collect();
            texts.map(|texts| texts.concat())
        }
        _ => None,
    }
}

fn shown(token: &Token) -> &str {
    match &token.what {
        What::Word(text) | What::Text(text) | What::Pattern(text) | What::Mark(text) => text,
    }
}
