//! Scripts of logrotate: what runs before or after a log is put away, as root, once a day.

use std::path::{Path, PathBuf};

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, Command, Lines, files, is_left_behind, lines, program, script};

const FILE: &str = "/etc/logrotate.conf";
const FOLDER: &str = "/etc/logrotate.d";
const BEGIN: [&str; 5] = ["prerotate", "postrotate", "firstaction", "lastaction", "preremove"];
const END: &str = "endscript";

pub fn collect(reading: &mut Autostarts<'_>) {
    let paths: Vec<PathBuf> =
        std::iter::once(FILE.into()).chain(files(reading, Path::new(FOLDER))).collect();
    for path in paths {
        let Some(content) = reading.content(&path, CAP, &[]) else { continue };
        let of = Autostart {
            way: "logrotate".into(),
            event: "clock".into(),
            user: Some("root".into()),
            starts: !is_left_behind(&path),
            ..Autostart::default()
        };
        script::rows(reading, &path, parse(&content), &of, None);
    }
}

/// The lines of scripts that start a program.
pub fn parse(content: &[u8]) -> Lines<Command> {
    let mut commands = Lines::default();
    let mut inside = false;
    for (line, text) in lines(content) {
        if text.contains('\0') {
            commands.note(line);
        } else if inside && text == END {
            inside = false;
        } else if !inside {
            inside = text.split_whitespace().next().is_some_and(|word| BEGIN.contains(&word));
        } else if !text.starts_with('#') && program::word(&text).is_some() {
            commands.take(Command { line, text });
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_start_something() {
        let text = b"/var/log/x {\n daily\n postrotate\n  # no\n  if a; then\n   /opt/x >/dev/null\n  fi\n \
            endscript\n compresscmd no\n}\nprerotate\nb\n";
        let found: Vec<_> = parse(text).found.into_iter().map(|c| (c.line, c.text)).collect();
        let expected =
            [(5, "if a; then".into()), (6, "/opt/x >/dev/null".into()), (12, "b".into())];
        assert_eq!(found, expected);
    }
}
