//! `/etc/ld.so.preload`, and `/etc/ld.so.conf` with what it includes.

use std::path::{Path, PathBuf};

use leaksweep_facts::glob;

use super::{CAP, MAX_FILES, Rules, Said};
use crate::name;

const PRELOAD: &str = "/etc/ld.so.preload";
const CONF: &str = "/etc/ld.so.conf";
const DEPTH: usize = 16;
const MAX_LINES: usize = 10_000;

/// The libraries, each with its line. `#` begins a comment.
pub fn parse_preload(bytes: &[u8]) -> Vec<(usize, String)> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    let words = lines.flat_map(|(index, line)| {
        let line = line.split(|byte| *byte == b'#').next().unwrap_or_default();
        let words = line.split(|byte| byte.is_ascii_whitespace() || *byte == b':');
        words.filter(|word| !word.is_empty()).map(move |word| (index + 1, name::text(word)))
    });
    words.take(MAX_LINES).collect()
}

/// A line of `ld.so.conf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Folder(String),
    Include(String),
}

pub fn parse_conf(bytes: &[u8]) -> Vec<(usize, Line)> {
    let mut found = Vec::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.split(|byte| *byte == b'#').next().unwrap_or_default();
        let line = name::text(line.trim_ascii());
        let mut words = line.split(|c: char| c.is_whitespace() || ",:".contains(c));
        match words.next() {
            _ if found.len() >= MAX_LINES => break,
            None | Some("" | "hwcap") => {}
            Some("include") => {
                let patterns = words.filter(|word| !word.is_empty());
                found.extend(patterns.map(|one| (index + 1, Line::Include(one.into()))));
            }
            Some(first) => {
                let folders = std::iter::once(first).chain(words).filter(|word| !word.is_empty());
                // `FOLDER=KIND` of old systems.
                let folder = |word: &str| word.split('=').next().unwrap_or(word).to_owned();
                found.extend(folders.map(|word| (index + 1, Line::Folder(folder(word)))));
            }
        }
    }
    found
}

pub fn collect(rules: &mut Rules<'_>) {
    let path = Path::new(PRELOAD);
    if let Some(content) = rules.reading.content(path, CAP, &[]) {
        for (line, value) in parse_preload(&content) {
            let library = rules.library(&value);
            rules.add(Said { kind: "preload", value: &value, path, line, user: None }, library);
        }
    }
    let mut read = Vec::new();
    conf(rules, Path::new(CONF), &mut read, 0);
}

fn conf(rules: &mut Rules<'_>, path: &Path, read: &mut Vec<PathBuf>, depth: usize) {
    if depth > DEPTH || read.len() >= MAX_FILES {
        let detail = format!("more than {MAX_FILES} files, or {DEPTH} in one another");
        return rules.reading.too_large(path, &[], detail);
    }
    if read.iter().any(|known| known == path) {
        return;
    }
    read.push(path.to_owned());
    let Some(content) = rules.reading.content(path, CAP, &[]) else { return };
    for (line, said) in parse_conf(&content) {
        match said {
            Line::Folder(value) => {
                let folder = value.starts_with('/').then(|| PathBuf::from(&value));
                rules.add(Said { kind: "folder", value: &value, path, line, user: None }, folder);
            }
            Line::Include(pattern) => {
                for path in fitting(rules, &Path::new("/etc").join(pattern)) {
                    conf(rules, &path, read, depth + 1);
                }
            }
        }
    }
}

/// What fits a pattern, whose folder has no star.
fn fitting(rules: &mut Rules<'_>, pattern: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(last)) = (pattern.parent(), pattern.file_name()) else {
        return Vec::new();
    };
    let last = name::os(last);
    if !last.contains(['*', '?', '[']) {
        return vec![pattern.to_owned()];
    }
    let mut paths = rules.reading.entries(folder, MAX_FILES);
    paths.retain(|path| {
        let name = path.file_name().map(name::os).unwrap_or_default();
        glob(&last, &name) && !name.starts_with('.')
    });
    paths
}
