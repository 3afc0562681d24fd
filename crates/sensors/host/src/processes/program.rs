//! Which file a process runs, and whether that file is still what stands at its path: after an
//! update a service can run its old program for weeks, and what hides deletes its own file.

use std::{
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use rustix::fs::Stat;

use crate::{
    machine::{Kernel, Machine},
    name,
    root::{Failure, Root},
};

const DELETED: &[u8] = b" (deleted)";

/// A process's program; without path and state where it could not be read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Program {
    pub path: Option<String>,
    pub state: Option<&'static str>,
}

impl Program {
    pub fn of_kernel() -> Self {
        Self { path: None, state: Some("kernel") }
    }
}

/// A file, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    fn of(stat: &Stat) -> Self {
        Self { device: stat.st_dev, inode: stat.st_ino }
    }
}

/// From where processes are looked at.
pub struct Viewer<'a> {
    disk: &'a Root,
    proc: &'a Root,
    root: Option<Identity>,
    mounts: Option<PathBuf>,
}

type At<'a> = dyn Fn(&[u8]) -> Result<Option<Identity>, Failure> + 'a;

/// What could be learned about a running program.
pub struct Sighting<'a> {
    /// As the kernel's link shows it.
    pub link: &'a [u8],
    pub running: Identity,
    /// What stands at a path, from here.
    pub at: &'a At<'a>,
    /// Whether the process sees the same folders as we do.
    pub same_view: &'a dyn Fn() -> bool,
}

impl<'a> Viewer<'a> {
    pub fn new(machine: &'a Machine, kernel: &'a Kernel) -> Self {
        let root = machine.root.stat("/").ok().map(|stat| Identity::of(&stat));
        let mounts = kernel.proc.link("self/ns/mnt").ok();
        Self { disk: &machine.root, proc: &kernel.proc, root, mounts }
    }

    pub fn program(&self, folder: &Path) -> Result<Program, Failure> {
        let exe = folder.join("exe");
        let link = self.proc.link(&exe)?;
        let link = link.as_os_str().as_bytes();
        let running = Identity::of(&self.proc.stat_magic(&exe)?);
        if self.other_root(folder)? {
            return Ok(Program { path: Some(name::text(plain(link))), state: Some("elsewhere") });
        }
        let sighting = Sighting {
            link,
            running,
            at: &|path| self.at(path),
            same_view: &|| self.mounts == self.proc.link(folder.join("ns/mnt")).ok(),
        };
        sighting.program()
    }

    fn other_root(&self, folder: &Path) -> Result<bool, Failure> {
        let root = self.proc.stat_magic(folder.join("root"))?;
        Ok(self.root.is_some_and(|ours| ours != Identity::of(&root)))
    }

    fn at(&self, path: &[u8]) -> Result<Option<Identity>, Failure> {
        match self.disk.stat(Path::new(OsStr::from_bytes(path))) {
            Ok(stat) => Ok(Some(Identity::of(&stat))),
            Err(failure) if failure.is_absence() => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

impl Sighting<'_> {
    /// The path is tried as it is shown first: a file may really be called `x (deleted)`.
    pub fn program(&self) -> Result<Program, Failure> {
        let shown = (self.at)(self.link)?;
        let (path, state) = if shown == Some(self.running) {
            (self.link, "present")
        } else if self.link.starts_with(b"/memfd:") {
            (plain(self.link), "memory")
        } else if let Some(path) = self.link.strip_suffix(DELETED) {
            (path, if (self.at)(path)?.is_some() { "replaced" } else { "deleted" })
        } else if !(self.same_view)() {
            (self.link, "elsewhere")
        } else {
            (self.link, if shown.is_some() { "replaced" } else { "deleted" })
        };
        Ok(Program { path: Some(name::text(path)), state: Some(state) })
    }
}

fn plain(link: &[u8]) -> &[u8] {
    link.strip_suffix(DELETED).unwrap_or(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNNING: Identity = Identity { device: 1, inode: 1 };
    const OTHER: Identity = Identity { device: 1, inode: 2 };

    #[test]
    fn the_state_follows_from_what_stands_at_the_path() {
        type Files<'a> = &'a [(&'a str, Identity)];
        let cases: [(&str, Files, bool, &str, &str); 10] = [
            ("/bin/a", &[("/bin/a", RUNNING)], true, "/bin/a", "present"),
            ("/bin/a (deleted)", &[], true, "/bin/a", "deleted"),
            ("/bin/a (deleted)", &[("/bin/a", OTHER)], true, "/bin/a", "replaced"),
            (
                "/bin/a (deleted)",
                &[("/bin/a (deleted)", RUNNING)],
                true,
                "/bin/a (deleted)",
                "present",
            ),
            ("/memfd:a (deleted)", &[], true, "/memfd:a", "memory"),
            ("/memfd:a (deleted)", &[("/memfd:a", OTHER)], true, "/memfd:a", "memory"),
            ("/memfd:a", &[("/memfd:a", RUNNING)], true, "/memfd:a", "present"),
            ("/tmp/a", &[], false, "/tmp/a", "elsewhere"),
            ("/tmp/a", &[("/tmp/a", OTHER)], false, "/tmp/a", "elsewhere"),
            ("/tmp/a", &[("/tmp/a", OTHER)], true, "/tmp/a", "replaced"),
        ];
        for (link, files, same_view, path, state) in cases {
            let at = |path: &[u8]| {
                Ok(files.iter().find(|file| file.0.as_bytes() == path).map(|file| file.1))
            };
            let sighting = Sighting {
                link: link.as_bytes(),
                running: RUNNING,
                at: &at,
                same_view: &|| same_view,
            };
            let expected = Program { path: Some(path.to_owned()), state: Some(state) };
            assert_eq!(sighting.program().unwrap(), expected, "{link}");
        }
    }
}
