//! Which lines of what a shell reads matter, and which program they start.

use super::super::program;
use crate::traits;

/// Variables by which a program is started or a library loaded by others.
const VARIABLES: [&str; 7] =
    ["PROMPT_COMMAND", "BASH_ENV", "ENV", "LD_PRELOAD", "LD_AUDIT", "PYTHONSTARTUP", "PERL5OPT"];
/// Programs to which people give their passwords.
const GUARDED: [&str; 14] = [
    "sudo", "su", "doas", "pkexec", "ssh", "scp", "sftp", "passwd", "login", "gpg", "kinit",
    "sudoedit", "mysql", "psql",
];
/// What shells call before each prompt or command.
const CALLED: [&str; 3] = ["precmd", "preexec", "add-zsh-hook"];

/// Whether the line is a row.
pub fn matters(line: &str) -> bool {
    started(line).is_some()
        || variable(line).is_some()
        || trap(line).is_some()
        || guards(line)
        || traits::of(line).is_some()
}

/// The first program that the line starts, or has started later.
pub fn started(line: &str) -> Option<String> {
    if let Some((name, value)) = variable(line) {
        return if name.starts_with("LD_") { None } else { program::word(unquoted(value)) };
    }
    if let Some(command) = trap(line).or_else(|| alias(line).map(|(_, command)| command)) {
        return program::word(unquoted(command)).filter(|_| guards(line) || trap(line).is_some());
    }
    program::word(condition(line))
}

/// `export NAME=value`, `NAME+=(value)`, `set -gx NAME value`.
pub fn variable(line: &str) -> Option<(&str, &str)> {
    let rest = ["export ", "declare -x ", "typeset -x ", "setenv ", "set -gx ", "set -x ", "set "];
    let line = rest.iter().find_map(|start| line.strip_prefix(start)).unwrap_or(line).trim_start();
    let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    let (name, value) = line.split_at(end);
    let value = value.trim_start_matches(['+', '=', ' ', '\t', '(']);
    let set = line.get(end..).is_some_and(|rest| rest.starts_with(['=', '+', ' ', '[']));
    (set && VARIABLES.contains(&name) && !value.is_empty()).then_some((name, value))
}

/// `trap 'command' DEBUG`: what runs at each command, each error or the end.
fn trap(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("trap ")?.trim();
    let (command, signal) = rest.rsplit_once(char::is_whitespace)?;
    let known = ["DEBUG", "EXIT", "ERR", "RETURN", "0"].contains(&signal);
    (known && !matches!(command.trim(), "-" | "''" | "\"\"")).then(|| command.trim())
}

/// `alias name='command'`
fn alias(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("alias ")?.trim_start().trim_start_matches("-g ");
    let at = rest.find(|c: char| c == '=' || c.is_whitespace())?;
    let (name, value) = rest.split_at(at);
    Some((name, value.get(1..)?.trim()))
}

/// Whether the line puts something before a program to which people give passwords.
fn guards(line: &str) -> bool {
    let named = |name: &str| GUARDED.contains(&name) || CALLED.contains(&name);
    if let Some((name, command)) = alias(line) {
        // `alias sudo='sudo '` only lets aliases count behind it.
        return named(name) && !is_itself(name, unquoted(command));
    }
    let function = line.strip_prefix("function ").map(|rest| {
        rest.split(|c: char| c == '(' || c == '{' || c.is_whitespace())
            .find(|word| !word.is_empty())
    });
    let function = function.flatten();
    let called = line.split_once('(').filter(|(_, rest)| rest.trim_start().starts_with(')'));
    function.or(called.map(|(name, _)| name.trim())).is_some_and(named)
}

/// The program by its own name, with options that ask for no more.
fn is_itself(name: &str, command: &str) -> bool {
    let word = program::word(command).unwrap_or_default();
    let folder = word.strip_suffix(name);
    let harmless = folder.is_some_and(|folder| ["", "/bin/", "/usr/bin/"].contains(&folder));
    harmless && !command.contains([';', '|', '&', '`', '$', '>'])
}

fn unquoted(text: &str) -> &str {
    let text = text.trim().trim_end_matches(')');
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('\'').or_else(|| inner('"')).unwrap_or(text)
}

/// csh writes `if (condition) command` and `switch(word)`.
fn condition(line: &str) -> &str {
    if line.starts_with("switch") {
        return "";
    }
    let Some(rest) = line.strip_prefix("if (") else { return line };
    let mut depth = 1;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return rest.get(at + 1..).unwrap_or_default().trim();
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_told_also_where_it_runs_later() {
        let cases = [
            ("PROMPT_COMMAND='/opt/x; y'", Some("/opt/x")),
            ("trap \"/opt/x\" DEBUG", Some("/opt/x")),
            ("alias sudo='/opt/sudo'", Some("/opt/sudo")),
            ("LD_PRELOAD=/opt/x.so", None),
            ("BASH_ENV=/opt/x", Some("/opt/x")),
            ("sudo() {", None),
        ];
        for (line, expected) in cases {
            assert_eq!(started(line).as_deref(), expected, "{line}");
        }
    }
}
