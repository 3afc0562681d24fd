//! What package managers run beside packages, mostly as root: hooks of APT and dpkg, of needrestart,
//! plug-ins of dnf, yum and zypper, and macros of rpm that run a shell.
//!
//! Limits: 1 MiB of a file. What a configuration of APT sets and a later one clears is told all the
//! same. A plug-in is told as a file; whether its own configuration switches it off is not weighed.

mod apt;
mod dpkg;
mod rpm;
mod tokens;

use std::path::Path;

use super::{Autostarts, CAP, files, last, start::Start};

pub use apt::parse as parse_apt;
pub use dpkg::parse as parse_dpkg;
pub use rpm::parse as parse_macros;

/// Programs that needrestart runs.
const HOOKS: [&str; 4] = [
    "/etc/needrestart/hook.d",
    "/etc/needrestart/notify.d",
    "/etc/needrestart/restart.d",
    "/etc/apt/apt.conf.d/hooks",
];
/// Folders of plug-ins, and how their files end. A `*` stands for a version of Python.
const PLUG_INS: [(&str, &str); 6] = [
    ("/usr/lib/yum-plugins", "py"),
    ("/usr/share/yum-plugins", "py"),
    ("/usr/lib/zypp/plugins/commit", ""),
    ("/usr/lib/zypp/plugins/system", ""),
    ("/usr/lib/zypp/plugins/services", ""),
    ("/usr/lib/zypp/plugins/urlresolver", ""),
];
const PYTHON: [&str; 2] = ["/usr/lib", "/usr/local/lib"];
const MAX_FOLDERS: usize = 5_000;

pub fn collect(reading: &mut Autostarts<'_>) {
    apt::collect(reading);
    dpkg::collect(reading);
    rpm::collect(reading);
    for folder in HOOKS {
        for path in files(reading, Path::new(folder)) {
            if reading.is_executable(&path) {
                of_file(reading, &path);
            }
        }
    }
    for (folder, end) in PLUG_INS {
        plug_ins(reading, Path::new(folder), end);
    }
    dnf(reading);
}

fn dnf(reading: &mut Autostarts<'_>) {
    for above in PYTHON {
        for folder in reading.entries(Path::new(above), MAX_FOLDERS) {
            if last(&folder).starts_with("python3") {
                plug_ins(reading, &folder.join("site-packages/dnf-plugins"), "py");
            }
        }
    }
}

fn plug_ins(reading: &mut Autostarts<'_>, folder: &Path, end: &str) {
    for path in files(reading, folder) {
        if path.extension().unwrap_or_default() == end || end.is_empty() {
            of_file(reading, &path);
        }
    }
}

fn of_file(reading: &mut Autostarts<'_>, path: &Path) {
    let content = reading.content(path, CAP, &["traits"]).unwrap_or_default();
    let row = Start::new("packager", "package", path).of_root().file(reading, &content);
    reading.row(row);
}

#[cfg(test)]
mod tests;
