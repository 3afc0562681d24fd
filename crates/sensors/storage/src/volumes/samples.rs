//! For tests: images made by the real programs, and what is read from them.

use std::{collections::BTreeMap, path::Path, process::Command, time::Duration};

use leaksweep_facts::Problem;

use super::{Content, FileSystem, Named, Volume};
pub use crate::chance::noise;
use crate::{Bytes, Pieces, Run, Stretch};

/// Runs a program, which must succeed.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).env("MTOOLS_SKIP_CHECK", "1").output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// An empty image file.
pub fn image(path: &Path, bytes: u64) {
    std::fs::File::create(path).unwrap().set_len(bytes).unwrap();
}

/// Everything that is told of an image.
pub struct Told {
    pub image: Vec<u8>,
    pub volume: Volume,
    pub all: Vec<Named>,
    pub problems: Vec<Problem>,
}

impl Told {
    pub fn of(system: &FileSystem, image: Vec<u8>) -> Self {
        let volume = (system.probe)(&mut Stretch::new(&image)).expect("the volume is known");
        let mut all = Vec::new();
        let problems = (system.read)(&image, &volume, &mut |named| all.push(named));
        Self { image, volume, all, problems }
    }

    pub fn read(system: &FileSystem, path: &Path) -> Self {
        Self::of(system, std::fs::read(path).unwrap())
    }

    pub fn live(&self) -> BTreeMap<&str, &Named> {
        let live = self.all.iter().filter(|named| !named.deleted);
        live.map(|named| (named.path.as_str(), named)).collect()
    }

    pub fn deleted(&self) -> BTreeMap<&str, &Named> {
        let deleted = self.all.iter().filter(|named| named.deleted);
        deleted.map(|named| (named.path.as_str(), named)).collect()
    }

    pub fn content(&self, named: &Named) -> Option<Vec<u8>> {
        match &named.content {
            Content::Held(bytes) => Some(bytes.clone()),
            Content::Absent(_) => None,
            Content::Runs(runs) => {
                let pieces = Pieces::new(&self.image, runs);
                let mut into = vec![0; usize::try_from(pieces.len()).unwrap()];
                pieces.read_at(0, &mut into);
                Some(into)
            }
        }
    }

    /// Sleuthkit names the same deleted files.
    pub fn assert_as_fls(&self, path: &Path) {
        let Some(expected) = deleted_by_fls(path) else { return };
        let files = self.deleted().into_iter().filter(|(_, named)| named.what == super::What::File);
        let told: std::collections::BTreeSet<String> =
            files.map(|(path, _)| path.to_owned()).collect();
        assert_eq!(told, expected);
    }

    /// Each of these lives, with exactly these bytes, and nothing else that is a file does.
    pub fn assert_live(&self, files: &BTreeMap<String, Vec<u8>>) {
        let live = self.live();
        for (path, content) in files {
            let named = live.get(path.as_str()).unwrap_or_else(|| panic!("{path} is not told"));
            assert_eq!(named.bytes, content.len() as u64, "{path}");
            assert!(self.content(named).as_ref() == Some(content), "{path} has other bytes");
        }
        let told = live.values().filter(|named| named.what == super::What::File);
        let more: Vec<&str> =
            told.map(|n| n.path.as_str()).filter(|path| !files.contains_key(*path)).collect();
        assert!(more.is_empty(), "{more:?}");
    }
}

/// What sleuthkit names as deleted files; none where it is not there.
pub fn deleted_by_fls(image: &Path) -> Option<std::collections::BTreeSet<String>> {
    leaksweep_peers::need("fls")?;
    let listed = run("fls", &["-r", "-d", "-p", image.to_str().unwrap()]);
    let files =
        listed.lines().filter(|line| line.starts_with("r/r * ") || line.starts_with("-/r * "));
    // Records without any name are of no use to anybody.
    let files = files.filter(|line| !line.contains("$OrphanFiles/OrphanFile-"));
    Some(files.filter_map(|line| line.split_once(":\t")).map(|(_, path)| path.to_owned()).collect())
}

/// Reads what a probe and its reader make of any bytes: for fuzzing and hostile images.
pub fn attempt(system: &FileSystem, image: &dyn Bytes) -> Option<(Vec<Named>, Vec<Problem>)> {
    let volume = (system.probe)(&mut Stretch::new(image))?;
    let mut all = Vec::new();
    let problems = (system.read)(image, &volume, &mut |named| all.push(named));
    Some((all, problems))
}

/// A volume with a part that cannot be read.
pub struct Unread<'a> {
    pub of: &'a [u8],
    pub part: Run,
}

impl Bytes for Unread<'_> {
    fn len(&self) -> u64 {
        self.of.len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        let read = self.of.read_at(at, into);
        for place in self.part.start.max(at)..self.part.end().min(at + read as u64) {
            into[(place - at) as usize] = 0;
        }
        read
    }

    fn is_bad(&self, at: u64, bytes: u64) -> bool {
        at < self.part.end() && self.part.start < at.saturating_add(bytes)
    }
}

/// A volume that a FUSE program has mounted, for as long as this lives.
pub struct Mount {
    folder: tempfile::TempDir,
    device: Option<String>,
    ended: bool,
}

impl Mount {
    /// None where this machine lets nobody mount.
    pub fn new(program: &str, from: &str, options: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().to_str().unwrap();
        let status = Command::new(program).args(options).args([from, to]).output().ok()?.status;
        status.success().then_some(Self { folder, device: None, ended: false })
    }

    /// For programs that take devices alone.
    pub fn through_loop(program: &str, image: &Path, options: &[&str]) -> Option<Self> {
        let image = image.to_str().unwrap();
        let output = Command::new("losetup").args(["-f", "--show", image]).output().ok()?;
        let device = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        if !output.status.success() {
            return None;
        }
        match Self::new(program, &device, options) {
            Some(mut mount) => {
                mount.device = Some(device);
                Some(mount)
            }
            None => {
                release(&device);
                None
            }
        }
    }

    pub fn at(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    /// Everything is on the image then.
    pub fn end(mut self) {
        self.release();
    }

    fn release(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        // A program that another test starts holds for a moment what is open here.
        let folder = self.folder.path();
        let ended = || Command::new("umount").arg(folder).output().unwrap();
        let busy = |_: &u32| !ended().status.success();
        let wait = |_| std::thread::sleep(Duration::from_millis(100));
        assert!((0..50).take_while(busy).map(wait).count() < 50, "{folder:?} stays busy");
        if let Some(device) = &self.device {
            run("sync", &[]);
            release(device);
        }
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        self.release();
    }
}

fn release(device: &str) {
    run("losetup", &["-d", device]);
}
