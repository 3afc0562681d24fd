//! cron: the system's tables, which name a user in each entry, the users' own, and the folders
//! whose programs run each hour, day, week and month.

use std::{collections::BTreeSet, path::Path};

use leaksweep_facts::tables::host::Autostart;

use super::{
    Autostarts, CAP, Lines, anacron, files, is_left_behind, last, lines, program, row, script,
};

const SYSTEM: &str = "/etc/crontab";
const SYSTEM_FOLDER: &str = "/etc/cron.d";
/// Debian, Red Hat, SUSE and Alpine each have their own.
const OWN_FOLDERS: [&str; 4] =
    ["/var/spool/cron/crontabs", "/var/spool/cron", "/var/spool/cron/tabs", "/etc/crontabs"];
const PROGRAMS: [(&str, &str); 5] = [
    ("/etc/cron.hourly", "@hourly"),
    ("/etc/cron.daily", "@daily"),
    ("/etc/cron.weekly", "@weekly"),
    ("/etc/cron.monthly", "@monthly"),
    ("/etc/cron.yearly", "@yearly"),
];
/// One entry; the user is empty where the table has no such field.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Entry {
    line: usize,
    schedule: String,
    user: String,
    command: String,
}

pub fn collect(reading: &mut Autostarts<'_>) {
    table(reading, Path::new(SYSTEM), None);
    for path in files(reading, Path::new(SYSTEM_FOLDER)) {
        table(reading, &path, None);
    }
    for folder in own_folders(reading) {
        for path in files(reading, folder) {
            table(reading, &path, Some(last(&path)));
        }
    }
    anacron::collect(reading);
    for (folder, schedule) in PROGRAMS {
        for path in files(reading, Path::new(folder)) {
            program(reading, &path, schedule);
        }
    }
}

/// On Alpine one is a link to another.
fn own_folders(reading: &Autostarts<'_>) -> Vec<&'static Path> {
    let mut seen = BTreeSet::new();
    let place = |path: &Path| reading.root.resolve(path).unwrap_or_else(|_| path.to_owned());
    OWN_FOLDERS.iter().map(Path::new).filter(|path| seen.insert(place(path))).collect()
}

/// A table of entries; without an owner each entry names its user.
fn table(reading: &mut Autostarts<'_>, path: &Path, owner: Option<String>) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let reads = !is_left_behind(path);
    for entry in parse(&content, owner.is_none()).told(reading, path) {
        let row = row(reading, "cron", path, &entry.command);
        let word = program::word(&entry.command);
        let program = word.map(|word| program::found(&word, None, reading.root));
        let user = owner.clone().unwrap_or(entry.user);
        let event = if entry.schedule == "@reboot" { "boot" } else { "clock" };
        reading.row(Autostart {
            event: event.into(),
            user: Some(user),
            line: i64::try_from(entry.line).ok(),
            schedule: Some(entry.schedule),
            program,
            starts: reads,
            ..row
        });
    }
}

fn program(reading: &mut Autostarts<'_>, path: &Path, schedule: &str) {
    if last(path).starts_with('.') {
        return;
    }
    let Some(row) = script::whole(reading, "cron", path) else { return };
    let starts = row.starts && !is_left_behind(path);
    reading.row(Autostart {
        user: Some("root".into()),
        schedule: Some(schedule.into()),
        starts,
        ..row
    });
}

/// The entries of a table, with or without a field for the user.
pub fn parse(content: &[u8], has_user: bool) -> Lines<Entry> {
    let mut entries = Lines::default();
    for (line, text) in lines(content) {
        if text.is_empty() || text.starts_with('#') || is_variable(&text) {
            continue;
        }
        match entry(&text, has_user) {
            Some(entry) => entries.take(Entry { line, ..entry }),
            None => entries.note(line),
        }
    }
    entries
}

/// `NAME = value`; a variable's name may stand in quotes.
fn is_variable(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim().trim_matches(['"', '\'']);
        let of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !name.is_empty() && name.bytes().all(of_name)
    })
}

fn entry(line: &str, has_user: bool) -> Option<Entry> {
    let count = if line.starts_with('@') { 1 } else { 5 };
    let (fields, rest) = words(line, count)?;
    if count == 5 && !fields.iter().all(|field| is_time(field)) {
        return None;
    }
    let schedule = fields.join(" ");
    let (user, command) = if has_user { word(rest)? } else { ("", rest) };
    if command.is_empty() || (has_user && user.is_empty()) {
        return None;
    }
    let (user, command) = (user.to_owned(), command.to_owned());
    Some(Entry { schedule, user, command, ..Entry::default() })
}

/// So many words, and what follows them.
fn words(line: &str, count: usize) -> Option<(Vec<&str>, &str)> {
    let mut words = Vec::with_capacity(count);
    let mut rest = line;
    for _ in 0..count {
        let (word, after) = word(rest)?;
        words.push(word);
        rest = after;
    }
    Some((words, rest))
}

fn word(line: &str) -> Option<(&str, &str)> {
    line.split_once(char::is_whitespace).map(|(word, rest)| (word, rest.trim_start()))
}

fn is_time(field: &str) -> bool {
    field.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"*,-/~?#".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &[u8], has_user: bool) -> Vec<(usize, String, String, String)> {
        let found = parse(text, has_user).found.into_iter();
        found.map(|entry| (entry.line, entry.schedule, entry.user, entry.command)).collect()
    }

    #[test]
    fn entries_have_a_time_a_user_and_a_command() {
        let text = b"SHELL=/bin/sh\nMAILTO = \"\"\n# x\n*/5  0-23 * jan mon-fri root  x A=b %in\n\
            @reboot\twww-data\t/opt/y\n-* * * * * root quiet\n";
        let expected = [
            (4, "*/5 0-23 * jan mon-fri".into(), "root".into(), "x A=b %in".into()),
            (5, "@reboot".into(), "www-data".into(), "/opt/y".into()),
            (6, "-* * * * *".into(), "root".into(), "quiet".into()),
        ];
        assert_eq!(entries(text, true), expected);
    }

    #[test]
    fn a_users_table_has_no_field_for_the_user() {
        let found = entries(b"0 1 * * * curl -s x | sh\n", false);
        assert_eq!(found, [(1, "0 1 * * *".into(), String::new(), "curl -s x | sh".into())]);
    }

    #[test]
    fn lines_that_make_no_sense_are_counted() {
        let text = b"root:$6$hash:19000:0:\n* * * * *\n@reboot\n* * * * * root\n\xff\xfe*\0\n";
        let found = parse(text, true);
        assert_eq!((found.found, found.senseless), (vec![], Some((1, 5))));
        let many = parse(&b"* * * * * a b\n".repeat(200_000), true);
        assert_eq!((many.found.len(), many.more), (super::super::MAX_LINES, true));
    }
}
