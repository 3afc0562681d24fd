//! rpm. Looks for its database where distributions keep it. This version reads none of the
//! formats: a database that is there is a problem, so that no check passes for want of rows.

use leaksweep_facts::{Observed, Problem, Reason, tables::host::Package};

use super::TABLE;
use crate::{machine::Machine, root::Failure};

const FOLDERS: [&str; 3] = ["var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm"];
const FORMATS: [(&str, &str); 3] =
    [("rpmdb.sqlite", "SQLite"), ("Packages.db", "ndb"), ("Packages", "Berkeley DB")];

/// A database that is there and cannot be read.
pub struct Unread {
    pub path: String,
    pub failure: Failure,
}

pub fn collect(machine: &Machine) -> Observed<Package> {
    let problem = |unread: Unread| unread.failure.problem(TABLE, unread.path);
    let problems: Vec<Problem> = unread(machine).into_iter().map(problem).collect();
    Observed { rows: Vec::new(), problems }
}

pub fn unread(machine: &Machine) -> Vec<Unread> {
    let folders = FOLDERS.iter().filter(|folder| !is_link(machine, folder));
    folders
        .flat_map(|folder| FORMATS.map(|(file, format)| (format!("/{folder}/{file}"), format)))
        .filter_map(|(path, format)| database(machine, path, format))
        .collect()
}

/// One database often has two names: the old folder is a link to the new one.
fn is_link(machine: &Machine, folder: &str) -> bool {
    machine.root.link(folder).is_ok()
}

fn database(machine: &Machine, path: String, format: &str) -> Option<Unread> {
    let failure = match machine.root.stat(&path) {
        Ok(_) => Failure {
            reason: Reason::Unsupported,
            detail: format!(
                "an rpm database in the format {format}, which this version cannot read"
            ),
        },
        Err(failure) if failure.is_absence() => return None,
        Err(failure) => failure,
    };
    Some(Unread { path, failure })
}
