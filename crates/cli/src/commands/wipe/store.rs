//! Where journals and manifests lie: a folder that only its owner reads, one file of each for each medium.

use std::{
    env,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use leaksweep_facts::{
    certificate::Medium,
    output::{self, Readers},
};
use leaksweep_wipe::{
    guard::Subject,
    journal::{Journal, Keeper, Phase},
};

pub struct Store {
    folder: PathBuf,
    name: String,
}

impl Store {
    pub fn new(named: Option<&Path>, subject: &Subject) -> Result<Self> {
        let folder = named.map_or_else(default, |folder| Ok(folder.to_owned()))?;
        let safe = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
        let phrase: String = subject.phrase.chars().map(safe).take(80).collect();
        // Different numbers may look alike when letters are replaced.
        let digest = leaksweep_facts::sweep::sha256(subject.phrase.as_bytes());
        Ok(Self { folder, name: format!("{phrase}-{}", &digest[..8]) })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn journal(&self) -> FileKeeper {
        self.file("journal", leaksweep_wipe::journal::MOST)
    }

    pub fn manifest(&self) -> FileKeeper {
        self.file("manifest", leaksweep_wipe::manifest::MOST)
    }

    /// Whether an interrupted run set the password that Security Erase needs.
    pub fn left_locked(&self, medium: &Medium) -> bool {
        let left = self.journal().left().ok().flatten();
        let journal = left.and_then(|bytes| Journal::parse(&bytes, medium).ok());
        journal.is_some_and(|journal| match &journal.phase {
            Phase::Committed { step } => step.method.starts_with("ata-security-erase"),
            _ => false,
        })
    }

    fn file(&self, kind: &str, most: u64) -> FileKeeper {
        FileKeeper { path: self.folder.join(format!("{}.{kind}", self.name)), most }
    }
}

/// `/var/lib/leaksweep/wipe` for root, the user's own state folder for others.
fn default() -> Result<PathBuf> {
    if rustix::process::geteuid().is_root() {
        return Ok(PathBuf::from("/var/lib/leaksweep/wipe"));
    }
    let state = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || env::var_os("HOME").map(|home| Path::new(&home).join(".local/state"));
    let state =
        state.or_else(home).context("no folder for journals is known; name one with --state")?;
    Ok(state.join("leaksweep/wipe"))
}

pub struct FileKeeper {
    pub path: PathBuf,
    /// The longest file that is read.
    pub most: u64,
}

impl Keeper for FileKeeper {
    fn left(&self) -> io::Result<Option<Vec<u8>>> {
        let found = match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            found => found?,
        };
        if !found.is_file() || found.len() > self.most {
            return Err(io::Error::other("it is no file of ours"));
        }
        let mut bytes = Vec::new();
        File::open(&self.path)?.take(self.most).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn keep(&self, content: &[u8]) -> io::Result<()> {
        match output::replace(&self.path, content, Readers::Nobody) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                output::create(&self.path, content, Readers::Nobody)
            }
            result => result,
        }
    }
}
