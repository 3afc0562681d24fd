//! A folder in place of the kernel's files, and what is refused by what stands in it.

mod cases;

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use super::{usage, *};

/// A folder in place of the kernel's files.
struct Fixture {
    folder: tempfile::TempDir,
    world: World,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = World::at(folder.path());
        let fixture = Self { folder, world };
        fixture.file("proc/swaps", "Filename Type Size Used Priority\n");
        fixture.file("proc/self/mountinfo", "");
        fixture
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn link(&self, path: &str, to: impl AsRef<Path>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(to, path).unwrap();
    }

    /// A device below a folder of the kernel's.
    fn device(&self, folder: &str, number: &str) -> String {
        let (folder, name) =
            (format!("sys/devices/{folder}"), folder.rsplit('/').next().unwrap().to_owned());
        for (file, text) in [("dev", number), ("size", "2048\n"), ("ro", "0\n")] {
            self.file(&format!("{folder}/{file}"), text);
        }
        self.link(&format!("sys/class/block/{name}"), self.path(&folder));
        self.link(&format!("sys/dev/block/{number}"), self.path(&folder));
        folder
    }

    fn disk(&self, folder: &str, number: &str, serial: &str) -> String {
        let folder = self.device(folder, number);
        self.file(&format!("{folder}/device/serial"), serial);
        folder
    }

    /// One disk with two partitions.
    fn usual() -> Self {
        let fixture = Self::new();
        let disk = fixture.disk("ata1/block/sda", "8:0", "WD-1234AB\n");
        for number in 1..=2 {
            let part = format!("ata1/block/sda/sda{number}");
            fixture.device(&part, &format!("8:{number}"));
            fixture.file(&format!("{disk}/sda{number}/partition"), "1\n");
        }
        fixture
    }

    fn subject(&self, name: &str) -> Subject {
        let disk = format!("sys/class/block/{name}");
        let real = self.world.real(&disk).unwrap();
        let medium = subject::told(&self.world, &disk, &real, name);
        Subject {
            path: format!("/dev/{name}").into(),
            name: name.into(),
            real,
            block: true,
            partitions: Vec::new(),
            number: 0,
            inode: (0, 0),
            phrase: medium.serial.clone().unwrap_or_default(),
            phrase_is: "its serial number",
            medium,
        }
    }

    fn refused(&self, name: &str) -> Option<Refusal> {
        usage::refuse(&self.world, &self.subject(name)).err()
    }
}

fn says(refusal: Option<Refusal>, told: &str, hint: &str) {
    let refusal = refusal.unwrap_or_else(|| panic!("not refused: {told}"));
    assert_eq!(refusal.to_string(), told);
    assert!(refusal.hint().contains(hint), "{}", refusal.hint());
}

fn mount(number: &str, place: &str, source: &str) -> String {
    format!("36 25 {number} / {place} rw,noatime shared:1 - ext4 {source} rw\n")
}
