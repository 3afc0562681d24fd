//! Packages of Sublime Text: folders and archives of users, and the list of its Package Control.

use std::collections::HashSet;

use leaksweep_catalogue::remote::Format;

use super::{Extensions, MAX_ENTRIES, folders, last, row};
use crate::{
    accounts::Home,
    remote::settings::{Entries, formats},
};

const OWN: [&str; 2] = [".config/sublime-text", ".config/sublime-text-3"];
const SETTINGS: &str = "Packages/User/Package Control.sublime-settings";
const CAP: u64 = 1 << 20;

pub fn of_home(reading: &mut Extensions<'_>, home: &Home) {
    for folder in OWN.map(|folder| home.path.join(folder)) {
        let path = folder.join(SETTINGS);
        let content = reading.content(&path, CAP, &["from_store"]);
        let listed = content.map(|content| listed(&content));
        let mut paths = folders(reading, &folder.join("Packages"));
        let archives = reading.entries(&folder.join("Installed Packages"), MAX_ENTRIES);
        paths.extend(
            archives
                .into_iter()
                .filter(|path| path.extension().is_some_and(|end| end == "sublime-package")),
        );
        for path in paths {
            let mut row = row(reading, "sublime-text", Some(home), &path);
            row.id = last(&path).trim_end_matches(".sublime-package").to_owned();
            row.from_store = listed.as_ref().map(|listed| listed.contains(&row.id));
            row.at_start = Some(true);
            if row.id != "User" && row.id != "Package Control" {
                reading.row(row);
            }
        }
    }
}

/// The names in `installed_packages`.
fn listed(content: &[u8]) -> HashSet<String> {
    let mut entries = Entries::default();
    formats::parse(Format::Json, content, &mut entries);
    let named =
        entries.list.into_iter().filter(|entry| entry.key.starts_with("installed_packages."));
    named.map(|entry| entry.value).collect()
}
