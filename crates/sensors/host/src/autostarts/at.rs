//! Jobs of at and batch: a script each, whose name tells when it runs and before whose commands
//! stands the environment in which it was made.
//!
//! Reads `/var/spool/cron/atjobs` and `/var/spool/at`. The user is the owner of the file.

use std::path::Path;

use leaksweep_facts::{Time, tables::host::Autostart};

use super::{Autostarts, CAP, Command, Lines, files, last, lines, script};
use crate::accounts::Home;

const FOLDERS: [&str; 3] = ["/var/spool/cron/atjobs", "/var/spool/at", "/var/spool/atjobs"];

pub fn collect(reading: &mut Autostarts<'_>, homes: &[Home]) {
    for folder in FOLDERS.map(Path::new) {
        for path in files(reading, folder) {
            if let Some(time) = time(&last(&path)) {
                of_job(reading, &path, time, homes);
            }
        }
    }
}

fn of_job(reading: &mut Autostarts<'_>, path: &Path, time: Time, homes: &[Home]) {
    let owner = reading.root.stat(path).map(|stat| stat.st_uid).ok();
    let home = homes.iter().find(|home| Some(home.uid) == owner);
    let user = home.map(|home| home.user.clone()).or_else(|| owner.map(|uid| uid.to_string()));
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let of = Autostart {
        way: "at".into(),
        event: "clock".into(),
        user,
        schedule: Some(time.to_string()),
        starts: reading.is_executable(path),
        ..Autostart::default()
    };
    let first = reading.found.rows.len();
    let own = home.map(|home| home.path.as_path());
    script::rows(reading, path, parse(&content), &of, own);
    script::together(reading, path, &content, &of, first);
}

/// The queue (or `=` while it runs), five digits of a number, eight of the minutes since 1970.
fn time(name: &str) -> Option<Time> {
    let queue = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '=');
    let digits = name.get(1..).filter(|digits| queue && digits.len() == 13)?;
    let minutes = u32::from_str_radix(digits.get(5..)?, 16).ok()?;
    u32::from_str_radix(digits.get(..5)?, 16).ok()?;
    Some(Time(i64::from(minutes) * 60))
}

/// The commands after the environment. A shell reads them from the job or from a here-document.
pub fn parse(content: &[u8]) -> Lines<Command> {
    let mut commands = Lines::default();
    let begins = begin(content);
    let mut delimiter = None;
    for (line, text) in lines(content).skip(begins) {
        if text.contains('\0') {
            commands.note(line);
        } else if let Some(word) = here(&text) {
            delimiter = Some(word.to_owned());
        } else if !text.is_empty() && !text.starts_with('#') && delimiter.as_ref() != Some(&text) {
            commands.take(Command { line, text });
        }
    }
    commands
}

/// How many lines at's own words take: up to the end of the block that enters the folder.
fn begin(content: &[u8]) -> usize {
    let mut enters = false;
    for (line, text) in lines(content) {
        enters |= text.starts_with("cd ") && text.ends_with("|| {");
        if enters && text == "}" {
            return line;
        }
    }
    0
}

/// `${SHELL:-/bin/sh} << 'marcinDELIMITER…'`
fn here(line: &str) -> Option<&str> {
    let (_, word) = line.strip_prefix("${SHELL:-/bin/sh} <<")?.split_once('\'')?;
    word.strip_suffix('\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(content: &[u8]) -> Vec<(usize, String)> {
        parse(content).found.into_iter().map(|found| (found.line, found.text)).collect()
    }

    #[test]
    fn what_stands_after_the_environment_counts() {
        let job = b"#!/bin/sh\n# atrun uid=1000 gid=1000\n# mail ann 0\numask 22\n\
            LANG=C; export LANG\ncd /home/ann || {\n\t echo 'Execution directory inaccessible' >&2\n\
            \t exit 1\n}\n${SHELL:-/bin/sh} << 'marcinDELIMITER1f2e'\n/opt/x --y\n\
            \necho z\nmarcinDELIMITER1f2e\n";
        assert_eq!(texts(job), [(11, "/opt/x --y".into()), (13, "echo z".into())]);
        assert_eq!(texts(b"#!/bin/sh\n/opt/x\n"), [(2, "/opt/x".into())]);
        assert_eq!(texts(b""), []);
        assert_eq!(parse(b"a\0b\n").senseless, Some((1, 1)));
    }

    #[test]
    fn a_jobs_name_tells_its_time() {
        assert_eq!(time("a0000101c3a4b0"), Some(Time(0x01c3_a4b0 * 60)));
        assert_eq!(time("=0000101c3a4b0"), Some(Time(0x01c3_a4b0 * 60)));
        for name in [".SEQ", "spool", "a00001", "a0000101c3a4bg", "a00001名名01c", ""] {
            assert_eq!(time(name), None, "{name}");
        }
    }
}
