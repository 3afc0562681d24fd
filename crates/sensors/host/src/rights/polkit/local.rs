//! Local authorities, `.pkla`: groups of keys with `Identity`, `Action` and the three results.

use std::path::Path;

use super::{UNKNOWN, grant, identity};
use crate::{
    name,
    rights::{Grant, Rights},
};

const MAX_ENTRIES: usize = 10_000;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    line: usize,
    identities: Vec<String>,
    actions: Vec<String>,
    results: Vec<String>,
}

pub fn parse(bytes: &[u8]) -> Vec<Entry> {
    let text = name::text(bytes);
    let mut entries: Vec<Entry> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') && entries.len() < MAX_ENTRIES {
            entries.push(Entry { line: index + 1, ..Entry::default() });
        }
        let (Some(entry), Some((key, value))) = (entries.last_mut(), line.split_once('=')) else {
            continue;
        };
        let values = value.split(';').map(|value| value.trim().to_owned());
        let values = values.filter(|value| !value.is_empty());
        match key.trim() {
            "Identity" => entry.identities.extend(values),
            "Action" => entry.actions.extend(values),
            "ResultAny" | "ResultInactive" | "ResultActive" => entry.results.extend(values),
            _ => {}
        }
    }
    entries
}

pub fn collect(rights: &mut Rights<'_>, path: &Path, content: &[u8]) {
    for entry in parse(content) {
        let has = |result: &str| entry.results.iter().any(|own| own == result);
        let no_password = has("yes");
        if !no_password && !has("auth_self") && !has("auth_self_keep") {
            continue;
        }
        let everything = entry.actions.iter().any(|action| action == "*");
        let grant = Grant {
            command: if everything { "*".into() } else { entry.actions.join(", ") },
            everything,
            no_password,
            ..grant(rights, path, entry.line)
        };
        for one in &entry.identities {
            match identity(rights, one) {
                Some(reached) => rights.give(&grant, &reached),
                None => rights.reading.malformed(
                    path,
                    UNKNOWN,
                    &format!("line {}: an identity that cannot be resolved", entry.line),
                ),
            }
        }
    }
}
