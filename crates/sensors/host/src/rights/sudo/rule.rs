//! The rules of sudoers: who, where, as whom, with which tags, which commands.

use super::{
    cursor::{Cursor, unescaped},
    grammar::{Command, Item, Part, Privilege, RunAs, Statement, Tags},
};

pub fn rule(line: &str) -> Option<Statement> {
    let mut cursor = Cursor::new(line);
    let users = items(&mut cursor, false)?;
    let mut privileges = Vec::new();
    loop {
        let hosts = items(&mut cursor, true)?;
        if !cursor.take('=') {
            return None;
        }
        privileges.push(Privilege { hosts, parts: parts(&mut cursor)? });
        if !cursor.take(':') {
            return cursor.is_done().then_some(Statement::Rule { users, privileges });
        }
    }
}

/// A list of names.
pub fn items(cursor: &mut Cursor<'_>, of_hosts: bool) -> Option<Vec<Item>> {
    let mut found = Vec::new();
    loop {
        let negated = cursor.negations();
        let mark = ["%:", "%#", "%"].into_iter().find(|mark| cursor.take_text(mark));
        let (name, quoted) = match address(cursor).filter(|_| of_hosts) {
            Some(address) => (cursor.take_text(&address).then_some(address)?, false),
            None => cursor.word(&[',', '=', ':', ')', '('])?,
        };
        let name = format!("{}{name}", mark.unwrap_or_default());
        // A group may stand in quotes as a whole, its mark too.
        let quoted = quoted && !name.starts_with(['%', '#', '+']);
        found.push(Item { negated, name, quoted });
        if !cursor.take(',') {
            return Some(found);
        }
    }
}

/// An address of IPv6, whose colons end nothing.
fn address(cursor: &Cursor<'_>) -> Option<String> {
    let rest = cursor.rest();
    let of_address = |c: char| c.is_ascii_hexdigit() || ":./".contains(c);
    let end = rest.find(|c: char| !of_address(c)).unwrap_or(rest.len());
    let found = rest.get(..end)?;
    (found.matches(':').count() >= 2).then(|| found.to_owned())
}

const TAGS: [&str; 18] = [
    "NOPASSWD",
    "PASSWD",
    "NOEXEC",
    "EXEC",
    "NOSETENV",
    "SETENV",
    "NOLOG_INPUT",
    "LOG_INPUT",
    "NOLOG_OUTPUT",
    "LOG_OUTPUT",
    "NOMAIL",
    "MAIL",
    "NOFOLLOW",
    "FOLLOW",
    "NOINTERCEPT",
    "INTERCEPT",
    "NOTEST",
    "TEST",
];
const OPTIONS: [&str; 12] = [
    "APPARMOR_PROFILE",
    "CHROOT",
    "CWD",
    "LIMITPRIVS",
    "NOTAFTER",
    "NOTBEFORE",
    "PRIVS",
    "ROLE",
    "TIMEOUT",
    "TYPE",
    "UMASK",
    "RUNCWD",
];

/// What follows the `=` of a rule. As whom, and with which tags, goes on to the commands after.
fn parts(cursor: &mut Cursor<'_>) -> Option<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut run_as, mut tags) = (None, Tags::default());
    loop {
        if let Some(found) = run_as_whom(cursor)? {
            run_as = Some(found);
        }
        options(cursor);
        while tag(cursor, &mut tags) {}
        options(cursor);
        let command = command(cursor)?;
        match parts.last_mut().filter(|last| last.run_as == run_as && last.tags == tags) {
            Some(last) => last.commands.push(command),
            None => parts.push(Part { run_as: run_as.clone(), tags, commands: vec![command] }),
        }
        if !cursor.take(',') {
            return Some(parts);
        }
    }
}

fn run_as_whom(cursor: &mut Cursor<'_>) -> Option<Option<RunAs>> {
    if !cursor.take('(') {
        return Some(None);
    }
    cursor.blanks();
    let mut found = RunAs::default();
    if !cursor.rest().starts_with([':', ')']) {
        found.users = items(cursor, false)?;
    }
    if cursor.take(':') {
        cursor.blanks();
        if !cursor.rest().starts_with(')') {
            found.groups = items(cursor, false)?;
        }
    }
    cursor.take(')').then_some(Some(found))
}

fn options(cursor: &mut Cursor<'_>) {
    cursor.blanks();
    while let Some(option) = OPTIONS.iter().find(|option| {
        let after = cursor.rest().strip_prefix(**option).map(str::trim_start);
        after.is_some_and(|after| after.starts_with('='))
    }) {
        cursor.take_text(option);
        cursor.take('=');
        cursor.word(&[',']);
        cursor.blanks();
    }
}

fn tag(cursor: &mut Cursor<'_>, tags: &mut Tags) -> bool {
    cursor.blanks();
    let found = TAGS.iter().find(|tag| {
        let after = cursor.rest().strip_prefix(**tag).map(str::trim_start);
        after.is_some_and(|after| after.starts_with(':'))
    });
    let Some(found) = found else { return false };
    match *found {
        "NOPASSWD" => tags.password = Some(false),
        "PASSWD" => tags.password = Some(true),
        "NOEXEC" => tags.alone = Some(true),
        "EXEC" => tags.alone = Some(false),
        _ => {}
    }
    cursor.take_text(found);
    cursor.take(':')
}

pub fn commands(cursor: &mut Cursor<'_>) -> Option<Vec<Command>> {
    let mut found = Vec::new();
    loop {
        found.push(command(cursor)?);
        if !cursor.take(',') {
            return Some(found);
        }
    }
}

/// A command, behind the digests that its program must have.
fn command(cursor: &mut Cursor<'_>) -> Option<Command> {
    cursor.blanks();
    while let Some(digest) = ["sha224", "sha256", "sha384", "sha512"]
        .into_iter()
        .find(|digest| cursor.rest().strip_prefix(digest).is_some_and(is_colon))
    {
        cursor.take_text(digest);
        cursor.take(':');
        cursor.word(&[','])?;
        cursor.take(',');
        cursor.blanks();
    }
    let negated = cursor.negations();
    let raw = match cursor.peek() {
        Some('^') => expression(cursor),
        Some('"') => return None,
        _ => cursor.raw(|c| ",:=".contains(c)),
    };
    let raw = raw.trim();
    let (program, arguments) = match raw.split_once(char::is_whitespace) {
        Some((program, arguments)) => (program, Some(arguments.trim())),
        None => (raw, None),
    };
    let arguments = arguments.map(|arguments| match arguments {
        "\"\"" => String::new(),
        other => unescaped(other),
    });
    let written = format!("{}{raw}", if negated { "!" } else { "" });
    (!program.is_empty()).then(|| Command {
        negated,
        written,
        program: unescaped(program),
        arguments,
    })
}

fn is_colon(rest: &str) -> bool {
    rest.trim_start().starts_with(':')
}

/// A regular expression ends with `$` before a blank or the end of the command; it may hold commas.
fn expression<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    let rest = cursor.rest();
    let mut length = 0;
    let mut before = ' ';
    for (at, c) in rest.char_indices() {
        let next = rest.get(at + c.len_utf8()..).unwrap_or_default();
        let ends = c == '$' && before != '\\' && next.trim_start().starts_with([',', ':']);
        before = c;
        length = at + c.len_utf8();
        if ends {
            break;
        }
    }
    let found = rest.get(..length).unwrap_or_default();
    cursor.take_text(found);
    found
}
