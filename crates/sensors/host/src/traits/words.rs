//! What one command does, by its words.

use super::shell::Command;

/// What stands before a command and is none.
const BEFORE: [&str; 33] = [
    "if", "then", "elif", "else", "while", "until", "do", "!", "{", "time", "exec", "nohup",
    "setsid", "env", "command", "builtin", "nice", "ionice", "sudo", "doas", "timeout", "xargs",
    "busybox", "chroot", "stdbuf", "unshare", "flock", "pkexec", "disown", "-", "alias", "export",
    "trap",
];
const SHELLS: [&str; 10] =
    ["sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "rbash", "csh"];
const INTERPRETERS: [&str; 8] = ["python", "perl", "ruby", "php", "node", "lua", "nodejs", "pypy"];
const FETCH: [&str; 9] =
    ["curl", "wget", "fetch", "lwp-request", "lwp-download", "aria2c", "axel", "wget2", "http"];
/// A command with what it really runs.
pub struct Call<'a> {
    pub command: &'a Command,
    /// The program's name without its folder.
    pub name: &'a str,
    /// The program as it is written.
    program: &'a str,
    pub rest: &'a [String],
    /// Nothing that ends the session ends it.
    pub detached: bool,
    /// A shell to which text is given: `sh -c`, and nothing of it stands here.
    empty_shell: bool,
}

impl<'a> Call<'a> {
    pub fn of(command: &'a Command) -> Self {
        let mut call = Self {
            command,
            name: "",
            program: "",
            rest: &command.words,
            detached: false,
            empty_shell: false,
        };
        while let Some((word, rest)) = call.rest.split_first() {
            call.rest = rest;
            if !call.passes(word) {
                call.program = program(word);
                call.name = base(call.program);
                break;
            }
        }
        call
    }

    /// Whether the word stands before the command; the text of `sh -c` is the command.
    fn passes(&mut self, word: &str) -> bool {
        let name = base(program(word));
        self.detached |= matches!(name, "nohup" | "setsid" | "disown");
        if (SHELLS.contains(&name) || name == "su" || name == "runuser") && self.skips_to_text() {
            self.empty_shell = self.rest.is_empty();
            return true;
        }
        BEFORE.contains(&name) || word.starts_with('-') || is_number(word) || is_assignment(word)
    }

    /// Moves behind `-c`, if that is among the options.
    fn skips_to_text(&mut self) -> bool {
        let is_c = |word: &String| {
            word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')
                || word == "--command"
        };
        let Some(at) = self.rest.iter().take(6).position(is_c) else { return false };
        self.rest = self.rest.get(at + 1..).unwrap_or_default();
        true
    }

    pub fn is_shell(&self) -> bool {
        self.empty_shell
            || SHELLS.contains(&self.name) && self.operand().is_none()
            || self.name == "script"
    }

    fn is_interpreter(&self) -> bool {
        let name = self.name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        INTERPRETERS.contains(&name)
    }

    /// The first word that is no option.
    fn operand(&self) -> Option<&'a str> {
        self.rest.iter().map(String::as_str).find(|word| !word.starts_with('-'))
    }

    /// A shell or an interpreter that is told nothing but to read what it is given.
    pub fn runs_its_input(&self) -> bool {
        let told = |word: &String| word == "-s" || word == "/dev/stdin";
        if SHELLS.contains(&self.name) {
            return self.operand().is_none() || self.rest.first().is_some_and(told);
        }
        if matches!(self.name, "source" | ".") {
            return self.operand() == Some("/dev/stdin");
        }
        self.is_interpreter() && self.rest.iter().all(|word| word == "-")
    }

    /// Given as text: `sh -c "$(…)"`, `eval "$(…)"`, `. <(…)`.
    pub fn runs_what_it_is_given(&self) -> bool {
        self.empty_shell
            || matches!(self.name, "eval" | "source" | "." | "exec") && self.rest.is_empty()
            || SHELLS.contains(&self.name) && self.rest.is_empty()
            || self.is_interpreter() && self.rest.iter().all(|word| word.starts_with('-'))
    }

    pub fn fetches(&self) -> bool {
        FETCH.contains(&self.name) || self.name == "lynx" && self.has(&["-source", "-dump"])
    }

    pub fn unpacks(&self) -> bool {
        let decodes = ["-d", "-D", "--decode", "-di", "-id"];
        match self.name {
            "base64" | "base32" | "basenc" => self.has(&decodes),
            "xxd" => self.rest.iter().any(|word| is_cluster(word, 'r')),
            "openssl" => self.has(&["-d"]),
            "uudecode" => true,
            _ => false,
        }
    }

    pub fn has(&self, words: &[&str]) -> bool {
        self.rest.iter().any(|word| words.contains(&word.as_str()))
    }

    /// The files into which it fetches.
    pub fn saved(&self) -> Vec<String> {
        let named = self.rest.iter().zip(self.rest.iter().skip(1));
        let is_option = |word: &str| match self.name {
            "curl" => word == "--output" || is_cluster(word, 'o'),
            "wget" | "wget2" => word == "--output-document" || is_cluster(word, 'O'),
            _ => word == "-o",
        };
        let mut saved: Vec<String> =
            named.filter(|(word, _)| is_option(word)).map(|(_, file)| super::plain(file)).collect();
        let keeps_name = self.name == "wget" || self.rest.iter().any(|word| is_cluster(word, 'O'));
        if saved.is_empty() && keeps_name {
            let addresses = self.rest.iter().filter(|word| word.contains("://"));
            saved.extend(addresses.map(|address| base(address).to_owned()));
        }
        saved
    }

    /// The files that it runs or makes fit to run.
    pub fn runs(&self) -> Vec<&'a str> {
        if self.name == "chmod" {
            let runs = |word: &String| {
                word.contains("+x") || word.contains("+rx") || word.contains('7') || word == "u+x"
            };
            let mode = self.rest.first().is_some_and(runs);
            return self.rest.iter().skip(1).filter(|_| mode).map(String::as_str).collect();
        }
        self.started()
    }

    /// The files that it runs.
    pub fn started(&self) -> Vec<&'a str> {
        let script = SHELLS.contains(&self.name)
            || self.is_interpreter()
            || matches!(self.name, "source" | ".");
        let operand = self.operand().filter(|_| script);
        std::iter::once(self.program).chain(operand).filter(|file| !file.is_empty()).collect()
    }
}

/// A program is written with marks of systemd before it, or with a backslash against aliases.
fn program(word: &str) -> &str {
    let bare = word.trim_start_matches(['@', '-', '+', '!', ':', '|']);
    if bare.starts_with('/') { bare } else { word }
}

pub fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

pub fn is_shell(path: &str) -> bool {
    let name = base(path);
    SHELLS.contains(&name) || matches!(name, "su" | "login" | "cmd.exe" | "powershell" | "pwsh")
}

/// Of seconds, too: `10`, `0.5`, `5m`.
fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_digit() || b".smh".contains(&byte))
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// Short options that stand together, one of which is this: `-lvp`.
pub fn is_cluster(word: &str, option: char) -> bool {
    let letters = word.strip_prefix('-').filter(|rest| !rest.starts_with('-') && rest.len() <= 8);
    letters.is_some_and(|letters| {
        letters.chars().all(|c| c.is_ascii_alphanumeric()) && letters.contains(option)
    })
}
