//! Where a sweep is kept: a file, signed or not.

use std::path::Path;

use anyhow::{Context, Result, bail};
use leaksweep_facts::{Sweep, seal::SecretKey};

use crate::{arguments, inputs};

pub struct Kept<'a> {
    path: Option<&'a Path>,
    key: Option<SecretKey>,
}

impl<'a> Kept<'a> {
    /// Whatever is wrong with the user's own files is said before the work and not after it.
    pub fn new(keeping: &'a arguments::Keeping, judging: &arguments::Judging) -> Result<Self> {
        if keeping.save.is_some() && keeping.save == judging.output {
            bail!("--save and --output name the same file");
        }
        let key = keeping.key.as_deref().map(inputs::secret_key).transpose()?;
        Ok(Self { path: keeping.save.as_deref(), key })
    }

    pub fn save(&self, sweep: &mut Sweep) -> Result<()> {
        let Some(path) = self.path else { return Ok(()) };
        let saved = sweep.save(path, self.key.as_ref());
        saved.with_context(|| format!("cannot save {}", path.display()))
    }
}
