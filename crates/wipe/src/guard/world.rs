//! The kernel's files on devices. A test puts a folder in their place.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

/// The longest file of the kernel that is read: a long list of mounts.
const LONGEST: u64 = 16 << 20;

#[derive(Debug, Clone)]
pub struct World {
    root: PathBuf,
}

impl Default for World {
    fn default() -> Self {
        Self { root: PathBuf::from("/") }
    }
}

impl World {
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    pub fn text(&self, path: &str) -> Option<String> {
        let mut bytes = Vec::new();
        let file = File::open(self.path(path)).ok()?;
        file.take(LONGEST).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Without spaces around it, and none where it is empty.
    pub fn word(&self, path: &str) -> Option<String> {
        let text = self.text(path)?;
        let kept: String = text.chars().filter(|letter| !letter.is_control()).collect();
        let word = kept.trim();
        (!word.is_empty()).then(|| word.chars().take(256).collect())
    }

    pub fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(self.path(path)).ok()?.take(4096).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    pub fn number(&self, path: &str) -> Option<u64> {
        self.word(path)?.parse().ok()
    }

    pub fn names(&self, path: &str) -> Vec<String> {
        let Ok(folder) = fs::read_dir(self.path(path)) else { return Vec::new() };
        let names = folder.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.take(100_000).collect();
        names.sort();
        names
    }

    pub fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// Where a folder of the kernel really is, below the root.
    pub fn real(&self, path: &str) -> Option<String> {
        let real = fs::canonicalize(self.path(path)).ok()?;
        let root = fs::canonicalize(&self.root).ok()?;
        Some(real.strip_prefix(root).ok()?.to_string_lossy().into_owned())
    }

    /// What a link says. One of the kernel's need not lead to anything: `mnt:[4026531841]`.
    pub fn link(&self, path: &str) -> Option<String> {
        Some(fs::read_link(self.path(path)).ok()?.to_string_lossy().into_owned())
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(Path::new(path.trim_start_matches('/')))
    }
}
