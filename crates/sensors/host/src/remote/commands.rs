//! Every command line that the other collectors saw, with the programs that it runs.

use std::collections::HashSet;

use leaksweep_catalogue::remote::{MarkKind, Tool};
use leaksweep_facts::{
    Time,
    tables::host::{Autostart, Process, Service},
};

use super::{
    Seen, command,
    settings::Command,
    signs::{Sign, State, base, starts::starts_by_itself},
};

pub fn of<'a>(seen: &Seen<'a>) -> Vec<Command<'a>> {
    let processes = seen.processes.iter().flat_map(of_process);
    let starting = seen.services.iter().filter(|row| row.starts && row.state != "masked");
    let services = starting.flat_map(of_service);
    let autostarts =
        seen.autostarts.iter().filter(|row| starts_by_itself(row)).flat_map(of_autostart);
    processes.chain(services).chain(autostarts).collect()
}

/// The command lines of programs that bear another's name, once more under the name of the tool
/// that they are: settings ask for programs by their names.
pub fn of_renamed<'a>(
    commands: &[Command<'a>],
    signs: &[Sign],
    tools: &[Tool],
) -> Vec<Command<'a>> {
    let renamed = signs.iter().filter(|sign| sign.renamed && sign.kind == "content");
    let mut seen = HashSet::new();
    let renamed = renamed.filter(|sign| seen.insert((&sign.tool, sign.pid, &sign.path)));
    let of_sign = |sign: &Sign| {
        let name = tools.iter().find(|tool| tool.id == sign.tool).and_then(name_of)?;
        let own = commands.iter().filter(|command| is_of(sign, command));
        // The first program of a process's line is the process; the others it may only start.
        let own = own.take(if sign.pid.is_some() { 1 } else { usize::MAX });
        let rename =
            |command: &Command<'a>| Command { program: name.to_owned(), ..command.clone() };
        Some(own.map(rename).collect::<Vec<_>>())
    };
    renamed.filter_map(of_sign).flatten().collect()
}

fn is_of(sign: &Sign, command: &Command<'_>) -> bool {
    match (sign.pid, sign.path.as_deref()) {
        (Some(pid), _) => command.pid == Some(pid),
        (None, Some(path)) if sign.state == State::Starts => {
            command.pid.is_none() && command.program == base(path)
        }
        _ => false,
    }
}

/// What a tool's program is usually called.
fn name_of(tool: &Tool) -> Option<&str> {
    let mut marks = tool.facts.iter().flat_map(|fact| fact.marks());
    marks.find(|(kind, _)| *kind == MarkKind::Process).map(|(_, name)| name)
}

fn of_process(row: &Process) -> Vec<Command<'_>> {
    let path = row.program.as_deref().unwrap_or(&row.name);
    let mut found = lines(&row.arguments, path, Some(&row.user), row.started);
    // What the first word says is the caller's choice.
    if let Some(first) = found.first_mut() {
        first.program = base(path).to_owned();
    }
    found.iter_mut().for_each(|command| command.pid = Some(row.pid));
    found
}

fn of_service(row: &Service) -> Vec<Command<'_>> {
    lines(&row.command, &row.path, row.user.as_deref(), row.modified)
}

fn of_autostart(row: &Autostart) -> Vec<Command<'_>> {
    lines(&row.command, &row.path, row.user.as_deref(), row.modified)
}

fn lines<'a>(
    text: &'a str,
    path: &'a str,
    user: Option<&str>,
    since: Option<Time>,
) -> Vec<Command<'a>> {
    let mut found = Vec::new();
    for line in text.lines() {
        for (program, arguments) in command::programs(line) {
            let (program, user) = (base(&program).to_owned(), user.map(str::to_owned));
            found.push(Command { program, arguments, line, path, user, since, pid: None });
        }
    }
    found
}
