//! A shell script as its commands: one for each line that starts a program, without comments, with
//! continued lines joined; or as a whole, where a folder's programs are started.

use std::{collections::HashSet, path::Path};

use leaksweep_facts::tables::host::Autostart;
use rustix::fs::FileType;

use super::{Autostarts, Command, Lines, lines, program, row};
use crate::{name, root::Failure, traits};

/// Larger ones are told by their beginning.
const SCRIPT: usize = 256 << 10;

/// The row of a file that is started as a whole, if it may be run. A link to nowhere is nothing.
pub fn whole(reading: &mut Autostarts<'_>, way: &str, path: &Path) -> Option<Autostart> {
    let stat = reading.root.stat(path).ok()?;
    let kind = FileType::from_raw_mode(stat.st_mode);
    let command = name::path(path);
    // A link to /dev/null switches off what another folder has under this name.
    if kind != FileType::RegularFile {
        if kind != FileType::CharacterDevice {
            reading.failed(path, &[], Failure::wrong_type(kind));
        }
        return None;
    }
    let starts = stat.st_mode & 0o111 != 0;
    let traits = told(reading, path);
    let row = row(reading, way, path, &command);
    Some(Autostart { program: Some(command), starts, traits, ..row })
}

/// What a file's text does, if it is text.
pub fn told(reading: &mut Autostarts<'_>, path: &Path) -> Option<String> {
    let content = reading.head(path, SCRIPT, &["traits"])?;
    if content.contains(&0) { None } else { traits::of(&name::text(&content)) }
}

/// Rows of commands, all of one way, event and user.
pub fn rows(
    reading: &mut Autostarts<'_>,
    path: &Path,
    commands: Lines<Command>,
    of: &Autostart,
    home: Option<&Path>,
) {
    for command in commands.told(reading, path) {
        let row = row(reading, &of.way, path, &command.text);
        let word = program::word(&command.text);
        let program = word.map(|word| program::found(&word, home, reading.root));
        let line = i64::try_from(command.line).ok();
        let (event, user, starts) = (of.event.clone(), of.user.clone(), of.starts);
        let schedule = of.schedule.clone();
        reading.row(Autostart { event, user, line, schedule, program, starts, ..row });
    }
}

/// One row more for what only several lines of a script do together: to fetch a file in one and to
/// run it in another. `first` is the first row of the script.
pub fn together(
    reading: &mut Autostarts<'_>,
    path: &Path,
    content: &[u8],
    of: &Autostart,
    first: usize,
) {
    let text = name::text(content);
    let Some(all) = traits::of(&text).filter(|_| !content.contains(&0)) else { return };
    let told = reading.found.rows.iter().skip(first).filter_map(|row| row.traits.as_deref());
    let told: HashSet<&str> = told.flat_map(|traits| traits.split(' ')).collect();
    let more: Vec<&str> = all.split(' ').filter(|word| !told.contains(word)).collect();
    if more.is_empty() {
        return;
    }
    let traits = Some(more.join(" "));
    let row = row(reading, &of.way, path, &name::path(path));
    let (event, user, starts) = (of.event.clone(), of.user.clone(), of.starts);
    reading.row(Autostart { event, user, starts, traits, ..row });
}

/// The lines of a script that start a program.
pub fn parse(content: &[u8]) -> Lines<Command> {
    let mut commands = Lines::default();
    for command in joined(content) {
        // A program, or text of two bytes a letter.
        if command.text.contains('\0') {
            commands.note(command.line);
        } else if program::word(&command.text).is_some() {
            commands.take(command);
        }
    }
    commands
}

/// The lines that say something; a backslash at the end joins a line to the next.
pub fn joined(content: &[u8]) -> impl Iterator<Item = Command> {
    let mut pending = Command::default();
    let end = std::iter::once((0, String::new()));
    lines(content).chain(end).filter_map(move |(line, text)| {
        if pending.text.is_empty() {
            pending.line = line;
        }
        if pending.text.is_empty() && (text.is_empty() || text.starts_with('#')) {
            return None;
        }
        if let Some(part) = text.strip_suffix('\\') {
            pending.text.extend([part, " "]);
            return None;
        }
        pending.text.push_str(&text);
        Some(std::mem::take(&mut pending))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(content: &[u8]) -> Vec<(usize, String)> {
        parse(content).found.into_iter().map(|found| (found.line, found.text)).collect()
    }

    #[test]
    fn each_line_that_starts_a_program_is_one() {
        let script =
            b"#!/bin/sh\n\nexport A=1\nx11vnc \\\n  -forever &\nif true; then\n  b\nfi\nc \\";
        let expected = [(4, "x11vnc  -forever &".into()), (7, "b".into()), (9, "c  ".into())];
        assert_eq!(commands(script), expected);
        assert_eq!(commands(b""), []);
    }

    #[test]
    fn bytes_that_are_no_text_stay_visible() {
        assert_eq!(commands(b"/opt/\xb9\xab/x\r\n"), [(1, "/opt/\\xb9\\xab/x".into())]);
    }

    #[test]
    fn lines_that_are_no_text_are_counted() {
        let utf16: Vec<u8> = "x11vnc\ny\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let found = parse(&utf16);
        assert_eq!((found.found, found.senseless), (vec![], Some((1, 3))));
    }

    #[test]
    fn more_lines_than_are_read_are_said() {
        let commands = parse(&b"x\n".repeat(200_000));
        assert_eq!((commands.found.len(), commands.more), (super::super::MAX_LINES, true));
    }
}
