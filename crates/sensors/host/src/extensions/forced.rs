//! What the system installs in browsers: managed policies, and files that name an extension for
//! every user.

use std::path::{Path, PathBuf};

use leaksweep_facts::tables::host::BrowserExtension;
use serde_json::{Map, Value};

use super::{manifest::object, short};
use crate::{name, reading::Reading};

/// Folders of managed policies of browsers that are built on Chromium.
pub const POLICIES: [(&str, &str); 9] = [
    ("/etc/opt/chrome/policies/managed", "chrome"),
    ("/etc/opt/chrome_for_testing/policies/managed", "chrome"),
    ("/etc/chromium/policies/managed", "chromium"),
    ("/etc/chromium-browser/policies/managed", "chromium"),
    ("/etc/opt/edge/policies/managed", "edge"),
    ("/etc/brave/policies/managed", "brave"),
    ("/etc/vivaldi/policies/managed", "vivaldi"),
    ("/etc/opt/vivaldi/policies/managed", "vivaldi"),
    ("/etc/opera/policies/managed", "opera"),
];
/// Folders with one file for each extension: `ID.json`.
const FILES: [(&str, &str); 9] = [
    ("/opt/google/chrome/extensions", "chrome"),
    ("/usr/share/google-chrome/extensions", "chrome"),
    ("/usr/share/chromium/extensions", "chromium"),
    ("/usr/share/chromium-browser/extensions", "chromium"),
    ("/usr/lib/chromium/extensions", "chromium"),
    ("/usr/share/microsoft-edge/extensions", "edge"),
    ("/opt/microsoft/msedge/extensions", "edge"),
    ("/opt/brave.com/brave/extensions", "brave"),
    ("/opt/vivaldi/extensions", "vivaldi"),
];
pub const FIREFOX: [&str; 8] = [
    "/etc/firefox/policies/policies.json",
    "/etc/firefox-esr/policies/policies.json",
    "/usr/lib/firefox/distribution/policies.json",
    "/usr/lib/firefox-esr/distribution/policies.json",
    "/usr/lib64/firefox/distribution/policies.json",
    "/usr/share/firefox/distribution/policies.json",
    "/usr/share/firefox-esr/distribution/policies.json",
    "/opt/firefox/distribution/policies.json",
];
/// Addresses from which the stores of Chrome and Edge give updates.
const STORES: [&str; 2] =
    ["https://clients2.google.com/service/update2", "https://edge.microsoft.com/extensionwebstore"];
const MAX_FILES: usize = 2_000;
const CAP: u64 = 1 << 20;

type Extensions<'a> = Reading<'a, BrowserExtension>;

/// An extension that a file has installed.
#[derive(Debug, PartialEq, Eq)]
pub struct Install {
    id: String,
    /// Whether it comes from the browser maker's store.
    from_store: Option<bool>,
}

impl Install {
    fn new(id: &str, address: Option<&str>) -> Self {
        let is_store = |address: &str| STORES.iter().any(|store| address.starts_with(store));
        Self { id: short(id), from_store: address.map(is_store) }
    }
}

pub fn collect(reading: &mut Extensions<'_>) {
    for (folder, browser) in POLICIES {
        for path in json_files(reading, Path::new(folder)) {
            policy(reading, &path, browser, parse_chromium);
        }
    }
    for (folder, browser) in FILES {
        for path in json_files(reading, Path::new(folder)) {
            file(reading, &path, browser);
        }
    }
    for path in FIREFOX {
        policy(reading, Path::new(path), "firefox", parse_firefox);
    }
}

fn json_files(reading: &mut Extensions<'_>, folder: &Path) -> Vec<PathBuf> {
    let mut files = reading.entries(folder, MAX_FILES);
    files.retain(|path| path.extension().is_some_and(|end| end == "json"));
    files
}

fn policy(
    reading: &mut Extensions<'_>,
    path: &Path,
    browser: &str,
    parse: impl Fn(&[u8]) -> Option<Vec<Install>>,
) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let Some(installs) = parse(&content) else {
        return reading.malformed(path, &[], "no JSON object");
    };
    for install in installs {
        let row = row(path, browser, install, String::new());
        reading.row(row);
    }
}

/// The file's name alone names the extension, whatever is in it.
fn file(reading: &mut Extensions<'_>, path: &Path, browser: &str) {
    let columns = &["version", "from_store"];
    let id = path.file_stem().map(name::os).unwrap_or_default();
    let content = reading.content(path, CAP, columns);
    let json = content.as_deref().and_then(object);
    if content.is_some() && json.is_none() {
        reading.malformed(path, columns, "no JSON object");
    }
    let text = |key: &str| json.as_ref()?.get(key)?.as_str().map(short);
    let install = Install::new(&id, text("external_update_url").as_deref());
    let row = row(path, browser, install, text("external_version").unwrap_or_default());
    reading.row(row);
}

fn row(path: &Path, browser: &str, install: Install, version: String) -> BrowserExtension {
    BrowserExtension {
        browser: browser.to_owned(),
        id: install.id,
        version,
        from_store: install.from_store,
        forced: true,
        path: name::path(path),
        ..BrowserExtension::default()
    }
}

/// A policy of Chromium: a list of `ID;ADDRESS`, and settings that force an installation.
pub fn parse_chromium(content: &[u8]) -> Option<Vec<Install>> {
    let json = object(content)?;
    let list = json.get("ExtensionInstallForcelist").and_then(Value::as_array);
    let listed = list.into_iter().flatten().filter_map(Value::as_str).map(|entry| {
        let (id, address) = entry.split_once(';').unwrap_or((entry, STORES[0]));
        Install::new(id.trim(), Some(address.trim()))
    });
    let set = json.get("ExtensionSettings").and_then(Value::as_object);
    Some(listed.chain(forced(set, "update_url")).collect())
}

/// A policy of Firefox. What it installs by address alone has that address as identifier.
pub fn parse_firefox(content: &[u8]) -> Option<Vec<Install>> {
    let json = object(content)?;
    let policies = json.get("policies");
    let list = policies.and_then(|all| all.get("Extensions")?.get("Install")?.as_array());
    let listed = list.into_iter().flatten().filter_map(Value::as_str);
    let listed = listed.map(|address| Install { id: short(address), from_store: store(address) });
    let set = policies.and_then(|all| all.get("ExtensionSettings")?.as_object());
    let set = forced(set, "install_url");
    Some(listed.chain(set.map(|install| Install { from_store: None, ..install })).collect())
}

fn store(address: &str) -> Option<bool> {
    Some(address.starts_with("https://addons.mozilla.org/"))
}

fn forced<'a>(
    set: Option<&'a Map<String, Value>>,
    address: &'a str,
) -> impl Iterator<Item = Install> + 'a {
    let modes = ["force_installed", "normal_installed"];
    set.into_iter().flatten().filter_map(move |(id, setting)| {
        let text = |key: &str| setting.get(key).and_then(Value::as_str);
        let forced = text("installation_mode").is_some_and(|mode| modes.contains(&mode));
        forced.then(|| Install::new(id, text(address)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(installs: Option<Vec<Install>>) -> Vec<(String, Option<bool>)> {
        installs.unwrap().into_iter().map(|install| (install.id, install.from_store)).collect()
    }

    #[test]
    fn a_policy_forces_by_list_and_by_setting() {
        let json = br#"{"ExtensionInstallForcelist":
            ["aaaa;https://clients2.google.com/service/update2/crx", "bbbb;https://x.example/u", 3],
            "ExtensionSettings": {"*": {"installation_mode": "blocked"},
            "cccc": {"installation_mode": "force_installed"}, "dddd": 7}}"#;
        let expected =
            [("aaaa".into(), Some(true)), ("bbbb".into(), Some(false)), ("cccc".into(), None)];
        assert_eq!(ids(parse_chromium(json)), expected);
        assert_eq!(ids(parse_chromium(b"{}")), []);
        assert_eq!(parse_chromium(b"{\"ExtensionInstallForcelist\": [\"aa"), None);
    }

    #[test]
    fn firefox_names_addresses_too() {
        let json =
            br#"{"policies": {"Extensions": {"Install": ["https://addons.mozilla.org/a.xpi"],
            "Locked": ["l@x"]}, "ExtensionSettings": {"s@x": {"installation_mode":
            "normal_installed", "install_url": "file:///s.xpi"}}}}"#;
        let expected =
            [("https://addons.mozilla.org/a.xpi".into(), Some(true)), ("s@x".into(), None)];
        assert_eq!(ids(parse_firefox(json)), expected);
        assert_eq!(ids(parse_firefox(br#"{"policies": 3}"#)), []);
    }
}
