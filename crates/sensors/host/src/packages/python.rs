//! Python packages: `METADATA` or `PKG-INFO` below the system's, the users' own and pyenv's
//! `site-packages` and `dist-packages`. Virtual environments elsewhere are not looked for.

use std::path::Path;

use leaksweep_facts::{Observed, tables::host::Package};

use super::{Records, below, last};
use crate::{accounts::Home, machine::Machine, name, root::TEXT_CAP};

pub fn collect(machine: &Machine, homes: &[Home]) -> Observed<Package> {
    let mut records = Records::new(machine);
    for library in ["/usr/lib", "/usr/local/lib"] {
        versions(&mut records, Path::new(library), None);
    }
    for home in homes {
        versions(&mut records, &below(home, ".local/lib"), Some(&home.user));
        for version in records.entries(below(home, ".pyenv/versions")) {
            versions(&mut records, &version.join("lib"), Some(&home.user));
        }
    }
    records.found
}

fn versions(records: &mut Records, library: &Path, user: Option<&str>) {
    let folders = records.entries(library);
    for version in folders.iter().filter(|path| last(path).starts_with("python3")) {
        for kind in ["dist-packages", "site-packages"] {
            for path in records.entries(version.join(kind)) {
                package(records, &path, user);
            }
        }
    }
}

fn package(records: &mut Records, path: &Path, user: Option<&str>) {
    let file = match path.extension().and_then(|extension| extension.to_str()) {
        Some("dist-info") => path.join("METADATA"),
        Some("egg-info") if records.is_file(path) => path.to_owned(),
        Some("egg-info") => path.join("PKG-INFO"),
        _ => return,
    };
    let before = records.found.problems.len();
    let Some(mut row) = records.content(&file).as_deref().and_then(parse) else {
        if records.found.problems.len() == before {
            records.malformed(&file, "no name or version of a Python package");
        }
        return;
    };
    row.installed = records.changed(path);
    row.user = user.map(str::to_owned);
    row.origin = origin(records, &path.join("direct_url.json"));
    row.location = name::path(path);
    records.found.rows.push(row);
}

/// pip records where a package came from unless that was an index.
fn origin(records: &mut Records, file: &Path) -> Option<String> {
    let content = records.origin(file, TEXT_CAP)?;
    let json: serde_json::Value = serde_json::from_slice(&content).unwrap_or_default();
    let url = json.get("url").and_then(|url| url.as_str());
    if url.is_none() {
        records.malformed_origin(file, "no JSON with an address");
    }
    url.map(str::to_owned)
}

/// The head of a metadata file; none without name and version.
pub fn parse(content: &[u8]) -> Option<Package> {
    let text = name::text(content);
    let field = |key: &str| {
        let head = text.lines().take_while(|line| !line.trim().is_empty());
        let mut fields = head.filter_map(|line| line.split_once(':'));
        let value = fields.find(|(found, _)| found.eq_ignore_ascii_case(key))?.1.trim();
        (!value.is_empty() && value != "UNKNOWN").then(|| value.to_owned())
    };
    let makers = ["Author", "Author-email", "Maintainer", "Maintainer-email"];
    let name = field("Name")?;
    Some(Package {
        manager: "python".into(),
        version: field("Version")?,
        source: name.clone(),
        name,
        state: "installed".into(),
        publisher: makers.into_iter().find_map(field).unwrap_or_default(),
        ..Package::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_head_of_metadata_counts() {
        let row =
            parse(b"Name: a\nVersion: 1\nAuthor: UNKNOWN\nMaintainer: m\n\nVersion: 2").unwrap();
        assert_eq!((&*row.name, &*row.version, &*row.publisher), ("a", "1", "m"));
        assert_eq!(parse(b"Name: a\n\nVersion: 2"), None);
    }

    #[test]
    fn this_machine_gives_no_problems() {
        assert_eq!(collect(&Machine::running().unwrap(), &[]).problems, []);
    }
}
