//! What a command line runs: the words of a shell, and those of them that are programs.
//!
//! Reads: texts of other collectors. Limits: variables and aliases are not followed.

use super::signs::base;

/// Programs that run the text behind `-c`.
const SHELLS: &[&str] = &["ash", "bash", "dash", "ksh", "sh", "su", "runuser", "script", "zsh"];
/// Programs that run the file that they are given.
const INTERPRETERS: &[&str] = &[
    "busybox",
    "java",
    "mono",
    "node",
    "nodejs",
    "perl",
    "php",
    "python",
    "python2",
    "python3",
    "ruby",
    "wine",
    "wine64",
    "wine-preloader",
    "wine64-preloader",
];
/// Programs that run another, perhaps behind a user, a number or a word of their own.
const CARRIERS: &[&str] = &[
    "chroot",
    "chrt",
    "dbus-launch",
    "dbus-run-session",
    "doas",
    "env",
    "exec",
    "flatpak",
    "flock",
    "ionice",
    "nice",
    "nohup",
    "parallel",
    "pkexec",
    "proot",
    "setarch",
    "setpriv",
    "setsid",
    "sshpass",
    "stdbuf",
    "strace",
    "sudo",
    "systemd-run",
    "taskset",
    "tcpd",
    "timeout",
    "tini",
    "unshare",
    "watch",
    "xargs",
    "xvfb-run",
];
/// Terminals and what holds them: they have names, titles and commands of their own.
const TERMINALS: &[&str] = &[
    "alacritty",
    "foot",
    "gnome-terminal",
    "kitty",
    "konsole",
    "lxterminal",
    "mate-terminal",
    "new-window",
    "rxvt",
    "screen",
    "send-keys",
    "split-window",
    "terminator",
    "tilix",
    "tmux",
    "urxvt",
    "uxterm",
    "x-terminal-emulator",
    "xfce4-terminal",
    "xterm",
];
/// How many words of its own a carrier may take.
const OWN_WORDS: usize = 2;
const OWN_WORDS_OF_TERMINALS: usize = 4;
const MOST_WORDS: usize = 4096;

/// The words of a command line, without their quotes. What separates commands is a word of its own.
pub fn words(line: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let (mut quote, mut open) = (None, false);
    let mut chars = line.chars();
    while let Some(c) = chars.next().filter(|_| words.len() < MOST_WORDS) {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('\\', None | Some('"')) => match chars.next() {
                // Windows writes its paths so.
                Some(next) if next.is_alphanumeric() => word.extend(['\\', next]),
                next => word.extend(next),
            },
            ('\'' | '"', None) => (quote, open) = (Some(c), true),
            (c, None) if c.is_whitespace() || matches!(c, ';' | '|' | '&') => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
                if !c.is_whitespace() || c == '\n' {
                    words.push(";".into());
                }
            }
            (c, _) => word.push(c),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

/// The programs that a command line runs, in their order, with the words that each gets.
pub fn programs(line: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    of_line(line, &mut found, 0);
    found
}

/// A shell in a shell in a shell is far enough.
const DEEPEST: usize = 4;

fn of_command(command: &[String], found: &mut Vec<(String, Vec<String>)>, depth: usize) {
    let start = command.iter().position(|word| !is_assignment(word)).unwrap_or(command.len());
    let Some((word, rest)) = command.get(start..).and_then(<[String]>::split_first) else { return };
    let word = word.trim_start_matches(['@', '-', ':', '+', '!']);
    if word.is_empty() || depth > DEEPEST {
        return;
    }
    let program = (word.to_owned(), rest.to_vec());
    if !found.contains(&program) {
        found.push(program);
    }
    let carrier = Carrier::of(base(word));
    if carrier == Carrier::Shell
        && let Some(inner) = inner(rest)
    {
        of_line(inner, found, depth + 1);
        return;
    }
    let plain =
        rest.iter().enumerate().filter(|(_, word)| !word.starts_with('-') && !is_assignment(word));
    for (at, word) in plain.take(carrier.tries()) {
        if carrier.takes_lines() && word.contains(char::is_whitespace) {
            of_line(word, found, depth + 1);
        } else {
            of_command(rest.get(at..).unwrap_or_default(), found, depth + 1);
        }
    }
}

fn of_line(line: &str, found: &mut Vec<(String, Vec<String>)>, depth: usize) {
    let words = words(line);
    words.split(|word| word == ";").for_each(|command| of_command(command, found, depth));
}

/// What stands behind `-c`.
fn inner(words: &[String]) -> Option<&str> {
    let at = words.iter().position(|word| {
        word == "-c"
            || (word.starts_with('-')
                && !word.starts_with("--")
                && word.ends_with('c')
                && word.len() < 5)
    })?;
    words.get(at + 1).map(String::as_str)
}

fn is_assignment(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else { return false };
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Carrier {
    None,
    Shell,
    Interpreter,
    Terminal,
    Other,
}

impl Carrier {
    fn of(name: &str) -> Self {
        // `python3.11` is a `python3`.
        let is = |carrier: &&&str| {
            let rest = name.strip_prefix(**carrier);
            rest.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
        };
        let lists = [
            (Self::Shell, SHELLS),
            (Self::Interpreter, INTERPRETERS),
            (Self::Terminal, TERMINALS),
            (Self::Other, CARRIERS),
        ];
        let found = lists.into_iter().find(|(_, names)| names.iter().any(|name| is(&name)));
        found.map_or(Self::None, |(carrier, _)| carrier)
    }

    /// How many of its words may be the program.
    fn tries(self) -> usize {
        match self {
            Self::None => 0,
            Self::Shell | Self::Interpreter => 1,
            Self::Terminal => 1 + OWN_WORDS_OF_TERMINALS,
            Self::Other => 1 + OWN_WORDS,
        }
    }

    /// Whether one word of it may be a whole command line.
    fn takes_lines(self) -> bool {
        matches!(self, Self::Terminal | Self::Other)
    }
}

/// The script that an interpreter or a shell runs.
pub fn script(line: &str) -> Option<String> {
    let words = words(line);
    let (first, rest) = words.split_first()?;
    script_of(base(first), rest).map(str::to_owned)
}

/// The script among the arguments of an interpreter or a shell.
pub fn script_of<'a>(program: &str, arguments: &'a [String]) -> Option<&'a str> {
    match Carrier::of(program) {
        Carrier::Shell | Carrier::Interpreter => {
            arguments.iter().find(|word| !word.starts_with('-')).map(String::as_str)
        }
        Carrier::None | Carrier::Terminal | Carrier::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(line: &str) -> Vec<String> {
        programs(line).into_iter().map(|(program, _)| program).collect()
    }

    #[test]
    fn every_program_of_a_line_is_found_and_no_argument() {
        let cases: [(&str, &[&str]); 12] = [
            ("sudo -u alice x11vnc -forever", &["sudo", "alice", "x11vnc"]),
            ("timeout 5 nice -n 3 frpc", &["timeout", "5", "nice", "3", "frpc"]),
            ("/usr/bin/x11vnc -display :0", &["/usr/bin/x11vnc"]),
            (
                "-/bin/sh -c 'sleep 5; exec x11vnc -forever'",
                &["/bin/sh", "sleep", "exec", "x11vnc"],
            ),
            ("env DISPLAY=:0 nohup x11vnc &", &["env", "nohup", "x11vnc"]),
            ("/bin/cp /usr/bin/tmate /x", &["/bin/cp"]),
            ("/usr/bin/python3 -u /opt/a/agent.py --x", &["/usr/bin/python3", "/opt/a/agent.py"]),
            ("bash -lc \"frpc -c /etc/frpc.toml\"", &["bash", "frpc"]),
            (
                r#""C:\Program Files\AnyDesk\AnyDesk.exe" --tray"#,
                &[r"C:\Program Files\AnyDesk\AnyDesk.exe"],
            ),
            ("DISPLAY=:0 krfb", &["krfb"]),
            ("", &[]),
            ("sh -c \"sh -c 'sh -c \\\"x\\\"'\"", &["sh", "sh", "sh", "x"]),
        ];
        for (line, expected) in cases {
            assert_eq!(run(line), expected, "{line}");
        }
    }

    #[test]
    fn what_carries_a_program_does_not_hide_it() {
        let lines = [
            "tmux new -d \"ssh -N -R 2222:localhost:22 u@relay\"",
            "tmux new-session -d -s work -n one 'ssh -N -R 2222:localhost:22 u@relay'",
            "tmux new -d \\; send-keys 'ssh -N -R 2222:localhost:22 u@relay' Enter",
            "screen -dmS work sh -c 'ssh -N -R 2222:localhost:22 u@relay'",
            "sshpass -pX ssh -N -R 2222:localhost:22 u@relay",
            "sshpass -p X ssh -N -R 2222:localhost:22 u@relay",
            "flock -n /run/lock/x ssh -N -R 2222:localhost:22 u@relay",
            "flock /run/lock/x -c 'ssh -N -R 2222:localhost:22 u@relay'",
            "watch -n 5 'ssh -N -R 2222:localhost:22 u@relay'",
            "systemd-run --user --unit=x ssh -N -R 2222:localhost:22 u@relay",
            "xterm -geometry 80x24 -e 'sleep 3; ssh -N -R 2222:localhost:22 u@relay'",
            "gnome-terminal -- ssh -N -R 2222:localhost:22 u@relay",
        ];
        let arguments = ["-N", "-R", "2222:localhost:22", "u@relay"].map(str::to_owned).to_vec();
        for line in lines {
            let ssh = ("ssh".to_owned(), arguments.clone());
            assert!(programs(line).contains(&ssh), "{line}: {:?}", programs(line));
        }
        for line in ["echo 'ssh -N -R 2222:localhost:22 u@relay'", "vim 'ssh notes'"] {
            assert!(!run(line).contains(&"ssh".to_owned()), "{line}");
        }
    }

    #[test]
    fn a_line_without_end_costs_no_more_than_its_words() {
        let deep = "sh -c '".repeat(5000);
        assert!(run(&deep).len() < 20);
        assert!(run(&"tmux new 'sudo ".repeat(5000)).len() < 500);
        assert!(run(&"tmux ".repeat(5000)).len() < 500);
        assert!(words(&"a ".repeat(100_000)).len() <= MOST_WORDS + 1);
    }
}
