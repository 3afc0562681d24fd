//! Remote-control tools: which are there, in which state, and whether they let someone in with
//! nobody present.
//!
//! Reads: what the other collectors saw, the places that the catalogue names, the content of
//! programs that run or lie in downloads and temp folders, and the configuration of the tools that
//! are there. Limits: those of `places`, `content`, `signs::portable` and `settings`; a tool that
//! the catalogue does not know is not found.

pub mod command;
mod commands;
mod content;
mod drives;
mod linger;
mod marks;
mod places;
mod running;
pub mod settings;
mod signs;
mod story;
mod texts;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use leaksweep_catalogue::remote::Tool;
use leaksweep_facts::{
    Observed, Problem,
    tables::host::{
        Autostart, BrowserExtension, Package, Process, RemoteSetting, RemoteSign, RemoteTool,
        Service, Socket, UsbDevice,
    },
};

use crate::{accounts::Home, machine::Machine};
use marks::Marks;
use places::Places;
use signs::Sign;

/// Where everything that could not be looked at is told: without a sign there is no row of signs.
const TABLE: &str = "host_remote_tools";

/// What the other collectors saw.
pub struct Seen<'a> {
    pub packages: &'a [Package],
    pub processes: &'a [Process],
    pub sockets: &'a [Socket],
    pub services: &'a [Service],
    pub autostarts: &'a [Autostart],
    pub extensions: &'a [BrowserExtension],
    pub usb_devices: &'a [UsbDevice],
}

#[derive(Default)]
pub struct Remote {
    pub tools: Observed<RemoteTool>,
    pub signs: Observed<RemoteSign>,
    pub settings: Observed<RemoteSetting>,
}

/// What the disk says by itself. It needs nothing of the other collectors, and takes the longest.
pub struct OnDisk<'a> {
    marks: Marks<'a>,
    contents: content::Marks<'a>,
    places: Places,
    copies: Vec<Sign>,
    problems: Vec<Problem>,
}

impl<'a> OnDisk<'a> {
    pub fn look(machine: &Machine, homes: &[Home], tools: &'a [Tool]) -> Self {
        let (marks, contents) = (Marks::new(tools), content::Marks::new(tools));
        let root = &machine.root;
        let places = Places::look(root, homes, machine.privileged, patterns(tools));
        let mut problems = Vec::new();
        let copies = signs::portable::signs(root, homes, &places, &marks, &contents, &mut problems);
        Self { marks, contents, places, copies, problems }
    }
}

pub fn collect(
    machine: &Machine,
    homes: &[Home],
    seen: &Seen<'_>,
    tools: &[Tool],
    on_disk: OnDisk<'_>,
) -> Remote {
    let mut problems = Vec::new();
    let OnDisk { marks, contents, places, copies, problems: of_copies } = on_disk;
    let known = Known { tools, marks: &marks, contents: &contents, places: &places };
    let mut signs = signs(machine, homes, seen, &known, copies, &mut problems);
    problems.extend(of_copies);
    problems.extend_from_slice(&places.problems);
    let mut settings = settings(machine, seen, tools, &places, &mut signs);
    settings.extend(linger::settings(&machine.root, homes, seen.services, &signs));
    problems.extend(settings.problems.iter().map(undecided));
    let tools = story::tell(tools, &signs, &settings);
    Remote {
        tools: Observed { rows: tools, problems },
        signs: Observed { rows: signs.into_iter().map(Sign::row).collect(), problems: Vec::new() },
        settings,
    }
}

/// What configuration hides, nobody can say of the tool.
fn undecided(problem: &Problem) -> Problem {
    let of_tools = Problem { table: TABLE, ..problem.clone() };
    of_tools.in_columns(&["unattended", "unattended_by", "ways_in"])
}

fn patterns(tools: &[Tool]) -> impl Iterator<Item = &str> {
    let marks = tools.iter().flat_map(|tool| &tool.facts).flat_map(|fact| fact.marks());
    let paths = marks.filter(|(kind, _)| signs::files::KINDS.contains(kind)).map(|(_, mark)| mark);
    let settings = tools.iter().flat_map(|tool| &tool.settings);
    paths.chain(settings.flat_map(|setting| &setting.files).map(String::as_str))
}

/// The settings of the tools for which anything speaks. A command line that gives somebody a way
/// in speaks for its tool by itself.
fn settings(
    machine: &Machine,
    seen: &Seen<'_>,
    tools: &[Tool],
    places: &Places,
    signs: &mut Vec<Sign>,
) -> Observed<RemoteSetting> {
    let mut commands = commands::of(seen);
    commands.extend(commands::of_renamed(&commands, signs, tools));
    signs.extend(signs::commands::signs(tools, &commands, signs));
    let present: HashSet<&str> = signs.iter().map(|sign| sign.tool.as_str()).collect();
    let present: Vec<&Tool> =
        tools.iter().filter(|tool| present.contains(tool.id.as_str())).collect();
    settings::collect(&machine.root, places, &present, &commands)
}

/// The catalogue, turned round, and where its paths are.
struct Known<'a> {
    tools: &'a [Tool],
    marks: &'a Marks<'a>,
    contents: &'a content::Marks<'a>,
    places: &'a Places,
}

fn signs(
    machine: &Machine,
    homes: &[Home],
    seen: &Seen<'_>,
    known: &Known<'_>,
    copies: Vec<Sign>,
    problems: &mut Vec<Problem>,
) -> Vec<Sign> {
    let Known { tools, marks, contents, places } = *known;
    let mut found = signs::packages::signs(seen.packages, marks);
    found.extend(signs::files::signs(tools, places));
    let programs = running::contents(machine, seen.processes, contents, problems);
    found.extend(signs::programs::signs(seen.processes, marks, &programs, tools));
    found.extend(signs::starts::of_services(seen.services, marks));
    found.extend(signs::starts::of_autostarts(seen.autostarts, marks));
    found.extend(signs::extensions::signs(seen.extensions, marks));
    found.extend(signs::devices::signs(seen.usb_devices, marks));
    let root = &machine.root;
    let (units, autostarts) = (seen.services, seen.autostarts);
    found.extend(signs::started::signs(root, homes, units, autostarts, marks, contents, problems));
    found.extend(copies);
    found.extend(signs::sockets::signs(seen.sockets, seen.services, marks, &found));
    signs::claims::without_doubles(tools, found)
}

/// A command line taken apart, for the fuzz targets.
pub fn parse_command(bytes: &[u8]) {
    command::programs(&String::from_utf8_lossy(bytes));
}
