//! Tasks of VS Code and its kin: `.vscode/tasks.json` of a folder. Those count that run when the folder
//! is opened.

use std::path::{Path, PathBuf};

use leaksweep_catalogue::remote::Format;
use leaksweep_facts::tables::host::Autostart;

use super::{Command, Start};
use crate::{
    accounts::Home,
    autostarts::{Autostarts, CAP},
    remote::settings::{Entries, formats},
};

const MAX_TASKS: usize = 500;

/// The tasks of the folders `.vscode` that the search found.
pub fn of_settings(reading: &mut Autostarts<'_>, homes: &[Home], folders: &[PathBuf]) {
    for folder in folders {
        reading.turn();
        of_file(reading, homes, &folder.join("tasks.json"));
    }
}

fn of_file(reading: &mut Autostarts<'_>, homes: &[Home], path: &Path) {
    let Some(content) = reading.content(path, CAP, &["name"]) else { return };
    let owner = reading.root.stat(path).map(|stat| stat.st_uid).ok();
    let home = homes.iter().find(|home| Some(home.uid) == owner);
    for (name, command) in parse(&content) {
        let start = Start::new("editor", "command", path).of_home(home);
        let line = Some(command.line).filter(|line| *line > 0);
        let row = start.command(reading, Some(name), line, &command.text);
        reading.row(Autostart { schedule: Some("on folderOpen".into()), ..row });
    }
}

/// The tasks that run by themselves, by name.
pub fn parse(content: &[u8]) -> Vec<(String, Command)> {
    let mut entries = Entries::default();
    formats::parse(Format::Json, content, &mut entries);
    let get = |at: usize, key: &str| {
        let key = format!("tasks.{at}.{key}");
        let mut values = entries.list.iter().filter(|entry| entry.key == key);
        values.next().map(|entry| entry.value.clone())
    };
    let runs = |at: &usize| get(*at, "runOptions.runOn").as_deref() == Some("folderOpen");
    let tasks = entries.list.iter().filter_map(|entry| {
        let (at, _) = entry.key.strip_prefix("tasks.")?.split_once('.')?;
        at.parse::<usize>().ok()
    });
    let mut tasks: Vec<usize> = tasks.collect();
    tasks.dedup();
    let found = tasks.into_iter().take(MAX_TASKS).filter(runs).map(|at| {
        let label = get(at, "label").or_else(|| get(at, "taskName")).unwrap_or_default();
        let words = get(at, "command").into_iter().chain(arguments(&entries, at));
        let text = words.collect::<Vec<_>>().join(" ");
        let line = line_of(content, &text);
        (label, Command { line, text, event: None, starts: true })
    });
    found.filter(|(_, command)| !command.text.is_empty()).collect()
}

fn arguments(entries: &Entries, at: usize) -> Vec<String> {
    let start = format!("tasks.{at}.args.");
    let listed = entries.list.iter().filter(|entry| entry.key.starts_with(&start));
    listed.map(|entry| entry.value.clone()).collect()
}

/// The line on which a command's first word stands in quotes; 0 where it is written in another way.
fn line_of(content: &[u8], command: &str) -> usize {
    let word = command.split(' ').next().unwrap_or_default();
    let before = memchr::memmem::find_iter(content, b"\"command\"").find(|at| {
        let rest = content.get(*at..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        memchr::memmem::find(rest.get(..end).unwrap_or(rest), word.as_bytes()).is_some()
    });
    before.map_or(0, |at| {
        1 + memchr::memchr_iter(b'\n', content.get(..at).unwrap_or_default()).count()
    })
}
