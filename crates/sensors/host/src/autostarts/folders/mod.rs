//! Folders whose programs are started as they are: of the message of the day, networks, systemd's
//! generators, sleep, kernels, the initramfs and completion in shells; one row for each file.
//!
//! Limits: folders below are looked into where the list says so, one level deep.

mod places;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, MAX_FILES, files, is_left_behind, last, script};
use crate::accounts::Home;
use places::{
    FILES, OWN, ROOT,
    Runs::{self, Completes, FirstOfName, Read},
    SYSTEM,
};

pub fn of_system(reading: &mut Autostarts<'_>) {
    for (way, path, runs) in FILES {
        let event = if way == "session" { "desktop" } else { super::event(way) };
        let user = ROOT.filter(|_| way != "session");
        of_file(reading, Path::new(path), &place(way, event, user), runs, true);
    }
    let mut seen = HashSet::new();
    for (way, event, user, runs, folders) in SYSTEM {
        let mut names = HashSet::new();
        let mut all = Vec::new();
        folders.iter().for_each(|folder| all.extend(with_inner(reading, folder)));
        for folder in all {
            let real = reading.root.resolve(&folder).unwrap_or_else(|_| folder.clone());
            if !seen.insert(real) {
                continue;
            }
            for path in files(reading, &folder) {
                let first = names.insert(last(&path)) || runs != FirstOfName;
                of_file(reading, &path, &place(way, event, user), runs, first);
            }
        }
    }
}

pub fn of_home(reading: &mut Autostarts<'_>, home: &Home) {
    for folder in OWN {
        for path in files(reading, &home.path.join(folder)) {
            let of = place("completion", "shell", Some(&home.user));
            of_file(reading, &path, &of, Completes, true);
        }
    }
}

fn place(way: &str, event: &str, user: Option<&str>) -> Autostart {
    let user = user.map(str::to_owned);
    Autostart { way: way.into(), event: event.into(), user, ..Autostart::default() }
}

fn with_inner(reading: &mut Autostarts<'_>, folder: &str) -> Vec<PathBuf> {
    let Some(above) = folder.strip_suffix("/**") else { return vec![folder.into()] };
    let above = PathBuf::from(above);
    let mut inner = reading.entries(&above, MAX_FILES);
    inner.retain(|path| reading.is_folder(path));
    inner.insert(0, above);
    inner
}

/// A row for one file; what is not allowed to run, or stands behind another of its name, starts
/// nothing.
fn of_file(reading: &mut Autostarts<'_>, path: &Path, of: &Autostart, runs: Runs, first: bool) {
    let Some(row) = script::whole(reading, &of.way, path) else { return };
    let read = matches!(runs, Read | Completes);
    let starts = first && (read || row.starts) && !is_left_behind(path);
    // What completes has no command line of its own.
    let (command, program) = if runs == Completes {
        (String::new(), None)
    } else {
        (row.command.clone(), row.program.clone())
    };
    let (event, user) = (of.event.clone(), of.user.clone());
    reading.row(Autostart { event, user, command, program, starts, ..row });
}
