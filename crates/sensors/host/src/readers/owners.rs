//! Whether a program is one to which a store belongs: by its path, where such a program is installed. A copy under the
//! same name elsewhere is not, nor is one that another process controls.
//!
//! A process can show any path in mounts that an ordinary user made. So a program that is not the file at its path here
//! counts only where its mounts were made by the system's own users, or where it is a file that Flatpak or snap installed.

use std::path::{Path, PathBuf};

use leaksweep_facts::{glob, tables::host::Process};

use super::stores::{Found, Identity, Place, Stores};
use crate::{
    accounts::Home,
    machine::{Kernel, Machine},
};

const FLATPAK: &str = "var/lib/flatpak";
const FLATPAK_OF_HOME: &str = ".local/share/flatpak";

pub struct Owners<'a> {
    machine: &'a Machine,
    kernel: &'a Kernel,
    stores: &'a Stores,
    homes: &'a [Home],
    /// In which user namespace this program runs.
    users: Option<PathBuf>,
}

impl<'a> Owners<'a> {
    pub fn new(
        machine: &'a Machine,
        kernel: &'a Kernel,
        stores: &'a Stores,
        homes: &'a [Home],
    ) -> Self {
        let users = kernel.proc.link("self/ns/user").ok();
        Self { machine, kernel, stores, homes, users }
    }

    /// None where the program could not be read.
    pub fn expect(&self, process: &Process, found: &Found) -> Option<bool> {
        let program = process.program.as_deref()?;
        let place = self.stores.place(found)?;
        let mut named = programs(place).filter(|pattern| fits(pattern, program));
        let genuine = named.any(|pattern| self.genuine(process, program, pattern, place));
        Some(genuine && process.tracer.is_none())
    }

    fn genuine(&self, process: &Process, program: &str, pattern: &str, place: &Place) -> bool {
        if let Some(inside) = program.strip_prefix("/app/").filter(|_| pattern.starts_with("/app/"))
        {
            let ids = place.application.flatpak.iter();
            return ids
                .flat_map(|id| self.flatpaks(id))
                .any(|at| self.is(process.pid, &at.join(inside)));
        }
        match process.program_state.as_deref() {
            Some("present") => true,
            Some("deleted" | "replaced") => self.of_system(process.pid),
            Some("elsewhere") => self.is(process.pid, Path::new(program)),
            _ => false,
        }
    }

    fn flatpaks(&self, id: &str) -> Vec<PathBuf> {
        let inside = format!("app/{id}/current/active/files");
        let own = self.homes.iter().map(|home| home.path.join(FLATPAK_OF_HOME));
        let all = std::iter::once(Path::new("/").join(FLATPAK)).chain(own);
        all.map(|folder| folder.join(&inside)).collect()
    }

    /// Whether what the process runs is the file at this path.
    fn is(&self, pid: i64, path: &Path) -> bool {
        let running = self.kernel.proc.stat_magic(format!("{pid}/exe"));
        let here = self.machine.root.stat(path);
        match (running, here) {
            (Ok(running), Ok(here)) => {
                let identity = Identity::of(&running);
                identity.is_some() && identity == Identity::of(&here)
            }
            _ => false,
        }
    }

    /// Whether nobody but the system's own users can have made its mounts.
    fn of_system(&self, pid: i64) -> bool {
        self.kernel.proc.link(format!("{pid}/ns/user")).ok() == self.users
    }
}

/// Everything that may read the store.
fn programs(place: &Place) -> impl Iterator<Item = &'static str> {
    let (group, store, application) = (place.group, place.store, place.application);
    let others = group.reading(store).flat_map(|reader| &reader.programs);
    application.programs.iter().chain(others).map(String::as_str)
}

/// Component by component: no `*` reaches into another folder.
fn fits(pattern: &str, path: &str) -> bool {
    pattern.split('/').count() == path.split('/').count()
        && pattern.split('/').zip(path.split('/')).all(|(pattern, part)| glob(pattern, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_fits_where_it_is_installed_alone() {
        for (pattern, path, expected) in [
            ("/opt/google/chrome/chrome", "/opt/google/chrome/chrome", true),
            ("/opt/google/chrome/chrome", "/home/a/opt/google/chrome/chrome", false),
            (
                "/snap/firefox/*/usr/lib/firefox/firefox",
                "/snap/firefox/1/usr/lib/firefox/firefox",
                true,
            ),
            (
                "/snap/firefox/*/usr/lib/firefox/firefox",
                "/snap/firefox/1/x/usr/lib/firefox/firefox",
                false,
            ),
            ("/usr/bin/akonadi*", "/usr/bin/akonadi_control", true),
            ("/usr/bin/akonadi*", "/usr/bin/akonadi/x", false),
        ] {
            assert_eq!(fits(pattern, path), expected, "{path}");
        }
    }
}
