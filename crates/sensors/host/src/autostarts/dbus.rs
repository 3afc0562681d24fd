//! Services that D-Bus starts when somebody sends them a message: of the system, and of sessions.
//! Where a unit of systemd is named, that unit is started instead of the command.

use std::path::Path;

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, files, program, row};
use crate::{accounts::Home, name};

const SYSTEM: [&str; 5] = [
    "/etc/dbus-1/system-services",
    "/run/dbus-1/system-services",
    "/usr/local/share/dbus-1/system-services",
    "/usr/share/dbus-1/system-services",
    "/lib/dbus-1/system-services",
];
const SESSION: [&str; 4] = [
    "/etc/dbus-1/services",
    "/run/dbus-1/services",
    "/usr/local/share/dbus-1/services",
    "/usr/share/dbus-1/services",
];
const OWN: &str = ".local/share/dbus-1/services";

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Service {
    line: usize,
    command: String,
    user: String,
    by_unit: bool,
}

pub fn of_system(reading: &mut Autostarts<'_>) {
    SYSTEM.iter().for_each(|folder| of_folder(reading, Path::new(folder), Some("root"), None));
    SESSION.iter().for_each(|folder| of_folder(reading, Path::new(folder), None, None));
}

pub fn of_home(reading: &mut Autostarts<'_>, home: &Home) {
    of_folder(reading, &home.path.join(OWN), Some(&home.user), Some(&home.path));
}

fn of_folder(reading: &mut Autostarts<'_>, folder: &Path, user: Option<&str>, home: Option<&Path>) {
    for path in files(reading, folder) {
        if path.extension().is_some_and(|end| end == "service") && reading.is_file(&path) {
            of_file(reading, &path, user, home);
        }
    }
}

fn of_file(reading: &mut Autostarts<'_>, path: &Path, user: Option<&str>, home: Option<&Path>) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let Some(service) = parse(&content) else {
        return reading.malformed(path, &[], "no service of D-Bus");
    };
    let row = row(reading, "dbus", path, &service.command);
    let word = program::word(&service.command);
    let program = word.map(|word| program::found(&word, home, reading.root));
    // What only a unit may start has a command that fails.
    let fails = program.as_deref().is_none_or(|program| program.ends_with("/false"));
    let own = Some(service.user).filter(|user| !user.is_empty());
    reading.row(Autostart {
        user: own.or_else(|| user.map(str::to_owned)),
        line: i64::try_from(service.line).ok().filter(|line| *line > 0),
        program,
        starts: !fails || service.by_unit,
        ..row
    });
}

/// Reads the group that counts; none where there is none.
pub fn parse(content: &[u8]) -> Option<Service> {
    let mut service = None;
    let mut counts = false;
    for (index, line) in content.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).enumerate() {
        if line.starts_with(b"[") {
            counts = line == b"[D-BUS Service]";
            if counts {
                service.get_or_insert_with(Service::default);
            }
        } else if let Some(service) = service.as_mut().filter(|_| counts) {
            service.take(index + 1, &name::text(line));
        }
    }
    service
}

impl Service {
    fn take(&mut self, line: usize, text: &str) {
        let Some((key, value)) = text.split_once('=') else { return };
        let value = value.trim();
        match key.trim() {
            "Exec" => (self.line, self.command) = (line, value.to_owned()),
            "User" => self.user = value.to_owned(),
            "SystemdService" => self.by_unit = !value.is_empty(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_services_own_group_counts() {
        let text =
            b"# x\n[D-BUS Service]\nName=a.b\nExec = /opt/x --y\r\nUser=root\n[Other]\nExec=no\n";
        let found = parse(text).unwrap();
        let expected =
            Service { line: 4, command: "/opt/x --y".into(), user: "root".into(), by_unit: false };
        assert_eq!(found, expected);
        let broken: [&[u8]; 4] = [b"", b"Exec=x\n", b"[D-BUS Serv", b"[\0D\0"];
        assert!(broken.iter().all(|content| parse(content).is_none()));
    }
}
