//! Commands in the configuration of ifupdown that run when an interface comes up or goes down. The
//! scripts of networks are among the folders.

use std::path::{Path, PathBuf};

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, Command, Lines, files, is_left_behind, script};

const FILE: &str = "/etc/network/interfaces";
const FOLDER: &str = "/etc/network/interfaces.d";
const WORDS: [&str; 6] = ["up", "pre-up", "post-up", "down", "pre-down", "post-down"];

pub fn collect(reading: &mut Autostarts<'_>) {
    let paths: Vec<PathBuf> =
        std::iter::once(FILE.into()).chain(files(reading, Path::new(FOLDER))).collect();
    for path in paths.iter().filter(|path| !is_left_behind(path)) {
        let Some(content) = reading.content(path, CAP, &[]) else { continue };
        let of = Autostart {
            way: "network".into(),
            event: "network".into(),
            user: Some("root".into()),
            starts: true,
            ..Autostart::default()
        };
        script::rows(reading, path, parse(&content), &of, None);
    }
}

/// `post-up command`
pub fn parse(content: &[u8]) -> Lines<Command> {
    let mut commands = Lines::default();
    for line in script::joined(content) {
        let text = line.text.split_once(char::is_whitespace);
        match text.filter(|(word, _)| WORDS.contains(word)) {
            _ if line.text.contains('\0') => commands.note(line.line),
            Some((_, command)) if !command.trim().is_empty() => {
                commands.take(Command { line: line.line, text: command.trim().to_owned() });
            }
            _ => {}
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_interfaces_are_found() {
        let text = b"auto eth0\niface eth0 inet dhcp\n  post-up /opt/x \\\n a\n# up no\n\tup\tb\nup\nsource x\n";
        let found: Vec<_> = parse(text).found.into_iter().map(|c| (c.line, c.text)).collect();
        assert_eq!(found, [(3, "/opt/x  a".into()), (6, "b".into())]);
        assert_eq!(parse(b"up\0x\n").senseless, Some((1, 1)));
    }
}
