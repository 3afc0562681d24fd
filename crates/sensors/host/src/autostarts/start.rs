//! A command that a file of an application names, as a row.

use std::path::Path;

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, program, row};
use crate::{accounts::Home, name, traits};

/// What is known of the command beside its text.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    pub way: &'static str,
    pub event: &'static str,
    pub path: &'a Path,
    pub user: Option<&'a str>,
    /// Where `~` leads.
    pub home: Option<&'a Path>,
}

impl<'a> Start<'a> {
    pub fn new(way: &'static str, event: &'static str, path: &'a Path) -> Self {
        Self { way, event, path, user: None, home: None }
    }

    pub fn of_root(self) -> Self {
        Self { user: Some("root"), ..self }
    }

    pub fn of_home(self, home: Option<&'a Home>) -> Self {
        let user = home.map(|home| home.user.as_str());
        Self { user, home: home.map(|home| home.path.as_path()), ..self }
    }

    /// The row of a command that stands in a line of the file.
    pub fn command(
        &self,
        reading: &mut Autostarts<'_>,
        name: Option<String>,
        line: Option<usize>,
        command: &str,
    ) -> Autostart {
        let row = row(reading, self.way, self.path, command);
        let word = program::word(command);
        Autostart {
            event: self.event.into(),
            user: self.user.map(str::to_owned),
            name: name.unwrap_or_else(|| row.name.clone()),
            line: line.and_then(|line| i64::try_from(line).ok()),
            program: word.map(|word| program::found(&word, self.home, reading.root)),
            traits: traits::of(command),
            ..row
        }
    }

    /// The row of a file that is run as a whole. What its text does is told with the first line that
    /// does it.
    pub fn file(&self, reading: &mut Autostarts<'_>, content: &[u8]) -> Autostart {
        let command = name::path(self.path);
        let row = row(reading, self.way, self.path, &command);
        let (traits, line) = told(content);
        Autostart {
            event: self.event.into(),
            user: self.user.map(str::to_owned),
            line: line.and_then(|line| i64::try_from(line).ok()),
            program: Some(command),
            traits,
            ..row
        }
    }
}

/// What a script does that is seldom innocent, and the first line that does. A program is no text.
pub fn told(content: &[u8]) -> (Option<String>, Option<usize>) {
    if memchr::memchr(0, content).is_some() {
        return (None, None);
    }
    let traits = traits::of(&name::text(content));
    let line = traits.as_ref().and_then(|_| {
        let lines = content.split(|byte| *byte == b'\n').enumerate();
        let mut telling = lines.filter(|(_, line)| traits::of(&name::text(line)).is_some());
        telling.next().map(|(at, _)| at + 1)
    });
    (traits, line)
}
