//! Signs from the content of programs that units and autostarts start, under whatever names. On a
//! mounted disk nothing runs, and this alone tells what would.
//!
//! Limits: of a unit's own program, its package says what it is; of all others, those outside the
//! system's own folders are read. A path that is not whole is not followed, but from a home.

use std::collections::HashSet;

use leaksweep_catalogue::remote::MarkKind;
use leaksweep_facts::{
    Problem, Reason, Time,
    tables::host::{Autostart, Service},
};

use super::{
    Sign, State, base,
    programs::confidence_of,
    starts::{by_place, starts_by_itself},
};
use crate::{
    accounts::Home,
    remote::{
        TABLE, command,
        content::{self, Hit},
        marks::Marks,
    },
    root::Root,
};
use rustix::fs::FileType;

/// How a path in one's home is written.
const HOMES: &[&str] = &["~/", "$HOME/", "${HOME}/", "%h/"];

/// A program and what starts it.
struct Started<'a> {
    program: String,
    by: &'a str,
    user: Option<&'a str>,
    since: Option<Time>,
    size: u64,
}

pub fn signs(
    root: &Root,
    homes: &[Home],
    services: &[Service],
    autostarts: &[Autostart],
    marks: &Marks<'_>,
    contents: &content::Marks<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Sign> {
    let units = services.iter().flat_map(|row| of_service(row, homes));
    let all = units.chain(autostarts.iter().flat_map(|row| of_autostart(row, homes)));
    let mut seen = HashSet::new();
    let all = all.filter(|started| seen.insert(started.program.clone()));
    let sized = all.filter_map(|started| {
        let size = size(root, &started.program, problems)?;
        Some(Started { size, ..started })
    });
    let sized: Vec<Started<'_>> = sized.collect();
    let (all, passed) = content::affordable(sized, |started| started.size);
    if passed > 0 {
        let detail = format!("the content of {passed} programs was not looked at");
        problems.push(Problem::new(TABLE, "programs of units", Reason::TooLarge, detail));
    }
    let open =
        |started: &Started| content::program(root.reader(started.program.as_ref(), u64::MAX)?);
    let mut found = Vec::new();
    for (started, hits) in content::each(contents, all, open) {
        match hits {
            Ok(hits) => found.extend(hits.iter().map(|hit| row(&started, hit, marks))),
            Err(failure) if failure.is_absence() => {}
            Err(failure) => problems.push(failure.problem(TABLE, started.program)),
        }
    }
    found
}

/// Of a file; nothing else is a program.
fn size(root: &Root, program: &str, problems: &mut Vec<Problem>) -> Option<u64> {
    match root.stat(program) {
        Ok(stat) => {
            let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
            is_file.then_some(stat.st_size as u64)
        }
        Err(failure) => {
            let told = (!failure.is_absence()).then(|| failure.problem(TABLE, program));
            problems.extend(told);
            None
        }
    }
}

fn of_service<'a>(row: &'a Service, homes: &[Home]) -> Vec<Started<'a>> {
    if !row.starts || row.state == "masked" {
        return Vec::new();
    }
    let own = row.program.as_deref();
    let foreign = row.program_package.is_none() && row.program_exists == Some(true);
    let mut programs = programs(&row.command, &homes_of_unit(row, homes));
    programs.retain(|program| Some(program.as_str()) != own);
    programs.extend(own.filter(|_| foreign).map(str::to_owned));
    let (by, user, since) = (&row.name, row.user.as_deref(), row.modified);
    programs.into_iter().map(|program| Started { program, by, user, since, size: 0 }).collect()
}

fn of_autostart<'a>(row: &'a Autostart, homes: &[Home]) -> Vec<Started<'a>> {
    if !starts_by_itself(row) {
        return Vec::new();
    }
    let user = row.user.as_deref();
    let homes: Vec<&Home> =
        homes.iter().filter(|home| user.is_none_or(|user| home.user == user)).collect();
    let mut programs = programs(&row.command, &homes);
    programs.extend(row.program.iter().filter(|path| is_foreign(path)).cloned());
    let (by, since) = (&row.name, row.modified);
    programs.into_iter().map(|program| Started { program, by, user, since, size: 0 }).collect()
}

/// Of the user whose unit it is, of everybody where it is everybody's; `%h` of a system's unit is
/// root's, `~` that of the user with whose rights it runs.
fn homes_of_unit<'h>(row: &Service, homes: &'h [Home]) -> Vec<&'h Home> {
    let is_its = |home: &&Home| match row.user.as_deref() {
        Some(user) => home.user == user,
        None => row.scope == "user" || home.user == row.run_as || home.user == "root",
    };
    homes.iter().filter(is_its).collect()
}

/// The whole paths of the programs that these command lines run.
fn programs(lines: &str, homes: &[&Home]) -> Vec<String> {
    let programs = lines.lines().flat_map(command::programs);
    programs.flat_map(|(program, _)| whole(&program, homes)).collect()
}

fn whole(program: &str, homes: &[&Home]) -> Vec<String> {
    let inside = HOMES.iter().find_map(|start| program.strip_prefix(start));
    let mut paths = match inside {
        Some(inside) => {
            let inside = inside.trim_start_matches('/');
            let paths = homes.iter().map(|home| home.path.join(inside));
            paths.filter_map(|path| path.to_str().map(str::to_owned)).collect()
        }
        None => vec![program.to_owned()],
    };
    paths.retain(|path| is_foreign(path));
    paths
}

fn is_foreign(path: &str) -> bool {
    let system = ["/usr/", "/bin/", "/sbin/", "/lib"].iter().any(|folder| path.starts_with(folder));
    path.starts_with('/') && (!system || path.starts_with("/usr/local/") || path.contains("/../"))
}

fn row(started: &Started<'_>, hit: &Hit<'_>, marks: &Marks<'_>) -> Sign {
    let named = marks.of(MarkKind::Process, base(&started.program));
    let placed = by_place(Some(&started.program), marks);
    let own = |known: &crate::remote::marks::Known<'_>| known.tool.id == hit.tool;
    let renamed = !named.iter().any(own) && !placed.iter().any(own);
    let called = if renamed { "under another name, " } else { "" };
    Sign {
        subject: format!(
            "program {} of {} ({called}by {} '{}')",
            started.program, started.by, hit.kind, hit.mark
        ),
        path: Some(started.program.clone()),
        user: started.user.map(str::to_owned),
        since: started.since,
        renamed,
        ..Sign::new(hit.tool, State::Starts, "content", confidence_of(hit.kind), hit.mark)
    }
}
