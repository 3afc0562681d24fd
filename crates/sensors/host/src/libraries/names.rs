//! `/etc/nsswitch.conf`: each source of names is a library that every program loads which asks for
//! an account or a host.

use std::{collections::HashSet, path::Path};

use super::{CAP, Rules, Said};
use crate::name;

const PATH: &str = "/etc/nsswitch.conf";
const MAX_SOURCES: usize = 1000;

/// The sources, each where it stands first.
pub fn parse(bytes: &[u8]) -> Vec<(usize, String)> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = name::text(line);
        let line = line.split('#').next().unwrap_or_default();
        let Some((_, sources)) = line.split_once(':') else { continue };
        // What to do after a source stands in brackets.
        let mut open = false;
        for word in sources.split_whitespace() {
            open |= word.starts_with('[');
            let counts = !open && found.len() < MAX_SOURCES;
            open &= !word.ends_with(']');
            if counts && seen.insert(word.to_owned()) {
                found.push((index + 1, word.to_owned()));
            }
        }
    }
    found
}

pub fn collect(rules: &mut Rules<'_>) {
    let path = Path::new(PATH);
    let Some(content) = rules.reading.content(path, CAP, &[]) else { return };
    for (line, value) in parse(&content) {
        // A name with a slash would be no library of this form.
        let library = match value.contains('/') {
            true => None,
            false => rules.library(&format!("libnss_{value}.so.2")),
        };
        rules.add(Said { kind: "names", value: &value, path, line, user: None }, library);
    }
}
