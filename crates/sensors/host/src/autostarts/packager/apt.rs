//! APT's configuration: scopes in braces, lists, comments of three kinds, and the directives `#clear`
//! and `#include`. Of its options those count that name a command.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{
    super::{Autostarts, CAP, Lines, MAX_LINES, files, last, start::Start},
    tokens::{Token, Word, tokens},
};
use crate::name;

const FILE: &str = "/etc/apt/apt.conf";
const FOLDER: &str = "/etc/apt/apt.conf.d";
const INCLUDES: usize = 20;
/// Deeper than any configuration is nested.
const DEPTH: usize = 32;
/// Options whose values are run, without case; `*` is any run of characters.
const COMMANDS: [&str; 14] = [
    "dpkg::pre-invoke",
    "dpkg::post-invoke",
    "dpkg::pre-install-pkgs",
    "rpm::pre-invoke",
    "rpm::post-invoke",
    "apt::update::pre-invoke",
    "apt::update::post-invoke",
    "apt::update::post-invoke-success",
    "apt::update::auth-failure",
    "unattended-upgrade::post-invoke",
    "acquire::*::proxyautodetect",
    "acquire::*::proxy-auto-detect",
    "aptcli::hooks::*",
    "dir::bin::*",
];
/// Where the system's own programs lie: an option that names one there changes nothing.
const BINARIES: &str = "dir::bin::";

/// An option with a value, and where it stands.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Setting {
    pub line: usize,
    pub key: String,
    pub value: String,
}

pub fn collect(reading: &mut Autostarts<'_>) {
    let in_folder = files(reading, Path::new(FOLDER)).into_iter().filter(|path| is_read(path));
    let own: Vec<PathBuf> = std::iter::once(FILE.into()).chain(in_folder).collect();
    let mut seen: BTreeSet<PathBuf> = own.iter().cloned().collect();
    let mut included = Vec::new();
    for path in &own {
        included.extend(of_file(reading, path));
    }
    included.retain(|path: &PathBuf| path.is_absolute() && seen.insert(path.clone()));
    for path in included.iter().take(INCLUDES) {
        of_file(reading, path);
    }
}

/// Names with other letters, and of backups, are passed over.
fn is_read(path: &Path) -> bool {
    let name = last(path);
    let of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let end = path.extension().map(name::os);
    name.bytes().all(of_name) && end.is_none_or(|end| end == "conf")
}

/// Adds the rows of one file and gives the files that it includes.
fn of_file(reading: &mut Autostarts<'_>, path: &Path) -> Vec<PathBuf> {
    let Some(content) = reading.content(path, CAP, &[]) else { return Vec::new() };
    let mut included = Vec::new();
    for setting in parse(&content).told(reading, path) {
        if setting.key == "#include" {
            included.push(setting.value.into());
        } else if runs(&setting) {
            let start = Start::new("packager", "package", path).of_root();
            let (name, line) = (Some(setting.key), Some(setting.line));
            let row = start.command(reading, name, line, &setting.value);
            reading.row(row);
        }
    }
    included
}

fn runs(setting: &Setting) -> bool {
    let key = setting.key.to_ascii_lowercase();
    // An item of a list has no name, or any.
    let in_list = |command: &str| {
        key.strip_prefix(command).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let fits = |command: &&str| match command.contains('*') {
        true => leaksweep_facts::glob(command, &key),
        false => in_list(command),
    };
    let fits = COMMANDS.iter().any(fits);
    let changes = !key.starts_with(BINARIES) || setting.value.starts_with('/');
    fits && changes && !setting.value.is_empty()
}

/// The options of a file. A directive is an option whose name starts with `#`.
pub fn parse(content: &[u8]) -> Lines<Setting> {
    let mut parser =
        Parser { found: Lines::default(), scopes: Vec::new(), words: Vec::new(), line: 1 };
    for token in tokens(content) {
        parser.token(token);
        if parser.found.found.len() >= MAX_LINES {
            break;
        }
    }
    if !parser.scopes.is_empty() || !parser.words.is_empty() {
        parser.found.note(parser.line);
    }
    parser.found
}

struct Parser {
    found: Lines<Setting>,
    /// The names of the open scopes, each with those above it.
    scopes: Vec<String>,
    words: Vec<Word>,
    line: usize,
}

impl Parser {
    fn token(&mut self, token: Token) {
        match token {
            Token::Word(word) => {
                self.line = word.line;
                self.words.push(word);
            }
            Token::End => self.end(),
            Token::Open(line) => self.open(line),
            Token::Close(line) => {
                self.end();
                if self.scopes.pop().is_none() {
                    self.found.note(line);
                }
            }
            Token::Directive(line, text) => self.directive(line, &text),
        }
    }

    fn open(&mut self, line: usize) {
        let name = self.words.drain(..).next().map(|word| word.text).unwrap_or_default();
        if self.scopes.len() >= DEPTH {
            return self.found.note(line);
        }
        let name = self.inside(&name);
        self.scopes.push(name);
    }

    /// `NAME "VALUE";`, or in a list `"VALUE";`
    fn end(&mut self) {
        let words = std::mem::take(&mut self.words);
        let (name, value) = match words.as_slice() {
            [] => return,
            [value] if value.quoted => ("", value),
            // A name alone clears nothing and sets nothing.
            [_] => return,
            [name, value] => (name.text.as_str(), value),
            [first, ..] => return self.found.note(first.line),
        };
        let key = self.inside(name);
        self.found.take(Setting { line: value.line, key, value: value.text.clone() });
    }

    fn inside(&self, name: &str) -> String {
        let name = name.trim_end_matches("::");
        match self.scopes.last().filter(|scope| !scope.is_empty()) {
            Some(scope) if name.is_empty() => scope.clone(),
            Some(scope) => format!("{scope}::{name}"),
            None => name.to_owned(),
        }
    }

    fn directive(&mut self, line: usize, text: &str) {
        if let Some(path) = text.strip_prefix("include") {
            let value = path.trim().trim_end_matches(';').trim().trim_matches('"').to_owned();
            self.found.take(Setting { line, key: "#include".into(), value });
        }
    }
}
