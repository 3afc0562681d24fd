//! Scripts and configuration of graphical sessions: X sessions, VNC, Openbox, LXDE, Fluxbox, i3,
//! Sway and Hyprland. Of a configuration only the lines count that start programs with the session.

use std::path::{Path, PathBuf};

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, Command, Lines, script};
use crate::accounts::Home;

type Parse = fn(&[u8]) -> Lines<Command>;

/// A `*` stands for each entry of a folder.
const OWN: [(&str, Parse); 17] = [
    (".xinitrc", script::parse),
    (".xsession", script::parse),
    (".Xsession", script::parse),
    (".xsessionrc", script::parse),
    (".xprofile", script::parse),
    (".vnc/xstartup", script::parse),
    (".config/tigervnc/xstartup", script::parse),
    (".config/openbox/autostart", script::parse),
    (".config/openbox/autostart.sh", script::parse),
    (".fluxbox/startup", script::parse),
    (".config/bspwm/bspwmrc", script::parse),
    (".config/lxsession/*/autostart", parse_lxsession),
    (".config/i3/config", parse_i3),
    (".i3/config", parse_i3),
    (".config/sway/config", parse_i3),
    (".config/hypr/hyprland.conf", parse_hyprland),
    (".config/hypr/autostart.conf", parse_hyprland),
];
const SYSTEM: [(&str, Parse); 5] = [
    ("/etc/xdg/openbox/autostart", script::parse),
    ("/etc/xdg/lxsession/*/autostart", parse_lxsession),
    ("/etc/i3/config", parse_i3),
    ("/etc/sway/config", parse_i3),
    ("/etc/xprofile", script::parse),
];
const MAX_FOLDERS: usize = 100;

pub fn of_system(reading: &mut Autostarts<'_>) {
    for (place, parse) in SYSTEM {
        for path in paths(reading, Path::new(place)) {
            of_file(reading, &path, parse, None);
        }
    }
}

pub fn of_home(reading: &mut Autostarts<'_>, home: &Home) {
    for (place, parse) in OWN {
        for path in paths(reading, &home.path.join(place)) {
            of_file(reading, &path, parse, Some(home));
        }
    }
}

fn paths(reading: &mut Autostarts<'_>, place: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (place.parent(), place.file_name()) else {
        return Vec::new();
    };
    match folder.parent().filter(|_| folder.ends_with("*")) {
        Some(above) => {
            reading.entries(above, MAX_FOLDERS).iter().map(|entry| entry.join(name)).collect()
        }
        None => vec![place.to_owned()],
    }
}

fn of_file(reading: &mut Autostarts<'_>, path: &Path, parse: Parse, home: Option<&Home>) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let of = Autostart {
        way: "session".into(),
        event: "desktop".into(),
        user: home.map(|home| home.user.clone()),
        starts: true,
        ..Autostart::default()
    };
    let first = reading.found.rows.len();
    script::rows(reading, path, parse(&content), &of, home.map(|home| home.path.as_path()));
    script::together(reading, path, &content, &of, first);
}

/// i3 and Sway: `exec` and `exec_always`.
pub fn parse_i3(content: &[u8]) -> Lines<Command> {
    started(content, |line| {
        let (word, command) = line.split_once(char::is_whitespace)?;
        let command = command.trim().trim_start_matches("--no-startup-id").trim_start();
        matches!(word, "exec" | "exec_always").then(|| unquoted(command))
    })
}

/// Hyprland: `exec-once = command` and its kin.
pub fn parse_hyprland(content: &[u8]) -> Lines<Command> {
    started(content, |line| {
        let (key, command) = line.split_once('=')?;
        let starts = ["exec", "exec-once", "execr", "execr-once"].contains(&key.trim_end());
        starts.then(|| without_rules(command.trim_start()))
    })
}

/// LXDE: a command on each line; an `@` has it started again when it ends.
pub fn parse_lxsession(content: &[u8]) -> Lines<Command> {
    started(content, |line| Some(line.trim_start_matches('@')))
}

fn started(content: &[u8], command: impl Fn(&str) -> Option<&str>) -> Lines<Command> {
    let mut commands = Lines::default();
    for line in script::joined(content) {
        if line.text.contains('\0') {
            commands.note(line.line);
        } else if let Some(text) = command(&line.text).filter(|text| !text.is_empty()) {
            commands.take(Command { line: line.line, text: text.to_owned() });
        }
    }
    commands
}

/// `[workspace 2 silent] command`
fn without_rules(command: &str) -> &str {
    let rest = command.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    rest.map_or(command, |(_, command)| command.trim_start())
}

/// The quotes that hold a whole command.
fn unquoted(command: &str) -> &str {
    let inner = command.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: Lines<Command>) -> Vec<(usize, String)> {
        lines.found.into_iter().map(|found| (found.line, found.text)).collect()
    }

    #[test]
    fn of_a_configuration_only_what_starts_with_the_session_counts() {
        let i3 = b"set $mod Mod4\nbindsym $mod+x exec evil\nexec --no-startup-id nm-applet\n\
            exec_always \"feh a; b\"\n# exec no\nexec\n";
        assert_eq!(texts(parse_i3(i3)), [(3, "nm-applet".into()), (4, "feh a; b".into())]);
        let hypr =
            b"exec-once = [workspace 1 silent] waybar\nexec-shutdown = no\nbind = X, exec, y\n\
            exec=~/x\n";
        assert_eq!(texts(parse_hyprland(hypr)), [(1, "waybar".into()), (4, "~/x".into())]);
        assert_eq!(
            texts(parse_lxsession(b"@lxpanel\n#no\nx\n")),
            [(1, "lxpanel".into()), (3, "x".into())]
        );
    }

    #[test]
    fn broken_configuration_starts_nothing() {
        for content in [&b""[..], b"exec", b"= x\n", b"\xff\xfee\0x\0e\0c\0 \0a\0"] {
            assert_eq!(texts(parse_i3(content)), []);
            assert_eq!(texts(parse_hyprland(content)), []);
        }
    }
}
