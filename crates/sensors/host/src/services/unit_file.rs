//! A systemd unit file: sections, assignments, comments, continued lines.
//!
//! A line that is none of these is counted and never quoted: a link can make any file look like a
//! unit, one that holds secrets too.

use std::sync::Arc;

/// The assignments of a unit and its drop-ins, in the order in which they count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// The section that the next assignment is in.
    section: Option<Arc<str>>,
    assignments: Vec<Assignment>,
    /// The first line that makes no sense, and how many there are.
    pub senseless: Option<(usize, usize)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Assignment {
    section: Arc<str>,
    key: String,
    value: String,
}

impl Unit {
    /// A drop-in's assignments come after the unit's own.
    pub fn extend(&mut self, drop_in: Self) {
        self.assignments.extend(drop_in.assignments);
    }

    /// The value of a setting that holds one.
    pub fn value(&self, section: &str, key: &str) -> Option<&str> {
        self.list(section, key).pop()
    }

    /// The values of a setting that holds many. An empty assignment drops all before it.
    pub fn list(&self, section: &str, key: &str) -> Vec<&str> {
        let mut values = Vec::new();
        for found in &self.assignments {
            if &*found.section != section || found.key != key {
                continue;
            }
            if found.value.is_empty() {
                values.clear();
            } else {
                values.push(found.value.as_str());
            }
        }
        values
    }

    /// The words of all values.
    pub fn words(&self, section: &str, key: &str) -> Vec<&str> {
        let values = self.list(section, key);
        values.into_iter().flat_map(str::split_ascii_whitespace).collect()
    }

    pub fn is_yes(&self, section: &str, key: &str) -> bool {
        let value = self.value(section, key).unwrap_or_default().to_ascii_lowercase();
        matches!(value.as_str(), "1" | "yes" | "y" | "true" | "t" | "on")
    }

    fn take(&mut self, line: &str, number: usize) {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            self.section = Some(section.into());
            return;
        }
        match (line.split_once('='), &self.section) {
            (Some((key, value)), Some(section)) => self.assignments.push(Assignment {
                section: section.clone(),
                key: key.trim_end().to_owned(),
                value: value.trim_start().to_owned(),
            }),
            _ => self.note(number),
        }
    }

    fn note(&mut self, number: usize) {
        let (first, count) = self.senseless.unwrap_or((number, 0));
        self.senseless = Some((first, count + 1));
    }
}

/// Reads a unit file. Bytes that are no text make their line senseless.
pub fn parse(content: &[u8]) -> Unit {
    let mut unit = Unit::default();
    // What a backslash at its end continues, and the line where it began.
    let mut pending = String::new();
    let mut start = 0;
    for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii_end();
        if is_passed_over(line, pending.is_empty()) {
            continue;
        }
        let Some(line) = text(line) else {
            unit.note(index + 1);
            continue;
        };
        if pending.is_empty() {
            start = index + 1;
        }
        if let Some(part) = line.strip_suffix('\\') {
            pending.extend([part, " "]);
            continue;
        }
        pending.push_str(line);
        unit.take(&pending, start);
        pending.clear();
    }
    if !pending.is_empty() {
        unit.take(&pending, start);
    }
    unit
}

/// A comment between continued lines does not end them; an empty line does.
fn is_passed_over(line: &[u8], fresh: bool) -> bool {
    match line.trim_ascii_start().first() {
        Some(first) => matches!(first, b'#' | b';'),
        None => fresh,
    }
}

fn text(line: &[u8]) -> Option<&str> {
    std::str::from_utf8(line).ok().filter(|line| !line.contains('\0'))
}
