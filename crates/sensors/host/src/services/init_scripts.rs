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
};

const FOLDER: &str = "/etc/init.d";
const LEVELS: [&str; 8] = ["rcS.d", "rc1.d", "rc2.d", "rc3.d", "rc4.d", "rc5.d", "boot.d", "rc.d"];

/// What the script's header says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Header {
    pub provides: Vec<String>,
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
            "Provides" => header.provides = value.split_whitespace().map(str::to_owned).collect(),
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
        if is_program(root, &script) {
            row(root, units, &enabled, &script, judge, &mut services);
        }
    }
    services
}

fn row(
    root: &Root,
    units: &Units,
    enabled: &BTreeSet<PathBuf>,
    script: &Entry,
    judge: &mut Judge<'_>,
    services: &mut Observed<Service>,
) {
    let path = Path::new(FOLDER).join(&script.name);
    let text = name::path(&path);
    let header = match root.read(&path, TEXT_CAP) {
        Ok(content) => parse(&content),
        Err(failure) => {
            let problem = failure.problem(TABLE, &text).in_columns(&["description"]);
            services.problem(problem);
            Header::default()
        }
    };
    let script_name = name::os(&script.name);
    if has_unit(units, &script_name) {
        return;
    }
    let starts = root.resolve(&path).is_ok_and(|place| enabled.contains(&place));
    let (who, failures) = judge.by_any(std::iter::once(path.as_path()), None);
    let columns = &["changeable_by", "program_changeable_by"];
    let failures = failures.into_iter();
    services
        .problems
        .extend(failures.map(|(_, failure)| failure.problem(TABLE, &text).in_columns(columns)));
    services.rows.push(Service {
        manager: "init.d".into(),
        scope: "system".into(),
        name: script_name,
        kind: "script".into(),
        description: header.description,
        state: if starts { "enabled" } else { "disabled" }.into(),
        starts,
        command: format!("{text} start"),
        program: Some(text.clone()),
        program_exists: Some(true),
        changeable_by: who.clone(),
        program_changeable_by: who,
        modified: root.stat(&path).ok().map(|stat| Time(stat.st_mtime)),
        path: text,
        ..Service::default()
    });
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
