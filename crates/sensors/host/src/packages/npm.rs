//! Packages that npm installed globally: `package.json` below the system's and the users' own
//! `node_modules`. What these packages carry inside themselves is not looked at.

use std::path::Path;

use leaksweep_facts::{Observed, tables::host::Package};
use serde_json::Value;

use super::{Records, below, last};
use crate::{accounts::Home, machine::Machine, name};

pub fn collect(machine: &Machine, homes: &[Home]) -> Observed<Package> {
    let mut records = Records::new(machine);
    for folder in ["/usr/lib/node_modules", "/usr/local/lib/node_modules"] {
        modules(&mut records, Path::new(folder), None);
    }
    for home in homes {
        modules(&mut records, &below(home, ".npm-global/lib/node_modules"), Some(&home.user));
        for version in records.entries(below(home, ".nvm/versions/node")) {
            modules(&mut records, &version.join("lib/node_modules"), Some(&home.user));
        }
    }
    records.found
}

fn modules(records: &mut Records, folder: &Path, user: Option<&str>) {
    for path in records.entries(folder) {
        let entry = last(&path);
        if entry.starts_with('@') {
            for inner in records.entries(&path) {
                package(records, &inner, user);
            }
        } else if !entry.starts_with('.') {
            package(records, &path, user);
        }
    }
}

fn package(records: &mut Records, path: &Path, user: Option<&str>) {
    let file = path.join("package.json");
    let Some(content) = records.content(&file) else { return };
    let Some(mut row) = parse(&content) else {
        return records.malformed(&file, "no JSON with a name and a version");
    };
    row.installed = records.changed(path);
    row.user = user.map(str::to_owned);
    row.location = name::path(path);
    records.found.rows.push(row);
}

/// A `package.json`; none without name and version. The JSON reader caps the nesting.
pub fn parse(content: &[u8]) -> Option<Package> {
    let json: Value = serde_json::from_slice(content).ok()?;
    let text = |key: &str| json.get(key).and_then(Value::as_str).map(str::to_owned);
    let author = json.get("author").and_then(|author| author.get("name")?.as_str());
    let name = text("name")?;
    Some(Package {
        manager: "npm".into(),
        version: text("version")?,
        source: name.clone(),
        name,
        state: "installed".into(),
        publisher: text("author").or(author.map(str::to_owned)).unwrap_or_default(),
        origin: text("_resolved"),
        ..Package::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_is_a_text_or_an_object() {
        for author in [r#""Ann""#, r#"{"name":"Ann"}"#] {
            let text = format!(r#"{{"name":"@x/y","version":"1","author":{author}}}"#);
            assert_eq!(parse(text.as_bytes()).unwrap().publisher, "Ann");
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert_eq!(parse("[".repeat(1_000_000).as_bytes()), None);
    }
}
