//! What starts by itself beside the services: desktop entries, the scripts and configuration of
//! graphical sessions, cron, anacron, jobs of at, `rc.local`, inetd and xinetd; what shells read; and
//! the scripts and rules that udev, networks, D-Bus, systemd, kernels, logrotate, ssh and the message
//! of the day start.
//!
//! Limits: 20,000 entries of a folder, 10,000 command lines of a file, 32 MiB of files of one user
//! and as much of the system, 50,000 rows; 4,096 bytes of a command. Scripts are read line by line,
//! not run: what a variable, a function or a here-document holds stays as it is written. Files that
//! these files include or run are not followed. Of a script that is started as a whole the first
//! 256 KiB tell its traits.

mod anacron;
mod at;
mod cron;
mod dbus;
mod desktop;
mod folders;
mod inetd;
mod logrotate;
mod menu;
mod network;
mod profile;
pub mod program;
mod rc_local;
mod script;
mod session;
mod ssh;
mod udev;
mod xinetd;

// What applications run.
mod cloud_init;
mod editor;
mod git;
mod maintainer;
mod native_messaging;
mod packager;
mod python;
mod start;
mod work_trees;

use std::path::{Path, PathBuf};

use leaksweep_facts::{Observed, tables::host::Autostart};

use crate::{
    accounts::Home,
    machine::Machine,
    name,
    reading::{Limits, Reading},
    secrets, traits,
};

pub use anacron::parse as parse_anacron;
pub use at::parse as parse_at_job;
pub use cron::parse as parse_crontab;
pub use dbus::parse as parse_bus_service;
pub use desktop::parse as parse_desktop_entry;
pub use inetd::parse as parse_inetd;
pub use logrotate::parse as parse_logrotate;
pub use network::parse as parse_interfaces;
pub use profile::{parse as parse_profile, parse_environment};
pub use script::parse as parse_script;
pub use session::{parse_hyprland, parse_i3, parse_lxsession};
pub use ssh::parse as parse_ssh;
pub use udev::parse as parse_udev_rules;
pub use xinetd::parse as parse_xinetd;

pub use cloud_init::parse as parse_cloud_config;
pub use editor::{parse_emacs, parse_lua, parse_tasks, parse_vim};
pub use git::parse as parse_git_config;
pub use native_messaging::parse as parse_native_messaging;
pub use packager::{parse_apt, parse_dpkg, parse_macros};
pub use python::parse as parse_python_paths;

/// What package managers and editors leave beside a file.
const LEFT_BEHIND: [&str; 10] = [
    "~",
    ".bak",
    ".dpkg-bak",
    ".dpkg-dist",
    ".dpkg-new",
    ".dpkg-old",
    ".rpmnew",
    ".rpmorig",
    ".rpmsave",
    ",v",
];
const LIMITS: Limits = Limits { rows: 50_000, bytes: 32 << 20 };
const MAX_FILES: usize = 20_000;
const MAX_LINES: usize = 10_000;
const COMMAND_LENGTH: usize = 4 << 10;
/// A file of commands is never this large on a healthy machine.
const CAP: u64 = 1 << 20;

type Autostarts<'a> = Reading<'a, Autostart>;

/// A command in a file: its line and what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Command {
    line: usize,
    text: String,
}

/// What a parser of lines gives: what it found, the first line that makes no sense and how many
/// such there are, and whether there is more than is read.
#[derive(Debug, PartialEq, Eq)]
pub struct Lines<T> {
    pub found: Vec<T>,
    pub senseless: Option<(usize, usize)>,
    pub more: bool,
}

pub fn collect(machine: &Machine, homes: &[Home]) -> Observed<Autostart> {
    let mut reading = Reading::new(&machine.root, LIMITS);
    desktop::of_system(&mut reading);
    cron::collect(&mut reading);
    at::collect(&mut reading, homes);
    rc_local::collect(&mut reading);
    inetd::collect(&mut reading);
    xinetd::collect(&mut reading);
    session::of_system(&mut reading);
    profile::of_system(&mut reading);
    udev::collect(&mut reading);
    network::collect(&mut reading);
    dbus::of_system(&mut reading);
    menu::of_system(&mut reading);
    logrotate::collect(&mut reading);
    ssh::of_system(&mut reading);
    folders::of_system(&mut reading);
    for home in homes {
        reading.turn();
        desktop::of_home(&mut reading, home);
        session::of_home(&mut reading, home);
        profile::of_home(&mut reading, home);
        dbus::of_home(&mut reading, home);
        menu::of_home(&mut reading, home);
        ssh::of_home(&mut reading, home);
        folders::of_home(&mut reading, home);
    }
    of_applications(&mut reading, homes);
    reading.done(machine.privileged)
}

fn of_applications(reading: &mut Autostarts<'_>, homes: &[Home]) {
    reading.turn();
    packager::collect(reading);
    python::of_system(reading);
    native_messaging::of_system(reading);
    cloud_init::collect(reading);
    editor::of_system(reading);
    maintainer::collect(reading);
    for home in homes {
        reading.turn();
        python::of_home(reading, home);
        native_messaging::of_home(reading, home);
        editor::of_home(reading, home);
    }
    reading.turn();
    let found = work_trees::find(reading, homes);
    git::collect(reading, homes, &found.trees);
    editor::of_settings(reading, homes, &found.settings);
}

impl<T> Default for Lines<T> {
    fn default() -> Self {
        Self { found: Vec::new(), senseless: None, more: false }
    }
}

impl<T> Lines<T> {
    fn take(&mut self, value: T) {
        if self.found.len() < MAX_LINES {
            self.found.push(value);
        } else {
            self.more = true;
        }
    }

    fn note(&mut self, line: usize) {
        let (first, count) = self.senseless.unwrap_or((line, 0));
        self.senseless = Some((first, count + 1));
    }

    /// What was found, with a problem for what was not. The senseless line is never quoted: a link
    /// can make any file look like one of these, one that holds secrets too.
    fn told(self, reading: &mut Autostarts<'_>, path: &Path) -> Vec<T> {
        if let Some((first, count)) = self.senseless {
            let detail = format!("line {first} makes no sense; so for {count} such");
            reading.malformed(path, &[], &detail);
        }
        if self.more {
            reading.too_large(path, &[], format!("more than {MAX_LINES} entries"));
        }
        self.found
    }
}

/// The row of one command, which names its file.
pub fn row(reading: &mut Autostarts<'_>, way: &str, path: &Path, command: &str) -> Autostart {
    Autostart {
        way: way.into(),
        event: event(way).into(),
        name: last(path),
        path: name::path(path),
        command: shown(reading, path, command),
        starts: true,
        traits: traits::of(command),
        modified: reading.modified(path),
        ..Autostart::default()
    }
}

/// What sets off most entries of a way.
fn event(way: &str) -> &'static str {
    match way {
        "xdg" | "session" => "desktop",
        "cron" | "at" | "logrotate" => "clock",
        "rc.local" | "generator" => "boot",
        "inetd" => "connection",
        "profile" | "completion" => "shell",
        "motd" => "log-in",
        "udev" => "device",
        "network" => "network",
        "dbus" => "message",
        "kernel" | "initramfs" => "kernel",
        "sleep" => "sleep",
        _ => "command",
    }
}

/// A command line as it may be shown.
fn shown(reading: &mut Autostarts<'_>, path: &Path, command: &str) -> String {
    let mut shown = name::text(&secrets::in_line(command.as_bytes()));
    if shown.len() > COMMAND_LENGTH {
        let detail = format!("a command of more than {COMMAND_LENGTH} bytes");
        reading.too_large(path, &["command"], detail);
        shown.truncate(shown.floor_char_boundary(COMMAND_LENGTH));
    }
    shown
}

/// The entries of a folder that are no folders themselves.
fn files(reading: &mut Autostarts<'_>, folder: &Path) -> Vec<PathBuf> {
    let mut files = reading.entries(folder, MAX_FILES);
    files.retain(|path| !reading.is_folder(path));
    files
}

/// A file's lines with their numbers, as text; bytes that are no text stay visible.
fn lines(content: &[u8]) -> impl Iterator<Item = (usize, String)> {
    let lines = content.split(|byte| *byte == b'\n').enumerate();
    lines.map(|(index, line)| (index + 1, name::text(line.trim_ascii())))
}

/// What reads a folder passes over what package managers and editors leave there, and over hidden
/// names.
fn is_left_behind(path: &Path) -> bool {
    let name = last(path);
    name.starts_with('.') || LEFT_BEHIND.iter().any(|end| name.ends_with(end))
}

fn last(path: &Path) -> String {
    path.file_name().map(name::os).unwrap_or_default()
}

#[cfg(test)]
mod tests;
