//! What the statements of sudoers mean by themselves, before any name in them is resolved.

use super::{
    cursor::Cursor,
    rule::{commands, items, rule},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    Alias { kind: Kind, name: String, means: Meaning },
    Defaults { of: Scope, settings: Vec<Setting> },
    Include { path: String, folder: bool },
    Rule { users: Vec<Item>, privileges: Vec<Privilege> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    User,
    RunAs,
    Host,
    Command,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    Items(Vec<Item>),
    Commands(Vec<Command>),
}

/// A name in a list of users, hosts or those as whom one runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub negated: bool,
    pub name: String,
    /// In quotes it is never an alias and never everyone.
    pub quoted: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Command {
    pub negated: bool,
    pub written: String,
    /// The program, or the name of an alias, or `ALL`.
    pub program: String,
    pub arguments: Option<String>,
}

/// Whose settings they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    All,
    Users(Vec<Item>),
    Hosts(Vec<Item>),
    Commands(Vec<Command>),
    RunAs(Vec<Item>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub negated: bool,
    pub name: String,
    /// `=`, `+=`, `-=` or nothing.
    pub sign: &'static str,
    pub value: String,
}

/// What may be done on some hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privilege {
    pub hosts: Vec<Item>,
    pub parts: Vec<Part>,
}

/// Commands one after another as whom and how is the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// None where the rule does not say.
    pub run_as: Option<RunAs>,
    pub tags: Tags,
    pub commands: Vec<Command>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunAs {
    pub users: Vec<Item>,
    pub groups: Vec<Item>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tags {
    /// Whether a password is asked, where the rule says so.
    pub password: Option<bool>,
    pub alone: Option<bool>,
}

/// One statement of a line; a line of aliases holds several.
pub fn statements(line: &str) -> Option<Vec<Statement>> {
    if let Some(include) = include(line) {
        return include.map(|statement| vec![statement]);
    }
    let word = line.split(char::is_whitespace).next().unwrap_or_default();
    let rest = line.get(word.len()..).unwrap_or_default();
    let kind = match word {
        "User_Alias" => Some(Kind::User),
        "Runas_Alias" => Some(Kind::RunAs),
        "Host_Alias" => Some(Kind::Host),
        "Cmnd_Alias" | "Cmd_Alias" => Some(Kind::Command),
        _ => None,
    };
    if let Some(kind) = kind {
        return aliases(kind, rest);
    }
    if let Some(rest) = line.strip_prefix("Defaults")
        && rest.starts_with(|c: char| c.is_whitespace() || "@:!>".contains(c))
    {
        return defaults(rest).map(|statement| vec![statement]);
    }
    rule(line).map(|statement| vec![statement])
}

/// None where the line is no such; some none where it is one that makes no sense.
fn include(line: &str) -> Option<Option<Statement>> {
    let rest = line.strip_prefix('@').or_else(|| line.strip_prefix('#'))?;
    let (folder, rest) = match (rest.strip_prefix("includedir"), rest.strip_prefix("include")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return None,
    };
    if !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let path = Cursor::new(rest).word(&[]).map(|(path, _)| path);
    Some(path.map(|path| Statement::Include { path, folder }))
}

fn aliases(kind: Kind, text: &str) -> Option<Vec<Statement>> {
    let mut cursor = Cursor::new(text);
    let mut found = Vec::new();
    loop {
        let (name, _) = cursor.word(&['=', ':', ','])?;
        if !is_alias(&name) || !cursor.take('=') {
            return None;
        }
        let means = match kind {
            Kind::Command => Meaning::Commands(commands(&mut cursor)?),
            Kind::Host => Meaning::Items(items(&mut cursor, true)?),
            _ => Meaning::Items(items(&mut cursor, false)?),
        };
        found.push(Statement::Alias { kind, name, means });
        if !cursor.take(':') {
            return cursor.is_done().then_some(found);
        }
    }
}

/// Capital letters, digits and `_`, and first a letter.
pub fn is_alias(name: &str) -> bool {
    let of_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().all(of_name)
}

fn defaults(rest: &str) -> Option<Statement> {
    let mut cursor = Cursor::new(rest);
    let mark = cursor.peek().filter(|c| "@:!>".contains(*c));
    let of = match mark {
        None => Scope::All,
        Some(mark) => {
            cursor.take(mark);
            match mark {
                ':' => Scope::Users(items(&mut cursor, false)?),
                '@' => Scope::Hosts(items(&mut cursor, true)?),
                '>' => Scope::RunAs(items(&mut cursor, false)?),
                _ => Scope::Commands(names(&mut cursor)?),
            }
        }
    };
    let mut settings = Vec::new();
    loop {
        settings.push(setting(&mut cursor)?);
        if !cursor.take(',') {
            return cursor.is_done().then_some(Statement::Defaults { of, settings });
        }
    }
}

/// Commands without arguments, as `Defaults!` has them.
fn names(cursor: &mut Cursor<'_>) -> Option<Vec<Command>> {
    let mut found = Vec::new();
    loop {
        let negated = cursor.negations();
        let (program, _) = cursor.word(&[','])?;
        found.push(Command { negated, written: program.clone(), program, arguments: None });
        if !cursor.take(',') {
            return Some(found);
        }
    }
}

fn setting(cursor: &mut Cursor<'_>) -> Option<Setting> {
    let negated = cursor.negations();
    let raw = cursor.raw(|c| c.is_whitespace() || "=+,".contains(c));
    let name = raw.strip_suffix('-').unwrap_or(raw);
    cursor.blanks();
    let minus = name.len() < raw.len();
    let sign = ["+=", "-=", "="].into_iter().find(|sign| cursor.take_text(sign));
    let sign = if minus && sign == Some("=") { "-=" } else { sign.unwrap_or_default() };
    let value = match sign {
        "" => String::new(),
        _ => cursor.word(&[',']).map(|(value, _)| value).unwrap_or_default(),
    };
    (!name.is_empty()).then(|| Setting { negated, name: name.into(), sign, value })
}
