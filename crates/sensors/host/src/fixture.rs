//! A machine made of folders, for tests: a disk, and an imitation of `/proc` and `/sys`.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::machine::Machine;

pub struct Fixture {
    _folder: TempDir,
    pub root: PathBuf,
    pub proc: PathBuf,
    pub sys: PathBuf,
}

impl Fixture {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let fixture = Self { root: at("root"), proc: at("proc"), sys: at("sys"), _folder: folder };
        for path in [&fixture.root, &fixture.proc, &fixture.sys] {
            fs::create_dir(path).unwrap();
        }
        write(&fixture.proc.join("stat"), b"cpu 1 2 3\nbtime 1700000000\n");
        fixture
    }

    pub fn machine(&self) -> Machine {
        Machine::assembled(&self.root, &self.proc, &self.sys).unwrap()
    }

    /// A process of root, whose program stands on this very machine.
    pub fn process(&self, pid: i64, name: &[u8], program: &str) {
        let folder = self.proc.join(pid.to_string());
        let mut stat = format!("{pid} (").into_bytes();
        stat.extend_from_slice(name);
        stat.extend_from_slice(b") S 1 1 1 0 -1 0 1 0 0 0 0 0 0 0 20 0 1 0 500 1 1 1\n");
        write(&folder.join("stat"), &stat);
        write(&folder.join("status"), b"Name:\tx\nUid:\t0\t0\t0\t0\n");
        write(&folder.join("cmdline"), b"tool\0--flag\0");
        write(&folder.join("cgroup"), b"0::/system.slice/tool.service\n");
        symlink(program, folder.join("exe")).unwrap();
        symlink(&self.root, folder.join("root")).unwrap();
    }
}

/// Writes a file and makes its folders.
pub fn write(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// A mounted disk, made a system's by an empty `etc`.
pub fn mounted(root: &Path) -> Machine {
    fs::create_dir_all(root.join("etc")).unwrap();
    Machine::mounted(root).unwrap()
}

/// A mounted disk with these files.
pub fn disk(files: &[(&str, &str)]) -> (TempDir, Machine) {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        write(&folder.path().join(path), content.as_bytes());
    }
    let machine = mounted(folder.path());
    (folder, machine)
}
