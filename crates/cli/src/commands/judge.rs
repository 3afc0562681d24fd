//! Judge saved sweeps again. Many are judged in portions, so that memory does not grow with their
//! number; of several sweeps of one target only the newest counts.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use leaksweep_engine::Swept;
use leaksweep_facts::{
    Manifest, Sweep,
    seal::PublicKey,
    sweep::{Limits, SweepError, demand},
};

use super::{baselines::Baselines, judging::Judging};
use crate::{Found, arguments, failure, inputs, progress};

/// Facts that are judged in one context, in bytes of memory.
const PORTION: usize = 1 << 30;

pub fn run(judge: &arguments::Judge) -> Result<Found> {
    let mut judging = Judging::prepare(&judge.judging)?;
    // A sweep does not carry the catalogue that it was made with.
    judging.name_unknown_tools(&[], "no built-in tool");
    let keys = match &judge.public_key {
        Some(key) => vec![inputs::public_key(key)?],
        None => judging.policy.sweep_keys.clone(),
    };
    let mut baselines = Baselines::read(&judge.judging.since, &keys)?;
    let files = inputs::sweep_files(&judge.files)?;
    let (chosen, mut failed) = newest(&files, &keys);
    let mut line = progress::Line::new("sweeps:");
    let mut portion = Vec::new();
    let mut size = 0;
    for (done, path) in chosen.iter().enumerate() {
        line.step(done, chosen.len());
        match inputs::sweep(path, &keys) {
            Ok(mut sweep) => {
                baselines.compare(&mut sweep)?;
                size += sweep.memory();
                portion.push(Swept { sweep, zone: judge.judging.zone.clone() });
            }
            Err(error) => failed += tell(&error),
        }
        if size >= PORTION {
            judging.judge(std::mem::take(&mut portion))?;
            size = 0;
        }
    }
    drop(line);
    baselines.demand_used()?;
    judging.judge(portion)?;
    let found = judging.report()?;
    if failed > 0 {
        bail!("{failed} of {} sweep files could not be judged", files.len());
    }
    Ok(found)
}

/// The newest file of each target and sensor, and how many files could not be read.
///
/// Only files that pass as signed are compared: an unsigned newer one must not push a signed one aside.
fn newest(files: &[PathBuf], keys: &[PublicKey]) -> (Vec<PathBuf>, usize) {
    let mut failed = 0;
    let mut newest: HashMap<_, (Manifest, &PathBuf)> = HashMap::new();
    let mut older = 0;
    for path in files {
        match peek(path, keys).with_context(|| path.display().to_string()) {
            Err(error) => failed += tell(&error),
            Ok(manifest) => {
                let key =
                    (manifest.target.clone(), manifest.machine_id.clone(), manifest.sensor.clone());
                let known = newest.get(&key);
                older += usize::from(known.is_some());
                if known.is_none_or(|(other, _)| other.ended <= manifest.ended) {
                    newest.insert(key, (manifest, path));
                }
            }
        }
    }
    if older > 0 {
        eprintln!("leaksweep: {older} older sweeps of the same targets were left aside");
    }
    let mut chosen: Vec<PathBuf> = newest.into_values().map(|(_, path)| path.clone()).collect();
    chosen.sort();
    (chosen, failed)
}

fn peek(path: &Path, keys: &[PublicKey]) -> Result<Manifest, SweepError> {
    let (manifest, signer) = Sweep::peek(path, &Limits::default())?;
    demand(signer.as_ref(), keys)?;
    Ok(manifest)
}

/// One bad file does not keep the others from being judged.
fn tell(error: &anyhow::Error) -> usize {
    failure::print(error);
    1
}
