//! Where a sweep is kept: a file, signed or not.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context, Result, bail};
use leaksweep_facts::{Sweep, output, seal::SecretKey};

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

    /// One sweep as the file itself; several as files in a folder, which is made, each called by its target.
    pub fn save_all<'s>(&self, sweeps: impl ExactSizeIterator<Item = &'s mut Sweep>) -> Result<()> {
        let Some(folder) = self.path.filter(|_| sweeps.len() > 1) else {
            return sweeps.into_iter().try_for_each(|sweep| self.save(sweep));
        };
        output::empty_folder(folder)
            .with_context(|| format!("cannot write into {}", folder.display()))?;
        let mut taken = BTreeSet::new();
        for sweep in sweeps {
            let path = folder.join(free_name(&sweep.manifest.target, &mut taken));
            let saved = sweep.save(&path, self.key.as_ref());
            saved.with_context(|| format!("cannot save {}", path.display()))?;
        }
        Ok(())
    }

    pub fn save(&self, sweep: &mut Sweep) -> Result<()> {
        let Some(path) = self.path else { return Ok(()) };
        let saved = sweep.save(path, self.key.as_ref());
        saved.with_context(|| format!("cannot save {}", path.display()))
    }
}

/// The name of a target as a name of a file that none of the others has.
fn free_name(target: &str, taken: &mut BTreeSet<String>) -> String {
    let fits = |c: char| if c.is_alphanumeric() || "-._".contains(c) { c } else { '_' };
    let plain: String = target.trim_start_matches('.').chars().map(fits).take(100).collect();
    let numbered = (1..).map(|at| if at == 1 { plain.clone() } else { format!("{plain}~{at}") });
    let free =
        numbered.map(|name| format!("{name}.sweep")).find(|name| !taken.contains(name.as_str()));
    let name = free.unwrap_or_default();
    taken.insert(name.clone());
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_targets_of_one_name_keep_two_files() {
        let mut taken = BTreeSet::new();
        assert_eq!(free_name("print.example/Office", &mut taken), "print.example_Office.sweep");
        assert_eq!(free_name("print.example:Office", &mut taken), "print.example_Office~2.sweep");
        assert_eq!(free_name("../../etc", &mut taken), "_.._etc.sweep");
    }
}
