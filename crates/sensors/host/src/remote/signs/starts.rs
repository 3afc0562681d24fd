//! Signs from what starts by itself: units and desktop entries by their names, and everything by the
//! programs that it runs and by where they lie, whatever it is called.

use std::path::Path;

use leaksweep_catalogue::remote::MarkKind;
use leaksweep_facts::tables::host::{Autostart, Service};

use super::{Confidence, Sign, State, base};
use crate::remote::{
    command,
    marks::{Known, Marks, owns},
};

pub fn of_services(services: &[Service], marks: &Marks<'_>) -> Vec<Sign> {
    let real = services.iter().filter(|row| row.state != "masked" && row.state != "alias");
    real.flat_map(|service| of_service(service, marks)).collect()
}

fn of_service(service: &Service, marks: &Marks<'_>) -> Vec<Sign> {
    let mut found = marks.of(MarkKind::Unit, &service.name);
    found.retain(|known| !is_anothers(known, service.package.as_deref()));
    found.extend(by_program(&service.command, marks));
    let mut placed = by_place(service.program.as_deref(), marks);
    placed.retain(|known| !is_anothers(known, service.program_package.as_deref()));
    found.extend(placed);
    let signs = of_tools(found).into_iter().flat_map(|known| {
        let starred = known.mark.contains('*');
        let confidence = if starred { Confidence::Possible } else { Confidence::Likely };
        let sign = |state| Sign::new(&known.tool.id, state, "unit", confidence, known.mark);
        states(service).iter().map(|state| sign(*state)).collect::<Vec<_>>()
    });
    signs.map(|sign| row(service, sign)).collect()
}

/// The best mark of each tool: what a `*` stands for may be anything.
fn of_tools(mut found: Vec<Known<'_>>) -> Vec<Known<'_>> {
    found.sort_by_key(|known| known.mark.contains('*'));
    let mut best: Vec<Known<'_>> = Vec::new();
    for known in found {
        if best.iter().all(|other| other.tool.id != known.tool.id) {
            best.push(known);
        }
    }
    best
}

/// The tools in whose places a program lies, whatever it is called.
pub fn by_place<'a>(program: Option<&str>, marks: &Marks<'a>) -> Vec<Known<'a>> {
    let places = program.into_iter().flat_map(|path| Path::new(path).ancestors());
    let places = places.filter_map(Path::to_str).filter(|path| path.len() > 1);
    places.flat_map(|path| marks.of(MarkKind::Linux, path)).collect()
}

/// The tools whose programs a command line runs.
pub fn by_program<'a>(line: &str, marks: &Marks<'a>) -> Vec<Known<'a>> {
    let mut found = Vec::new();
    for command in line.lines() {
        for (program, _) in command::programs(command) {
            found.extend(marks.of(MarkKind::Process, base(&program)));
        }
    }
    found
}

/// A distribution may have something else of the same name.
fn is_anothers(known: &Known<'_>, package: Option<&str>) -> bool {
    let mut marks = known.tool.facts.iter().flat_map(|fact| fact.marks());
    let has_packages = marks.any(|(kind, _)| kind == MarkKind::Package);
    has_packages && package.is_some_and(|package| !owns(known.tool, package))
}

fn states(service: &Service) -> &'static [State] {
    match (service.program_exists, service.starts) {
        (Some(false), _) => &[State::LeftOver],
        (_, true) => &[State::Installed, State::Starts],
        (_, false) => &[State::Installed],
    }
}

fn row(service: &Service, sign: Sign) -> Sign {
    Sign {
        subject: format!("unit {} ({})", service.name, service.state),
        path: Some(service.path.clone()),
        user: service.user.clone(),
        since: service.modified,
        ..sign
    }
}

pub fn of_autostarts(autostarts: &[Autostart], marks: &Marks<'_>) -> Vec<Sign> {
    let starting = autostarts.iter().filter(|row| starts_by_itself(row));
    starting.flat_map(|autostart| of_autostart(autostart, marks)).collect()
}

/// What waits until somebody uses it, or until a package or a kernel is installed, does not.
pub fn starts_by_itself(autostart: &Autostart) -> bool {
    let waits = ["message", "command", "package", "module", "kernel", "browser"];
    autostart.starts && autostart.way != "completion" && !waits.contains(&autostart.event.as_str())
}

fn of_autostart(autostart: &Autostart, marks: &Marks<'_>) -> Vec<Sign> {
    let mut found = match autostart.way.as_str() {
        "xdg" => marks.of(MarkKind::Unit, &autostart.name),
        _ => Vec::new(),
    };
    found.extend(by_program(&autostart.command, marks));
    found.extend(by_place(autostart.program.as_deref(), marks));
    let row = |known: Known<'_>| Sign {
        subject: format!("autostart {} ({})", autostart.name, autostart.way),
        path: Some(autostart.path.clone()),
        user: autostart.user.clone(),
        since: autostart.modified,
        ..Sign::new(&known.tool.id, State::Starts, "autostart", Confidence::Likely, known.mark)
    };
    of_tools(found).into_iter().map(row).collect()
}
