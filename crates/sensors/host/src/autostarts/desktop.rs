//! Desktop entries in the autostart folders, of the system and of each home. A user's entry of the
//! same name takes the place of the system's; both are rows.

use std::path::Path;

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, files, program, row, shown};
use crate::{accounts::Home, name};

const FOLDERS: [&str; 2] = ["/etc/xdg/autostart", "/usr/share/autostart"];
const OWN_FOLDERS: [&str; 2] = [".config/autostart", ".kde/Autostart"];

/// What an entry says of how it starts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub command: String,
    needs: String,
    only_in: String,
    not_in: String,
    /// Hidden, or switched off for GNOME and its kin.
    off: bool,
    /// Started by a message on the bus and not by its command.
    by_bus: bool,
}

pub fn of_system(reading: &mut Autostarts<'_>) {
    FOLDERS.iter().for_each(|folder| of_folder(reading, Path::new(folder), None));
}

pub fn of_home(reading: &mut Autostarts<'_>, home: &Home) {
    OWN_FOLDERS.iter().for_each(|folder| of_folder(reading, &home.path.join(folder), Some(home)));
}

fn of_folder(reading: &mut Autostarts<'_>, folder: &Path, home: Option<&Home>) {
    for path in files(reading, folder) {
        if path.extension().is_some_and(|end| end == "desktop") {
            of_file(reading, &path, home);
        }
    }
}

fn of_file(reading: &mut Autostarts<'_>, path: &Path, home: Option<&Home>) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let Some(entry) = parse(&content) else {
        return reading.malformed(path, &[], "no desktop entry");
    };
    let own = home.map(|home| home.path.as_path());
    let program = |line: &str| Some(program::found(&program::word(line)?, own, reading.root));
    let there = |path: &str| path.starts_with('/') && reading.root.stat(path).is_ok();
    let lacks = !entry.needs.is_empty() && !program(&entry.needs).is_some_and(|path| there(&path));
    let program = program(&entry.command);
    let starts = !entry.off && !lacks && (entry.by_bus || !entry.command.is_empty());
    let schedule = entry.schedule().map(|schedule| shown(reading, path, &schedule));
    let user = home.map(|home| home.user.clone());
    let row = row(reading, "xdg", path, &entry.command);
    reading.row(Autostart { user, schedule, program, starts, ..row });
}

/// Reads the group that counts; none where there is none. Of a key's values the last counts.
pub fn parse(content: &[u8]) -> Option<Entry> {
    let mut entry = None;
    let mut counts = false;
    for line in content.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii) {
        if line.starts_with(b"[") {
            counts = line == b"[Desktop Entry]";
            if counts {
                entry.get_or_insert_with(Entry::default);
            }
        } else if let Some(entry) = entry.as_mut().filter(|_| counts) {
            entry.take(&name::text(line));
        }
    }
    entry
}

impl Entry {
    fn take(&mut self, line: &str) {
        let Some((key, value)) = line.split_once('=') else { return };
        let value = value.trim();
        match key.trim() {
            "Exec" => self.command = value.to_owned(),
            "TryExec" => self.needs = value.to_owned(),
            "OnlyShowIn" => self.only_in = desktops(value),
            "NotShowIn" => self.not_in = desktops(value),
            "Hidden" => self.off |= value.eq_ignore_ascii_case("true"),
            "X-GNOME-Autostart-enabled" => self.off |= value.eq_ignore_ascii_case("false"),
            "DBusActivatable" => self.by_bus = value.eq_ignore_ascii_case("true"),
            _ => {}
        }
    }

    fn schedule(&self) -> Option<String> {
        let only = Some(&self.only_in).filter(|list| !list.is_empty());
        let only = only.map(|list| format!("in {list}"));
        let not = Some(&self.not_in).filter(|list| !list.is_empty());
        only.or_else(|| not.map(|list| format!("not in {list}")))
    }
}

fn desktops(list: &str) -> String {
    let names = list.split(';').map(str::trim).filter(|name| !name.is_empty());
    names.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_entrys_own_group_counts() {
        let text = b"# x\n[Desktop Entry]\nExec = a --b\r\nExec[de]=no\nOnlyShowIn=GNOME;MATE;\n\
            [Desktop Action x]\nExec=other\nHidden=true\n";
        let found = parse(text).unwrap();
        assert_eq!((found.command.as_str(), found.off), ("a --b", false));
        assert_eq!(found.schedule().as_deref(), Some("in GNOME MATE"));
    }

    #[test]
    fn hidden_or_switched_off_is_off() {
        for line in ["Hidden=true", "Hidden=True", "X-GNOME-Autostart-enabled=false"] {
            assert!(parse(format!("[Desktop Entry]\nExec=a\n{line}").as_bytes()).unwrap().off);
        }
        assert!(!parse(b"[Desktop Entry]\nHidden=false\n").unwrap().off);
    }

    #[test]
    fn what_has_no_group_is_no_entry() {
        let utf16: Vec<u8> =
            "[Desktop Entry]\nExec=a\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let broken: [&[u8]; 4] = [b"", b"Exec=a\n", b"[Desktop", &utf16];
        assert!(broken.iter().all(|content| parse(content).is_none()));
        let gbk = parse(b"[Desktop Entry]\nExec=/opt/\xb9\xab\n").unwrap();
        assert_eq!(gbk.command, "/opt/\\xb9\\xab");
    }
}
