//! Earlier sweeps with which new ones are compared.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use leaksweep_facts::{
    Sweep,
    changes::{self, CompareError},
    seal::PublicKey,
};

use crate::inputs;

/// Each with its file, and whether any sweep was compared with it.
pub struct Baselines(Vec<Baseline>);

struct Baseline {
    path: PathBuf,
    sweep: Sweep,
    used: bool,
}

impl Baselines {
    /// Reads them all. Whoever can alter a baseline can hide what is new: they must be signed as
    /// other sweeps must.
    pub fn read(paths: &[PathBuf], keys: &[PublicKey]) -> Result<Self> {
        let read = |path: &PathBuf| {
            Ok(Baseline { path: path.clone(), sweep: inputs::sweep(path, keys)?, used: false })
        };
        paths.iter().map(read).collect::<Result<_>>().map(Self)
    }

    /// Compares a sweep with the baseline of its machine; nothing is done where there is none.
    pub fn compare(&mut self, sweep: &mut Sweep) -> Result<()> {
        for baseline in &mut self.0 {
            match changes::since(&baseline.sweep, sweep) {
                Ok(()) => {
                    baseline.used = true;
                    return Ok(());
                }
                Err(CompareError::OtherMachine { .. }) => {}
                Err(error) => {
                    return Err(error).with_context(|| {
                        format!("cannot compare with {}", baseline.path.display())
                    });
                }
            }
        }
        Ok(())
    }

    /// A baseline that nothing was compared with is a mistake of whoever named it.
    pub fn demand_used(&self) -> Result<()> {
        match self.0.iter().find(|baseline| !baseline.used) {
            Some(Baseline { path, sweep, .. }) => bail!(
                "{} is a sweep of {}, and none of that machine is judged",
                path.display(),
                sweep.manifest.target
            ),
            None => Ok(()),
        }
    }
}
