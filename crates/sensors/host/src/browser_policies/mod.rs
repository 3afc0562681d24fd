//! Settings that files of the system force on browsers: managed and recommended policies of browsers
//! that are built on Chromium, and `policies.json` of Firefox. Each setting is a row.
//!
//! Limits: 1 MiB of a file, 2,000 files of a folder, 2,000 settings of a file, 32 MiB of files, 50,000
//! rows; 4,096 bytes of a value. Policies that a management server sends are not in these files.
//! Chrome takes comments and trailing commas; such a file is a problem here, as it is with extensions.

mod effect;
mod value;

use std::path::Path;

use leaksweep_facts::{Observed, Time, tables::host::BrowserPolicy};
use serde_json::{Map, Value};

use crate::{
    extensions::{FIREFOX_POLICIES, POLICIES, object},
    machine::Machine,
    name,
    reading::{Limits, Reading},
};

const LIMITS: Limits = Limits { rows: 50_000, bytes: 32 << 20 };
const MAX_FILES: usize = 2_000;
const MAX_SETTINGS: usize = 2_000;
const NAME_LENGTH: usize = 256;
const CAP: u64 = 1 << 20;

type Policies<'a> = Reading<'a, BrowserPolicy>;

pub fn collect(machine: &Machine) -> Observed<BrowserPolicy> {
    let mut reading = Reading::new(&machine.root, LIMITS);
    for (managed, browser) in POLICIES {
        let managed = Path::new(managed);
        of_folder(&mut reading, managed, browser, false);
        of_folder(&mut reading, &managed.with_file_name("recommended"), browser, true);
    }
    for path in FIREFOX_POLICIES {
        of_file(&mut reading, Path::new(path), "firefox", false, parse_firefox);
    }
    reading.done(machine.privileged)
}

fn of_folder(reading: &mut Policies<'_>, folder: &Path, browser: &str, recommended: bool) {
    for path in reading.entries(folder, MAX_FILES) {
        if path.extension().is_some_and(|end| end == "json") {
            of_file(reading, &path, browser, recommended, parse_chromium);
        }
    }
}

fn of_file(
    reading: &mut Policies<'_>,
    path: &Path,
    browser: &str,
    recommended: bool,
    parse: impl Fn(&[u8]) -> Option<Map<String, Value>>,
) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let Some(settings) = parse(&content) else {
        return reading.malformed(path, &[], "no JSON object");
    };
    if settings.len() > MAX_SETTINGS {
        reading.too_large(path, &[], format!("more than {MAX_SETTINGS} settings"));
    }
    let modified = reading.modified(path);
    for (name, value) in settings.iter().take(MAX_SETTINGS) {
        let row = row(path, browser, name, value, modified);
        reading.row(BrowserPolicy { recommended, ..row });
    }
}

fn row(
    path: &Path,
    browser: &str,
    name: &str,
    value: &Value,
    modified: Option<Time>,
) -> BrowserPolicy {
    BrowserPolicy {
        browser: browser.into(),
        name: name.chars().take(NAME_LENGTH).collect(),
        value: value::shown(name, value),
        effect: effect::of(name, value).map(str::to_owned),
        path: name::path(path),
        modified,
        ..BrowserPolicy::default()
    }
}

/// A policy of Chromium is an object of settings.
fn parse_chromium(content: &[u8]) -> Option<Map<String, Value>> {
    match object(content)? {
        Value::Object(settings) => Some(settings),
        _ => None,
    }
}

/// Firefox has them under one key.
fn parse_firefox(content: &[u8]) -> Option<Map<String, Value>> {
    match object(content)?.get_mut("policies").map(Value::take) {
        Some(Value::Object(settings)) => Some(settings),
        _ => Some(Map::new()),
    }
}

/// For the fuzz target: the settings of a file in either form.
pub fn parse(content: &[u8]) -> Vec<BrowserPolicy> {
    let forms = [parse_chromium, parse_firefox];
    let settings = forms.iter().filter_map(|parse| parse(content)).flatten();
    settings.map(|(name, value)| row(Path::new("/"), "", &name, &value, None)).collect()
}

#[cfg(test)]
mod tests;
