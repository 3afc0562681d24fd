//! Programs that browsers start on behalf of extensions: one file of JSON for each, of the system, of
//! a browser and of users.
//!
//! Limits: 256 KiB of a file, 2,000 files of a folder; profiles in the usual folders.

use std::path::{Path, PathBuf};

use leaksweep_facts::tables::host::Autostart;
use serde_json::Value;

use super::{Autostarts, files, last, start::Start};
use crate::{accounts::Home, extensions::object};

const SYSTEM: [&str; 13] = [
    "/etc/opt/chrome/native-messaging-hosts",
    "/etc/chromium/native-messaging-hosts",
    "/etc/chromium-browser/native-messaging-hosts",
    "/etc/opt/edge/native-messaging-hosts",
    "/etc/opt/vivaldi/native-messaging-hosts",
    "/etc/brave/native-messaging-hosts",
    "/usr/lib/chromium/native-messaging-hosts",
    "/usr/share/chromium/native-messaging-hosts",
    "/opt/google/chrome/native-messaging-hosts",
    "/usr/lib/mozilla/native-messaging-hosts",
    "/usr/lib64/mozilla/native-messaging-hosts",
    "/usr/local/lib/mozilla/native-messaging-hosts",
    "/usr/share/mozilla/native-messaging-hosts",
];
const OWN: [&str; 4] = [
    ".mozilla/native-messaging-hosts",
    ".librewolf/native-messaging-hosts",
    ".waterfox/native-messaging-hosts",
    "snap/firefox/common/.mozilla/native-messaging-hosts",
];
/// Browsers that are built on Chromium have theirs in their folders of configuration, one or two deep.
const CONFIGURATION: &str = ".config";
const INNER: &str = "NativeMessagingHosts";
const MAX_FOLDERS: usize = 500;
const CAP: u64 = 256 << 10;

#[derive(Debug, PartialEq, Eq)]
pub struct Host {
    pub name: String,
    pub program: String,
}

pub fn of_system(reading: &mut Autostarts<'_>) {
    SYSTEM.iter().for_each(|folder| of_folder(reading, Path::new(folder), None));
}

pub fn of_home(reading: &mut Autostarts<'_>, home: &Home) {
    OWN.iter().for_each(|folder| of_folder(reading, &home.path.join(folder), Some(home)));
    for folder in inner(reading, &home.path.join(CONFIGURATION)) {
        of_folder(reading, &folder.join(INNER), Some(home));
    }
}

/// The folders in a folder, and those in them of browsers' makers.
fn inner(reading: &mut Autostarts<'_>, folder: &Path) -> Vec<PathBuf> {
    const MAKERS: [&str; 4] = ["BraveSoftware", "google", "microsoft", "Yandex"];
    let mut found = reading.entries(folder, MAX_FOLDERS);
    for maker in MAKERS {
        found.extend(reading.entries(&folder.join(maker), MAX_FOLDERS));
    }
    found
}

fn of_folder(reading: &mut Autostarts<'_>, folder: &Path, home: Option<&Home>) {
    if !reading.is_folder(folder) {
        return;
    }
    for path in files(reading, folder) {
        if path.extension().is_some_and(|end| end == "json") {
            of_file(reading, &path, home);
        }
    }
}

fn of_file(reading: &mut Autostarts<'_>, path: &Path, home: Option<&Home>) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let Some(host) = parse(&content) else {
        return reading.malformed(path, &[], "no JSON object with a path");
    };
    let name = if host.name.is_empty() { last(path) } else { host.name };
    let start = Start::new("native-messaging", "browser", path).of_home(home);
    let row = start.command(reading, Some(name), None, &host.program);
    // A path with blanks is one program all the same.
    reading.row(Autostart { program: Some(host.program), ..row });
}

/// None where the content is no JSON object that names a program.
pub fn parse(content: &[u8]) -> Option<Host> {
    let json = object(content)?;
    let text = |key: &str| json.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(Host { name: text("name").unwrap_or_default(), program: text("path")? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{mounted, write};

    #[test]
    fn each_file_names_a_program() {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            (
                "etc/chromium/native-messaging-hosts/h.json",
                r#"{"name": "org.h", "path": "/opt/my h"}"#,
            ),
            ("home/ann/.config/google-chrome/NativeMessagingHosts/g.json", r#"{"path": "/opt/g"}"#),
            (
                "home/ann/.config/BraveSoftware/Brave-Browser/NativeMessagingHosts/b.json",
                r#"{"path": "/opt/b"}"#,
            ),
            ("home/ann/.mozilla/native-messaging-hosts/m.json", r#"{"name": "m", "path": 3}"#),
            ("home/ann/.config/chromium/NativeMessagingHosts/note.txt", "no"),
        ];
        for (path, content) in files {
            write(&folder.path().join(path), content.as_bytes());
        }
        let home = Home { user: "ann".into(), uid: 1000, path: "/home/ann".into() };
        let seen = super::super::collect(&mounted(folder.path()), &[home]);
        let cells = |row: &Autostart| {
            let user = row.user.clone().unwrap_or_else(|| "-".into());
            format!("{user}|{}|{}", row.name, row.program.clone().unwrap_or_default())
        };
        let expected = ["-|org.h|/opt/my h", "ann|g.json|/opt/g", "ann|b.json|/opt/b"];
        assert_eq!(seen.rows.iter().map(cells).collect::<Vec<_>>(), expected);
        assert!(seen.rows.iter().all(|row| row.event == "browser"));
        assert_eq!(seen.problems.len(), 1);
    }
}
