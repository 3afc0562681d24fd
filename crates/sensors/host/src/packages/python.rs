//! Python packages: `METADATA` or `PKG-INFO` below the system's, the users' own and pyenv's
//! `site-packages` and `dist-packages`. Virtual environments elsewhere are not looked for.

use leaksweep_facts::{Observed, tables::host::Package};

use super::{Records, below};
use crate::{accounts::Home, machine::Machine, name};

pub fn collect(machine: &Machine, homes: &[Home]) -> Observed<Package> {
    let mut records = Records::new(machine);
    for library in ["/usr/lib", "/usr/local/lib"] {
        versions(&mut records, library, None);
    }
    for home in homes {
        versions(&mut records, &below(home, ".local/lib"), Some(&home.user));
        let pyenv = below(home, ".pyenv/versions");
        for version in records.names(&pyenv) {
            versions(&mut records, &format!("{pyenv}/{version}/lib"), Some(&home.user));
        }
    }
    records.found
}

fn versions(records: &mut Records, library: &str, user: Option<&str>) {
    for version in records.names(library).iter().filter(|name| name.starts_with("python3")) {
        for kind in ["dist-packages", "site-packages"] {
            let folder = format!("{library}/{version}/{kind}");
            for entry in records.names(&folder) {
                package(records, &folder, &entry, user);
            }
        }
    }
}

fn package(records: &mut Records, folder: &str, entry: &str, user: Option<&str>) {
    let path = format!("{folder}/{entry}");
    let file = match entry.rsplit_once('.') {
        Some((_, "dist-info")) => format!("{path}/METADATA"),
        Some((_, "egg-info")) if records.is_file(&path) => path.clone(),
        Some((_, "egg-info")) => format!("{path}/PKG-INFO"),
        _ => return,
    };
    let before = records.found.problems.len();
    let Some(mut row) = records.content(&file).as_deref().and_then(parse) else {
        if records.found.problems.len() == before {
            records.malformed(&file, "no name or version of a Python package");
        }
        return;
    };
    row.installed = records.changed(&path);
    row.user = user.map(str::to_owned);
    row.origin = records.content(&format!("{path}/direct_url.json")).and_then(|text| {
        let json: serde_json::Value = serde_json::from_slice(&text).ok()?;
        Some(json.get("url")?.as_str()?.to_owned())
    });
    row.location = path;
    records.found.rows.push(row);
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
