//! How tests run the program as it is built.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use tempfile::TempDir;

/// A folder in which the program runs, and a disk of another machine in it.
pub struct Desk {
    folder: TempDir,
}

pub const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/root:/bin/sh\n\
                      li:x:1000:1000:李:/home/li:/bin/bash\n";

impl Desk {
    pub fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        desk.write("disk/etc/passwd", PASSWD);
        desk.write("disk/etc/shadow", "root:*:20000::::::\ntoor:*:20000::::::\nli:!:20000::::::\n");
        desk.write("disk/etc/group", "root:x:0:\nli:x:1000:\n");
        desk.write(
            "disk/etc/os-release",
            "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian 12\"\n",
        );
        desk.write("disk/etc/hostname", "archive\n");
        desk.write("disk/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
        desk.write("disk/var/lib/dpkg/status", "");
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_leaksweep"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env_remove("XDG_CONFIG_HOME")
            .output()
            .unwrap()
    }

    /// Standard output, where the exit code is as expected.
    pub fn says(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The error message of a job that could not be done.
    pub fn refuses(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(!error.contains("panicked"), "{error}");
        error
    }

    pub fn save(&self, name: &str, more: &[&str]) {
        let arguments = [&["host", "--root", "disk", "--save", name, "--fail-on", "never"], more];
        self.says(0, &arguments.concat());
    }
}
