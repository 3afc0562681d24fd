//! Init scripts in `/etc/init.d`, for which no unit of the same name stands in. Enabled are those
//! that a link in a run level starts.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Observed, Problem, Time, tables::host::Service};
use rustix::fs::FileType;

use super::{TABLE, folders::Units};
use crate::{
    changeable::Judge,
    name,
    root::{Entry, Root, TEXT_CAP},
    traits,
};

const FOLDER: &str = "/etc/init.d";
const LEVELS: [&str; 8] = ["rcS.d", "rc1.d", "rc2.d", "rc3.d", "rc4.d", "rc5.d", "boot.d", "rc.d"];

/// What the script's header says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Header {
    pub description: String,
}

/// Reads the header between its two marks; a script without one says nothing of itself.
pub fn parse(content: &[u8]) -> Header {
    let mut header = Header::default();
    let lines = content.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let lines = lines.skip_while(|line| *line != b"### BEGIN INIT INFO");
    for line in lines.take_while(|line| *line != b"### END INIT INFO") {
        let line = name::text(line);
        let Some((key, value)) = line.trim_start_matches('#').split_once(':') else { continue };
        match key.trim() {
            "Short-Description" => header.description = value.trim().to_owned(),
            "Description" if header.description.is_empty() => {
                header.description = value.trim().to_owned();
            }
            _ => {}
        }
    }
    header
}

pub fn rows(root: &Root, units: &Units, judge: &mut Judge<'_>) -> Observed<Service> {
    let mut services = Observed::default();
    let enabled = enabled(root, &mut services.problems);
    for script in list(root, FOLDER, &mut services.problems) {
        let name = name::os(&script.name);
        if is_program(root, &script) && !has_unit(units, &name) {
            let path = Path::new(FOLDER).join(&script.name);
            let starts = root.resolve(&path).is_ok_and(|place| enabled.contains(&place));
            let mut row = row(name, &path, starts);
            (row.description, row.traits) = said(root, &path, &mut services.problems);
            row.modified = root.stat(&path).ok().map(|stat| Time(stat.st_mtime));
            row.changeable_by = changeable_by(judge, &path, &mut services.problems);
            row.program_changeable_by.clone_from(&row.changeable_by);
            services.rows.push(row);
        }
    }
    services
}

fn row(name: String, path: &Path, starts: bool) -> Service {
    let path = name::path(path);
    Service {
        manager: "init.d".into(),
        scope: "system".into(),
        name,
        kind: "script".into(),
        state: if starts { "enabled" } else { "disabled" }.into(),
        starts,
        command: format!("{path} start"),
        program: Some(path.clone()),
        program_exists: Some(true),
        path,
        ..Service::default()
    }
}

/// What it says of itself, and what it does.
fn said(root: &Root, path: &Path, problems: &mut Vec<Problem>) -> (String, Option<String>) {
    match root.read(path, TEXT_CAP) {
        Ok(content) => (parse(&content).description, traits::of(&name::text(&content))),
        Err(failure) => {
            let problem = failure.problem(TABLE, name::path(path));
            problems.push(problem.in_columns(&["description", "traits"]));
            (String::new(), None)
        }
    }
}

fn changeable_by(
    judge: &mut Judge<'_>,
    path: &Path,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    judge.by(path, None).unwrap_or_else(|failure| {
        let columns = &["changeable_by", "program_changeable_by"];
        problems.push(failure.problem(TABLE, name::path(path)).in_columns(columns));
        None
    })
}

/// systemd leaves a script alone when a unit has its name, masked or not. A unit that was generated
/// from the script does not stand in for it.
fn has_unit(units: &Units, script: &str) -> bool {
    let stem = script.strip_suffix(".sh").unwrap_or(script);
    let unit = units.defined.get(&format!("{stem}.service"));
    unit.is_some_and(|unit| !unit.path.starts_with("/run/systemd/generator.late"))
}

/// The scripts that a run level starts, by their place.
fn enabled(root: &Root, problems: &mut Vec<Problem>) -> BTreeSet<PathBuf> {
    let mut enabled = BTreeSet::new();
    for level in LEVELS {
        let folder = format!("/etc/{level}");
        let links = list(root, &folder, problems).into_iter();
        let links = links.filter(|link| link.name.as_encoded_bytes().starts_with(b"S"));
        let places = links.filter_map(|link| root.resolve(Path::new(&folder).join(link.name)).ok());
        enabled.extend(places);
    }
    enabled
}

/// A script that may not be run is text, such as a note to readers.
fn is_program(root: &Root, entry: &Entry) -> bool {
    let Ok(stat) = root.stat(Path::new(FOLDER).join(&entry.name)) else { return false };
    let plain = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    plain && stat.st_mode & 0o111 != 0
}

fn list(root: &Root, folder: &str, problems: &mut Vec<Problem>) -> Vec<Entry> {
    match root.list_if_there(folder) {
        Ok(listing) => listing.entries,
        Err(failure) => {
            problems.push(failure.problem(TABLE, folder));
            Vec::new()
        }
    }
}
