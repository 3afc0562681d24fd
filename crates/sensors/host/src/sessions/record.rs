//! What utmp says of somebody and no process told yet.

use leaksweep_facts::{Time, tables::host::Session};

use super::scene::Scene;
use crate::logins::{Kind, Record, remote};

pub fn tell(scene: &mut Scene<'_>) {
    let records = scene.utmp.clone().unwrap_or_default();
    for record in records.iter().filter(|record| record.kind == Kind::User) {
        if record.user.is_empty() || is_known(scene, record) {
            continue;
        }
        let row = row(scene, record);
        scene.add(row);
    }
}

/// A row has it, or it is a window of a session that has one.
fn is_known(scene: &Scene<'_>, record: &Record) -> bool {
    let told = |row: &Session| {
        row.pid == Some(record.pid)
            || row.terminal.as_ref() == Some(&record.line)
            // Windows of a desktop and panes of tmux name a place on the machine as their host.
            || (record.line.starts_with("pts/") && !record.host.is_empty() && remote(record).is_none())
    };
    let process = scene.process(record.pid);
    scene.rows.iter().any(told) || process.is_some_and(|process| scene.is_told(process))
}

fn row(scene: &Scene<'_>, record: &Record) -> Session {
    let process = scene.process(record.pid);
    let from_address = remote(record);
    let way = match (&*record.line, &from_address) {
        (line, None) if line.starts_with("tty") => "console",
        (line, None) if line.starts_with(':') => "x11",
        _ => "other",
    };
    let line = || Some(record.line.clone()).filter(|line| !line.is_empty());
    Session {
        way: way.into(),
        user: record.user.clone(),
        from_address,
        terminal: line(),
        pid: process.map(|process| process.pid),
        process: process.map(|process| process.arguments.clone()),
        since: Some(Time(record.time)),
        idle_seconds: process.and_then(|_| scene.idle(&line())),
        state: if process.is_none() { "record".into() } else { String::new() },
        connected: None,
        said_by: if process.is_none() { "utmp" } else { "utmp process" }.into(),
        recorded: Some(true),
        processes: process.map_or(0, |process| scene.all_below(process.pid).len() as i64),
    }
}
