//! dpkg's configuration: options without their dashes, of which three name a command.

use std::path::{Path, PathBuf};

use super::super::{Autostarts, CAP, Command, Lines, files, last, lines, start::Start};

const FILE: &str = "/etc/dpkg/dpkg.cfg";
const FOLDER: &str = "/etc/dpkg/dpkg.cfg.d";
const COMMANDS: [&str; 3] = ["pre-invoke", "post-invoke", "status-logger"];

pub fn collect(reading: &mut Autostarts<'_>) {
    let mut paths: Vec<PathBuf> = vec![FILE.into()];
    paths.extend(files(reading, Path::new(FOLDER)).into_iter().filter(|path| is_read(path)));
    for path in paths {
        let Some(content) = reading.content(&path, CAP, &[]) else { continue };
        for (name, command) in parse(&content).told(reading, &path) {
            let start = Start::new("packager", "package", &path).of_root();
            let (name, line) = (Some(format!("dpkg {name}")), Some(command.line));
            let row = start.command(reading, name, line, &command.text);
            reading.row(row);
        }
    }
}

fn is_read(path: &Path) -> bool {
    last(path).bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// The options that name a command, with it.
pub fn parse(content: &[u8]) -> Lines<(String, Command)> {
    let mut found = Lines::default();
    for (line, text) in lines(content) {
        let text = text.trim_start_matches("--");
        let end = text.find(|letter: char| letter == '=' || letter.is_whitespace());
        let (name, value) = text.split_at(end.unwrap_or(text.len()));
        let value =
            value.trim_start_matches(|letter: char| letter == '=' || letter.is_whitespace());
        if COMMANDS.contains(&name) && !value.is_empty() {
            found.take((name.to_owned(), Command { line, text: unquoted(value).to_owned() }));
        }
    }
    found
}

fn unquoted(value: &str) -> &str {
    let within = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(value)
}
