//! Plug-ins of JetBrains' editors, and of Android Studio, that users added: a folder or an archive
//! each. What is in an archive is not read.

use super::{Extensions, MAX_ENTRIES, folders, last, row};
use crate::accounts::Home;

const MAKERS: [&str; 2] = [".local/share/JetBrains", ".local/share/Google"];

pub fn of_home(reading: &mut Extensions<'_>, home: &Home) {
    for maker in MAKERS {
        for product in folders(reading, &home.path.join(maker)) {
            if !is_product(&last(&product)) {
                continue;
            }
            for path in reading.entries(&product, MAX_ENTRIES) {
                let is_archive = path.extension().is_some_and(|end| end == "jar");
                if is_archive || reading.is_folder(&path.join("lib")) {
                    let row = row(reading, "jetbrains", Some(home), &path);
                    reading.row(row);
                }
            }
        }
    }
}

/// `IntelliJIdea2024.1`, beside which the makers' other programs have folders.
fn is_product(name: &str) -> bool {
    let version = name.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    version.len() < name.len() && version.get(4..5) == Some(".")
}
