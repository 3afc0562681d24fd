//! Browser extensions: what users have in the profiles of browsers that are built on Chromium and
//! of Firefox and its kin, also as snap or flatpak; and what policies and other files of the system
//! install for everyone. What is part of a browser itself is left out.
//!
//! Limits: profiles elsewhere than in the usual folders are not seen; at most 500 profiles of one
//! browser and user, 2,000 extensions of one profile, 128 MiB of files of one user, and 50,000 rows.

mod chromium;
mod firefox;
mod forced;
mod lenient;
mod manifest;
mod preferences;

use std::collections::HashSet;

use leaksweep_facts::{Observed, tables::host::BrowserExtension};

use crate::{
    accounts::Home,
    machine::Machine,
    reading::{Limits, Reading},
};

pub use firefox::parse as parse_firefox;
pub use forced::{
    FIREFOX as FIREFOX_POLICIES, POLICIES, parse_chromium as parse_chromium_policy,
    parse_firefox as parse_firefox_policy,
};
pub use manifest::{message, object, parse as parse_manifest};
pub use preferences::parse as parse_preferences;

const LIMITS: Limits = Limits { rows: 50_000, bytes: 128 << 20 };
const MAX_PROFILES: usize = 500;
const MAX_EXTENSIONS: usize = 2_000;
/// Of one extension.
const MAX_PERMISSIONS: usize = 100;
/// A text of an extension, in characters.
const TEXT_LENGTH: usize = 256;

/// Browsers and the extensions that the system installs in them.
type Forced = HashSet<(String, String)>;

pub fn collect(machine: &Machine, homes: &[Home]) -> Observed<BrowserExtension> {
    let mut reading = Reading::new(&machine.root, LIMITS);
    forced::collect(&mut reading);
    let forced = forced_of(&reading.found.rows);
    for home in homes {
        reading.turn();
        chromium::of_home(&mut reading, home, &forced);
        firefox::of_home(&mut reading, home, &forced);
    }
    reading.done(machine.privileged)
}

fn forced_of(rows: &[BrowserExtension]) -> Forced {
    rows.iter().map(|row| (row.browser.clone(), row.id.clone())).collect()
}

/// Sorted and each once, within the most that a cell takes.
fn permissions(all: impl IntoIterator<Item = String>) -> String {
    let mut all: Vec<String> = all.into_iter().map(|text| short(&text)).collect();
    all.sort_unstable();
    all.dedup();
    let more = all.len().saturating_sub(MAX_PERMISSIONS);
    all.truncate(MAX_PERMISSIONS);
    if more > 0 {
        all.push(format!("and {more} more"));
    }
    all.join(" ")
}

fn short(text: &str) -> String {
    text.chars().take(TEXT_LENGTH).collect()
}

#[cfg(test)]
mod tests;
