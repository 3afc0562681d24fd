//! `os-release`: assignments as a shell would read them, without anything that a shell would run.

use leaksweep_facts::Time;

use crate::name;

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Release {
    pub id: String,
    pub like: String,
    pub name: String,
    pub version: String,
    pub codename: String,
    pub support_ends: Option<Time>,
}

/// Of two assignments to one name the later counts, as in a shell.
pub fn os_release(content: &[u8]) -> Release {
    let mut release = Release::default();
    let mut plain_name = String::new();
    for line in content.split(|byte| *byte == b'\n') {
        let line = name::text(line.trim_ascii());
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = unquoted(value);
        match key {
            "ID" => release.id = value,
            "ID_LIKE" => release.like = value,
            "NAME" => plain_name = value,
            "PRETTY_NAME" => release.name = value,
            "VERSION_ID" => release.version = value,
            "VERSION_CODENAME" => release.codename = value,
            "SUPPORT_END" => release.support_ends = Time::parse(&value),
            _ => {}
        }
    }
    if release.name.is_empty() {
        release.name = plain_name;
    }
    release
}

fn unquoted(value: &str) -> String {
    let within = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    if let Some(literal) = within('\'') {
        return literal.to_owned();
    }
    let value = within('"').unwrap_or(value);
    let mut plain = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.extend(characters.next()),
            other => plain.push(other),
        }
    }
    plain
}
