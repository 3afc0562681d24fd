//! The machine under observation: its root, and what the kernel shows of it while it runs.

use std::{
    io,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Problem, Reason};
use thiserror::Error;

use crate::root::Root;

#[derive(Debug, Error)]
pub enum OpenError {
    #[error("cannot open {}", path.display())]
    Unopened { path: PathBuf, source: io::Error },
    /// A wrong folder, or a disk that is not mounted: nothing in it would look like nothing wrong.
    #[error("{} holds no system: neither etc nor usr", path.display())]
    NoSystem { path: PathBuf },
}

/// A running machine has `/proc` and `/sys`; a mounted disk has neither, whatever folders of these
/// names lie on it.
pub struct Machine {
    pub root: Root,
    kernel: Option<Kernel>,
    /// Whether everything can be read.
    pub privileged: bool,
}

/// What the running kernel shows.
pub struct Kernel {
    pub proc: Root,
    pub sys: Root,
}

impl Machine {
    /// The machine on which this runs.
    pub fn running() -> Result<Self, OpenError> {
        let kernel = Kernel { proc: open(Path::new("/proc"))?, sys: open(Path::new("/sys"))? };
        Ok(Self { root: open(Path::new("/"))?, kernel: Some(kernel), privileged: is_root() })
    }

    /// A machine whose disk is mounted at `path`.
    pub fn mounted(path: &Path) -> Result<Self, OpenError> {
        let root = open(path)?;
        let absent = |folder: &str| root.stat(folder).is_err_and(|failure| failure.is_absence());
        if absent("/etc") && absent("/usr") {
            return Err(OpenError::NoSystem { path: path.to_owned() });
        }
        Ok(Self { root, kernel: None, privileged: is_root() })
    }

    /// A machine made of folders, for tests: the kernel's views are recorded or invented.
    pub fn assembled(root: &Path, proc: &Path, sys: &Path) -> Result<Self, OpenError> {
        let kernel = Kernel { proc: open(proc)?, sys: open(sys)? };
        Ok(Self { root: open(root)?, kernel: Some(kernel), privileged: is_root() })
    }

    pub fn live(&self) -> bool {
        self.kernel.is_some()
    }

    /// The kernel's views, or the problem that a mounted disk has none.
    pub fn kernel(&self, table: &'static str) -> Result<&Kernel, Problem> {
        self.kernel.as_ref().ok_or_else(|| {
            let detail = "only the kernel of a running machine shows it";
            Problem::new(table, self.root.path().display().to_string(), Reason::NotLive, detail)
        })
    }
}

fn open(path: &Path) -> Result<Root, OpenError> {
    Root::open(path).map_err(|source| OpenError::Unopened { path: path.to_owned(), source })
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_system_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/nowhere", folder.path().join("etc")).unwrap();
        let refused = Machine::mounted(folder.path()).err().unwrap();
        let expected = format!("{} holds no system: neither etc nor usr", folder.path().display());
        assert_eq!(refused.to_string(), expected);
        std::fs::create_dir(folder.path().join("usr")).unwrap();
        assert!(Machine::mounted(folder.path()).is_ok());
    }
}
