//! The program that a command line of a shell runs first, behind keywords, variables and programs
//! that only start others. Commands that start nothing of their own count as none.

use std::path::Path;

use crate::root::Root;

/// Where a program is looked for that is named without a folder.
const FOLDERS: [&str; 8] = [
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/usr/games",
    "/snap/bin",
];
const OWN_FOLDERS: [&str; 2] = [".local/bin", "bin"];
/// What stands before a command and is none.
const BEFORE: [&str; 26] = [
    "if",
    "then",
    "elif",
    "else",
    "while",
    "until",
    "do",
    "!",
    "{",
    "time",
    "exec",
    "nohup",
    "setsid",
    "env",
    "command",
    "builtin",
    "nice",
    "ionice",
    "dbus-launch",
    "eval",
    ".",
    "source",
    "begin",
    "and",
    "or",
    "not",
];
/// What a shell does itself and what starts nothing.
const NOTHING: [&str; 85] = [
    "fi",
    "done",
    "esac",
    "}",
    "for",
    "case",
    "select",
    "function",
    "in",
    "[",
    "[[",
    "]",
    "]]",
    "((",
    "test",
    ":",
    "true",
    "false",
    "export",
    "unset",
    "set",
    "shift",
    "return",
    "exit",
    "break",
    "continue",
    "cd",
    "umask",
    "ulimit",
    "local",
    "declare",
    "typeset",
    "readonly",
    "read",
    "trap",
    "wait",
    "alias",
    "echo",
    "printf",
    "sleep",
    "which",
    "type",
    "shopt",
    "complete",
    "compgen",
    "compopt",
    "bind",
    "hash",
    "let",
    "getopts",
    "pushd",
    "popd",
    "dirs",
    "history",
    "fc",
    "jobs",
    "enable",
    "emulate",
    "setopt",
    "unsetopt",
    "autoload",
    "zstyle",
    "zle",
    "bindkey",
    "zmodload",
    "compinit",
    "compdef",
    "promptinit",
    "prompt",
    "unalias",
    "setenv",
    "unsetenv",
    "endif",
    "endsw",
    "switch",
    "breaksw",
    "default:",
    "end",
    "foreach",
    "status",
    "abbr",
    "string",
    "math",
    "functions",
    "fish_add_path",
];
/// No command line has more words that matter.
const MAX_WORDS: usize = 10_000;

/// The first word of the first command that starts something; none if none does.
pub fn word(line: &str) -> Option<String> {
    let mut begins = true;
    let mut evaluated = false;
    for part in parts(line) {
        match part {
            Part::Break => begins = true,
            Part::Word { .. } if !begins => {}
            Part::Word { text, bare: false } if evaluated && text.len() < line.len() => {
                return word(&text);
            }
            Part::Word { text, bare } => {
                evaluated = bare && text == "eval";
                if bare && NOTHING.contains(&text.as_str()) {
                    begins = false;
                } else if !(bare && is_before(&text)) {
                    return Some(text);
                }
            }
        }
    }
    None
}

/// The program's path if it can be found, otherwise the word as it is.
pub fn found(word: &str, home: Option<&Path>, root: &Root) -> String {
    let word = in_home(word, home);
    if word.contains('/') {
        return word;
    }
    let own = OWN_FOLDERS.iter().filter_map(|folder| Some(home?.join(folder)));
    let folders = FOLDERS.iter().map(|folder| Path::new(folder).to_owned()).chain(own);
    let mut paths = folders.map(|folder| folder.join(&word));
    let there = paths.find(|path| root.stat(path).is_ok());
    there.map(|path| crate::name::path(&path)).unwrap_or(word)
}

fn in_home(word: &str, home: Option<&Path>) -> String {
    let rest = ["~/", "$HOME/", "${HOME}/"].iter().find_map(|start| word.strip_prefix(start));
    match (rest, home) {
        (Some(rest), Some(home)) => crate::name::path(&home.join(rest)),
        _ => word.to_owned(),
    }
}

/// A keyword, an option of what starts another or its number, or `NAME=value`.
fn is_before(word: &str) -> bool {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    BEFORE.contains(&word)
        || word.starts_with(['-', '+'])
        || word.starts_with("$?")
        || is_number
        || is_assignment(word)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        let of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_+".contains(&byte);
        !name.is_empty() && name.bytes().all(of_name)
    })
}

enum Part {
    /// A word without its quotes, and whether it had none.
    Word { text: String, bare: bool },
    /// Where another command begins.
    Break,
}

/// The words of a line and what separates its commands.
fn parts(line: &str) -> Vec<Part> {
    let mut parts = Parts::default();
    let mut quote = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quote) {
            _ if parts.all.len() >= MAX_WORDS => break,
            ('\\', open) if open != Some('\'') => parts.text.extend(chars.next()),
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                parts.quoted.get_or_insert(parts.text.len());
            }
            ('#', None) if parts.is_between() => break,
            (c, None) if c.is_whitespace() => parts.end(),
            ('$', None) if chars.peek() == Some(&'(') => {}
            ('(', None) if chars.next_if_eq(&')').is_some() => parts.is_name(),
            (')', None) if parts.depth == 0 => parts.is_pattern(),
            (';' | '&' | '|' | '(' | ')' | '`', None) => parts.between(c),
            (c, _) => parts.text.push(c),
        }
    }
    parts.end();
    parts.all
}

#[derive(Default)]
struct Parts {
    all: Vec<Part>,
    text: String,
    /// How much of the word stands before its first quote.
    quoted: Option<usize>,
    /// How many parentheses are open.
    depth: usize,
    /// Where the statement begins.
    statement: usize,
}

impl Parts {
    fn between(&mut self, c: char) {
        self.end();
        self.all.push(Part::Break);
        match c {
            '(' => self.depth += 1,
            ')' => self.depth = self.depth.saturating_sub(1),
            ';' => self.statement = self.all.len(),
            _ => {}
        }
    }

    /// `name() {` defines and starts nothing.
    fn is_name(&mut self) {
        self.end();
        self.all.pop();
    }

    /// `*.x|y)` is what a case is compared with.
    fn is_pattern(&mut self) {
        self.end();
        self.all.truncate(self.statement);
        self.all.push(Part::Break);
    }

    fn is_between(&self) -> bool {
        self.text.is_empty() && self.quoted.is_none()
    }

    fn end(&mut self) {
        let quoted = self.quoted.take();
        let text = std::mem::take(&mut self.text);
        // Of `NAME='value'` the value alone is quoted.
        let before = quoted.and_then(|at| text.get(..at));
        if !text.is_empty() && !before.is_some_and(is_assignment) {
            self.all.push(Part::Word { text, bare: quoted.is_none() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_program_is_found_behind_what_starts_nothing() {
        let cases = [
            ("x11vnc -forever &", Some("x11vnc")),
            ("exec startplasma-x11", Some("startplasma-x11")),
            ("if [ -x /bin/a ]; then /bin/a; fi", Some("/bin/a")),
            ("[ -r $HOME/.Xresources ] && xrdb $HOME/.Xresources", Some("xrdb")),
            ("env DISPLAY=:0 A=b nice -n -5 \"/opt/my tool\" --x", Some("/opt/my tool")),
            ("nice -n 10 ionice -c 3 backup", Some("backup")),
            ("A=1 B=2", None),
            ("PS1='a b' C=\"d\" x", Some("x")),
            ("'A=1'", Some("A=1")),
            ("export PATH=/x:$PATH", None),
            ("fi", None),
            ("sleep 5 && rustdesk --tray", Some("rustdesk")),
            ("(cd /tmp; ./run) &", Some("./run")),
            ("eval \"$(SHELL=/bin/sh lesspipe)\"", Some("lesspipe")),
            ("eval `dircolors`", Some("dircolors")),
            ("[ -r ~/.x ] && . ~/.x", Some("~/.x")),
            ("chroot=$(cat /etc/chroot)", Some("cat")),
            ("xterm-color|*-256color) colour=yes;;", None),
            ("start) x;; stop) y;;", Some("x")),
            ("sudo() { /opt/x \"$@\"; }", Some("/opt/x")),
            ("f () {", None),
            ("shopt -s checkwinsize", None),
            ("# only words", None),
            ("'unclosed quote", Some("unclosed quote")),
            ("a\\", Some("a")),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(word(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn a_program_is_looked_for_in_the_usual_folders() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["usr/bin/tool", "home/a/.local/bin/own"] {
            crate::fixture::write(&folder.path().join(path), b"");
        }
        let root = Root::open(folder.path()).unwrap();
        let home = Some(Path::new("/home/a"));
        let cases = [
            ("tool", "/usr/bin/tool"),
            ("own", "/home/a/.local/bin/own"),
            ("~/x", "/home/a/x"),
            ("$HOME/x", "/home/a/x"),
            ("absent", "absent"),
            ("./here", "./here"),
        ];
        for (word, expected) in cases {
            assert_eq!(found(word, home, &root), expected);
        }
        assert_eq!(found("own", None, &root), "own");
    }
}
