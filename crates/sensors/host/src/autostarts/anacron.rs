//! anacron: `/etc/anacrontab`, whose jobs run when so many days have passed, as root.

use std::path::Path;

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, Lines, lines, program, row};

const FILE: &str = "/etc/anacrontab";

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Entry {
    line: usize,
    /// Days, or `@monthly` and its like.
    period: String,
    command: String,
}

pub fn collect(reading: &mut Autostarts<'_>) {
    let path = Path::new(FILE);
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    for entry in parse(&content).told(reading, path) {
        let row = row(reading, "cron", path, &entry.command);
        let word = program::word(&entry.command);
        let program = word.map(|word| program::found(&word, None, reading.root));
        let days = entry.period.bytes().all(|byte| byte.is_ascii_digit());
        let schedule = if days { format!("every {} days", entry.period) } else { entry.period };
        let (user, line) = (Some("root".into()), i64::try_from(entry.line).ok());
        reading.row(Autostart { user, line, schedule: Some(schedule), program, ..row });
    }
}

/// `period delay name command`
pub fn parse(content: &[u8]) -> Lines<Entry> {
    let mut entries = Lines::default();
    for (line, text) in lines(content) {
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match entry(&text) {
            Some(entry) => entries.take(Entry { line, ..entry }),
            None if is_variable(&text) => {}
            None => entries.note(line),
        }
    }
    entries
}

fn entry(line: &str) -> Option<Entry> {
    let (period, rest) = word(line)?;
    let (delay, rest) = word(rest)?;
    let (_, command) = word(rest)?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let known = (period.starts_with('@') || is_number(period)) && is_number(delay);
    let (period, command) = (period.to_owned(), command.to_owned());
    (known && !command.is_empty()).then_some(Entry { line: 0, period, command })
}

fn is_variable(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, _)| {
        let of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_ ".contains(&byte);
        name.bytes().all(of_name)
    })
}

fn word(line: &str) -> Option<(&str, &str)> {
    line.split_once(char::is_whitespace).map(|(word, rest)| (word, rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_have_a_period_and_a_command() {
        let text = b"SHELL=/bin/sh\nSTART_HOURS_RANGE=3-22\n# x\n1\t5\tcron.daily\trun-parts a\n\
            @monthly 15 m  /opt/x --y\n7 5 name\nroot:$6$x:\n";
        let found = parse(text);
        let cells: Vec<_> =
            found.found.iter().map(|e| (e.line, e.period.as_str(), e.command.as_str())).collect();
        assert_eq!(cells, [(4, "1", "run-parts a"), (5, "@monthly", "/opt/x --y")]);
        assert_eq!(found.senseless, Some((6, 2)));
    }
}
