//! Sweep a medium, write what was recovered where asked, judge it.

mod spared;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use leaksweep_engine::Swept;
use leaksweep_facts::{
    output::{self, Readers},
    seal::PublicKey,
};
use leaksweep_storage::{
    Journal, Options,
    media::{self, Input},
    shelf::Folder,
};

use super::{judging::Judging, kept::Kept};
use crate::{Found, arguments, inputs, progress};

pub fn run(storage: &arguments::Storage) -> Result<Found> {
    spared::check(storage)?;
    let mut judging = Judging::prepare(&storage.judging)?;
    let kept = Kept::new(&storage.keeping, &storage.judging)?;
    let mut options = Options {
        media: media::Options { spare: storage.spare.unwrap_or_default(), ..Default::default() },
        target: storage.keeping.target.clone(),
        words: words(storage)?,
        known: storage.known.clone(),
        certificates: storage.certificates.clone(),
        trusted: trusted(storage)?,
        previews: !storage.no_preview,
        joining: storage.join,
        ..Options::new(Input::new(&storage.medium))
    };
    if let Some(out) = &storage.out {
        options.shelf = Some(Arc::new(shelf(out)?));
    }
    if let Some(path) = &storage.resume {
        options.journal = Some(Arc::new(JournalFile(path.clone())));
    }
    let told = options.progress.clone();
    let mut sweep = progress::of_phases(
        || leaksweep_storage::sweep(&options),
        || {
            let (done, of) = told.bytes();
            (told.phase(), progress::Bytes { done, of })
        },
    )?;
    kept.save(&mut sweep)?;
    if let Some(path) = &storage.resume {
        output::remove(path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    judging.judge(vec![Swept { sweep, zone: storage.judging.zone.clone() }])?;
    judging.report()
}

/// How far a reading came, in a file that the user named.
struct JournalFile(PathBuf);

impl Journal for JournalFile {
    fn left(&self) -> io::Result<Option<Vec<u8>>> {
        inputs::journal(&self.0)
    }

    fn keep(&self, content: &[u8]) -> io::Result<()> {
        output::replace(&self.0, content, Readers::Nobody)
    }

    fn every(&self) -> Duration {
        Duration::from_secs(30)
    }
}

fn shelf(out: &Path) -> Result<Folder> {
    Folder::new(out).with_context(|| format!("cannot write into {}", out.display()))
}

fn trusted(storage: &arguments::Storage) -> Result<Vec<PublicKey>> {
    storage.trust.iter().map(|key| inputs::public_key(key)).collect()
}

fn words(storage: &arguments::Storage) -> Result<Vec<String>> {
    let mut words = storage.word.clone();
    if let Some(path) = &storage.words {
        let text = inputs::words(path)?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        words.extend(lines.map(str::to_owned));
    }
    Ok(words)
}
