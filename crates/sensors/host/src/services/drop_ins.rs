//! Which drop-ins change a unit: those of its own name, of its other names, of its template, of the
//! beginnings of its name up to each dash, and of its kind.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use leaksweep_facts::Problem;

use super::{
    TABLE,
    folders::{Units, kind, template},
};
use crate::{name, root::Root};

/// The drop-ins of the unit in the order in which they count.
pub fn of(
    root: &Root,
    units: &Units,
    unit: &str,
    aliases: &[&str],
    problems: &mut Vec<Problem>,
) -> Vec<PathBuf> {
    let mut found: BTreeMap<std::ffi::OsString, PathBuf> = BTreeMap::new();
    let own = names(unit).into_iter();
    for folder_name in own.chain(aliases.iter().flat_map(|alias| names(alias))) {
        for folder in units.drop_in_folders.get(&folder_name).into_iter().flatten() {
            match root.list_if_there(folder) {
                Ok(listing) => {
                    let files = listing.entries.into_iter();
                    for file in
                        files.filter(|file| file.name.as_encoded_bytes().ends_with(b".conf"))
                    {
                        let path = folder.join(&file.name);
                        found.entry(file.name).or_insert(path);
                    }
                }
                Err(failure) => problems.push(failure.problem(TABLE, name::path(folder))),
            }
        }
    }
    found.into_values().filter(|path| !is_nothing(root, path)).collect()
}

/// The names under which drop-ins may lie, the most exact first.
fn names(unit: &str) -> Vec<String> {
    let Some(kind) = kind(unit) else { return Vec::new() };
    let mut names = vec![unit.to_owned()];
    names.extend(template(unit));
    let stem = unit.strip_suffix(kind).and_then(|stem| stem.strip_suffix('.')).unwrap_or_default();
    let stem = stem.split('@').next().unwrap_or_default();
    for (dash, _) in stem.rmatch_indices('-') {
        if let Some(beginning) = stem.get(..=dash).filter(|beginning| *beginning != stem) {
            names.push(format!("{beginning}.{kind}"));
        }
    }
    names.push(kind.to_owned());
    names
}

fn is_nothing(root: &Root, path: &Path) -> bool {
    root.link(path).is_ok_and(|target| target == Path::new("/dev/null"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_name_comes_first() {
        let expected =
            ["a-b-c@x.service", "a-b-c@.service", "a-b-.service", "a-.service", "service"];
        assert_eq!(names("a-b-c@x.service"), expected);
        assert_eq!(names("-.mount"), ["-.mount", "mount"]);
        assert!(names("nonsense").is_empty());
    }
}
