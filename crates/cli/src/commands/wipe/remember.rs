//! `wipe remember`: a manifest of what is there, for a wipe that others do.

use std::path::Path;

use anyhow::{Context, Result};
use leaksweep_facts::{
    Time,
    output::{self, Readers},
};
use leaksweep_wipe::{Pulse, manifest::Making, run};

use super::candidate::Candidate;
use crate::{Found, console, progress};

pub fn run(device: &Path, image: bool, path: &Path) -> Result<Found> {
    let candidate = Candidate::look_only(device, image)?;
    let medium = candidate.reading()?;
    let pulse = Pulse::default();
    pulse.stage("remembering what is there");
    let making = Making { device: &medium, pulse: &pulse, key: run::random()? };
    let of = run::of(&candidate.subject.medium);
    let (manifest, _) = progress::of_phases(
        || making.run(of, Time::now().0),
        || {
            let (stage, done, of) = pulse.now();
            (stage, progress::Bytes { done, of })
        },
    )?;
    let (bytes, root) = manifest.sealed();
    output::create(path, &bytes, Readers::Nobody)
        .with_context(|| format!("cannot write {}", path.display()))?;
    console::say(format_args!(
        "{}: {} blocks of 64 KiB, {} plain ones left out\nroot {root}",
        path.display(),
        manifest.blocks(),
        manifest.plain
    ))?;
    Ok(Found::Nothing)
}
