//! Loop devices and mounts that go away by themselves, also when a test panics.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

use leaksweep_wipe::{
    guard::{self, Refusal, Subject, World},
    medium::{self, Medium, OpenError},
};

pub struct Loop {
    device: PathBuf,
    /// What it stands on.
    file: PathBuf,
}

impl Loop {
    /// None where this machine makes none; the skip is recorded.
    pub fn over(file: &Path, options: &[&str]) -> Option<Self> {
        leaksweep_peers::need("losetup")?;
        let told =
            Command::new("losetup").args(options).args(["-f", "--show"]).arg(file).output().ok()?;
        let device = String::from_utf8_lossy(&told.stdout).trim().to_owned();
        if !device.starts_with("/dev/loop") {
            let why = String::from_utf8_lossy(&told.stderr);
            leaksweep_peers::skip(&format!("no loop device can be made: {}", why.trim()));
            return None;
        }
        Some(Self { device: device.into(), file: file.canonicalize().unwrap() })
    }

    pub fn path(&self) -> &Path {
        &self.device
    }

    pub fn name(&self) -> String {
        self.device.file_name().unwrap().to_string_lossy().into_owned()
    }

    pub fn look(&self) -> Result<Subject, Refusal> {
        guard::look(&World::default(), &self.device, false)
    }

    pub fn open(&self) -> Result<Medium, OpenError> {
        let subject = guard::look_only(&World::default(), &self.device, false).unwrap();
        medium::open_block(&self.device, subject.number, subject.medium.sector)
    }

    /// The file of a first partition; made in a folder where nobody makes such files.
    pub fn partition(&self, folder: &Path) -> PathBuf {
        let file = PathBuf::from(format!("{}p1", self.device.display()));
        if file.exists() {
            return file;
        }
        // Not every kernel reads tables of partitions.
        let number = format!("/sys/class/block/{}p1/dev", self.name());
        if !Path::new(&number).exists() {
            let told =
                Command::new("addpart").arg(&self.device).args(["1", "2048", "8192"]).status();
            assert!(told.unwrap().success());
        }
        let number = fs::read_to_string(number).unwrap();
        let (major, minor) = number.trim().split_once(':').unwrap();
        let file = folder.join("partition");
        let made = Command::new("mknod").arg(&file).args(["b", major, minor]).status().unwrap();
        assert!(made.success());
        file
    }

    /// Tells the kernel that the file has another length.
    pub fn measure(&self) {
        assert!(run("losetup", &["-c"], &self.device));
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        // A program that another test starts holds for a moment what is open here.
        let own = |file: &str| format!("/sys/class/block/{}{file}", self.name());
        // A partition would outlive it.
        if Path::new(&own("p1")).exists() {
            Command::new("delpart").arg(&self.device).arg("1").status().ok();
        }
        let backing = own("/loop/backing_file");
        for _ in 0..50 {
            // As soon as it is free another test may have it: that one's file is not ours to take away.
            let held = fs::read_to_string(&backing).unwrap_or_default();
            if !held.starts_with(&*self.file.to_string_lossy()) {
                return;
            }
            run("losetup", &["-d"], &self.device);
            thread::sleep(Duration::from_millis(20));
        }
        eprintln!("{} is left", self.device.display());
    }
}

pub struct Mounted {
    place: PathBuf,
}

impl Mounted {
    pub fn at(device: &Path, place: &Path) -> Option<Self> {
        fs::create_dir_all(place).unwrap();
        let told = Command::new("mount").arg(device).arg(place).output().unwrap();
        if !told.status.success() {
            let why = String::from_utf8_lossy(&told.stderr);
            leaksweep_peers::skip(&format!("nothing can be mounted: {}", why.trim()));
            return None;
        }
        Some(Self { place: place.to_owned() })
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        run("umount", &[], &self.place);
    }
}

pub struct Swap {
    device: PathBuf,
}

impl Swap {
    pub fn on(device: &Path) -> Option<Self> {
        assert!(run("mkswap", &[], device));
        if !run("swapon", &[], device) {
            leaksweep_peers::skip("this kernel swaps to no loop device");
            return None;
        }
        Some(Self { device: device.to_owned() })
    }
}

impl Drop for Swap {
    fn drop(&mut self) {
        run("swapoff", &[], &self.device);
    }
}

pub fn run(program: &str, arguments: &[&str], on: &Path) -> bool {
    Command::new(program).args(arguments).arg(on).output().unwrap().status.success()
}
