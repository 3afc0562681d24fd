//! rpm's macros: `%(…)` is run by a shell whenever the macro is expanded.

use std::path::{Path, PathBuf};

use super::super::{Autostarts, CAP, Command, Lines, files, last, lines, start::Start};

const FILE: &str = "/etc/rpm/macros";
const FOLDER: &str = "/etc/rpm";

pub fn collect(reading: &mut Autostarts<'_>) {
    let mut paths: Vec<PathBuf> = files(reading, Path::new(FOLDER));
    paths.retain(|path| last(path).starts_with("macros.") || path == Path::new(FILE));
    for path in paths {
        let Some(content) = reading.content(&path, CAP, &[]) else { continue };
        for (name, command) in parse(&content).told(reading, &path) {
            let start = Start::new("packager", "package", &path).of_root();
            let row = start.command(reading, Some(name), Some(command.line), &command.text);
            reading.row(row);
        }
    }
}

/// The macros that run a shell, with what it runs.
pub fn parse(content: &[u8]) -> Lines<(String, Command)> {
    let mut found = Lines::default();
    for (line, text) in lines(content) {
        let Some(definition) = text.strip_prefix('%') else { continue };
        let (name, body) = definition.split_once(char::is_whitespace).unwrap_or((definition, ""));
        if let Some(at) = body.find("%(") {
            let text = body.get(at + 2..).unwrap_or_default().trim_end_matches(')');
            found.take((format!("%{name}"), Command { line, text: text.to_owned() }));
        }
    }
    found
}
