//! doas: `/etc/doas.conf`, and `/etc/doas.d/*.conf` where a system divides it. The last rule that
//! fits decides: what a later `deny` takes away whole is gone.
//!
//! Limits: what a `deny` takes from a single command is not taken away here.

use std::path::{Path, PathBuf};

use super::{CAP, Grant, MAX_FILES, Reached, Rights, programs::Named};
use crate::name;

const MAX_RULES: usize = 10_000;

/// A line of doas.conf.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    line: usize,
    permit: bool,
    options: Vec<String>,
    /// An account, or a group with `:` before it.
    identity: String,
    as_user: Option<String>,
    command: Option<String>,
    /// None allows any.
    arguments: Option<Vec<String>>,
}

/// The rules, and the lines that make no sense; doas then refuses the whole file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rules {
    rules: Vec<Rule>,
    senseless: Vec<usize>,
    more: bool,
}

pub fn parse(bytes: &[u8]) -> Rules {
    let mut found = Rules::default();
    for (line, words) in lines(bytes) {
        if found.rules.len() >= MAX_RULES {
            found.more = true;
            break;
        }
        match rule(line, &words) {
            Some(rule) => found.rules.push(rule),
            None => found.senseless.push(line),
        }
    }
    found
}

/// The words of each rule; a backslash at its end joins a line with the next.
fn lines(bytes: &[u8]) -> Vec<(usize, Vec<String>)> {
    let text = name::text(bytes);
    let mut lines = Vec::new();
    let (mut words, mut word, mut quoted, mut within) = (Vec::new(), String::new(), false, false);
    let (mut line, mut start) = (1, 1);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let ends = !quoted && (c.is_whitespace() || "{}#".contains(c));
        if ends && within {
            words.push(std::mem::take(&mut word));
            within = false;
        }
        match c {
            '\\' => {
                let next = chars.next();
                line += usize::from(next == Some('\n'));
                if let Some(next) = next.filter(|next| *next != '\n') {
                    word.push(next);
                    within = true;
                }
            }
            '"' => {
                quoted = !quoted;
                within = true;
            }
            '\n' => {
                if !words.is_empty() {
                    lines.push((start, std::mem::take(&mut words)));
                }
                (line, quoted) = (line + 1, false);
                start = line;
            }
            '#' if !quoted => while chars.next_if(|c| *c != '\n').is_some() {},
            '{' | '}' if !quoted => words.push(c.into()),
            c if ends && c.is_whitespace() => {}
            c => {
                word.push(c);
                within = true;
            }
        }
    }
    if within {
        words.push(word);
    }
    if !words.is_empty() {
        lines.push((start, words));
    }
    lines
}

fn rule(line: usize, words: &[String]) -> Option<Rule> {
    let mut words = words.iter().map(String::as_str).peekable();
    let permit = match words.next()? {
        "permit" => true,
        "deny" => false,
        _ => return None,
    };
    let mut rule = Rule { line, permit, ..Rule::default() };
    while let Some(option) =
        words.next_if(|word| ["nopass", "nolog", "persist", "keepenv", "setenv"].contains(word))
    {
        rule.options.push(option.into());
        if option == "setenv" && words.next_if_eq(&"{").is_some() {
            while words.next()? != "}" {}
        }
    }
    rule.identity = words.next()?.into();
    if words.next_if_eq(&"as").is_some() {
        rule.as_user = Some(words.next()?.into());
    }
    if words.next_if_eq(&"cmd").is_some() {
        rule.command = Some(words.next()?.into());
        if words.next_if_eq(&"args").is_some() {
            rule.arguments = Some(words.by_ref().map(str::to_owned).collect());
        }
    }
    words.next().is_none().then_some(rule)
}

pub fn collect(rights: &mut Rights<'_>) {
    let mut files = vec![PathBuf::from("/etc/doas.conf")];
    let parts = rights.reading.entries(Path::new("/etc/doas.d"), MAX_FILES);
    files
        .extend(parts.into_iter().filter(|path| path.extension().is_some_and(|end| end == "conf")));
    let from = rights.reading.found.rows.len();
    for path in files {
        let Some(content) = rights.reading.content(&path, CAP, &[]) else { continue };
        let modified = rights.reading.modified(&path);
        let found = parse(&content);
        if let Some(first) = found.senseless.first() {
            let detail =
                format!("line {first} makes no sense; so for {} such", found.senseless.len());
            rights.reading.malformed(&path, &[], &detail);
        }
        if found.more {
            rights.reading.too_large(&path, &[], format!("more than {MAX_RULES} rules"));
        }
        for rule in found.rules {
            let reached = reached(rights, &rule.identity);
            if !rule.permit {
                deny(rights, from, &rule, &reached);
                continue;
            }
            let path = name::path(&path);
            let grant = Grant { path, modified, ..grant(&rule) };
            rights.give(&grant, &reached);
        }
    }
}

fn grant(rule: &Rule) -> Grant {
    let arguments = rule.arguments.as_ref().map(|arguments| arguments.join(" "));
    let command = rule.command.as_ref().map(|command| match &arguments {
        Some(arguments) => format!("{command} {arguments}").trim_end().to_owned(),
        None => command.clone(),
    });
    let named = |written: &String| Named {
        written: written.clone(),
        arguments: arguments.clone(),
        alone: false,
    };
    Grant {
        way: "doas",
        as_user: rule.as_user.clone().unwrap_or_else(|| "ALL".into()),
        everything: command.is_none(),
        command: command.unwrap_or_else(|| "ALL".into()),
        no_password: rule.options.iter().any(|option| option == "nopass"),
        programs: rule.command.iter().map(named).collect(),
        line: i64::try_from(rule.line).ok(),
        ..Grant::default()
    }
}

fn reached(rights: &Rights<'_>, identity: &str) -> Vec<Reached> {
    let people = &rights.people;
    let Some(group) = identity.strip_prefix(':') else {
        let number = identity.parse().ok().filter(|_| !people.has(identity));
        let named = number.and_then(|number| people.named(number).next());
        return vec![Reached::named(named.unwrap_or(identity))];
    };
    let group = group.parse().map_or_else(|_| group.to_owned(), |number| people.group(number));
    let through = |user: &String| Reached::through(user, format!("group {group}"));
    people.members(&group).iter().map(through).collect()
}

fn deny(rights: &mut Rights<'_>, from: usize, rule: &Rule, reached: &[Reached]) {
    if rule.command.is_some() || rule.as_user.is_some() {
        return;
    }
    let mut at = 0;
    rights.reading.found.rows.retain(|row| {
        at += 1;
        at <= from || !reached.iter().any(|denied| denied.user == row.user)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_doas_reads_them() {
        let text = b"# comment\npermit nopass setenv { A=b PATH } alice as root cmd /bin/ls args -l \"a b\"\n\
permit persist \\\n :wheel # end\ndeny bob\npermit\nallow x\npermit \"d u\" cmd x args\npermit x y\n";
        let found = parse(text);
        let rule = |line, permit, options: &[&str], identity: &str| Rule {
            line,
            permit,
            options: options.iter().map(|one| (*one).to_owned()).collect(),
            identity: identity.into(),
            ..Rule::default()
        };
        let expected = [
            Rule {
                as_user: Some("root".into()),
                command: Some("/bin/ls".into()),
                arguments: Some(vec!["-l".into(), "a b".into()]),
                ..rule(2, true, &["nopass", "setenv"], "alice")
            },
            rule(3, true, &["persist"], ":wheel"),
            rule(5, false, &[], "bob"),
            Rule {
                command: Some("x".into()),
                arguments: Some(vec![]),
                ..rule(8, true, &[], "d u")
            },
        ];
        assert_eq!(found.rules, expected);
        assert_eq!(found.senseless, [6, 7, 9]);
        assert!(parse(&b"permit a\n".repeat(MAX_RULES + 1)).more);
    }
}
