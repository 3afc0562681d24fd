//! Sweep a medium, write what was recovered where asked, judge it.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result};
use leaksweep_engine::Swept;
use leaksweep_storage::{
    Options,
    media::{self, Input},
    shelf::Folder,
};

use super::{judging::Judging, kept::Kept};
use crate::{Found, arguments, inputs, progress};

pub fn run(storage: &arguments::Storage) -> Result<Found> {
    let mut judging = Judging::prepare(&storage.judging)?;
    let kept = Kept::new(&storage.keeping, &storage.judging)?;
    let mut options = Options {
        media: media::Options { spare: storage.spare.unwrap_or_default(), ..Default::default() },
        target: storage.keeping.target.clone(),
        words: words(storage)?,
        known: storage.known.clone(),
        previews: !storage.no_preview,
        joining: storage.join,
        ..Options::new(Input::new(&storage.medium))
    };
    if let Some(out) = &storage.out {
        options.shelf = Some(Arc::new(shelf(out)?));
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
    judging.judge(vec![Swept { sweep, zone: storage.judging.zone.clone() }])?;
    judging.report()
}

fn shelf(out: &Path) -> Result<Folder> {
    Folder::new(out).with_context(|| format!("cannot write into {}", out.display()))
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
