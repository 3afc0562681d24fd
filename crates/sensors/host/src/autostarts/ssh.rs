//! What ssh starts: commands in a client's configuration when a person connects to another machine,
//! and the scripts that the server runs when somebody logs in.

use std::path::{Path, PathBuf};

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, Command, Lines, files, script};
use crate::accounts::Home;

const FILE: &str = "/etc/ssh/ssh_config";
const FOLDER: &str = "/etc/ssh/ssh_config.d";
const SCRIPT: &str = "/etc/ssh/sshrc";
const OWN: &str = ".ssh/config";
const OWN_SCRIPT: &str = ".ssh/rc";
const KEYS: [&str; 3] = ["proxycommand", "localcommand", "knownhostscommand"];

pub fn of_system(reading: &mut Autostarts<'_>) {
    let paths: Vec<PathBuf> =
        std::iter::once(FILE.into()).chain(files(reading, Path::new(FOLDER))).collect();
    paths.iter().for_each(|path| of_file(reading, path, None, parse, "command"));
    of_file(reading, Path::new(SCRIPT), None, script::parse, "log-in");
}

pub fn of_home(reading: &mut Autostarts<'_>, home: &Home) {
    of_file(reading, &home.path.join(OWN), Some(home), parse, "command");
    of_file(reading, &home.path.join(OWN_SCRIPT), Some(home), script::parse, "log-in");
}

fn of_file(
    reading: &mut Autostarts<'_>,
    path: &Path,
    home: Option<&Home>,
    parse: fn(&[u8]) -> Lines<Command>,
    event: &str,
) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let of = Autostart {
        way: "ssh".into(),
        event: event.into(),
        user: home.map(|home| home.user.clone()),
        starts: true,
        ..Autostart::default()
    };
    let first = reading.found.rows.len();
    script::rows(reading, path, parse(&content), &of, home.map(|home| home.path.as_path()));
    if event == "log-in" {
        script::together(reading, path, &content, &of, first);
    }
}

/// `ProxyCommand command`, `LocalCommand=command`, `Match exec "command"`. `none` switches off.
pub fn parse(content: &[u8]) -> Lines<Command> {
    let mut commands = Lines::default();
    for line in script::joined(content) {
        if line.text.contains('\0') {
            commands.note(line.line);
        } else if let Some(text) = command(&line.text) {
            commands.take(Command { line: line.line, text: text.to_owned() });
        }
    }
    commands
}

fn command(line: &str) -> Option<&str> {
    let at = line.find(|c: char| c.is_whitespace() || c == '=')?;
    let (key, value) = line.split_at(at);
    let value = value.trim_start_matches(|c: char| c.is_whitespace() || c == '=').trim_end();
    let key = key.to_ascii_lowercase();
    let command = match key.as_str() {
        "match" => {
            let at = value.to_ascii_lowercase().find("exec ")?;
            value.get(at + 5..)?.trim()
        }
        _ if KEYS.contains(&key.as_str()) => value,
        _ => return None,
    };
    let command =
        command.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(command);
    Some(command).filter(|command| !command.is_empty() && !command.eq_ignore_ascii_case("none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_a_configuration_are_found() {
        let text = b"Host *\n  ProxyCommand nc %h %p\nproxycommand=none\nLocalCommand = /opt/x\n\
            Match host a exec \"test -f /x\"\nPermitLocalCommand yes\n# ProxyCommand no\nProxyCommand\n";
        let found: Vec<_> = parse(text).found.into_iter().map(|c| (c.line, c.text)).collect();
        let expected = [(2, "nc %h %p".into()), (4, "/opt/x".into()), (5, "test -f /x".into())];
        assert_eq!(found, expected);
    }
}
